"""Articles: a mark on every sentence, claims with their pair and their doubt, short paragraphs, plain words."""

from collections.abc import Iterator

from bot.texts.blocks import Block, Sentence
from bot.texts.checks.folder import Folder
from bot.texts.checks.messages import same_files
from bot.texts.checks.problem import Problem
from bot.texts.checks.sourced import cautious, share_in, unsourced
from bot.texts.library import DEFAULT
from bot.texts.lint import Finding
from bot.texts.measure import count_sentences
from bot.texts.pages import Article

STEPS_APART = 2  # a pair of claims stands in one paragraph or in paragraphs that follow each other


def check_articles(folder: Folder) -> Iterator[Problem]:
    """Every article of every language; what the loader refuses was told before."""
    for code in folder.languages:
        for article in folder.articles.get(code, {}).values():
            if article.language == code:
                file = f"{code}/pages/{article.slug}.md"
                yield from _article(folder, file, article)
                yield from _alike(folder, file, article)
        if code != DEFAULT:
            yield from same_files(folder.root, code, "pages", "*.md")


def _article(folder: Folder, file: str, article: Article) -> Iterator[Problem]:
    for block in (_main(article), *article.blocks):
        yield from _sentences(folder, file, article.language, block)
        yield from _block(folder, file, article.language, block)
    yield from _pairs(folder, file, article)
    body = "\n".join(block.text for block in article.blocks if block.kind != "heading")
    for one in folder.lint.check_level(body, article.language, "page"):
        yield Problem(file, 0, one.rule, "", one.suggestion, one.severity)
    for one in folder.lint.check_jargon("\n".join(block.text for block in article.blocks), article.language):
        line = next((block.line for block in article.blocks if one.found in block.text), 0)
        yield Problem(file, line, one.rule, one.found, one.suggestion, one.severity)


def _main(article: Article) -> Block:
    """The main message, which is held to the same rules as a paragraph of one sentence."""
    return Block("paragraph", (article.main_message,), article.main_message.line)


def _lines(file: str, line: int, findings: list[Finding]) -> Iterator[Problem]:
    yield from (Problem(file, line, one.rule, one.found, one.suggestion, one.severity) for one in findings)


def _sentences(folder: Folder, file: str, language: str, block: Block) -> Iterator[Problem]:
    for sentence in block.sentences:
        found = folder.lint.check(sentence.text, language, "page") + folder.lint.check_emoji(sentence.text, "safety")
        if sentence.machine_drafted:
            found += unsourced(folder.lint.rules, sentence.text, sentence.marks, language)
        if folder.evidence.mixes(sentence.marks):
            advice = "help to join and going to meetings are two things: say them in two sentences"
            found.append(Finding("mixed_claims", "error", sentence.text, advice))
        yield from _lines(file, sentence.line, found)


def _block(folder: Folder, file: str, language: str, block: Block) -> Iterator[Problem]:
    rules = folder.lint.rules
    count = sum(1 if _is_claim(folder, one, language) else count_sentences(one.text) for one in block.sentences)
    if block.kind != "heading" and count > rules.lengths.paragraph:
        advice = f"{count} sentences; {rules.lengths.paragraph} to a paragraph are the most"
        yield Problem(file, block.line, "paragraph", block.text, advice)
    share = share_in(rules, block.text, language)
    if share and all(one.machine_drafted or not one.marks for one in block.sentences):
        yield Problem(file, block.line, "share_without_claim", share, "a share of people has a claim or a source")
    elif share and not cautious(rules, block.text, language):
        advice = "a share of people stands beside its doubt; {{E..}} shows a claim with its caveat"
        yield Problem(file, block.line, "share_without_caveat", share, advice)


def _is_claim(folder: Folder, sentence: Sentence, language: str) -> bool:
    """Whether this is a claim with its caveat, as claims.yml has it: the two are one thing said."""
    claims = [folder.evidence.claims[mark] for mark in sentence.marks if mark in folder.evidence.claims]
    return any(sentence.text == claim.said(language) for claim in claims)


def _pairs(folder: Folder, file: str, article: Article) -> Iterator[Problem]:
    """Claims that are only told together: in one paragraph, or in the ones just before and after."""
    claims = folder.evidence.claims
    places: dict[str, list[int]] = {}
    blocks = (_main(article), *article.blocks)
    for number, block in enumerate(blocks):
        for mark in {mark for one in block.sentences for mark in one.marks if mark in claims}:
            places.setdefault(mark, []).append(number)
    for mark, numbers in places.items():
        for other in claims[mark].shown_with:
            near = [at for at in numbers if any(abs(at - one) <= STEPS_APART for one in places.get(other, []))]
            if not near:
                line = blocks[numbers[0]].line
                yield Problem(file, line, "paired_claims", mark, f"is only told beside {other}")


def _alike(folder: Folder, file: str, article: Article) -> Iterator[Problem]:
    """A translation has the blocks of the English article, with the same marks."""
    english = folder.articles.get(DEFAULT, {}).get(article.slug)
    if english is None or article.language == DEFAULT:
        return
    if english.version != article.version or english.date != article.date:
        advice = f"the English article is {english.version} of {english.date}"
        yield Problem(file, 0, "same_version", article.version, advice, "warning")
    mine, theirs = (_main(article), *article.blocks), (_main(english), *english.blocks)
    if [block.kind for block in mine] != [block.kind for block in theirs]:
        advice = f"{len(mine)} blocks and {len(theirs)} in English, or of another kind"
        yield Problem(file, 0, "same_blocks", "", advice)
        return
    for block, other in zip(mine, theirs, strict=True):
        if _marks(block) != _marks(other):
            advice = f"marks {_marks(block)}, in English {_marks(other)}"
            yield Problem(file, block.line, "same_marks", block.text, advice)


def _marks(block: Block) -> str:
    return "; ".join(", ".join(one.marks) for one in block.sentences)

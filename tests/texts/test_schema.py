"""A slip in a file is told in plain words: the line it stands on, and what may have been meant."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_fellowships
from bot.texts.pages import page_problems
from bot.texts.plan_words import load_plan_words
from bot.texts.rules import load_plain, load_pressure
from bot.texts.schema import LIKE, RefusedFile, sentences_of
from bot.texts.sources import load_evidence
from bot.texts.treatment import load_treatment
from bot.texts.types import load_types
from bot.texts.urgent import load_urgent
from bot.texts.words import load_lexicon

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"


def feeds(root: Path) -> object:
    return load_feeds(root, [path.stem for path in (CONTENT / "fellowships").glob("*.yml")])


SLIPS: list[tuple[Callable[[Path], object], str, str, str, str]] = [
    (load_fellowships, "fellowships/ga.yml", "needs: [", "needs: [gamblin, ", "no need called gamblin; did you mean"),
    (load_fellowships, "fellowships/ga.yml", "cost: ", "cost: fre # ", "“fre” is none of: free"),
    (load_fellowships, "fellowships/ga.yml", "number: ", "number: many # ", "number: “many”; a whole number belongs"),
    (load_fellowships, "fellowships/ga.yml", "number: ", "number: 999 # ", "“999” stands here; at most 255 fits"),
    (load_fellowships, "fellowships/ga.yml", "name: ", "name: 12 # ", "name: “12”; a text belongs here"),
    (load_fellowships, "fellowships/ga.yml", "name: ", "name: # ", "name: nothing stands here"),
    (load_fellowships, "fellowships/ga.yml", "number: ", "checked_on: soon\nnumber: ", "a day belongs here, like"),
    (load_fellowships, "fellowships/ga.yml", "  strength: ", "  strenght: ", "strenght is no field here; did you"),
    (load_fellowships, "fellowships/ga.yml", "tags: [", "tags: family # [", "a list belongs here"),
    (load_fellowships, "fellowships/ga.yml", "number: ", "live: maybe\nnumber: ", "live: “maybe”; true or false"),
    (load_fellowships, "fellowships/ga.yml", "finder: https", "finder: http", "https only"),
    (load_fellowships, "fellowships/ga.yml", "formats: ", "name: x\nformats: ", "name stands here twice; leave one"),
    (load_fellowships, "fellowships/ga.yml", "name: ", "name: a: ", "a text with a colon in it stands in quotation"),
    (load_evidence, "sources.yml", "    number: 2\n", "    number: 1 # two\n", "1 already stands in sources.yml"),
    (load_evidence, "sources.yml", "    url: https", "    url: http", "https only"),
    (load_evidence, "claims.yml", "    strength: strong", "    strength: strng", "did you mean strong?"),
    (
        load_urgent,
        "urgent/ie.yml",
        "    ways: [text]",
        "    ways: [txt]",
        "“txt” is none of: call, text, chat",
    ),
    (load_urgent, "urgent/ie.yml", 'country: "IE"', 'country: "Ireland"', "two capital letters, like GB"),
    (load_treatment, "treatment/ie.yml", "    url: https", "    url: http", "https only"),
    (feeds, "feeds/na-ireland.yml", "every: ", "every: never # ", "every: “never”; a whole number"),
    (feeds, "feeds/na-ireland.yml", "fellowship: ", "felowship: ", "felowship is no field here; did you mean fellow"),
    (load_types, "words/types.yml", "tags: [", "tags: [wheelchairs, ", "no tag called wheelchairs; did you mean"),
    (
        load_lexicon,
        "words/times.yml",
        "    monday: >-",
        "    moonday: >-",
        "there is no day called moonday; did",
    ),
    (
        load_lexicon,
        "words/needs.yml",
        "  gambling: >-",
        "  gamblin: >-",
        "there is no id called gamblin; did",
    ),
    (load_lexicon, "words/risk.yml", "safe: |", "save: |", "save is no field here; did you mean safe?"),
    (
        load_plan_words,
        "words/plans.yml",
        "  weekdays:",
        "  weekday:",
        "weekday is no field here; did",
    ),
    (
        load_pressure,
        "words/pressure.yml",
        "severity: error",
        "severity: eror",
        "“eror” is none of: error, warning",
    ),
    (load_plain, "words/plain.yml", "  label_words:", "  label_word:", "label_word is no field here; did you mean"),
]


@pytest.mark.parametrize(
    ("load", "file", "old", "new", "said"), SLIPS, ids=lambda part: getattr(part, "__name__", str(part))[:40]
)
def test_a_slip_is_told_in_one_plain_sentence_with_its_line(
    tmp_path: Path, load: Callable[[Path], object], file: str, old: str, new: str, said: str
) -> None:
    for name in {Path(file).parts[0], "words", "fellowships", "sources.yml", "claims.yml"}:
        (tmp_path / name).symlink_to(CONTENT / name)
    text = (CONTENT / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old}"
    put_in_place(tmp_path, file, text.replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        load(tmp_path)
    (sentence,) = sentences_of(caught.value)
    line = text[: text.index(old)].count("\n") + len(old) - len(old.lstrip("\n")) + 1
    assert sentence.startswith(f"{tmp_path / file}:{line}: ")
    assert said in sentence
    assert sentence.endswith((".", "?"))


def put_in_place(root: Path, file: str, text: str) -> None:
    """One changed file beside all the others, which stay where they are."""
    (root / Path(file).parts[0]).unlink()
    if "/" in file:
        (root / file).parent.mkdir()
        for path in (CONTENT / file).parent.iterdir():
            (root / file).with_name(path.name).symlink_to(path)
        (root / file).unlink()
    (root / file).write_text(text, encoding="utf-8")


def test_every_slip_of_a_file_is_told_each_with_its_line(tmp_path: Path) -> None:
    for name in ("pages.yml", "en"):
        (tmp_path / name).symlink_to(CONTENT / name)
    text = (CONTENT / "pages.yml").read_text(encoding="utf-8")
    put_in_place(tmp_path, "pages.yml", text.replace("slug:", "slg:", 1).replace("number: 7", "nmber: 7"))
    told = page_problems(tmp_path, ("en",), load_evidence(CONTENT))
    assert [re.sub(r"^\S*/", "", one) for one in told] == [
        "pages.yml:4: pages.slg is no field here; did you mean slug?",
        f"pages.yml:{text[: text.index('number: 7')].count(chr(10)) + 1}: pages.nmber is no field here; did you mean "
        "number?",
    ]


def test_a_field_of_an_article_is_told_with_its_line_in_the_file(tmp_path: Path) -> None:
    for name in ("pages.yml", "en"):
        (tmp_path / name).symlink_to(CONTENT / name)
    (tmp_path / "en").unlink()
    (tmp_path / "en/pages").mkdir(parents=True)
    for path in (CONTENT / "en/pages").iterdir():
        text = path.read_text(encoding="utf-8")
        text = text.replace('version: "', 'version: "one') if path.stem == "kinds" else text
        text = text.replace("button:", "button: [") if path.stem == "family" else text
        (tmp_path / "en/pages" / path.name).write_text(text, encoding="utf-8")
    told = page_problems(tmp_path, ("en",), load_evidence(CONTENT))
    assert len(told) == 2
    assert "kinds.md:5: version: “one" in told[0]
    assert "family.md:4: it is not well-formed" in told[1]


def test_the_operator_reads_all_of_it_and_an_editor_one_after_the_other() -> None:
    error = RefusedFile(["a.yml:1: x.", "a.yml:2: y."])
    assert str(error) == "a.yml:1: x. a.yml:2: y."
    assert sentences_of(error) == ("a.yml:1: x.", "a.yml:2: y.")
    assert sentences_of(ContentError("a.yml: x.")) == ("a.yml: x.",)


def test_every_pattern_of_a_field_has_words_for_an_editor() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bot/texts").glob("*.py")]
    patterns = {pattern for text in sources for pattern in re.findall(r'pattern=r"([^"]+)"', text)}
    assert patterns == set(LIKE)

"""How a text is read with the rules of the words: scopes, quotes, sentences, patterns, reading level."""

from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.lint import Lint, load_lint
from bot.texts.measure import count_sentences, grade, plain, reading_level, sentences

RULES = """
sentences:
  bot: {warn: 4, fail: 6}
  safety: {warn: 4, fail: 5}
  page: {warn: 8, fail: 10}
rules:
  - {id: pressure, language: en, severity: error, scopes: [bot], suggestion: could, words: [must, MAT]}
  - {id: label, language: en, severity: error, scopes: [bot, safety], suggestion: a person who, words: [addict]}
  - {id: medicine, language: en, severity: error, scopes: [bot, safety, quote], suggestion: ask, words: [taper]}
  - {id: doubt, language: en, severity: warning, scopes: [bot], suggestion: look, words: [only, only you]}
exceptions:
  - {language: en, text: must see, reason: the name of a film club}
"""
PLAIN = """
lengths: {message: 60, card: 90, label: 10, label_words: 2, paragraph: 3, message_measured: 5}
grades: {en: {bot: 8, safety: 3}}
other_grades: {bot: 40, safety: 40}
days: {urgent: 90, texts: 365}
rules:
  - {id: hard_word, language: en, severity: warning, scopes: [bot], swaps: {commence: start}}
  - {id: sure, language: en, severity: error, scopes: [bot, quote], suggestion: say less, patterns: [certain],
     unless: ['not certain'], needs: [boat, water]}
glossary:
  - {language: en, words: [skipper, skippers], means: [steers], suggestion: say what a skipper does}
unsourced: []
shares: []
parity: {length: 0.2, grade_spread: 2, field: {card: 9, facts: 9}, chance: 0.01, evaluative: {}, funding: {}}
"""


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/pressure.yml").write_text(RULES)
    (tmp_path / "words/plain.yml").write_text(PLAIN)
    return Lint.load(tmp_path, ["Sex Addict Circle"])


def ids(lint: Lint, text: str, scope: str = "bot") -> list[str]:
    return [found.rule for found in lint.check_words(text, "en", scope)]


def test_a_finding_says_what_was_found_and_what_could_stand_there(lint: Lint) -> None:
    (found,) = lint.check_words("You Must go.", "en")
    assert (found.rule, found.severity, found.found, found.suggestion) == ("pressure", "error", "Must", "could")
    assert "Must" in str(found)
    assert "could" in str(found)


def test_part_of_a_longer_word_is_not_a_finding(lint: Lint) -> None:
    assert ids(lint, "Mustard, addictive, tapered candles and a mat.") == []


def test_a_word_in_capitals_is_meant_in_capitals(lint: Lint) -> None:
    assert ids(lint, "Ask about MAT.") == ["pressure"]


def test_names_and_listed_exceptions_are_left_alone(lint: Lint) -> None:
    assert ids(lint, "The Sex Addict Circle shows must see films.") == []
    assert ids(lint, "The sex addict circle says you must.") == ["pressure"]


def test_quotation_marks_excuse_all_but_what_is_dangerous(lint: Lint) -> None:
    assert ids(lint, "They say “you must” and «addict».") == []
    assert ids(lint, "They say “taper it”.") == ["medicine"]
    assert ids(lint, "You must taper.", "quote") == ["medicine"]


def test_safety_texts_may_be_firm_but_not_unkind(lint: Lint) -> None:
    assert ids(lint, "You must call now.", "safety") == []
    assert ids(lint, "The addict must call.", "safety") == ["label"]


def test_an_article_is_held_to_the_words_of_the_bot(lint: Lint) -> None:
    assert ids(lint, "You must go.", "page") == ["pressure"]


def test_template_marks_and_tags_are_not_read(lint: Lint) -> None:
    text = '{# must #}<b class="must">Hello</b> {% if must %}{{ must }}{% endif %}'
    assert ids(lint, text) == []
    assert plain("<b>Hello</b>").strip() == "Hello"


def test_a_language_without_rules_is_only_measured(lint: Lint) -> None:
    assert lint.check_words("Du must gehen.", "de") == []
    assert [found.rule for found in lint.check("Das hier sind schon sieben kurze Wörter.", "de")] == ["long_sentence"]


@pytest.mark.parametrize(
    ("text", "scope", "severity"),
    [
        ("One two three four.", "bot", None),
        ("One two three four five.", "bot", "warning"),
        ("One two three four five six seven.", "bot", "error"),
        ("One two three four five six.", "safety", "error"),
        ("One two three four five six seven.", "page", None),
        ("One two three four. Five six seven eight.", "bot", None),
        ("One two: three four five six.", "bot", None),
        ("- One two three four\n- Five six seven eight", "bot", None),
        ("One two three Dr. Four five.", "bot", "warning"),
        ("A long quote is not ours to cut at all.", "quote", None),
    ],
)
def test_long_sentences_are_pointed_out(lint: Lint, text: str, scope: str, severity: str | None) -> None:
    severities = {found.severity for found in lint.check_sentences(text, scope)}
    assert severities == ({severity} if severity else set())


def test_headings_and_list_marks_are_no_sentences_of_their_own() -> None:
    assert list(sentences("# Title\n\n- One thing.\n- Another!\n\n---\n")) == ["Title", "One thing.", "Another!"]


def test_long_words_and_long_sentences_read_harder() -> None:
    easy = reading_level("You can come. You may sit. No one asks for a name.", "en")
    hard = reading_level(
        "Participants continuously demonstrate considerable organizational commitment throughout.", "en"
    )
    assert easy < 3 < 12 < hard
    assert reading_level("Puedes venir. Puedes escuchar.", "es") < reading_level(
        "Determinadas organizaciones comunitarias proporcionan acompañamiento continuado especializado.", "es"
    )
    assert reading_level("", "en") == 0


def test_a_hard_word_comes_with_the_plain_one(lint: Lint) -> None:
    (found,) = lint.check_words("We Commence now.", "en")
    assert (found.rule, found.found, found.suggestion) == ("hard_word", "Commence", "start")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is certain.", ["sure"]),
        ("It is not certain.", []),
        ("It is certain that the boat is on the water.", []),
        ("It is certain that the boat sails.", ["sure"]),
        ("It is not certain. It is certain.", ["sure"]),
        ("They say “it is certain”.", ["sure"]),
    ],
)
def test_a_pattern_is_excused_only_by_its_own_sentence(lint: Lint, text: str, found: list[str]) -> None:
    assert ids(lint, text) == found


def test_a_finding_stands_where_it_was_found(lint: Lint) -> None:
    text = "{# two\nlines #}\nHello.\n<b>You must</b> go."
    (found,) = lint.check_words(text, "en")
    assert text[found.at : found.at + 4] == "must"


def test_an_emoji_may_stand_once_and_never_where_it_is_urgent(lint: Lint) -> None:
    assert lint.check_emoji("Hello 👋.") == []
    assert [found.found for found in lint.check_emoji("Hello 👋 🌱.")] == ["🌱"]
    assert [found.rule for found in lint.check_emoji("Call now ☎.", "safety")] == ["emoji"]


def test_a_word_of_the_trade_is_explained_in_the_same_text(lint: Lint) -> None:
    assert [found.found for found in lint.check_jargon("Ask the skippers.", "en")] == ["skippers"]
    assert lint.check_jargon("A skipper is the one who steers.", "en") == []


def test_a_text_that_reads_too_hard_is_found_without_counting_names(lint: Lint) -> None:
    hard = "Organizational commitment necessitates considerable participation."
    assert [found.rule for found in lint.check_level(hard, "en")] == ["reading_level"]
    assert lint.check_level("The Sex Addict Circle is near.", "en", "safety") == []
    assert lint.level("The Sex Addict Circle is near.", "en") == reading_level("The it is near.", "en")


def test_what_follows_a_colon_belongs_to_its_sentence() -> None:
    assert count_sentences("One thing: it is small. Another one! And?") == 3


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_harder_text_has_a_higher_grade(language: str) -> None:
    easy, hard = "Tu es la. Tu vas al bar.", "Organizaciones determinadas proporcionan acompañamiento."
    assert grade("", language) == 0
    assert grade(easy, language) < grade(hard, language)


def test_rules_with_a_misspelt_field_are_told_by_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/pressure.yml").write_text(RULES.replace("severity: warning", "severity: mild"))
    with pytest.raises(ContentError, match=r"pressure\.yml:\d+: rules\.severity"):
        Lint.load(tmp_path)


@pytest.mark.parametrize(
    ("good", "wrong", "told"),
    [
        ("patterns: [certain]", "patterns: ['(certain']", "no pattern"),
        (", patterns: [certain],", ",", "words, swaps or patterns"),
        ("suggestion: say less, ", "", "suggestion"),
        ("swaps: {commence: start}", "swaps: {commence: start}, unless: [now]", "unless and needs"),
        ("means: [steers]", "means: []", "means"),
    ],
)
def test_a_rule_that_cannot_find_or_advise_is_refused(tmp_path: Path, good: str, wrong: str, told: str) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/pressure.yml").write_text(RULES)
    assert good in PLAIN
    (tmp_path / "words/plain.yml").write_text(PLAIN.replace(good, wrong))
    with pytest.raises(ContentError, match=told):
        Lint.load(tmp_path)


def test_the_repository_s_own_rules_leave_the_names_of_fellowships_alone() -> None:
    lint = load_lint(Path(__file__).parents[2] / "content")
    assert lint.check_words("Sex Addicts Anonymous meets here.", "en") == []
    assert [found.rule for found in lint.check_words("Every addict meets here.", "en")] == ["label"]

"""The other checks of an editor: scopes, sentences, reading level, and equal room for every card."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.fellowships import FIELDS, FellowshipCard
from bot.texts.lint import Lint, check_fellowships, check_words, load_lint, parity, plain, reading_level, sentences

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


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/pressure.yml").write_text(RULES)
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


def card(fellowship: str = "ferry", **texts: str) -> FellowshipCard:
    fields = dict.fromkeys(FIELDS, "Four kind words here.") | {"what": "Talk. " * 30} | texts
    marks: dict[str, tuple[str, ...]] = dict.fromkeys(FIELDS, ("llm",))
    return FellowshipCard(fellowship, "en", fields, marks, (), reviewed_by_clinician=False)


def test_a_sound_card_has_no_findings(lint: Lint) -> None:
    assert lint.check_card(card()) == []


def test_a_number_without_a_source_is_found(lint: Lint) -> None:
    unsourced = card(cost="It costs 5 coins.")
    assert [found.rule for found in lint.check_card(unsourced)] == ["unsourced_number"]
    sourced = replace(unsourced, marks=unsourced.marks | {"cost": ("E1",)})
    assert lint.check_card(sourced) == []


@pytest.mark.parametrize("what", ["Talk.", "Talk. " * 90])
def test_a_card_that_is_too_short_or_too_long_is_found(lint: Lint, what: str) -> None:
    assert [found.rule for found in lint.check_card(card(what=what))] == ["card_length"]


def test_parity_names_the_cards_that_take_more_or_less_room_than_the_others() -> None:
    cards = [card(name) for name in ("a", "b", "c", "d")]
    report = parity([*cards, card("loud", what="Talk. " * 60), card("quiet", what="")])
    assert report.outside == ("quiet", "loud")
    assert (report.shortest[0], report.longest[0]) == ("quiet", "loud")
    assert (report.cards, report.language) == (6, "en")
    assert parity(cards).outside == ()


def test_rules_with_a_misspelt_field_are_told_by_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/pressure.yml").write_text(RULES.replace("severity: warning", "severity: mild"))
    with pytest.raises(ContentError, match=r"pressure\.yml: rules\.3\.severity"):
        Lint.load(tmp_path)


def test_the_repository_s_own_rules_leave_the_names_of_fellowships_alone() -> None:
    assert check_words("Sex Addicts Anonymous meets here.", "en") == []
    assert [found.rule for found in check_words("Every addict meets here.", "en")] == ["label"]


def test_an_editor_is_shown_the_file_of_every_finding(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(Path(__file__).parents[2] / "content", content)
    lint = load_lint(content)
    assert list(check_fellowships(content, ("en", "es"), lint)) == []
    path = content / "en/fellowships/smart.md"
    path.write_text(
        path.read_text().replace("cost: Free.", "cost: You must pay five times, " + "and pay again, " * 30)
    )
    found = {(where, finding.rule) for where, finding in check_fellowships(content, ("en", "es"), lint)}
    where = "en/fellowships/smart.md"
    assert found == {(where, rule) for rule in ("pressure", "long_sentence", "card_length", "parity")}

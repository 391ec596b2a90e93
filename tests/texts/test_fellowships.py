"""Loading fellowships, their cards and their facts: a mistake is told by file and field."""

from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.domain.fellowship import Tradition
from bot.texts.facts import ANSWERS, FACTS, FactsText, load_facts
from bot.texts.fellowships import FIELDS, load_cards, load_fellowships
from bot.texts.library import Library
from bot.texts.sources import Evidence, load_evidence

LABELS = Path(__file__).parents[2] / "content/en/labels.yml"

KIND = """
number: {number}
name: Ferry Circle
short: Ferry
tradition: secular
needs: [alcohol]
aliases: [{alias}]
site: https://ferry.example.org/
cost: free
status: active
evidence: {{strength: none, population: this_group, claims: [E1]}}
facts_from: [ferry_pages]
"""
CARD = """---
what: Groups that talk.
for: Anyone who drinks.
aim: You choose your own.
belief: None is asked of you.
medicines: Not known. You can ask the group.
first_visit: A welcome, then people speak.
cost: Free.
research: None found yet.
approach: People row together.
anonymity: First names are used.
marks:
  what: [llm]
  for: [llm]
  aim: [ferry_pages]
  belief: [llm]
  medicines: [llm]
  first_visit: [llm]
  cost: [llm]
  research: [E1]
  approach: [ferry_pages]
  anonymity: [llm]
reviewed_by_clinician: false
---
More to read.
"""
SOURCES = """
sources:
  - {id: ferry_pages, number: 9, title: Its own pages, kind: own_pages}
  - {id: study, number: 2, title: A study, kind: study, year: 2021}
  - {id: phillips_2014, number: 3, title: A review, kind: review, year: 2014}
"""
CLAIMS = """
claims:
  - {id: E1, subject: gap, strength: none, population: all, sources: [study], text: {en: None found.}}
"""


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "fellowships/ferry.yml", KIND.format(number=3, alias="ferry people"))
    write(tmp_path, "en/fellowships/ferry.md", CARD)
    write(tmp_path, "sources.yml", SOURCES)
    write(tmp_path, "claims.yml", CLAIMS)
    return tmp_path


@pytest.fixture
def evidence(root: Path) -> Evidence:
    return load_evidence(root)


def test_a_file_becomes_a_fellowship_with_the_name_of_the_file_as_id(root: Path) -> None:
    (ferry,) = load_fellowships(root)
    assert (ferry.id, ferry.number, ferry.tradition, ferry.live) == ("ferry", 3, Tradition.SECULAR, True)
    assert ferry.needs == ("alcohol",)


def test_fellowships_come_in_the_order_of_their_numbers(root: Path) -> None:
    write(root, "fellowships/aft.yml", KIND.format(number=7, alias="aft"))
    write(root, "fellowships/zinc.yml", KIND.format(number=1, alias="zinc"))
    assert [one.id for one in load_fellowships(root)] == ["zinc", "ferry", "aft"]


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        ("needs: [alcohol]", "needs: [beer]", "needs"),
        ("needs: [alcohol]", "needs: []", "needs"),
        ("tradition: secular", "tradition: modern", "tradition"),
        ("number: 3", "number: 256", "number"),
        ("number: 3", "number: three", "number"),
        ("short: Ferry", "shirt: Ferry", "shirt"),
        ("site: https://ferry.example.org/", "site: http://ferry.example.org/", "site"),
        ("site: https://ferry.example.org/", "finder: https://ferry.example.org/", "finder"),
        ("aliases: [ferry people]", "aliases: [Ferry People]", "aliases"),
        ("aliases: [ferry people]", "tags: [friendly]", "tags"),
        ("aliases: [ferry people]", "for_people: sailors", "for_people"),
        ("cost: free\n", "", "cost"),
        ("cost: free", "cost: cheap", "cost"),
        ("status: active\n", "", "status"),
        ("status: active", "status: active\nlive: false", "status"),
        ("facts_from: [ferry_pages]\n", "", "facts_from"),
        ("cost: free", "cost: free\nformats: [by_pigeon]", "formats"),
        ("cost: free", "cost: free\nfamily_branch: [barge]", "family_branch"),
        ("cost: free", "cost: free\nmeeting_languages: [xx]", "meeting_languages"),
        ("cost: free", "cost: free\nlength: a_day", "length"),
        ("cost: free", "cost: free\nprayer: always", "prayer"),
        ("cost: free", "cost: free\ncontact: someone@example.org", "contact"),
        ("strength: none", "strength: great", "evidence.strength"),
        ("strength: none", "strength: strong", "evidence"),
        ("population: this_group", "population: sailors", "evidence.population"),
        (", claims: [E1]", "", "evidence"),
    ],
)
def test_a_wrong_fact_is_told_by_file_and_field(root: Path, line: str, wrong: str, told: str) -> None:
    path = root / "fellowships/ferry.yml"
    path.write_text(path.read_text().replace(line, wrong))
    with pytest.raises(ContentError) as caught:
        load_fellowships(root)
    assert "ferry.yml" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list", "number: [1", "name: \x00"])
def test_a_file_that_is_no_fellowship_at_all_is_a_content_error(root: Path, text: str) -> None:
    write(root, "fellowships/ferry.yml", text)
    with pytest.raises(ContentError, match=r"ferry\.yml"):
        load_fellowships(root)


def test_bytes_that_are_no_text_are_a_content_error(root: Path) -> None:
    (root / "fellowships/ferry.yml").write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ContentError, match=r"ferry\.yml"):
        load_fellowships(root)


@pytest.mark.parametrize(
    ("number", "alias", "told"), [(3, "other", "number 3"), (4, "ferry people", "alias ferry people")]
)
def test_two_fellowships_cannot_share_a_number_or_an_alias(root: Path, number: int, alias: str, told: str) -> None:
    write(root, "fellowships/second.yml", KIND.format(number=number, alias=alias))
    with pytest.raises(ContentError, match=told):
        load_fellowships(root)


def test_a_folder_without_fellowships_is_a_content_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="fellowships"):
        load_fellowships(tmp_path)


def test_a_card_has_its_fields_in_the_fixed_order_and_the_numbers_of_its_sources(
    root: Path, evidence: Evidence
) -> None:
    card = load_cards(root, ("en",), evidence).card("ferry", "en")
    assert card is not None
    assert tuple(card.fields) == FIELDS
    assert card.fields["aim"] == "You choose your own."
    assert card.sources == (2, 9)
    assert card.page == "More to read."
    assert card.length == sum(map(len, card.fields.values()))
    assert not card.reviewed_by_clinician


def test_a_card_that_a_language_lacks_is_shown_in_english(root: Path, evidence: Evidence) -> None:
    cards = load_cards(root, ("en", "es"), evidence)
    card = cards.card("ferry", "es")
    assert card is not None
    assert card.language == "en"
    assert cards.of("es") == {}
    assert cards.card("barge", "es") is None


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        ("cost: Free.\n", "", "cost"),
        ("cost: Free.", "cost: ''", "cost"),
        ("cost: Free.", "price: Free.", "price"),
        ("  aim: [ferry_pages]\n", "", "marks.aim"),
        ("aim: [ferry_pages]", "aim: [boat_pages]", "boat_pages"),
        ("aim: [ferry_pages]", "aim: [E99]", "E99"),
        ("research: [E1]", "research: [E1]\n  extra: [llm]", "marks.extra"),
        ("approach: People row together.\n", "", "approach"),
        ("  anonymity: [llm]\n", "", "marks.anonymity"),
        ("reviewed_by_clinician: false\n", "", "reviewed_by_clinician"),
        ("---\nMore", "More", "---"),
        ("what: Groups that talk.", "what: [", "well-formed"),
    ],
)
def test_a_wrong_card_is_told_by_file_and_field(
    root: Path, evidence: Evidence, line: str, wrong: str, told: str
) -> None:
    path = root / "en/fellowships/ferry.md"
    assert line in path.read_text()
    path.write_text(path.read_text().replace(line, wrong))
    with pytest.raises(ContentError) as caught:
        load_cards(root, ("en",), evidence)
    assert "ferry.md" in str(caught.value)
    assert told in str(caught.value)


def test_a_card_of_an_unknown_fellowship_is_a_content_error(root: Path, evidence: Evidence) -> None:
    write(root, "en/fellowships/barge.md", CARD)
    with pytest.raises(ContentError, match="barge"):
        load_cards(root, ("en",), evidence)


def facts_of(root: Path, change: tuple[str, str] = ("", "")) -> FactsText:
    path = write(root, "fellowships/ferry.yml", KIND.format(number=3, alias="ferry people").replace(*change))
    assert change[1] in path.read_text()
    write(root, "languages.yml", "- {code: en, name: English, state: live}")
    write(root, "en/labels.yml", LABELS.read_text())
    write(root, "en/commands.yml", "{}")
    evidence = load_evidence(root)
    cards = load_cards(root, ("en",), evidence)
    return load_facts(Library.load(root), load_fellowships(root), cards, evidence)["en"]["ferry"]


def test_all_sixteen_facts_stand_in_one_order_and_what_is_not_known_is_said(root: Path) -> None:
    told = facts_of(root)
    assert (len(FACTS), tuple(told.facts), tuple(told.answers)) == (16, FACTS, ANSWERS)
    unknown = "Not known. You can ask the group."
    assert {name for name, text in told.facts.items() if text == unknown} == {
        "medicines",
        "formats",
        "family_branch",
        "languages",
    }
    assert told.facts["addresses"] == "ferry.example.org. Its finder is not known."
    assert told.facts["contact"] == "None known. You can ask the group."
    assert told.body.startswith("Anyone who drinks. Drinking. People row together.")
    assert "example.org" not in told.prose


def test_a_fact_carries_its_marks_and_one_that_is_not_known_carries_none(root: Path) -> None:
    told = facts_of(root)
    assert (told.marks["aim"], told.marks["for"], told.marks["needs"]) == (("9",), ("llm",), ("9",))
    assert (told.marks["medicines"], told.marks["formats"], told.marks["contact"]) == ((), (), ())
    assert [source.number for source in told.sources] == [2, 3, 9]
    assert told.facts["research"] == "None found yet. Looked at: this group. Papers: 2021."
    assert [study.sources for study in told.studies] == [(2,), (3,)]


@pytest.mark.parametrize(
    ("line", "fact", "said"),
    [
        ("formats: [round_the_clock, video, in_person]", "formats", "In person, video, online around the clock."),
        ("family_branch: [ferry, Gangway]", "family_branch", "See Ferry Circle and Gangway."),
        ("family_branch: [itself]", "family_branch", "It is for families and friends."),
        ("meeting_languages: [en, es, others]", "languages", "English, Spanish, and others."),
        ("meeting_languages: [mostly, en]", "languages", "Mostly English."),
        ("meeting_languages: [many]", "languages", "Many languages."),
        ("contact: https://ferry.example.org/call", "contact", "ferry.example.org/call."),
        ("contact: 0113 496 0000", "contact", "0113 496 0000."),
        ("finder: https://www.ferry.example.org/", "addresses", "ferry.example.org. The finder is there too."),
        ("finder: https://ferry.example.org/find", "addresses", "ferry.example.org. Finder: ferry.example.org/find."),
    ],
)
def test_what_can_be_counted_off_is_put_into_words(root: Path, line: str, fact: str, said: str) -> None:
    assert facts_of(root, ("cost: free", f"cost: free\n{line}")).facts[fact] == said


@pytest.mark.parametrize(
    ("line", "answer", "said"),
    [
        ("length: hour", "length", "About an hour."),
        ("cost: free", "length", "Not known. You can ask the group."),
        ("may_listen: true", "listen", "Yes. You can say: “I would like to just listen today.”"),
        ("tags: [listen_only]", "listen", "Yes. You can say: “I would like to just listen today.”"),
        ("doubt: all", "listen", "Not known. You can ask: “May I just listen today?”"),
        ("prayer: part", "prayer", "None is asked of you. Prayer is part of it."),
        ("doubt: all", "prayer", "None is asked of you. You can ask about prayer."),
    ],
)
def test_a_first_visit_is_answered_from_the_facts(root: Path, line: str, answer: str, said: str) -> None:
    change = ("cost: free", line if line == "cost: free" else f"cost: free\n{line}")
    assert facts_of(root, change).answers[answer] == said


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("claims: [E1]", "claims: [E99]", "evidence.claims: E99"),
        ("claims: [E1]", "sources: [boat]", "evidence.sources: boat"),
        ("claims: [E1]", "sources: [ferry_pages]", "evidence: name a claim or source with a year"),
        ("facts_from: [ferry_pages]", "facts_from: [boat_pages]", "facts_from: boat_pages"),
    ],
)
def test_a_mark_of_a_fact_that_is_not_there_is_told_by_file_and_field(
    root: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(ContentError) as caught:
        facts_of(root, (old, new))
    assert "ferry.yml" in str(caught.value)
    assert told in str(caught.value)


def test_a_fellowship_without_a_card_is_not_known_in_every_text(root: Path) -> None:
    (root / "en/fellowships/ferry.md").unlink()
    told = facts_of(root)
    assert told.facts["belief"] == "Not known. You can ask the group."
    assert (told.card, told.card_sources, told.marks["belief"]) == ({}, (), ())

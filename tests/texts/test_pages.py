"""Articles: what a writer may write, what is refused with its line, and how one is found."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.blocks import Context, Link, read_blocks
from bot.texts.pages import find_articles, load_shelf, page_problems
from bot.texts.sources import load_evidence
from tests.texts.shelf import SHELF, fill, load, page, write

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return fill(tmp_path)


def test_every_sentence_keeps_its_mark_and_the_numbers_of_its_sources(root: Path) -> None:
    tea = load(root)["en"]["tea"]
    first = tea.blocks[0]
    assert [(one.text, one.marks, one.sources) for one in first.sentences] == [
        ("You may drink tea.", ("llm",), ()),
        ("It comes in cups, with or without milk.", ("kettle_2020", "room_pages"), (7, 12)),
    ]
    assert [one.machine_drafted for one in first.sentences] == [True, False]
    assert [one.line for one in first.sentences] == [11, 11]


def test_a_claim_is_shown_in_the_language_with_its_caveat_and_marked_as_itself(root: Path) -> None:
    claim, link = load(root)["en"]["tea"].blocks[1].sentences
    assert claim.text == "Tea is warm. Only one kettle was counted."
    assert (claim.marks, claim.sources) == (("E1",), (7,))
    assert link.pieces == ("Where to sit stands in ", Link("chairs", "Where to sit"), ".")
    assert link.text == "Where to sit stands in Where to sit."


def test_blocks_have_the_kinds_that_the_writer_meant(root: Path) -> None:
    blocks = load(root)["en"]["tea"].blocks
    assert [(one.kind, one.number) for one in blocks] == [
        ("paragraph", 0), ("paragraph", 0), ("heading", 0), ("bullet", 0), ("bullet", 0),
        ("numbered", 1), ("numbered", 2), ("quote", 0),
    ]  # fmt: skip
    assert blocks[2].text == "What to bring"
    assert blocks[2].sentences[0].marks == ()
    assert blocks[-1].text == "Sam pours two cups. Nobody asks why."


def test_what_the_fields_say_stands_on_the_article(root: Path) -> None:
    articles = load(root)["en"]
    tea, hosts = articles["tea"], articles["hosts"]
    assert list(articles) == ["tea", "chairs", "hosts"]
    assert (tea.number, tea.title, tea.audience, tea.needs, tea.reviewed_by) == (
        1,
        "Tea",
        "everyone",
        ("alcohol",),
        "",
    )
    assert (tea.version, tea.date, tea.read_minutes) == ("1.0", date(2026, 11, 21), 1)
    assert [source.number for source in tea.sources] == [7, 12]
    assert (hosts.audience, hosts.reviewed_by) == ("counselors", "Ana Ejemplo, nurse, 2026-11-20")


def test_a_main_message_without_a_mark_counts_as_machine_drafted(root: Path) -> None:
    assert load(root)["en"]["tea"].main_message.machine_drafted
    write(root, "en/pages/tea.md", page("Tea. [llm]", main='"Tea is warm. [kettle_2020]"'))
    tea = load(root)["en"]["tea"]
    assert (tea.main_message.text, tea.main_message.marks) == ("Tea is warm.", ("kettle_2020",))
    assert [source.number for source in tea.sources] == [7]


def test_a_long_article_takes_longer_to_read(root: Path) -> None:
    words = " ".join(["tea"] * 19)
    write(root, "en/pages/tea.md", page(f"Now {words}. [llm]\n\n" * 30))
    assert load(root)["en"]["tea"].read_minutes == 3


def test_what_a_language_lacks_is_shown_in_english_and_says_so(root: Path) -> None:
    spanish = load(root)["es"]
    assert {slug: one.language for slug, one in spanish.items()} == {"tea": "es", "chairs": "en", "hosts": "en"}
    assert list(spanish) == ["tea", "chairs", "hosts"]


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("Tea is hot.", 11, "has no mark"),
        ("Tea is hot. [llm]\nIt is in a cup.", 12, "“It is in a cup.” has no mark"),
        ("Tea is hot. It is in a cup. [llm]", 11, "has no mark of its own"),
        ("Tea.\n\nMilk. [llm]", 11, "has no mark"),
        ("Tea is hot. [mug_1999]", 11, "[mug_1999] is no source, no claim and not llm"),
        ("Tea is hot. [kettle_2020, llm]", 11, "llm stands alone"),
        ("Tea is hot. [llm] [E1]", 11, "the mark [E1] has no sentence before it"),
        ("Tea is hot. []", 11, "[] is no source"),
        ("See [[coffee]]. [llm]", 11, "there is no article of that name"),
        ("{{E9}}", 11, "there is no claim E9"),
        ("It says {{E1}} here. [llm]", 11, "{{ is no part of the dialect"),
        ("## Milk [llm]\n\nTea. [llm]", 11, "a heading is plain words"),
        ("# Milk\n\nTea. [llm]", 11, "a heading begins with ##"),
        ("Tea. [llm]\n\n* Milk", 13, "has no mark"),
        ("Tea. [llm]\n\n> Sam pours.", 13, "has no mark"),
        ("Tea is **hot**. [llm]", 11, "* is no part of the dialect"),
        ("Tea is [hot](https://example.org). [llm]", 11, "[hot] is no source"),
        ("Tea stands at https://example.org/tea today. [llm]", 11, "https:// is no part"),
        ("<b>Tea</b> is hot. [llm]", 11, "< is no part of the dialect"),
        ("", 0, "there is no text below the fields"),
    ],
)
def test_a_slip_in_the_text_is_told_with_file_and_line(root: Path, body: str, line: int, told: str) -> None:
    path = write(root, "en/pages/tea.md", page(body))
    with pytest.raises(ContentError) as error:
        load(root)
    assert str(error.value).startswith(f"{path}:{line}:" if line else f"{path}:")
    assert told in str(error.value)


def test_help_to_join_and_going_to_meetings_are_not_told_in_one_paragraph() -> None:
    context = Context("en", load_evidence(CONTENT), {})
    blocks, wrong = read_blocks("{{E2}}\n\n{{E6}}\n", 11, context)
    assert (len(blocks), wrong) == (2, [])
    _, wrong = read_blocks("Tea. [llm]\n\n{{E2}} {{E6}}\n", 11, context)
    assert [(one.line, one.what[:12]) for one in wrong] == [(13, "help to join")]


def test_words_between_quotation_marks_may_be_several_sentences(root: Path) -> None:
    write(root, "en/pages/tea.md", page("You could say: “Hello. I am new. May I sit?” [llm]"))
    assert len(load(root)["en"]["tea"].blocks[0].sentences) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"button": "A button that says far too much"}, "button"),
        ({"main": "one two three four five six seven eight nine ten eleven twelve thirteen"}, "13 words, and 12"),
        ({"main": '"Tea is hot. [mug_1999]"'}, ":4: [mug_1999]"),
        ({"reviewed": "Ana Ejemplo"}, "a name, a role and a date"),
        ({"reviewed": "Ana Ejemplo, nurse, soon"}, "reviewed_by"),
    ],
)
def test_a_slip_in_the_fields_is_told_with_the_file(root: Path, changes: dict[str, str], told: str) -> None:
    path = write(root, "en/pages/tea.md", page("Tea. [llm]", **changes))
    with pytest.raises(ContentError) as error:
        load(root)
    assert str(error.value).startswith(str(path))
    assert told in str(error.value)


def test_a_writer_is_told_everything_at_once(root: Path) -> None:
    write(root, "en/pages/tea.md", page("Tea.\n\nMilk. [mug_1999]"))
    write(root, "es/pages/chairs.md", page("Sillas."))
    write(root, "en/pages/coffee.md", page("Coffee. [llm]"))
    told = page_problems(root, ("en", "es"), load_evidence(root))
    assert [problem.removeprefix(f"{root}/").partition(" ")[0] for problem in told] == [
        "en/pages/coffee.md:", "en/pages/tea.md:11:", "en/pages/tea.md:13:", "es/pages/chairs.md:11:",
    ]  # fmt: skip


def test_an_article_of_the_list_that_nobody_wrote_is_told(root: Path) -> None:
    (root / "en/pages/hosts.md").unlink()
    with pytest.raises(ContentError, match=r"hosts\.md is missing"):
        load(root)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("number: 2", "number: 1", "the number 1"),
        ("slug: chairs", "slug: tea", "the article tea"),
        ("seats", "Hot  Drinks", "the alias hot drinks"),
        ("[alcohol]", "[coffee]", "there is no need called coffee"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(root: Path, old: str, new: str, told: str) -> None:
    write(root, "pages.yml", SHELF.replace(old, new))
    with pytest.raises(ContentError, match=told):
        load_shelf(root)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hot drinks", ["tea"]),
        ("  TEA ", ["tea"]),
        ("Where to sit?", ["chairs"]),
        ("sillas", ["chairs"]),
        ("what about drinks", ["tea"]),
        ("seat", ["chairs"]),
        ("drinks and seats", ["tea", "chairs"]),
        ("coffee", []),
        ("", []),
    ],
)
def test_an_article_is_found_by_its_title_or_by_what_people_call_it(root: Path, typed: str, found: list[str]) -> None:
    assert [one.slug for one in find_articles(load(root)["en"], typed)] == found

"""What an editor is told about a content folder: everything that is wrong, with file and line, and nothing lost."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.check import check
from bot.texts.checks.dates import check_dates
from bot.texts.checks.folder import load_folder
from bot.texts.checks.names import told_names
from bot.texts.checks.problem import Problem, line_of, of_error
from bot.texts.checks.templates import check_pages
from bot.texts.lint import load_lint

CONTENT = Path(__file__).parents[2] / "content"
TODAY = date(2026, 11, 22)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def test_the_content_as_published_has_no_error(problems_as_published: list[Problem]) -> None:
    assert [str(problem) for problem in problems_as_published if problem.error] == []


def test_as_months_go_by_an_editor_is_asked_to_look_again_and_nothing_is_blocked() -> None:
    folder, _ = load_folder(CONTENT, TODAY)

    def stale(days: int) -> set[str]:
        problems = list(check_dates(replace(folder, today=TODAY + timedelta(days=days))))
        assert {problem.severity for problem in problems} == {"warning"}
        return {problem.file for problem in problems}

    fresh, spring, next_year = stale(0), stale(120), stale(400)
    assert "urgent/gb.yml" not in fresh
    assert {"urgent/gb.yml", "treatment/gb.yml"} <= spring - fresh
    assert {"fellowships/smart.yml", "en/pages/medicines.md", "sources.yml"} <= next_year - spring


def test_only_the_numbers_of_countries_that_are_served_are_asked_about_again() -> None:
    folder, _ = load_folder(CONTENT, TODAY + timedelta(days=120), frozenset({"GB", "IE"}))
    asked = {problem.file for problem in check_dates(folder) if problem.file.startswith("urgent/")}
    assert asked == {"urgent/gb.yml", "urgent/ie.yml", "urgent/elsewhere.yml"}
    assert set(folder.countries) > {"GB", "US"}  # old numbers are still read, and still shown


BROKEN = [  # file, what stands in it, the line that is told where it can be
    ("urgent/gb.yml", "country: GB\nlines: }\n", 2),
    ("treatment/gb.yml", "country: GB\nfinders: []\n", 2),
    ("claims.yml", "claims:\n  - {id: E1}\n", 2),
    ("words/types.yml", "days: 3\n", 0),
    ("words/plans.yml", "en: 3\n", 0),
    ("words/telling.yml", "en: 3\n", 0),
    ("feeds/na-ireland.yml", "publisher: 3\n", 0),
    ("en/fellowships/aa.md", "no fields at all\n", 0),
    ("en/pages/medicines.md", "---\ntitle: x\n---\n", 0),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    content = Path(shutil.copytree(CONTENT, tmp_path_factory.mktemp("broken") / "content"))
    for file, text, _ in BROKEN:
        (content / file).write_text(text, encoding="utf-8")
    sorry = content / "en/messages/errors/sorry.html"
    sorry.write_text(sorry.read_text(encoding="utf-8") + "You must wait.", encoding="utf-8")
    return check(content, TODAY)


@pytest.mark.parametrize(("file", "line"), [(file, line) for file, _, line in BROKEN])
def test_a_broken_file_is_told(told: list[Problem], file: str, line: int) -> None:
    lines = {problem.line for problem in told if problem.file == file and problem.rule in ("schema", "article")}
    assert lines
    assert not line or line in lines


def test_a_fact_whose_source_nobody_knows_is_told(content: Path) -> None:
    kind = content / "fellowships/ga.yml"
    kind.write_text(kind.read_text(encoding="utf-8").replace("facts_from: [", "facts_from: [hearsay, "))
    _, problems = load_folder(content, TODAY)
    (told,) = [problem for problem in problems if problem.file == "fellowships/ga.yml"]
    assert "hearsay" in told.suggestion


def test_files_beside_a_broken_one_are_checked_all_the_same(told: list[Problem]) -> None:
    assert "pressure" in {problem.rule for problem in told if problem.file == "en/messages/errors/sorry.html"}


@pytest.mark.parametrize(
    "file", ["languages.yml", "en/labels.yml", "words/plain.yml", "words/pressure.yml", "fellowships/aa.yml"]
)
def test_without_what_every_check_needs_the_one_reason_is_told(content: Path, file: str) -> None:
    (content / file).write_text("- [", encoding="utf-8")
    (problem,) = [problem for problem in check(content, TODAY) if problem.error][:1]
    assert problem.file == file
    assert problem.suggestion


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        ("languages.yml", "state: live", "stat: live", 5, "stat is no field here; did you mean state?"),
        ("languages.yml", "code: es", "code: xx", 7, "nobody knows the language xx"),
        ("en/labels.yml", "back: Back", "back: no", 0, "back: a text belongs here"),
        ("en/commands.yml", "start: Begin again", "start: [Begin again]", 2, "start: a text belongs here"),
        ("fellowships/aa.yml", "needs:", "neds:", 0, "neds is no field here; did you mean needs?"),
        ("fellowships/smart.yml", "https://", "http://", 0, "https only"),
        ("fellowships/ga.yml", "number: ", "number: 1 # ", 1, "the number 1 already stands in aa.yml; 44 is free"),
    ],
)
def test_a_slip_that_stops_every_check_is_told_in_plain_words(
    content: Path, file: str, old: str, new: str, line: int, said: str
) -> None:
    path = content / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (problem,) = check(content, TODAY)
    assert (problem.file, said in problem.suggestion) == (file, True), str(problem)
    assert problem.line == (line or text[: text.index(old)].count("\n") + 1)


def test_claims_that_cannot_be_read_are_told_once_and_not_again_for_every_mark(
    content: Path, problems_as_published: list[Problem]
) -> None:
    claims = content / "claims.yml"
    lines = claims.read_text(encoding="utf-8").split("\n")
    first = next(number for number, text in enumerate(lines) if text.strip() == "caveat:")
    assert lines[first + 2].strip().startswith("es:")
    claims.write_text("\n".join([*lines[: first + 2], *lines[first + 3 :]]), encoding="utf-8")
    article = content / "en/pages/kinds.md"
    article.write_text(article.read_text(encoding="utf-8") + "\nNo mark stands here.\n", encoding="utf-8")
    errors = {problem for problem in check(content, TODAY) if problem.error} - set(problems_as_published)
    assert {(problem.file, problem.rule) for problem in errors} == {
        ("claims.yml", "schema"),
        ("en/pages/kinds.md", "article"),
    }
    assert len(errors) == 2


def test_a_file_that_is_no_text_is_told_and_stops_no_other(content: Path) -> None:
    files = ("en/messages/errors/slow.html", "es/messages/arrives/expiry.html", "web/card.html")
    for file in files:
        (content / file).write_bytes(b"\xff\xfe\x00")
    sorry = content / "en/messages/errors/sorry.html"
    sorry.write_text(sorry.read_text(encoding="utf-8") + "You must wait.", encoding="utf-8")
    told = {(problem.file, problem.rule) for problem in check(content, TODAY)}
    assert {*((file, "schema") for file in files), ("en/messages/errors/sorry.html", "pressure")} <= told


def test_a_page_that_names_a_value_nobody_gives_it_is_told(content: Path) -> None:
    page = content / "web/missing.html"
    page.write_text(page.read_text(encoding="utf-8").replace("{{ home }}", "{{ hom }}"), encoding="utf-8")
    told = list(check_pages(load_folder(content, TODAY)[0]))
    assert {(problem.file, problem.rule) for problem in told} == {("web/missing.html", "template")}
    assert "hom" in told[0].suggestion


def test_an_empty_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    (problem,) = check(tmp_path, TODAY)
    assert "languages.yml" in problem.suggestion


def test_errors_come_first(told: list[Problem]) -> None:
    errors = [problem.error for problem in told]
    assert errors == sorted(errors, reverse=True)
    assert {True, False} == set(errors)


def test_names_that_others_gave_are_told_and_never_blocked() -> None:
    told = list(told_names(load_lint(CONTENT), ["Clean and Dirty Club", "Mill Lane Group"], ("en", "es")))
    assert len(told) == 2
    assert all("stays as it is" in sentence for sentence in told)


def test_a_problem_reads_as_one_line() -> None:
    problem = Problem("en/labels.yml", 3, "pressure", "you\nmust " + "x" * 300, "could")
    assert str(problem).startswith("en/labels.yml:3: pressure: “you must x")
    assert str(problem).endswith("…”: could")
    assert "\n" not in str(problem)


def test_a_line_is_found_by_its_keys_from_the_outside_in() -> None:
    lines = ["a:", "  name: x", "b:", "  - id: E1", "    name: y", "  - id: E10", "    name: z"]
    assert line_of(lines, "b", "name") == 5
    assert line_of(lines, "E10", "name") == 7
    assert line_of(lines, "nothing") == 0


def test_what_a_loader_says_keeps_its_file_and_line(tmp_path: Path) -> None:
    (said,) = of_error(tmp_path, ContentError(f"{tmp_path}/en/pages/a.md:7: there is no mark."))
    assert (said.file, said.line, said.suggestion) == ("en/pages/a.md", 7, "there is no mark.")
    assert [one.suggestion for one in of_error(tmp_path, "Nothing is here")] == ["Nothing is here"]

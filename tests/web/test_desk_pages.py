"""The quieter pages of the desk: texts, urgent numbers, suggestions to commit, lists, and what people see."""

import asyncio
import json
import re
import time
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.app import Work
from bot.domain.admin import Role, Scope
from bot.domain.errors import FeedError
from bot.domain.meeting import id_text
from bot.domain.suggestion import Kind, Subject
from bot.services.suggestions import Suggestions
from bot.store.database import Database
from bot.texts.checks.problem import Problem
from bot.texts.parity import Row
from bot.texts.proofs import Proof, Proofs, prove
from bot.web.desk.proofs import ProofReader, prove_apart
from tests.feeds.rows import online_row
from tests.helping import AA, NA, NOON, rows
from tests.web.desk_rig import Browser, Desk, Shown, desk, desk_at, lent_words

__all__ = ["desk", "lent_words"]
SOURCE = "NA wrote about methadone in Bulletin 29, see https://example.org/bulletin-29"
FOUND = (
    Proof(Problem("es/labels.yml", 9, "emoji", "☕", "say it in words"), "Un té ☕"),
    Proof(Problem("en/messages/find/where.html", 3, "pressure", "must", "could, may"), "You <b>must</b> & shall"),
    Proof(Problem("en/pages/tea.md", 9, "long_sentence", "So long", "20 words", "warning"), "So long"),
    Proof(Problem("feeds/x.yml", 1, "nobody_knows", "", "an advice", "note")),
    Proof(Problem("urgent/gb.yml", 4, "stale_date", "", "last checked on 2026-03-01; look again", "warning")),
    Proof(Problem("fellowships/aca.yml", 0, "stale_date", "", "nobody has noted when this was checked", "warning")),
)
MEASURED = (
    Row("M1", "en", "card", "the same fields", "43 of 43", "ok"),
    Row("M4", "es", "facts", "no word that praises", "1 found (aa)", "fail"),
)


async def owner(desk: Desk) -> Browser:
    return await desk.signed_in(await desk.world.helper(Role.OWNER, name="Ana"))


async def suggested(desk: Desk, subject: Subject) -> int:
    suggestions = Suggestions(desk.database, clock=lambda: desk.world.now)
    await suggestions.keep(subject, SOURCE)
    return (await suggestions.queue())[-1].id


# -- texts


async def test_what_the_checks_find_is_told_in_words_with_file_and_sentence_the_errors_first(
    lent_words: Work, sqlite_db: Database
) -> None:
    def prove(_root: Path, day: date) -> Proofs:
        return Proofs(day, FOUND, MEASURED)

    async with desk_at(lent_words, sqlite_db, prove=prove) as desk:
        browser = await owner(desk)
        page = await browser.get("words")
        order = ("It presses the reader.", "A small picture.", "A long sentence.", "nobody_knows")
        assert [page.words.index(one) for one in order] == sorted(page.words.index(one) for one in order)
        assert "2 errors, 1 hint, 1 note." in page.words
        assert "content/en/messages/find/where.html" in page.words
        assert "line 3 You <b>must</b> & shall Leave the choice" in page.words.replace("<b> must </b>", "<b>must</b>")
        assert "<mark>must</mark>" in page.text
        assert "content/urgent/gb.yml 1 Mar 2026" in page.words
        assert page.words.index("aca.yml never noted") < page.words.index("urgent/gb.yml")
        assert page.words.index("M4 No praise") < page.words.index("M1 The same fields")
        assert "1 drifts" in page.words
        assert re.search(r"English: articles \d+ of \d+", page.words)
        spanish = await browser.get("words?for=es")
        assert "es/labels.yml" in spanish.words
        assert "where.html" not in spanish.words
        for odd in ("words?for=xx", "words?for=", "words?for=%00"):
            assert "where.html" in (await browser.get(odd)).words


async def test_the_texts_are_read_once_for_each_state_of_the_files_and_the_page_does_not_wait(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a", encoding="utf-8")
    read: list[date] = []

    def slowly(_root: Path, day: date) -> Proofs:
        time.sleep(0.3)
        read.append(day)
        return Proofs(day, (), ())

    now = NOON
    reader = ProofReader(tmp_path, lambda: now, prove=partial(asyncio.to_thread, slowly))
    began = time.monotonic()
    assert list(await asyncio.gather(reader.read(), reader.read())) == [None, None]
    assert time.monotonic() - began < 0.25
    await asyncio.sleep(0.4)
    assert (await reader.read(), await reader.read()) == (Proofs(NOON.date(), (), ()),) * 2
    assert len(read) == 1
    (tmp_path / "a.yml").write_text("another", encoding="utf-8")
    assert await reader.read() is None
    await asyncio.sleep(0.4)
    assert await reader.read() is not None
    now += timedelta(days=1)
    assert await reader.read() is None
    await asyncio.sleep(0.4)
    assert read == [NOON.date(), NOON.date(), now.date()]


async def test_a_reading_in_a_process_of_its_own_finds_the_same(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "labels.yml").write_text("find: [", encoding="utf-8")
    found = await prove_apart(tmp_path, NOON.date())
    assert found == prove(tmp_path, NOON.date())
    assert found.found


async def test_texts_that_are_still_being_read_say_so_and_come_by_themselves(
    lent_words: Work, sqlite_db: Database
) -> None:
    def slowly(_root: Path, day: date) -> Proofs:
        time.sleep(0.5)
        return Proofs(day, (), ())

    async with desk_at(lent_words, sqlite_db, prove=slowly) as desk:
        browser = await owner(desk)
        soon = await browser.get("words")
        assert "The texts are being read." in soon.words
        assert soon.headers["Refresh"] == "4"
        await asyncio.sleep(0.6)
        page = await browser.get("words")
        assert "The checks found nothing here." in page.words
        assert "Refresh" not in page.headers


# -- urgent numbers


async def test_every_urgent_number_stands_there_line_by_line_with_its_age_and_file(desk: Desk) -> None:
    browser = await owner(desk)
    page = await browser.get("numbers")
    for code, country in desk.room.urgent.items():
        for line in country.lines:
            assert line.number in page.text, (code, line.name)
    gb = await browser.get("numbers?country=gb")
    checked = desk.room.urgent["GB"].checked_on
    days = (desk.world.now.date() - checked).days
    assert f"Checked on 21 Nov 2026. {days} days ago" in gb.words
    assert "content/urgent/gb.yml" in gb.words
    assert "Emergency: 999 , 112" in gb.words
    assert "content/urgent/us.yml" not in gb.words
    assert "Day and night" in gb.words
    doubted = next(one for one in desk.room.urgent.values() if one.confidence == "?")
    told = await browser.get(f"numbers?country={doubted.country}")
    assert "This is in doubt." in told.words
    assert "People see the emergency number and a directory" in told.words
    desk.world.now += timedelta(days=91)
    later = await (await owner(desk)).get("numbers?country=gb")
    assert "Look again after 90 days." in later.words
    unknown = await (await owner(desk)).get("numbers?country=../us")
    assert "content/urgent/us.yml" in unknown.words, "all of them"


async def test_an_editor_of_meetings_does_not_see_texts_and_numbers(desk: Desk) -> None:
    browser = await desk.signed_in(await desk.world.helper(Role.EDITOR))
    for path in ("words", "numbers"):
        assert (await browser.get(path)).status == 403
        assert f'/{path}"' not in (await browser.get()).text


# -- suggestions


async def test_a_suggestion_that_is_used_becomes_a_text_to_commit(desk: Desk) -> None:
    browser = await owner(desk)
    key = await suggested(desk, Subject(Kind.ARTICLE, "medicines", "en"))
    item = await browser.get(f"queue/suggestion/{key}")
    assert f"commit/{key}" in item.text
    used = await browser.post(f"queue/suggestion/{key}", item.form("Use it"))
    assert "Noted as used." in used.words
    assert "content/en/pages/medicines.md" in used.words
    assert SOURCE in used.words
    place = next(place for place, words in sentences(used) if "The NA text on methadone" in words)
    form = await browser.get(f"commit/{key}?at={place}")
    new = "The NA text on methadone is from 2024 & “newer”. [na_illness]"
    ready = await browser.post(f"commit/{key}", form.form('name="new"') | {"new": new})
    assert new in ready.words
    assert "-date: 2026-11-21" in ready.words
    assert "+reviewed_by" not in ready.words, "it was empty before"
    assert '+version: "1.1"' in ready.words
    assert f"Suggestion {key}, in content/en/pages/medicines.md." in ready.words
    assert "Note it as used" not in ready.words
    file = await browser.get(f"commit/{key}/file")
    assert file.headers["Content-Disposition"] == f'attachment; filename="suggestion-{key}.md"'
    assert SOURCE in file.text
    same = await browser.post(f"commit/{key}", form.form('name="new"'))
    assert (same.status, "It is the same as before" in same.words) == (422, True)
    moved = await browser.post(f"commit/{key}", form.form('name="new"') | {"new": new, "old": "Something else."})
    assert (moved.status, "The file is another one by now." in moved.words) == (409, True)
    assert (await browser.get(f"commit/{key}?at=99999")).status == 200


def sentences(page: Shown) -> list[tuple[str, str]]:
    return re.findall(r"\?at=(\d+)\"[^>]*>[^<]*<span class=\"hidden\">: ([^<]*)<", page.text)


async def test_the_text_of_a_suggestion_that_still_waits_can_be_made_first_and_then_used(desk: Desk) -> None:
    browser = await owner(desk)
    key = await suggested(desk, Subject(Kind.FELLOWSHIP, "aa", "es"))
    page = await browser.get(f"commit/{key}")
    assert "content/es/fellowships/aa.md" in page.words
    place, _ = sentences(page)[0]
    form = await browser.get(f"commit/{key}?at={place}")
    ready = await browser.post(f"commit/{key}", form.form('name="new"') | {"new": "aim: Otra frase."})
    assert "reviewed_by_clinician becomes false" in ready.words
    done = await browser.post(f"queue/suggestion/{key}", ready.form('value="accept"'))
    assert "Noted as used." in done.words


async def test_a_suggestion_of_others_or_one_that_was_turned_down_has_no_text(desk: Desk) -> None:
    key = await suggested(desk, Subject(Kind.FELLOWSHIP, "aa", "en"))
    article = await suggested(desk, Subject(Kind.ARTICLE, "medicines", "en"))
    of_na = await desk.signed_in(await desk.world.helper(Role.REVIEWER, Scope(frozenset({"na"}))))
    of_aa = await desk.signed_in(await desk.world.helper(Role.REVIEWER, Scope(frozenset({"aa"}))))
    editor = await desk.signed_in(await desk.world.helper(Role.EDITOR))
    assert (await of_aa.get(f"commit/{key}")).status == 200
    for browser, number in ((of_na, key), (of_aa, article), (editor, key), (of_aa, 0), (of_aa, 999)):
        for path in (f"commit/{number}", f"commit/{number}/file"):
            assert (await browser.get(path)).status == 404
        assert (await browser.post(f"commit/{number}", {"at": "0", "old": "x", "new": "y"})).status == 404
    await of_aa.post(f"queue/suggestion/{key}", {"step": "reject", "choice": "1"})
    assert (await of_aa.get(f"commit/{key}")).status == 404
    gone = await suggested(desk, Subject(Kind.ARTICLE, "not-there", "en"))
    answer = await (await owner(desk)).get(f"commit/{gone}")
    assert (answer.status, "There is no file about not-there" in answer.words) == (409, True)


# -- lists


async def test_a_list_tells_how_its_readings_go_and_why_rows_were_not_taken(desk: Desk) -> None:
    world = desk.world
    world.answers[AA] = [*rows("Night Lamp"), {**online_row(slug="x", name="No hour"), "time": "late"}]
    await world.sync.enable(AA)
    await world.sync.sync(AA)
    await world.sync.enable(NA)
    for _ in range(3):
        world.now += timedelta(hours=1)
        with pytest.raises(FeedError):
            await world.sync.sync(NA)
    world.now += timedelta(hours=2)
    browser = await owner(desk)
    lists = await browser.get("lists")
    assert "na-spain does not answer. The last 3 tries gave no list. Last tried 2 hours ago." in lists.words
    assert lists.words.index("NA Spain") < lists.words.index("Denver AA"), "what needs a look stands first"
    assert re.search(r"Denver AA up to date 1 .*5 hours ago 1 0", lists.words)
    one = await browser.get(f"lists/{AA}")
    assert "Last good reading: 5 hours ago." in one.words
    assert "The list had 2 rows. 1 became no meeting." in one.words
    assert "1 The time is none that I can read." in one.words
    assert "content/feeds/aa-denver.yml" in one.words
    na = await browser.get(f"lists/{NA}")
    assert "Next reading:" in na.words or "The next reading is due now." in na.words


async def test_what_is_held_is_shown_meeting_by_meeting_before_somebody_accepts(desk: Desk) -> None:
    world = desk.world
    await world.listed("Night Lamp", "Early Birds", "Dawn")
    world.answers[AA] = [{**rows("Night Lamp")[0], "name": "Night <b>Lamp</b> two"}, *rows("Full Moon")]
    await world.sync.sync(AA)
    browser = await owner(desk)
    held = await browser.get(f"lists/{AA}?step=held")
    assert "Would go Dawn Early Birds" in held.words or "Would go Early Birds Dawn" in held.words
    assert "Would be new Full Moon" in held.words
    assert "Would change Night" in held.words
    assert "<b>Lamp" not in held.text.partition("<main")[2]
    mark = held.text.partition("?step=accept&amp;mark=")[2].partition('"')[0]
    sure = await browser.get(f"lists/{AA}?step=accept&mark={mark}")
    world.answers[AA] = rows("Full Moon")
    await world.sync.sync(AA)
    stale = await browser.post(f"lists/{AA}", sure.form("Yes, accept"))
    assert stale.status == 409
    assert "This changed since you looked." in stale.words
    assert len(await world.meetings()) == 3


# -- what people see


async def test_a_list_and_a_card_are_seen_from_any_town_zone_and_language(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    one = (await desk.world.meetings())["Night Lamp"]
    await desk.room.meetings.refresh()
    browser = await owner(desk)
    listed = await browser.get("preview?text=aa+online&in=es&zone=America/Denver")
    assert "Night Lamp" in listed.words
    assert "Seen from Denver, America/Denver." in listed.words
    way = re.search(r'preview\?(meeting=[^"]+)', listed.text)
    assert way is not None
    card = await browser.get("preview?" + way[1].replace("&amp;", "&"))
    assert "Cuándo:" in card.words
    assert "America/Denver" in card.words
    for zone, city in (("Europe/Madrid", "Madrid"), ("asia/tokyo", "Tokyo")):
        seen = await browser.get(f"preview?meeting={id_text(one.id)}&zone={zone}&in=en")
        assert f"Seen from {city}" in seen.words
        assert f"{city} time" in seen.words, "beside the meeting's own hour"
    assert "I do not know that time zone." in (await browser.get("preview?text=aa&zone=Mars/Olympus")).words
    assert "I do not know that town." in (await browser.get("preview?text=aa&town=xqzzy")).words


# -- the first day, and the history


EMPTY = {
    "": ("Nothing waits for you.", "Turn on the lists that you want to show"),
    "lists": ("Where the meetings come from.", "No list is on yet."),
    "words": ("What the checks found in our texts.", "The checks found nothing here."),
    "numbers": ("Check it line by line.",),
    "people": ("Who helps here", "Nobody else helps yet."),
    "preview": ("Write what somebody could write.",),
    "history": ("What people who help changed",),
    "upload": ("Take a file along",),
    "meetings": ("Add a meeting", "There are no meetings here yet."),
}


@pytest.mark.parametrize("path", EMPTY)
async def test_on_the_first_day_every_page_says_what_it_is_for_and_what_comes_next(desk: Desk, path: str) -> None:
    page = await (await owner(desk)).get(path)
    assert page.status == 200
    for words in EMPTY[path]:
        assert words in page.words
    assert page.text.count('aria-current="page"') == 1


async def test_once_there_are_meetings_nobody_is_told_how_to_begin(desk: Desk) -> None:
    browser = await owner(desk)
    assert "To begin with" in (await browser.get()).words
    await desk.world.listed("Night Lamp")
    page = await (await owner(desk)).get()
    assert "Nothing waits for you." in page.words
    assert "To begin with" not in page.words


async def test_somebody_whose_scope_holds_no_list_is_told_so(desk: Desk) -> None:
    nowhere = Scope(fellowships=frozenset({"smart"}))
    browser = await desk.signed_in(await desk.world.helper(Role.REVIEWER, nowhere))
    assert "No list lies in what you look after." in (await browser.get("lists")).words
    assert "Nothing was changed yet." not in (await browser.get("history?page=9")).words
    first = await browser.get()
    assert "Turn on the lists" not in first.words, "only what they may do"
    assert "See what people see" in first.words


async def test_the_ways_are_those_of_the_role_in_one_order_and_a_phone_folds_the_rest(desk: Desk) -> None:
    page = await (await owner(desk)).get("people")
    ways = re.findall(r'<li(?: class="apart")?><a href="[^"]*"[^>]*>([^<]+)</a>', page.text.partition("</nav>")[0])
    every = "What waits,Meetings,Lists,Many at once,As people see it,Texts,Urgent numbers,People,History".split(",")
    assert ways[:9] == every
    assert ways[9:] == [one for one in every[4:] if one != "People"]
    reviewer = await desk.signed_in(await desk.world.helper(Role.REVIEWER))
    shown = (await reviewer.get()).text.partition("</nav>")[0]
    assert "Many at once" not in shown
    assert "Urgent numbers" in shown


async def test_the_history_is_taken_along_by_those_who_look_after_everything(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    who = await desk.world.helper(Role.ADMIN, name="=Ana")
    await desk.world.desk.feeds.disable(who, AA)
    browser = await desk.signed_in(who)
    assert "history.csv" in (await browser.get("history")).text
    table = await browser.get("history.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="history.csv"'
    assert ",'=Ana," in table.text, "no spreadsheet reckons with it"
    assert json.loads((await browser.get("history.json")).text)[-1]["deed"] == "manage_feeds"
    assert (await browser.get("history.xml")).status == 404
    part = await desk.signed_in(await desk.world.helper(Role.ADMIN, Scope(feeds=frozenset({AA}))))
    assert (await part.get("history.csv")).status == 403
    assert "history.csv" not in (await part.get("history")).text

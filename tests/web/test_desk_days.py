"""Days that are not as every week, and changes that count only until a day: for one meeting and for several."""

from datetime import date

import pytest

from bot.domain.exceptions import DatedException, closed, moved_once
from bot.domain.meeting import Meeting, id_text
from tests.web.desk_rig import Browser, Desk, Shown, desk, lent_words
from tests.web.test_desk_meetings import editor, form, hall, now

__all__ = ["desk", "lent_words"]
# It is Tuesday, 24 November 2026; House 00 meets on Mondays, House 01 on Tuesdays, and so on.
MONDAY = "2026-12-07"


async def asked(browser: Browser, some: list[Meeting], what: str, **typed: str) -> Shown:
    """One of the three forms, filled in and looked at."""
    fields = [("what", what), ("do", "look"), *(("m", id_text(one.id)) for one in some), *typed.items()]
    return await browser.post("meetings/days", fields)


async def saved(browser: Browser, look: Shown) -> Shown:
    assert look.status == 200, look.words
    return await browser.post("meetings/days", look.form('value="save"') | {"do": "save"})


async def known(desk: Desk, meeting: Meeting) -> list[DatedException]:
    return list(await desk.world.desk.days.of(meeting.id))


async def test_a_meeting_is_closed_once_said_so_on_its_page_and_is_as_every_week_again(desk: Desk) -> None:
    one, *_ = await hall(desk)
    browser, path = await editor(desk), f"meetings/{id_text(one.id)}"
    page = await browser.get(path)
    assert "Nothing ahead differs from every week." in page.words
    fields = page.form('id="closed-first"')
    assert fields["first"] == ["2026-11-30"], "its next day stands there"
    look = await browser.post("meetings/days", fields | {"first": MONDAY, "note": "The church is shut", "do": "look"})
    assert "Not on Mon 7 Dec. The church is shut." in look.words
    assert await known(desk, one) == [], "nothing is saved yet"
    done = await saved(browser, look)
    assert done.path.startswith(f"/admin/{path}?")
    assert "Noted for 1 meeting." in done.words
    assert "Not on Mon 7 Dec. The church is shut." in done.words
    assert await known(desk, one) == [closed(date(2026, 12, 7), date(2026, 12, 7), "The church is shut")]
    back = await browser.post("undo", done.form("Undo"))
    assert "1 change was taken back." in back.words
    assert await known(desk, one) == []
    await saved(browser, look)
    page = await browser.get(path)
    open_again = await browser.post("meetings/days", page.form("As every week: Mon 7 Dec") | {"do": "remove"})
    assert "It is as every week again." in open_again.words
    assert await known(desk, one) == []


async def test_a_house_is_closed_for_a_holiday_and_whoever_does_not_meet_then_stays(desk: Desk) -> None:
    some = await hall(desk, 4)
    browser = await editor(desk)
    ticks = [("do", "days"), *(("m", id_text(one.id)) for one in some)]
    page = await browser.post("meetings/many", ticks)
    assert page.form('value="suspend"')["m"] == [id_text(one.id) for one in some]
    look = await asked(browser, some, "suspend", first="2026-12-22", last="2026-12-23")
    assert "Suspended from Tue 22 Dec until Wed 23 Dec." in look.words
    assert "This is for 2 meetings." in look.words
    assert look.words.count("does not meet then") == 2
    done = await saved(browser, look)
    assert "Noted for 2 meetings." in done.words
    assert [len(await known(desk, one)) for one in some] == [0, 1, 1, 0]
    back = await browser.post("undo", done.form("Undo"))
    assert "2 changes were taken back." in back.words


async def test_a_meeting_is_moved_once_and_another_is_closed_until_further_notice(desk: Desk) -> None:
    one, other, *_ = await hall(desk)
    browser = await editor(desk)
    look = await asked(browser, [one], "moved", first=MONDAY, to="2026-12-08", start="18:30")
    assert "instead of Mon 7 Dec." in look.words
    await saved(browser, look)
    assert await known(desk, one) == [moved_once(date(2026, 12, 7), date(2026, 12, 8), 18 * 60 + 30)]
    look = await asked(browser, [one], "moved", first="2026-12-14", to="2026-12-15", start="19:00")
    await saved(browser, look)
    assert (await known(desk, one))[1].start is None, "at its own hour, whatever that will be"
    await saved(browser, await asked(browser, [other], "suspend", first="2026-12-01", open="1"))
    assert await known(desk, other) == [closed(date(2026, 12, 1), None)]
    assert "until further notice" in (await browser.get(f"meetings/{id_text(other.id)}")).words


BAD = [
    ("closed", {"first": "2026-12-08"}, "There is no meeting on that day."),
    ("closed", {"first": "2026-11-16"}, "That day is over."),
    ("closed", {"first": "2036-12-08"}, "That is too far off."),
    ("closed", {"first": "soon"}, "I cannot read that"),
    ("closed", {"first": ""}, "I cannot read that"),
    ("closed", {"first": MONDAY, "note": "Ring 555 0100 22"}, "A note holds no link, address or number."),
    ("closed", {"first": MONDAY, "note": "x" * 81}, "That note is too long."),
    ("suspend", {"first": MONDAY}, "There is no last day."),
    ("suspend", {"first": MONDAY, "last": "2026-12-01"}, "The last day is before the first."),
    ("moved", {"first": MONDAY}, "That is its own day."),
    ("moved", {"first": MONDAY, "start": "19:00"}, "That is its own day."),
    ("moved", {"first": MONDAY, "start": "late"}, "I cannot read that time"),
    ("moved", {"first": MONDAY, "to": "2027-06-01"}, "That is too far off."),
    ("moved", {"first": MONDAY, "to": "2026-12-14"}, "There is a meeting on that day already."),
]


@pytest.mark.parametrize(("what", "typed", "reason"), BAD)
async def test_days_that_make_no_sense_are_told_in_words_and_what_was_typed_stays(
    desk: Desk, what: str, typed: dict[str, str], reason: str
) -> None:
    one, *_ = await hall(desk)
    browser = await editor(desk)
    for do in ("look", "save"):
        answer = await asked(browser, [one], what, **typed | {"do": do})
        assert (answer.status, reason in answer.words) == (422, True), answer.words
    again = answer.form(f'id="{what}-first"')
    assert {name: again[name][0] for name in typed} == typed
    assert await known(desk, one) == []


async def test_a_note_on_a_guarded_meeting_and_a_deed_that_is_none_are_refused(desk: Desk) -> None:
    one, *_ = await hall(desk, tags=frozenset({"women"}))
    browser = await editor(desk)
    answer = await asked(browser, [one], "closed", first=MONDAY, note="In the cellar")
    assert (answer.status, "A note here takes two people." in answer.words) == (422, True)
    assert (await browser.post("meetings/days", {"do": "look"})).words.count("Tick the meetings first.") == 1
    for odd in ({"do": "x"}, {"do": "remove", "first": "x"}, {"do": "look", "what": "x"}):
        assert (await browser.post("meetings/days", {"m": id_text(one.id)} | odd)).status == 404
    assert await known(desk, one) == []


async def test_a_change_counts_only_until_a_day_and_says_so_wherever_it_is_shown(desk: Desk) -> None:
    one, *_ = await hall(desk)
    browser, path = await editor(desk), f"meetings/{id_text(one.id)}"
    look = await browser.post(path, await form(browser, one, venue="Town Library", until="2026-12-12"))
    assert "Until 12 Dec 2026. Then it is as before." in look.words
    done = await browser.post(path, look.form('value="save"') | {"do": "save"})
    assert "here it is Town Library. Until 12 Dec 2026." in done.words
    edit = (await desk.world.desk.meetings.one(None, one.id)).edits["venue"]
    assert edit.until is not None
    assert edit.until.isoformat() == "2026-12-12T23:59:00+00:00", "that evening belongs to it"
    assert (await now(desk, one)).venue == "Town Library"


async def test_several_rows_are_changed_only_until_a_day(desk: Desk) -> None:
    some = await hall(desk)
    browser = await editor(desk)
    rows = [("m", id_text(one.id)) for one in some]
    fields = [("field", "address"), ("value", "9 Mill Lane"), ("until", "12 December")]
    look = await browser.post("meetings/many", [("do", "look"), *rows, *fields])
    assert "3 meetings change. Until 12 Dec 2026." in look.words
    done = await browser.post("meetings/many", look.form('value="save"') | {"do": "save"})
    assert "3 meetings were changed." in done.words
    for one in some:
        edit = (await desk.world.desk.meetings.one(None, one.id)).edits["address"]
        assert (edit.until and edit.until.date()) == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("2026-11-23", "That day is over."), ("2031-01-01", "That is too far off."), ("some day", "I cannot read that")],
)
async def test_an_end_that_makes_no_sense_is_told_and_nothing_typed_is_lost(
    desk: Desk, typed: str, reason: str
) -> None:
    one, *_ = await hall(desk)
    browser = await editor(desk)
    answer = await browser.post(
        f"meetings/{id_text(one.id)}", await form(browser, one, venue="Town Library", until=typed)
    )
    assert (answer.status, reason in answer.words) == (422, True)
    again = answer.form('name="venue"')
    assert (again["venue"], again["until"]) == (["Town Library"], [typed])
    fields = [("do", "look"), ("m", id_text(one.id)), ("field", "notes"), ("value", "x"), ("until", typed)]
    answer = await browser.post("meetings/many", fields)
    assert (answer.status, reason in answer.words) == (422, True)
    assert await now(desk, one) == one

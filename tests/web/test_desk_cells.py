"""One field changed where it stands in the table: with scripts and without, and what others did meanwhile."""

import re
from dataclasses import replace

import pytest

from bot.domain.admin import Role, Scope
from bot.domain.meeting import Meeting, id_text
from tests.web.desk_rig import HERE, Browser, Desk, Shown, desk, lent_words
from tests.web.test_desk_meetings import editor, hall, now

__all__ = ["desk", "lent_words"]
QUERY = "q=house&page=1"


async def opened(browser: Browser, meeting: Meeting, field: str, query: str = "q=house") -> Shown:
    """The page on which a cell stands open, as its link asks for it."""
    page = await browser.get(f"meetings?{query}&open={id_text(meeting.id)}.{field}")
    assert page.status == 200
    return page


async def sent(browser: Browser, page: Shown, **typed: str) -> Shown:
    """The form of the open cell, with what is typed into it, sent by its first button."""
    fields = page.form(' class="cell"') | {name: [value] for name, value in typed.items()}
    return await browser.post(f"meetings/{cell_of(page)}/cell", fields | {"do": "save"})


def cell_of(page: Shown) -> str:
    found = re.search(r'class="cell" method="post" action="[./]+admin/meetings/(\w+)/cell"', page.text)
    assert found, page.words
    return found[1]


async def part(browser: Browser, meeting: Meeting, path: str = "meetings", **asked: str) -> Shown:
    """The same as a page that runs scripts asks for it: a cell, or (with `do`) the answer to its form."""
    address = f"meetings/{id_text(meeting.id)}/cell"
    told = {"HX-Request": "true", "HX-Current-URL": f"{browser.root}/admin/{path}"}
    if "do" in asked:
        return await browser.post(address, asked, headers=HERE | told)
    return await browser.get(f"{address}?{'&'.join(f'{name}={value}' for name, value in asked.items())}", **told)


async def test_a_cell_opens_shows_its_difference_is_saved_and_leads_back_to_the_same_page(desk: Desk) -> None:
    one, *_ = await hall(desk, 60)
    browser = await editor(desk)
    table = await browser.get("meetings?q=house")
    link = re.search(rf'href="([^"]+)"[^>]*>{one.venue}<', table.text)
    assert link
    assert link[1].endswith(f"meetings?q=house&amp;open={id_text(one.id)}.venue#c-{id_text(one.id)}-venue")
    page = await opened(browser, one, "venue")
    assert "As of now: Example Hall" in page.words
    look = await sent(browser, page, venue="Town Library")
    assert (look.status, (await now(desk, one)).venue) == (200, "Example Hall"), "nothing is saved that was not shown"
    assert "Before: Example Hall → After: Town Library" in look.words
    assert look.text.count(" autofocus") == 1, "the keyboard stays in it"
    saved = await sent(browser, look)
    assert saved.path.startswith("/admin/meetings?q=house&"), "the same page of the same search"
    assert "Saved." in saved.words
    assert re.search(rf'id="c-{id_text(one.id)}-venue"[^>]*>Town Library', saved.text)
    assert await now(desk, one) == replace(one, venue="Town Library")
    back = await browser.post("undo", saved.form("Undo"))
    assert "1 change was taken back." in back.words
    assert await now(desk, one) == one


async def test_what_is_typed_after_the_difference_was_shown_is_shown_too_before_it_is_saved(desk: Desk) -> None:
    one, *_ = await hall(desk)
    browser = await editor(desk)
    look = await sent(browser, await opened(browser, one, "start"), start="19:30")
    again = await sent(browser, look, start="7:15 pm")
    assert "Before: 7:00 PM → After: 7:15 PM" in again.words or "Before: 19:00 → After: 19:15" in again.words
    assert await now(desk, one) == one
    await sent(browser, again)
    assert (await now(desk, one)).start == 19 * 60 + 15


@pytest.mark.parametrize("field", ["name", "venue"])
async def test_a_page_with_scripts_gets_the_cell_alone_and_hears_what_came_of_it(desk: Desk, field: str) -> None:
    one, *_ = await hall(desk)
    browser = await editor(desk)
    cell = await part(browser, one, field=field)
    assert "<html" not in cell.text
    assert 'action="../admin/meetings/' in cell.text, "its addresses lie where the page lies"
    assert cell.text.count("data-focus") == 1
    form = {name: value[0] for name, value in cell.form(' class="cell"').items()}
    difference = await part(browser, one, **form | {"do": "look", field: "Library"})
    assert f"Before: {getattr(one, field)} → After: Library" in difference.words
    assert "<form" not in difference.text, "what is being typed is left alone"
    shown = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', difference.text))
    saved = await part(browser, one, **form | shown | {"do": "save", field: "Library"})
    heard = {"name": "Library, Name: Library. Saved.", "venue": "House 00, Building: Library. Saved."}[field]
    assert f'id="told" hx-swap-oob="innerHTML">{heard}<' in saved.text
    assert saved.path.endswith("/cell"), "no other page"
    assert "corrected" in saved.words
    changed = (await desk.world.meetings())["Library" if field == "name" else one.name]
    assert getattr(changed, field) == "Library"
    undone = await part(
        browser, one, **{name: value[0] for name, value in saved.form('class="came"').items()} | {"do": "undo"}
    )
    assert "Taken back." in undone.words
    assert await now(desk, one) == one
    left = await part(browser, one, field=field, leave="1")
    assert 'class="cell"' not in left.text
    assert left.text.count("data-focus") == 1, "the keyboard is back where it was"


async def test_what_cannot_be_read_stands_in_the_cell_with_the_reason(desk: Desk) -> None:
    one, *_ = await hall(desk)
    browser = await editor(desk)
    answer = await sent(browser, await opened(browser, one, "start"), start="soon")
    assert answer.status == 422
    assert "I cannot read that time" in answer.words
    assert answer.form(' class="cell"')["start"] == ["soon"]
    assert 'aria-invalid="true"' in answer.text
    again = await sent(browser, answer, start="")
    answer = await sent(browser, again)
    assert (answer.status, "a day and a time go together" in answer.words) == (422, True)
    assert await now(desk, one) == one
    alone = {"do": "look", "field": "join_url", "join_url": "http://x.example.org", "token": browser.token}
    assert "links begin with https://" in (await part(browser, one, **alone)).words


async def test_two_people_on_one_cell_see_both_values_and_nothing_is_lost(desk: Desk) -> None:
    one, *_ = await hall(desk)
    ana, ben = await editor(desk), await editor(desk)
    anas, bens = await opened(ana, one, "venue"), await opened(ben, one, "venue")
    bens = await sent(ben, bens, venue="Ben's Hall")
    await sent(ana, await sent(ana, anas, venue="Ana's Hall"))
    conflict = await sent(ben, bens)
    assert conflict.status == 409
    assert "Somebody changed it meanwhile." in conflict.words
    assert "It was “Example Hall” when you opened it." in conflict.words
    assert "Before: Ana's Hall → After: Ben's Hall" in conflict.words
    assert conflict.form(' class="cell"')["venue"] == ["Ben's Hall"]
    assert (await now(desk, one)).venue == "Ana's Hall", "nothing was saved over her"
    await sent(ben, conflict)
    assert (await now(desk, one)).venue == "Ben's Hall"


async def test_a_change_of_another_field_meanwhile_is_told_too(desk: Desk) -> None:
    one, *_ = await hall(desk)
    ben = await editor(desk)
    look = await sent(ben, await opened(ben, one, "venue"), venue="Ben's Hall")
    await desk.world.desk.meetings.change(None, [one.id], {"notes": "Meanwhile"})
    told = await sent(ben, look)
    assert (told.status, "It was" in told.words) == (409, False)
    await sent(ben, told)
    last = await now(desk, one)
    assert (last.venue, last.notes) == ("Ben's Hall", "Meanwhile")


async def test_a_guarded_link_waits_for_a_second_person(desk: Desk) -> None:
    one, *_ = await hall(desk, tags=frozenset({"women"}), online=True, join_url="https://zoom.us/j/5550100")
    browser = await editor(desk)
    look = await sent(browser, await opened(browser, one, "join_url"), join_url="https://zoom.us/j/5550199")
    assert "A second person can agree to: Link" in look.words
    saved = await sent(browser, look)
    assert "Proposed. A second person can confirm it." in saved.words
    assert (await now(desk, one)).join_url == one.join_url


async def test_a_cell_that_is_left_as_it_was_changes_nothing_and_closes(desk: Desk) -> None:
    one, *_ = await hall(desk, notes="First line\nSecond")
    browser = await editor(desk)
    for field in ("notes", "weekday", "duration", "name", "status"):
        page = await sent(browser, await opened(browser, one, field))
        assert "Nothing had to change." in page.words, field
        assert 'class="cell"' not in page.text
    assert await now(desk, one) == one


async def test_a_row_that_is_found_no_more_stays_while_it_is_open(desk: Desk) -> None:
    some = await hall(desk, 3)
    browser = await editor(desk)
    page = await opened(browser, some[1], "venue", "q=house+02")
    assert page.form(' class="cell"')["venue"] == ["Example Hall"]
    assert "House 02" in page.words
    assert (await browser.get("meetings?open=x.venue")).status == 404
    assert (await browser.get("meetings?open=&open=.x&at=y")).status == 200


async def test_the_columns_that_somebody_chose_stay_chosen(desk: Desk) -> None:
    one, *_ = await hall(desk, 60, passcode="4711")
    browser = await editor(desk)
    assert "4711" not in (await browser.get("meetings")).words
    page = await browser.get("meetings?show=passcode&show=nonsense&show=start")
    assert "4711" in page.words
    assert "Example Hall" not in page.words
    assert "show=start&amp;show=passcode&amp;page=2" in page.text
    look = await sent(browser, await opened(browser, one, "passcode", "show=passcode"), passcode="0815")
    assert (await sent(browser, look)).path.startswith("/admin/meetings?show=passcode&")


async def test_what_is_not_for_somebody_has_no_way_in_and_is_refused(desk: Desk) -> None:
    one, *_ = await hall(desk)
    strangers = await desk.signed_in(await desk.world.helper(Role.EDITOR, Scope(fellowships=frozenset({"na"}))))
    reviewer = await desk.signed_in(await desk.world.helper(Role.REVIEWER, Scope(fellowships=frozenset({"aa"}))))
    table = await reviewer.get("meetings")
    assert "Example Hall" in table.words
    assert "/cell" not in table.text
    for browser in (strangers, reviewer):
        asked = {"do": "save", "field": "venue", "venue": "x", "looked": "x", "seen": "1", "token": browser.token}
        assert (await part(browser, one, **asked)).status == 403
        assert (await part(browser, one, field="venue")).status == 403
        assert (await browser.get(f"meetings?open={id_text(one.id)}.venue")).status == 403
    browser = await editor(desk)
    for field in ("feed", "id", "tags", "", "seen"):
        assert (await part(browser, one, field=field)).status == 404
        assert (await part(browser, one, do="save", field=field, token=browser.token)).status == 404
    assert await now(desk, one) == one


async def test_a_cell_whose_address_is_opened_by_hand_leads_to_the_page(desk: Desk) -> None:
    one, *_ = await hall(desk)
    browser = await editor(desk)
    page = await browser.get(f"meetings/{id_text(one.id)}/cell?field=venue&back=q%3Dhouse")
    assert page.path == f"/admin/meetings?q=house&open={id_text(one.id)}.venue"


async def test_the_scripts_are_our_own_and_only_the_table_may_run_them(desk: Desk) -> None:
    browser = await editor(desk)
    page = await browser.get("meetings")
    names = re.findall(r'<script src="\.\./admin/([^"]+)" defer></script>', page.text)
    assert len(names) == 2
    for name in names:
        script = await desk.browser().get(name)
        assert script.status == 200
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert script.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'; connect-src 'self';" in page.headers["Content-Security-Policy"]
    assert '"allowEval": false' in page.text
    assert "script-src" not in (await browser.get("history")).headers["Content-Security-Policy"]

"""Meetings on the desk: looked for, changed one by one and many at once, and what others did meanwhile."""

from dataclasses import replace

from bot.domain.admin import Role, Scope
from bot.domain.meeting import Meeting, id_text
from bot.store import meetings as listings
from tests.builders import make_meeting
from tests.helping import AA
from tests.web.desk_rig import Browser, Desk, Shown, desk, lent_words

__all__ = ["desk", "lent_words"]


async def hall(desk: Desk, count: int = 3, **values: object) -> list[Meeting]:
    """Meetings of one house."""
    some = [
        make_meeting(
            feed=AA, key=str(number), name=f"House {number:02d}", fellowship="aa", weekday=number % 7 + 1, **values
        )
        for number in range(count)
    ]
    async with desk.database.begin() as connection:
        await listings.replace_feed(connection, AA, some)
    return some


async def now(desk: Desk, meeting: Meeting) -> Meeting:
    return (await desk.world.meetings())[meeting.name]


async def editor(desk: Desk) -> Browser:
    return await desk.signed_in(await desk.world.helper(Role.EDITOR, Scope(fellowships=frozenset({"aa"})), "Ana"))


async def form(browser: Browser, meeting: Meeting, **typed: str) -> dict[str, list[str]]:
    """The form of a meeting as it stands, with some fields typed over."""
    page = await browser.get(f"meetings/{id_text(meeting.id)}")
    return page.form('name="venue"') | {name: [value] for name, value in typed.items()} | {"do": ["look"]}


async def test_a_change_is_shown_before_it_is_saved_and_taken_back_by_one_press(desk: Desk) -> None:
    one, *_ = await hall(desk)
    browser, path = await editor(desk), f"meetings/{id_text(one.id)}"
    look = await browser.post(path, await form(browser, one, venue="Town Library", start="19:30"))
    assert "Building Example Hall Town Library" in look.words
    assert "Time 19:00 19:30" in look.words
    assert (await now(desk, one)).venue == "Example Hall", "nothing is saved yet"
    saved = await browser.post(path, look.form('value="save"') | {"do": "save"})
    assert "Saved." in saved.words
    changed = await now(desk, one)
    assert (changed.venue, changed.start) == ("Town Library", 19 * 60 + 30)
    assert replace(changed, venue=one.venue, start=one.start) == one, "and nothing else"
    assert "Set here. The list says: Example Hall" in saved.words
    back = await browser.post("undo", saved.form("Undo"))
    assert "1 change was taken back." in back.words
    assert await now(desk, one) == one


async def test_a_form_that_is_sent_as_it_stands_changes_nothing(desk: Desk) -> None:
    one, *_ = await hall(
        desk, tags=frozenset({"women", "step_study"}), notes="First line\nSecond", languages=("en", "es")
    )
    browser = await editor(desk)
    look = await browser.post(f"meetings/{id_text(one.id)}", await form(browser, one))
    assert "Nothing changes." in look.words
    assert 'value="save"' not in look.text


async def test_what_cannot_be_read_stands_in_the_form_with_the_reason_and_nothing_typed_is_lost(desk: Desk) -> None:
    one, *_ = await hall(desk)
    browser = await editor(desk)
    typed = await form(browser, one, start="soon", notes="Ring twice", join_url="http://example.org")
    answer = await browser.post(f"meetings/{id_text(one.id)}", typed)
    assert answer.status == 422
    assert "I cannot read that time" in answer.words
    assert "links begin with https://" in answer.words
    again = answer.form('name="venue"')
    assert (again["start"], again["notes"], again["join_url"]) == (["soon"], ["Ring twice"], ["http://example.org"])
    assert await now(desk, one) == one


async def test_two_people_on_one_meeting_see_each_others_change_before_anything_is_lost(desk: Desk) -> None:
    one, *_ = await hall(desk)
    ana, ben = await editor(desk), await editor(desk)
    path = f"meetings/{id_text(one.id)}"
    anas, bens = await form(ana, one, venue="Ana's Hall"), await form(ben, one, venue="Ben's Hall", notes="Ring")
    look = await ana.post(path, anas)
    await ana.post(path, look.form('value="save"') | {"do": "save"})

    seen = await ben.post(path, bens)  # his form is older than her change
    assert "Somebody changed it meanwhile." in seen.words
    assert "Ana's Hall It was “Example Hall” when you opened it. Ben's Hall" in seen.words
    await desk.world.desk.meetings.change(None, [one.id], {"city": "York"})  # and once more, while he looks
    conflict = await ben.post(path, seen.form('value="save"') | {"do": "save"})
    assert conflict.status == 409
    assert (await now(desk, one)).venue == "Ana's Hall", "nothing was saved over her"
    await ben.post(path, conflict.form('value="save"') | {"do": "save"})
    last = await now(desk, one)
    assert (last.venue, last.notes, last.city) == ("Ben's Hall", "Ring", "York"), "what he did not touch stays"


async def test_a_link_of_a_guarded_meeting_waits_for_a_second_person_on_the_web_too(desk: Desk) -> None:
    one, *_ = await hall(desk, tags=frozenset({"women"}), online=True, join_url="https://zoom.us/j/5550100")
    ana = await editor(desk)
    path = f"meetings/{id_text(one.id)}"
    look = await ana.post(path, await form(ana, one, join_url="https://zoom.us/j/5550199"))
    assert "A second person can agree to: Link" in look.words
    saved = await ana.post(path, look.form('value="save"') | {"do": "save"})
    assert "Proposed. A second person can confirm it." in saved.words
    assert (await now(desk, one)).join_url == one.join_url
    ben = await editor(desk)
    queue = await ben.get()
    assert "Second person" in queue.words
    item = queue.text.partition("queue/proposal/")[2].partition('"')[0]
    mine = await ana.post(f"queue/proposal/{item}", {"step": "accept"})
    assert mine.status == 403, "not by the one who proposed it"
    done = await ben.post(f"queue/proposal/{item}", {"step": "accept"})
    assert "Confirmed." in done.words
    assert (await now(desk, one)).join_url == "https://zoom.us/j/5550199"


async def ticked(browser: Browser, some: list[Meeting], do: str, **values: str) -> Shown:
    fields = [("do", do), *(("m", id_text(one.id)) for one in some)]
    for name, value in values.items():
        fields += [("field", name), ("value", value)]
    return await browser.post("meetings/many", fields)


async def test_several_rows_get_one_value_and_whoever_changed_one_meanwhile_is_seen(desk: Desk) -> None:
    some = await hall(desk, 5)
    browser = await editor(desk)
    page = await ticked(browser, some, "choose")
    assert "Change 5 meetings" in page.words
    sure = await ticked(browser, some, "look", address="9 Mill Lane", postal_code="LS2 2BB")
    assert "5 meetings change." in sure.words
    await desk.world.desk.meetings.change(None, [some[2].id], {"notes": "Meanwhile"})
    conflict = await browser.post("meetings/many", sure.form('value="save"') | {"do": "save"})
    assert conflict.status == 409
    assert "Somebody changed it meanwhile." in conflict.words
    assert {one.address for one in (await desk.world.meetings()).values()} == {"1 Example Street"}
    done = await browser.post(
        "meetings/many", conflict.form('value="save"') | {"do": "save", "why": "The office moved"}
    )
    assert "5 meetings were changed." in done.words
    told = {(one.address, one.postal_code) for one in (await desk.world.meetings()).values()}
    assert told == {("9 Mill Lane", "LS2 2BB")}
    assert "The office moved" in str([change.after for change in await desk.world.history()])
    back = await browser.post("undo", done.form("Undo"))
    assert "5 changes were taken back." in back.words
    assert {one.address for one in (await desk.world.meetings()).values()} == {"1 Example Street"}


async def test_of_several_a_wrong_value_changes_none(desk: Desk) -> None:
    some = await hall(desk)
    browser = await editor(desk)
    answer = await ticked(browser, some, "look", duration="often")
    assert (answer.status, "I cannot read that as minutes" in answer.words) == (422, True)
    assert [one for one in answer.form('name="field"')["m"]] == [id_text(one.id) for one in some], "they stay ticked"
    answer = await browser.post("meetings/many", [("do", "look")])
    assert "Tick the meetings first." in answer.words


async def test_the_table_finds_by_words_kind_list_and_what_was_corrected(desk: Desk) -> None:
    some = await hall(desk, 60)
    browser = await editor(desk)

    async def names(query: str) -> list[str]:
        page = await browser.get(f"meetings{query}")
        assert page.status == 200
        return [one.name for one in some if f">{one.name}</a>" in page.text]

    assert await names("") == [one.name for one in some[:50]]
    assert await names("?page=2") == [one.name for one in some[50:]]
    assert await names("?q=house+07") == ["House 07"]
    assert await names("?q=ls11aa&page=2") == [one.name for one in some[50:]], "a postcode without its blank"
    assert await names("?q=nowhere") == []
    assert await names("?fellowship=na") == []
    assert await names(f"?feed={AA}&page=2") == [one.name for one in some[50:]]
    assert await names("?only=corrected") == []
    await desk.world.desk.meetings.change(None, [some[7].id], {"notes": "x"})
    await desk.world.desk.meetings.end(None, [some[8].id])
    assert await names("?only=corrected") == ["House 07"]
    assert await names("?only=ended") == ["House 08"]
    assert "House 08" not in await names("")
    for odd in ("?page=x", "?page=99999999999999999999", "?q=%25_%27", "?only=strange", "?q=" + "a+" * 300):
        await names(odd)


async def test_a_meeting_is_ended_shown_again_found_right_and_doubled(desk: Desk) -> None:
    one, *_ = await hall(desk, address="9 Mill Lane", notes="Ring twice")
    browser, path = await editor(desk), f"meetings/{id_text(one.id)}"
    page = await browser.get(path)
    ended = await browser.post(path, page.form("It has ended") | {"do": "end"})
    assert "Ended. Nobody finds it now." in ended.words
    assert one.name not in await desk.world.meetings()
    again = await browser.post(path, ended.form("Show it again") | {"do": "restore"})
    assert "It is shown again." in again.words
    right = await browser.post(path, again.form("It is right") | {"do": "checked"})
    assert "It is right as of today." in right.words
    assert "Found right on 24 Nov 2026" in right.words
    new = (await browser.get(f"meetings/new?like={id_text(one.id)}")).form('name="like"')
    assert (new["address"], new["weekday"], new["start"]) == (["9 Mill Lane"], [""], [""])
    refused = await browser.post("meetings/new", new)
    assert (refused.status, "a day and a time go together" in refused.words) == (422, True)
    added = await browser.post("meetings/new", new | {"weekday": ["Saturday"], "start": ["07:15"], "notes": [""]})
    assert "Added." in added.words
    made = (await desk.world.meetings("by_hand"))[one.name]
    assert (made.weekday, made.start, made.notes, made.address) == (6, 435, "", "9 Mill Lane")


async def test_what_was_set_here_is_given_up_and_the_list_counts_again(desk: Desk) -> None:
    one, *_ = await hall(desk)
    await desk.world.desk.meetings.change(None, [one.id], {"venue": "Elsewhere", "notes": "x"})
    browser, path = await editor(desk), f"meetings/{id_text(one.id)}"
    page = await browser.get(path)
    assert "Building: the list says Example Hall, here it is Elsewhere." in page.words
    done = await browser.post(path, page.form("give_up") | {"field": "venue"})
    assert "The list counts again." in done.words
    assert ((await now(desk, one)).venue, (await now(desk, one)).notes) == ("Example Hall", "x")


async def test_what_lists_and_people_wrote_is_shown_as_text(desk: Desk) -> None:
    strange = '<b onclick="x">Ana</b> {{ 7*7 }} </textarea><script>'
    one, *_ = await hall(desk, venue=strange, notes=strange, address=strange)
    who = await desk.world.helper(Role.EDITOR, name=strange)
    browser = await desk.signed_in(who)
    look = await browser.post(f"meetings/{id_text(one.id)}", await form(browser, one, city=strange))
    await browser.post(f"meetings/{id_text(one.id)}", look.form('value="save"') | {"do": "save", "why": strange})
    for path in ("meetings", f"meetings/{id_text(one.id)}", "history", f"preview?text={strange}"):
        page = await browser.get(path)
        assert page.status == 200
        assert page.text.count("<script") == page.text.count('<script src="../admin/'), path
        assert "<b onclick" not in page.text, path
        assert "49" not in page.words.partition("{{ 7*7")[0][-3:], path
    assert strange in (await browser.get("meetings")).words or "{{ 7*7 }}" in (await browser.get("meetings")).words

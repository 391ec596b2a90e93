"""Somebody who has never been here finds a meeting."""

import re

import pytest

from tests.sandbox_driver import SandboxDriver, Visitor

LEEDS, NULL_ISLAND = (53.7997, -1.5492), (0.0, 0.0)


async def test_a_newcomer_finds_a_meeting_in_four_presses_and_one_word(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open()
    assert "Hello" in sam.last
    await sam.press("Find a meeting")
    await sam.say("Leeds")
    await sam.press("Drinking")
    assert "near Leeds" in sam.last.text
    await sam.press("1.")
    card = sam.last.text
    assert re.search(r"\d\d:\d\d", card)
    assert "invented sample" in card
    assert "Urgent help" in sam.buttons
    assert len(card) <= 900


async def test_online_now_answers_in_one_press(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open()
    await sam.press("Online now")
    assert "1. " in sam.last.text
    assert any(label.startswith("1. ") for label in sam.buttons)


async def test_a_shared_location_leads_to_the_list_around_it(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open()
    await sam.press("Find a meeting")
    assert "Share my location" in sam.keyboard
    await sam.share_location(*LEEDS)
    assert "What is it about?" in sam.last.text
    await sam.press("Show all groups")
    assert "near Leeds" in sam.last.text


async def test_a_location_sent_without_being_asked_is_a_search(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.share_location(*LEEDS)
    assert "1. " in sam.last.text


@pytest.mark.parametrize("point", [NULL_ISLAND, (90.0, 0.0), (-90.0, 45.0), (12.0, 180.0), (12.0, -180.0)])
async def test_places_at_the_ends_of_the_earth_get_a_kind_answer(
    driver: SandboxDriver, point: tuple[float, float]
) -> None:
    sam = await driver.visitor("Sam")
    await sam.share_location(*point)
    assert "something went wrong" not in sam.last.text
    assert sam.buttons


async def test_the_town_alone_is_a_search(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("Anaheim")
    assert "near Anaheim" in sam.last.text
    assert "What is it about?" in sam.buttons


async def test_a_card_leads_on_in_every_direction(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("smart leeds")
    await sam.press("1.")
    card = sam.last
    for label in ("What to expect", "Talk to someone first", "About SMART", "Other actions"):
        await sam.press(label, on=card)
        assert "Urgent help" in sam.buttons, label
    assert "Directions" in card.buttons


async def test_other_actions_hold_a_calendar_file_and_a_message_to_forward(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("smart leeds")
    await sam.press("1.")
    await sam.press("Other actions")
    actions = sam.last
    await sam.press("Calendar file", on=actions)
    assert sam.last.file is not None
    await sam.press("Share", on=actions)
    friend = await driver.visitor("Alex")
    link = next(address for address in sam.last.links.values() if "start=" in address)
    await friend.open(link.partition("start=")[2])
    assert "SMART Recovery" in friend.last.text


async def test_paging_shows_other_meetings_in_place(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("leeds")
    first = sam.last
    await sam.press("More")
    assert sam.last.id == first.id
    assert "6. " in sam.last.text


async def test_every_part_of_the_search_can_be_changed(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("drinking leeds")
    await sam.press("Change search")
    change = sam.last
    await sam.press("Day or time", on=change)
    await sam.press("Tomorrow")
    assert "tomorrow" in sam.last.text
    assert "near Leeds" in sam.last.text
    await sam.press("Place", on=change)
    assert sam.asked_to_reply
    await sam.say("London")
    assert "near London" in sam.last.text
    assert "drinking" in sam.last.text.lower()


async def test_a_place_nobody_knows_gets_a_way_on(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open()
    await sam.press("Find a meeting")
    await sam.say("Xqzwv Brghlm")
    assert "do not know" in sam.last.text
    assert "Online" in sam.buttons


async def test_an_ambiguous_town_is_asked_about_and_never_guessed(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("springfield")
    assert len([label for label in sam.buttons if label.startswith("Springfield")]) > 1


async def test_where_no_meeting_is_the_road_goes_on(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("drinking in reykjavik")
    assert "none" in sam.last.text or "Online" in sam.last.text
    assert any("nline" in label for label in sam.buttons)


async def _start(driver: SandboxDriver) -> Visitor:
    sam = await driver.visitor("Sam")
    await sam.open()
    return sam


@pytest.mark.parametrize("data", ["", "garbage", "1", "1AAAA", "9zzzz", "ü" * 20, "1" + "A" * 63])
async def test_an_old_or_forged_button_is_answered_kindly(driver: SandboxDriver, data: str) -> None:
    sam = await _start(driver)
    await sam.press_data(data or " ")
    assert "out of date" in sam.last.text
    assert "Find a meeting" in sam.buttons


async def test_a_cut_link_opens_as_usual(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.open("/start 1AggAADA")
    assert "Hello" in sam.last.text


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker"])
async def test_what_cannot_be_read_is_said_so(driver: SandboxDriver, kind: str) -> None:
    sam = await _start(driver)
    await sam.send(kind)
    assert "only text" in sam.last.text
    assert "Urgent help" in sam.buttons


async def test_in_a_group_the_bot_only_says_where_to_write(driver: SandboxDriver) -> None:
    sam = await _start(driver)
    group = await driver.group("Friends", sam)
    await sam.say("/find leeds", chat=group)
    said = await driver.transcript(group)
    texts = [message["text"] for message in said["messages"] if message["from"] == "bot"]
    assert len(texts) == 1
    assert "privately" in texts[0]


@pytest.mark.parametrize(
    "command",
    "/find /now /online /options /family /urgent /privacy /forget /language /help /reminders /export /stop".split(),
)
async def test_every_command_answers_and_leads_on(driver: SandboxDriver, command: str) -> None:
    sam = await _start(driver)
    await sam.say(command)
    assert "went wrong" not in sam.last.text
    assert sam.buttons or sam.keyboard


async def test_a_place_nobody_knows_does_not_lose_what_was_asked_before(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("i drink too much")
    await sam.press("Near a place")
    await sam.say("Xqzwv Brghlm")
    await sam.press("Another place")
    await sam.say("leeds")
    assert "Drinking, near Leeds" in sam.last.text


async def test_an_ambiguous_town_that_was_asked_for_still_leads_to_what_it_is_about(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("/find")
    await sam.say("springfield")
    assert sam.keyboard == []
    await sam.press("Springfield, Illinois")
    assert "What is it about?" in sam.last.text


async def test_kinds_are_paged_in_place_forth_and_back(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("/options")
    opened = sam.last
    await sam.press("More kinds")
    assert sam.last.id == opened.id
    await sam.press("Previous page")
    assert sam.last.id == opened.id
    assert sam.last.text == opened.text


async def test_nothing_near_names_the_official_finders(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("drinking in tokyo")
    assert any("official finder" in label for label in sam.buttons)
    assert "See all options" in sam.buttons


async def test_a_kind_opened_from_a_meeting_leads_back_to_it(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("smart leeds")
    await sam.press("1.")
    name = sam.last.text.splitlines()[0]
    await sam.press("About SMART")
    await sam.press("Back to the meeting")
    assert sam.last.text.startswith(name)


async def test_kinds_can_be_narrowed_by_what_it_is_about(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    await sam.say("/options")
    every = sam.last.text
    await sam.press("What is it about?")
    await sam.press("Gambling")
    assert "Gamblers Anonymous" in sam.last.text
    assert sam.last.text != every
    await sam.press("What is it about?")
    await sam.press("Someone I care about")
    await sam.press("Their gambling")
    assert "Gam-Anon" in sam.last.text

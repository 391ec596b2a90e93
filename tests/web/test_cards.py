"""A hand-off in a browser, for somebody without Telegram: from the real bot's pages, with sample meetings."""

import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import icalendar
import pypdfium2
import pytest
import pytest_asyncio
import zxingcpp
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import async_playwright

from bot.app import Work, open_work, pages_for, rooms_for
from bot.domain.handoff import made_on
from bot.domain.place import Place
from bot.domain.search import Search
from bot.web import cards
from bot.web.app import WebServer, build_web
from bot.web.metrics import PrometheusMetrics
from tests.stories.conftest import import_samples, story_settings
from tests.web.test_articles import ARGS, SIZES, Outline
from tests.web.test_web import probes

pytestmark = pytest.mark.asyncio(loop_scope="module")
LEEDS = Place("", 53.7973, -1.54358)
MADRID = Place("", 40.4168, -3.7038)
PUBLIC = "https://bot.example.org"


@dataclass
class Pages:
    """The bot's pages as a browser finds them."""

    work: Work
    root: str
    client: aiohttp.ClientSession

    async def payload(self, place: Place = LEEDS, days_ago: int = 0, language: str = "en", **more: Any) -> str:
        """A link with three picks of three kinds."""
        search = Search(place, needs=("alcohol",), seed=5, language=language)
        found = await self.work.meetings.search(search, now=self.work.clock())
        first = {row.meeting.fellowship: row.meeting.id for row in reversed(found.rows)}
        day = self.work.clock().date() - timedelta(days=days_ago)
        return await self.work.handoffs.seal(made_on(day, search, list(first.values())[:3], **more))

    async def get(self, path: str, **headers: str) -> tuple[int, str, Any]:
        async with self.client.get(f"{self.root}/{path}", headers=headers) as answer:
            return answer.status, await answer.text(), answer.headers

    async def file(self, path: str) -> tuple[bytes, Any]:
        async with self.client.get(f"{self.root}/{path}") as answer:
            assert answer.status == 200
            return await answer.read(), answer.headers


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pages(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> AsyncIterator[Pages]:
    settings = story_settings(
        tmp_path_factory.mktemp("cards"), public_url=PUBLIC, operator="Mill Lane Charity", contact="hello@example.org"
    )
    async with open_work(settings, cache=unpacked) as work:
        await import_samples(work)
        await work.refresh()
        app = build_web(
            probes=probes(),
            metrics=PrometheusMetrics(),
            routes=pages_for(work, rooms_for(work, "open_chair_bot", preview=True)),
        )
        async with WebServer(app, "127.0.0.1", 0) as server, aiohttp.ClientSession() as client:
            yield Pages(work, f"http://127.0.0.1:{server.port}/card", client)


async def test_the_card_holds_all_that_somebody_without_telegram_needs(pages: Pages) -> None:
    payload = await pages.payload()
    status, text, _ = await pages.get(payload)
    outline = Outline(text)
    assert (status, outline.lang) == (200, "en")
    assert outline.headings[:4] == ["h1", "h2", "h2", "h2"]
    for words in ("You choose. None is fine too.", "They will not be told", "London time", "Step-free"):
        assert words in text
    assert text.count('<p class="mark">Picked</p>') == 3
    assert text.count("Another kind, not picked") >= 1
    for begin in ("https://www.google.com/maps/", "tel:999", "tel:116123", "sms:85258", f"{payload}/", "../read/en/"):
        assert any(link.startswith(begin) for link in outline.links), begin
    assert f"https://t.me/open_chair_bot?start={payload}" in outline.links
    assert "An invented sample, not a real meeting." in text
    assert "Run by Mill Lane Charity, hello@example.org" in text
    assert text.count("<li>What ") == 2
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)


async def test_the_card_of_an_online_search_gives_every_way_in(pages: Pages) -> None:
    search = Search(online=True, needs=("alcohol",), seed=5)
    found = await pages.work.meetings.search(search, now=pages.work.clock())
    call = next(row.meeting for row in found.rows if row.meeting.join_url)
    payload = await pages.work.handoffs.seal(made_on(pages.work.clock().date(), search, [call.id]))
    _, text, _ = await pages.get(payload)
    assert f'href="{call.join_url}"' in text
    assert call.passcode in text
    assert not call.dial_in or f'href="tel:{call.dial_in.replace("#", "%23")}"' in text


async def test_nothing_lies_between_the_card_and_its_reader_and_nothing_learns_its_address(pages: Pages) -> None:
    payload = await pages.payload()
    for path in (payload, f"{payload}.pdf", payload[:-1], f"{payload}/00.ics"):
        _, _, headers = await pages.get(path) if "pdf" not in path else (0, "", (await pages.file(path))[1])
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in headers
    _, text, _ = await pages.get(payload)
    assert not re.search(r"<script|<img|<iframe|<form|\son\w+=|style=", text)


async def test_every_way_on_from_the_card_leads_somewhere(pages: Pages) -> None:
    payload = await pages.payload()
    async with pages.client.get(f"{pages.root}/{payload}") as shown:
        links = {link for link in Outline(await shown.text()).links if ":" not in link and not link.startswith("#")}
        base = shown.url
    assert len(links) > 12
    for link in links:
        async with pages.client.get(base.join(aiohttp.client.URL(link))) as there:
            assert there.status == 200, link


async def test_the_card_opens_in_its_own_language_and_can_be_switched(pages: Pages) -> None:
    payload = await pages.payload(MADRID, language="es")
    _, text, _ = await pages.get(payload, **{"Accept-Language": "en"})
    assert "Tú eliges. Ninguno también está bien." in text
    assert "hora de Madrid" in text
    assert 'href="tel:112"' in text
    assert 'href="?lang=en"' in text
    _, switched, _ = await pages.get(f"{payload}?lang=en&size=large")
    assert Outline(switched).lang == "en"
    assert "You choose." in switched
    assert 'class="card large"' in switched
    assert 'href="?lang=es&amp;size=large"' in switched
    assert 'href="?lang=en"' in switched
    assert (await pages.get(f"{payload}?lang=xx"))[0] == 200


async def test_a_family_card_has_its_own_words(pages: Pages) -> None:
    _, text, _ = await pages.get(await pages.payload(from_family=True))
    assert "Someone close to you picked these for you to look at." in text


async def test_a_calendar_file_is_of_the_right_meeting_and_its_title_tells_nothing(pages: Pages) -> None:
    payload = await pages.payload()
    opened = await pages.work.handoffs.read(payload)
    row = (await pages.work.meetings.open(opened.meetings[0], None)).row
    data, headers = await pages.file(f"{payload}/{opened.meetings[0]:014x}.ics")
    assert headers["Content-Type"].startswith("text/calendar")
    assert 'filename="appointment.ics"' in headers["Content-Disposition"]
    event = icalendar.Calendar.from_ical(data).walk("VEVENT")[0]
    assert str(event["summary"]) == "Appointment"
    assert event["dtstart"].dt == row.next
    assert row.meeting.name.encode() not in data


@pytest.mark.parametrize(("query", "page", "count"), [("", 595, 1), ("?size=letter", 612, 1), ("?large=1", 595, 2)])
async def test_the_card_is_there_to_print_and_its_picture_leads_back(
    pages: Pages, query: str, page: int, count: int
) -> None:
    payload = await pages.payload()
    data, headers = await pages.file(f"{payload}.pdf{query}")
    assert headers["Content-Type"] == "application/pdf"
    drawn = pypdfium2.PdfDocument(data)
    assert (len(drawn), round(drawn[0].get_size()[0])) == (count, page)
    assert [found.text for found in zxingcpp.read_barcodes(drawn[0].render(scale=2).to_pil())] == [
        f"{PUBLIC}/card/{payload}"
    ]
    drawn.close()


async def test_a_card_that_ran_out_says_so_and_shows_todays_meetings(pages: Pages) -> None:
    status, text, _ = await pages.get(await pages.payload(days_ago=40))
    assert status == 200
    assert "It has run out." in text
    assert '<p class="mark">' not in text
    assert "London time" in text


BROKEN = ["cut", "changed", "h", "x" * 64, "h%00", "h" * 3000, "..%2f..%2fetc", "hé", "h.pdf"]


@pytest.mark.parametrize("path", BROKEN)
async def test_a_broken_link_gets_a_kind_page_with_a_way_on(pages: Pages, path: str) -> None:
    good = await pages.payload()
    path = {"cut": good[:-4], "changed": good[:-1] + ("A" if good[-1] != "A" else "B")}.get(path, path)
    status, text, _ = await pages.get(path, **{"Accept-Language": "es"})
    assert status == 404
    if "%2f" not in path:
        assert "está cortado o cambiado" in text
        assert "https://t.me/open_chair_bot" in Outline(text).links
        assert "Llama al número de emergencias" in text


async def test_a_calendar_file_of_no_meeting_gets_a_kind_page(pages: Pages) -> None:
    payload = await pages.payload()
    for name in ("00000000000000", "zz", "1" * 40, "%2e%2e"):
        status, text, _ = await pages.get(f"{payload}/{name}.ics")
        assert status == 404
        assert "no longer listed" in text
    assert (await pages.get(f"{payload[:-1]}/00000000000000.ics"))[0] == 404


async def test_when_too_many_cards_are_printed_at_once_one_is_asked_to_wait(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "MOST_PRINTING", 0)
    status, text, _ = await pages.get(f"{await pages.payload()}.pdf")
    assert status == 503
    assert "You could try again in a minute." in text


async def test_a_failure_is_answered_with_a_page_and_logged_without_the_address(
    pages: Pages, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = await pages.payload()

    async def away(*_: object, **__: object) -> None:
        raise ConnectionError(payload)

    monkeypatch.setattr(pages.work.meetings, "open", away)
    status, text, _ = await pages.get(payload)
    assert status == 500
    assert "it was not you" in text
    assert [(record.message, record.__dict__["reason"]) for record in caplog.records] == [
        ("card_failed", "ConnectionError")
    ]
    assert payload not in caplog.text


async def test_opening_changes_nothing_in_the_database(pages: Pages) -> None:
    payload = await pages.payload()
    await pages.work.refresh()
    address = pages.work.settings.database_url.removeprefix("sqlite+aiosqlite:///")

    def held() -> list[bytes]:
        return [Path(f"{address}{end}").read_bytes() for end in ("", "-wal")]

    before = held()
    for path in (payload, f"{payload}.pdf", f"{payload}?lang=es"):
        await pages.file(path)
    assert held() == before


def decoded(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.browser
async def test_the_card_works_without_script_has_no_barrier_and_prints_on_one_page(pages: Pages) -> None:
    payload = await pages.payload()
    asked: set[str] = set()
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for size in SIZES.values():
            for scheme, query in (("light", ""), ("dark", "?size=large&lang=es")):
                tab = await browser.new_page(viewport=size, color_scheme=scheme)
                tab.on("console", lambda message: problems.append(message.text))
                tab.on("request", lambda request: asked.add(request.url))
                await tab.goto(f"{pages.root}/{payload}{query}")
                found = await Axe().run(tab)
                assert found.violations_count == 0, f"{size} {scheme}\n{found.generate_report()}"
                assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (size, query)
                await tab.close()
        tab = await browser.new_page(viewport=SIZES["phone"], java_script_enabled=False)
        tab.on("request", lambda request: asked.add(request.url))
        await tab.goto(f"{pages.root}/{payload}")
        await tab.get_by_role("link", name="Español").click()
        await tab.get_by_role("link", name="Letra más grande").click()
        assert await tab.get_by_role("link", name="Abrir en Telegram").is_visible()
        await tab.goto(f"{pages.root}/{payload[:-1]}")
        assert await tab.get_by_role("link", name="Find a meeting, in the chat").first.is_visible()
        await tab.goto(f"{pages.root}/{payload}")
        for paper in ("A4", "Letter"):
            printed = pypdfium2.PdfDocument(await tab.pdf(format=paper))
            assert len(printed) == 1
            assert decoded(printed[0].render(scale=2).to_pil()) == [f"{PUBLIC}/card/{payload}"]
            words = printed[0].get_textpage().get_text_range()
            assert "In danger: call the emergency number in the box." in words
            assert "Run by Mill Lane Charity" in words
            printed.close()
        await tab.set_viewport_size({"width": 800, "height": 1100})
        await tab.emulate_media(media="print")
        shot = Image.open(io.BytesIO(await tab.screenshot(full_page=True)))
        assert decoded(shot) == [f"{PUBLIC}/card/{payload}"]
        await browser.close()
    assert problems == []
    assert {url for url in asked if not url.startswith(pages.root.removesuffix("/card"))} == set()


async def test_on_this_machine_alone_the_picture_opens_telegram(pages: Pages) -> None:
    """An address that no telephone can reach is not drawn."""
    rooms = rooms_for(pages.work, "open_chair_bot", preview=True)
    local = replace(rooms.frames, public_url="")
    assert local.card_link("h1") == "https://t.me/open_chair_bot?start=h1"
    settings = story_settings(pages.work.settings.key_file.parent, public_url="http://127.0.0.1:8080")
    assert settings.linked_pages == ""

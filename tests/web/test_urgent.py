"""Urgent help in a browser: numbers that call and text, in both languages, light and dark, without a script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright
from yarl import URL

from bot.texts.site import Site
from bot.texts.urgent import load_urgent
from bot.web.app import WebServer, build_web
from bot.web.articles import article_routes
from bot.web.metrics import PrometheusMetrics
from bot.web.urgent import UrgentDesk, urgent_routes
from tests.views.frames import ARTICLES, LIBRARY, ROOT
from tests.web.test_articles import ARGS, Outline
from tests.web.test_web import probes

URGENT = load_urgent(Path(ROOT))
SITE = Site(LIBRARY, ARTICLES, bot_name="open_chair_bot")


@asynccontextmanager
async def served() -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    routes = [*article_routes(SITE), *urgent_routes(UrgentDesk(URGENT, LIBRARY, SITE))]
    app = build_web(probes=probes(), metrics=PrometheusMetrics(), routes=routes)
    async with WebServer(app, "127.0.0.1", 0) as server, aiohttp.ClientSession() as client:
        yield client, f"http://127.0.0.1:{server.port}"


async def read(path: str, **headers: str) -> tuple[int, str, aiohttp.typedefs.CIMultiDictProxy[str]]:
    async with served() as (client, root), client.get(f"{root}{path}", headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers


async def test_the_numbers_of_a_country_call_and_text_at_a_press() -> None:
    status, text, headers = await read("/urgent/us")
    links = Outline(text).links
    assert status == 200
    assert {"tel:911", "tel:988", "sms:988", "sms:741741?body=HOME", "tel:18002221222"} <= set(links)
    assert "Text HOME to 741741" in text
    assert "Give naloxone if there is some, as its leaflet says." in text
    assert "No clinician has read them yet." in text
    assert f"Checked on {URGENT['US'].checked_on.isoformat()}." in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in text


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/urgent/es", "", "en"),
        ("/urgent/es", "es-MX,es;q=0.9", "es"),
        ("/urgent/es?lang=es", "en", "es"),
        ("/urgent/es?lang=en", "es", "en"),
        ("/urgent?lang=xx", "es", "es"),
    ],
)
async def test_a_page_is_in_the_language_that_is_asked_for(path: str, accepts: str, language: str) -> None:
    _, text, _ = await read(path, **({"Accept-Language": accepts} if accepts else {}))
    assert Outline(text).lang == language
    assert ("Ayuda urgente" in text) == (language == "es")


async def test_a_country_without_numbers_gets_the_ones_for_everywhere_and_a_directory() -> None:
    status, text, _ = await read("/urgent/qq")
    links = Outline(text).links
    assert status == 200
    assert "tel:112" in links
    assert "https://findahelpline.com" in links
    assert "In many countries you can call 112." in text


async def test_a_row_of_doubt_shows_the_emergency_number_and_the_directory_alone() -> None:
    _, text, _ = await read("/urgent/it")
    calls = [link for link in Outline(text).links if link.startswith(("tel:", "sms:"))]
    assert calls == ["tel:112"]
    assert "https://findahelpline.com" in text
    assert "We are not sure of the lines in this country." in text


@pytest.mark.parametrize("odd", ["usa", "1", "u%22s", "zz", "ZZ", "%F0%9F%98%80"])
async def test_an_odd_address_still_gets_numbers(odd: str) -> None:
    status, text, _ = await read(f"/urgent/{odd}")
    assert status in (200, 404)
    assert "tel:112" in text


@pytest.mark.parametrize("start", ["/urgent", "/urgent/usa"])
async def test_every_country_stands_in_the_list_and_its_link_leads_to_it(start: str) -> None:
    async with served() as (client, root):
        async with client.get(f"{root}{start}") as answer:
            links = [URL(link) for link in Outline(await answer.text()).links if link.endswith("?lang=en")]
            here = answer.url
        named = {link.name: link for link in links if len(link.name) == 2}
        assert set(named) == {code.lower() for code in URGENT} - {"zz"}
        async with client.get(here.join(named["gb"])) as answer:
            assert "Samaritans" in await answer.text()


async def test_the_pages_fit_a_small_telephone_light_and_dark_and_can_be_read_by_everybody() -> None:
    async with served() as (_, root), async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for look in ("light", "dark"):
            tab = await browser.new_page(
                viewport={"width": 360, "height": 740}, color_scheme=look, java_script_enabled=True
            )
            for path in ("/urgent", "/urgent/us", "/urgent/gb?lang=es", "/urgent/it"):
                await tab.goto(f"{root}{path}")
                assert await tab.evaluate("document.documentElement.scrollWidth") <= 360, path
                found = await Axe().run(tab)
                assert found.violations_count == 0, (path, look, found.generate_report())
            await tab.close()
        await browser.close()

"""The articles as people read them in a browser: from the bot's own web side, and as an exported site."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from bot.texts.export import export_site
from bot.texts.site import Site
from bot.web.app import WebServer, build_web
from bot.web.articles import article_routes
from bot.web.metrics import PrometheusMetrics
from tests.texts.shelf import fill, load, page, write
from tests.views.frames import ARTICLES, LIBRARY
from tests.web.test_web import probes

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
EACH = 6  # of the exported articles, looked at in full: they share one skeleton
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 860}}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Invented articles in the real skeleton, with the real words around them."""
    return Site(LIBRARY, load(fill(tmp_path / "content")), bot_name="open_chair_bot")


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    app = build_web(probes=probes(), metrics=PrometheusMetrics(), routes=article_routes(site))
    async with WebServer(app, "127.0.0.1", 0) as server, aiohttp.ClientSession() as client:
        yield client, f"http://127.0.0.1:{server.port}/read"


async def read(site: Site, path: str, **headers: str) -> tuple[int, str, Any]:
    async with served(site) as (client, root), client.get(f"{root}{path}", headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers


class Outline(HTMLParser):
    """Addresses, ids and headings of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.lang = given.get("lang") or self.lang if tag == "html" else self.lang
        self.links += [given["href"] or ""] if "href" in given else []
        self.ids += [given["id"] or ""] if "id" in given else []
        self.headings += [tag] if re.fullmatch(r"h\d", tag) else []


async def test_a_page_has_the_words_the_marks_and_the_sources(site: Site) -> None:
    status, text, _ = await read(site, "/en/tea")
    outline = Outline(text)
    assert (status, outline.lang) == (200, "en")
    assert outline.headings == ["h1", "h2", "h2"]
    assert "You may drink tea.<sup>" in text
    assert text.count('href="#llm"') == sum(one.machine_drafted for one in site.articles["en"]["tea"].sentences)
    assert text.count('href="#source-7"') == 4
    assert '<li id="source-7" value="7"><a href="https://kettle.example.org/"' in text
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert "Machine-drafted, check before clinical use." in text
    assert "Illustration, not a guideline" in text
    assert "2 sources · Version 1.0, November 21, 2026" in text


async def test_who_has_read_an_article_stands_in_the_place_of_the_notice(site: Site) -> None:
    _, text, _ = await read(site, "/en/hosts")
    assert "Read by Ana Ejemplo, nurse, 2026-11-20." in text
    assert "Machine-drafted" not in text


async def test_a_page_runs_no_script_and_fetches_nothing_from_elsewhere(site: Site) -> None:
    _, text, headers = await read(site, "/en/tea")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script|<img|<iframe|<form|\son\w+=|style=", text)


async def test_a_page_that_the_reader_has_is_not_sent_again(site: Site) -> None:
    async with served(site) as (client, root):
        async with client.get(f"{root}/en/tea") as first:
            tag = first.headers["ETag"]
        for held, status in ((tag, 304), (f'W/{tag}, "other"', 304), ('"other"', 200)):
            async with client.get(f"{root}/en/tea", headers={"If-None-Match": held}) as again:
                assert again.status == status
                assert again.headers["ETag"] == tag
                assert bool(await again.read()) == (status == 200)


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/es/coffee", "es", "Esta página no está aquí"),
        ("/en/coffee", "en", "This page is not here"),
        ("/xx/tea", "es", "Esta página no está aquí"),
        ("/xx", "es", "Esta página no está aquí"),
        ("/en/..%2f..%2fpages.yml", "en", "Not Found"),
    ],
)
async def test_an_unknown_address_gets_a_kind_page_in_the_language(
    site: Site, path: str, language: str, words: str
) -> None:
    status, text, _ = await read(site, path, **{"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    assert status == 404
    assert words in text
    assert Outline(text).lang in ("", language)


async def test_every_way_on_from_every_page_leads_somewhere(site: Site) -> None:
    async with served(site) as (client, root):
        for start in ("/en", "/es", "/en/tea", "/es/tea", "/en/coffee", "/es/chairs"):
            async with client.get(f"{root}{start}") as shown:
                links = [link for link in Outline(await shown.text()).links if not link.startswith(("#", "https:"))]
                base = shown.url
            assert links
            for link in links:
                async with client.get(base.join(aiohttp.client.URL(link))) as there:
                    assert there.status == 200, (start, link)


async def test_an_article_that_is_not_translated_is_shown_where_it_is_written(site: Site) -> None:
    async with served(site) as (client, root), client.get(f"{root}/es/chairs") as answer:
        assert (answer.status, answer.url.path) == (200, "/read/en/chairs")


@pytest.mark.parametrize(("wanted", "path"), [("es-AR", "/read/es"), ("fr, en;q=0.5", "/read/en"), ("", "/read/en")])
async def test_the_bare_address_opens_in_the_browsers_language(site: Site, wanted: str, path: str) -> None:
    async with served(site) as (client, root), client.get(root, headers={"Accept-Language": wanted}) as answer:
        assert (answer.status, answer.url.path) == (200, path)


async def test_urgent_help_is_one_press_away_on_every_page(site: Site) -> None:
    for path in ("/en", "/en/tea", "/en/coffee"):
        _, text, _ = await read(site, path)
        assert re.search(r'<a href="https://t\.me/open_chair_bot\?start=[\w-]+">Urgent help</a>', text)
        assert "Call your local emergency number." in text


def test_an_export_holds_both_addresses_of_every_article_and_its_links_are_files(site: Site, tmp_path: Path) -> None:
    done = export_site(site, tmp_path / "wiki")
    assert done.articles == {"en": 3, "es": 1}
    assert done.files == 2 * 4 + 2 + 1
    for name in ("index.html", "tea.html", "tea/index.html", "es/index.html", "es/tea.html", "es/tea/index.html"):
        path = tmp_path / "wiki" / name
        outline = Outline(path.read_text(encoding="utf-8"))
        inside = [link.partition("#")[0] for link in outline.links if not link.startswith("https:")]
        for link in filter(None, inside):
            assert (path.parent / link).is_file(), (name, link)


async def open_page(page: Page, address: str) -> None:
    """A page without an accessibility complaint, nothing wider than the screen."""
    await page.goto(address)
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.browser
async def test_the_bots_own_pages_have_no_barrier_on_any_screen(tmp_path: Path) -> None:
    async with (
        served(Site(LIBRARY, ARTICLES, bot_name="open_chair_bot")) as (_, root),
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        problems: list[str] = []
        for size in SIZES.values():
            for scheme in ("light", "dark"):
                tab = await browser.new_page(viewport=size, color_scheme=scheme)
                tab.on("console", lambda message: problems.append(message.text))
                for path in ("/en", "/es/evidence"):
                    await open_page(tab, f"{root}{path}")
                paper = await tab.evaluate("getComputedStyle(document.body).backgroundColor")
                assert (paper == "rgb(253, 252, 250)") == (scheme == "light")
        assert problems == []
        await tab.goto(f"{root}/en/coffee")
        assert (await Axe().run(tab)).violations_count == 0
        await browser.close()


@pytest.mark.browser
async def test_the_exported_site_has_no_barrier_and_loads_only_its_own_files(tmp_path: Path) -> None:
    export_site(Site(LIBRARY, ARTICLES), tmp_path / "wiki")
    pages = [path for path in sorted((tmp_path / "wiki").rglob("*.html")) if path.parent.name in {"wiki", "es"}]
    assert len(pages) == sum(len(shelf) + 1 for shelf in ARTICLES.values())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        tab = await browser.new_page(viewport=SIZES["phone"], color_scheme="light")
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        for number, path in enumerate(pages):
            if number % EACH == 0 or path.name == "index.html":
                await open_page(tab, path.as_uri())
            else:
                await tab.goto(path.as_uri())
        assert {url for url in asked if not url.startswith((tmp_path / "wiki").as_uri())} == set()
        assert (tmp_path / "wiki" / "style.css").as_uri() in asked
        await tab.goto(pages[0].as_uri())
        mark = tab.locator("sup a[href^='#source-']").first
        target = await mark.get_attribute("href")
        await mark.click()
        assert tab.url.endswith(str(target))
        assert await tab.locator(f"li{target}").is_visible()
        await browser.close()


async def test_words_of_an_article_are_shown_as_words(tmp_path: Path) -> None:
    root = fill(tmp_path / "content")
    write(root, "en/pages/tea.md", page("Tea & milk cost 3 > 2. [llm]", main="Tea & milk."))
    _, text, _ = await read(Site(LIBRARY, load(root)), "/en/tea")
    assert "Tea &amp; milk cost 3 &gt; 2." in text

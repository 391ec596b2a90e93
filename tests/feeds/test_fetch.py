"""Fetching a list: what a publisher's server may do, and where no fetch may ever go."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.errors import FeedError
from bot.feeds.fetch import Fetched, Fetcher, Limits, NotModified, is_public
from tests.feeds.feed_server import FeedServer
from tests.feeds.rows import row

LOOPBACK = frozenset({"127.0.0.1"})
PUBLIC = "93.184.216.34"
SHORT = Limits(total_s=5, connect_s=1, read_s=0.3, size=2 * 1024 * 1024)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer(row(), row(slug="b")) as running:
        yield running


def fetcher(**changes: Any) -> Fetcher:
    return Fetcher(**({"allow_http_hosts": LOOPBACK, "limits": SHORT} | changes))


async def fetched(server: FeedServer, **options: Any) -> Fetched:
    answer = await fetcher().fetch(server.url, **options)
    assert isinstance(answer, Fetched)
    return answer


async def refused(url: str, **changes: Any) -> str:
    """The one sentence of a fetch that fails."""
    with pytest.raises(FeedError) as caught:
        await fetcher(**changes).fetch(url)
    told = str(caught.value)
    assert told.endswith(".")
    assert "\n" not in told
    return told


async def test_a_packed_list_arrives_unpacked_with_what_tells_it_apart_next_time(server: FeedServer) -> None:
    answer = await fetched(server)
    assert answer.data == server._body()
    assert answer.etag.startswith('"')
    assert answer.last_modified == "Sat, 21 Nov 2026 10:00:00 GMT"


async def test_an_unchanged_list_is_not_sent_again(server: FeedServer) -> None:
    first = await fetched(server)
    again = await fetcher().fetch(server.url, etag=first.etag, last_modified=first.last_modified)
    assert again == NotModified()
    assert server.asked[-1].headers["If-Modified-Since"] == first.last_modified


async def test_not_modified_where_nobody_asked_is_no_answer(server: FeedServer) -> None:
    server.play = "stubborn 304"
    assert await refused(server.url) == "127.0.0.1 answered with status 304 instead of its list."


async def test_the_publisher_reads_who_asks_and_how_to_reach_them(server: FeedServer) -> None:
    await fetcher(contact="listings@example.org\r\nX-Evil: 1").fetch(server.url)
    (request,) = server.asked
    assert request.headers["User-Agent"].startswith("OpenChair/")
    assert "listings@example.org" in request.headers["User-Agent"]
    assert "X-Evil" not in request.headers
    assert "Cookie" not in request.headers


@pytest.mark.parametrize(
    ("play", "says"),
    [
        ("challenge", "answered with status 403 instead of its list; it may be asking for a browser check."),
        ("challenge with 200", "answered with a web page instead of a list; it may be asking for a browser check."),
        ("error", "answered with status 500 instead of its list."),
        ("slow", "took too long to answer."),
        ("half", "broke off in the middle of its answer."),
        ("half gzip", "broke off in the middle of its answer."),
        ("not gzip", "The answer says it is packed, and it is not."),
        ("brotli", "packed its list in a way that was not asked for (br)."),
        ("bomb", "sent more than 2 MB: that is no list."),
    ],
)
async def test_every_kind_of_broken_answer_is_told_in_one_sentence(server: FeedServer, play: str, says: str) -> None:
    server.play = play
    told = await refused(server.url)
    assert told.removeprefix("127.0.0.1 ") == says


async def test_a_server_that_drips_a_byte_now_and_then_is_left(server: FeedServer) -> None:
    server.play = "drip"
    began = time.monotonic()
    assert "too long" in await refused(server.url, limits=Limits(total_s=0.5, read_s=5))
    assert time.monotonic() - began < 10


async def test_people_are_answered_while_a_bomb_is_unpacked(server: FeedServer) -> None:
    server.play = "bomb"
    fetching = asyncio.create_task(refused(server.url, limits=Limits(size=30 * 1024 * 1024)))
    turns = 0
    while not fetching.done():
        await asyncio.sleep(0)
        turns += 1
    assert "30 MB" in await fetching
    assert turns > 100


async def test_a_closed_port_and_an_unknown_name_cannot_be_reached(server: FeedServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert await refused(f"http://127.0.0.1:{port}/") == "127.0.0.1 cannot be reached."
    nobody = Names({})
    assert (
        await refused("https://gone.example.org/", resolver=lambda: nobody) == "gone.example.org cannot be reached."
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://lists.example.org/meetings",
        "ftp://lists.example.org/meetings",
        "file:///etc/passwd",
        "//lists.example.org/",
        "",
        "https://",
        "https://user:word@lists.example.org/",
        "https://lists.example.org:port/",
        "https://[::1/",
        "http://localhost/meetings",  # this machine, but not the host that a test allows
    ],
)
async def test_only_plain_https_addresses_are_asked(url: str) -> None:
    await refused(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "192.0.2.1", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[ff02::1]",
        "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:db8::1]",
    ],
)  # fmt: skip
async def test_no_private_address_is_asked_however_it_is_written(host: str) -> None:
    told = await refused(f"https://{host}/meetings", allow_http_hosts=frozenset())
    assert told.endswith("lies in a private network, where no list is fetched.")


@pytest.mark.parametrize("number", ["2130706433", "0x7f000001", "017700000001", "127.1"])
async def test_a_number_in_place_of_a_name_finds_no_way_in(number: str) -> None:
    await refused(f"https://{number}/meetings", allow_http_hosts=frozenset())


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946", f"::ffff:{PUBLIC}", "8.8.8.8"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "localhost", "fe80::1%eth0", "999.1.1.1"])
def test_what_is_no_address_is_not_public(address: str) -> None:
    assert not is_public(address)


async def test_a_moved_list_is_followed(server: FeedServer) -> None:
    server.play, server.target = "redirect", "/elsewhere.json"
    server.beside["elsewhere.json"] = server.rows
    assert (await fetched(server)).data.startswith(b"[")
    assert [request.path for request in server.asked] == ["/meetings.json", "/elsewhere.json"]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("https://10.0.0.1/meetings", "10.0.0.1 lies in a private network"),
        ("https://[::1]/meetings", "::1 lies in a private network"),
        ("https://169.254.169.254/latest/meta-data/", "169.254.169.254 lies in a private network"),
        ("http://localhost/meetings", "localhost was to be asked without encryption"),
        ("http://lists.example.org/", "lists.example.org was to be asked without encryption"),
        ("https://a:b@lists.example.org/", "no plain web address"),
        ("/meetings.json", "sends from one address to the next without an end"),
    ],
)
async def test_a_redirect_is_checked_like_the_first_address(server: FeedServer, target: str, says: str) -> None:
    server.play, server.target = "redirect", target
    assert says in await refused(server.url)
    assert len(server.asked) <= 6


class Names(AbstractResolver):
    """Names and the addresses they have, each question taking the next ones."""

    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        self.names = names
        self.questions = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.questions += 1
        if not self.names.get(host):
            raise OSError("no such name")
        addresses = self.names[host].pop(0)
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0)
            for one in addresses
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
async def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that sockets tried to connect to; none of them answers."""
    tried: list[str] = []

    async def connect(_loop: object, _sock: object, address: tuple[Any, ...]) -> None:
        tried.append(address[0])
        raise OSError("no answer")

    monkeypatch.setattr(type(asyncio.get_running_loop()), "sock_connect", connect)
    return tried


async def test_a_name_that_leads_to_this_machine_is_never_connected(connected: list[str]) -> None:
    names = Names({"lists.example.org": [["127.0.0.1"]]})
    told = await refused("https://lists.example.org/", resolver=lambda: names)
    assert told == "lists.example.org lies in a private network, where no list is fetched."
    assert connected == []


async def test_a_name_that_turns_private_after_the_first_question_gains_nothing(connected: list[str]) -> None:
    """DNS rebinding: what is connected is what was checked, and every connection is checked."""
    names = Names({"lists.example.org": [[PUBLIC], ["127.0.0.1"]]})
    asking = fetcher(resolver=lambda: names)
    with pytest.raises(FeedError, match=r"cannot be reached"):
        await asking.fetch("https://lists.example.org/")
    assert (connected, names.questions) == ([PUBLIC], 1)
    with pytest.raises(FeedError, match="private network"):
        await asking.fetch("https://lists.example.org/")
    assert (connected, names.questions) == ([PUBLIC], 2)


async def test_of_a_public_and_a_private_address_only_the_public_one_is_tried(connected: list[str]) -> None:
    names = Names({"lists.example.org": [["127.0.0.1", PUBLIC, "10.0.0.1"]]})
    await refused("https://lists.example.org/", resolver=lambda: names)
    assert set(connected) == {PUBLIC}


async def test_a_redirect_to_a_name_that_leads_to_this_machine_is_never_connected(server: FeedServer) -> None:
    server.play, server.target = "redirect", f"https://lists.example.org:{server.port}/"
    names = Names({"lists.example.org": [["127.0.0.1"]]})
    assert "lists.example.org lies in a private network" in await refused(server.url, resolver=lambda: names)
    assert len(server.asked) == 1


async def test_a_server_without_encryption_is_not_asked_in_plain_text_instead(server: FeedServer) -> None:
    told = await refused(server.url.replace("http://", "https://"))
    assert told == "127.0.0.1 cannot be reached."
    assert server.asked == []


async def test_a_cancelled_fetch_leaves_nothing_open(server: FeedServer) -> None:
    server.play = "slow"
    fetching = asyncio.create_task(fetcher(limits=Limits()).fetch(server.url))
    while not server.asked:
        await asyncio.sleep(0.01)
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching

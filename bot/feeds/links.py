"""Links and telephone numbers of lists: which may become buttons, and which stay text."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs

from bot.feeds.text import one_line

_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
# No user name, port, numeric address or backslash fits: after the host name only a path, a query or nothing.
_PLAIN_URL = re.compile(
    r"https?://((?:[a-z0-9][a-z0-9-]{0,62}\.)+[a-z]{2,24})(?=[/?#]|$)([^?#\\\s]*)([!-\[\]-~]*)",
    re.IGNORECASE | re.ASCII,
)
_BARE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}/\S+", re.IGNORECASE)
_ZOOM_ID = re.compile(r"/(?:j|w|s|wc/join)/(\d{8,12})\b")
_SPLIT_DIGITS = re.compile(r"(?<=\d)[ \u00a0]+(?=\d)")
_WRAPPER = frozenset(("safelinks.protection.outlook.com",))
_ZOOM = frozenset(("zoom.us",))
_MONEY_HOSTS = frozenset(
    ("paypal.com", "paypal.me", "venmo.com", "cash.app", "gofundme.com", "zellepay.com", "square.link")
)
_LINK_LIMIT = 1000

_PHONE = re.compile(
    r"\W*?(?:(?:conference|call|phone|dial|tel|telephone|number|no|in)\b[\s.:#-]*)*"
    r"(?P<number>\+?\s?\(?\d[\d().\s-]{7,20}\d)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DIAL_REST = re.compile(r"[\d+,;*#\s.-]*")
_HELPLINE = re.compile(r"\+?\(?\d[\d().\s/-]{1,18}\d")


class Link(NamedTuple):
    """A conference link: `url` for a button, or `text` for people to read, and the note it deserves."""

    url: str = ""
    text: str = ""
    meeting: str = ""  # the number in a Zoom link
    note: str = ""


class Dial(NamedTuple):
    """A number to dial in: digits and + , * #, or `text` for people to read, and the note it deserves."""

    number: str = ""
    text: str = ""
    note: str = ""


@lru_cache(maxsize=8192)
def join_link(value: str, hosts: frozenset[str]) -> Link:
    """The conference link in a field. Only https on a known host or below it becomes a `url`.

    Shorteners, punycode, user names, ports and addresses without a path are never buttons.
    """
    given = value.replace("&amp;", "&").strip()[:_LINK_LIMIT]
    if not given:
        return Link()
    match = _URL.search(_SPLIT_DIGITS.sub("", given))
    if match is None:
        if not _BARE.fullmatch(given):
            return Link(text=one_line(given), note="link_not_known")
        url = "https://" + given
    else:
        url = match[0].rstrip(".,;)")
    around = one_line(given) if match is not None and match[0] != _SPLIT_DIGITS.sub("", given) else ""
    link = _checked(url, around, hosts)
    mended = link.url and not link.note and (url not in given or not url.startswith("https://"))
    return link._replace(note="link_mended") if mended else link


def _checked(url: str, around: str, hosts: frozenset[str]) -> Link:
    unwrapped = _unwrapped(url)
    match = _PLAIN_URL.fullmatch(unwrapped)
    host = _safe_host(match)
    if match is None or not host:
        text = "" if "@" in url or "xn--" in url.lower() else around or one_line(url, _LINK_LIMIT)
        return Link(text=text, note="link_not_known")
    path, rest = match[2], match[3].removesuffix("#success")
    if not _known(host, hosts) or not path.strip("/"):
        return Link(text=around or _without_addresses(unwrapped), note="link_not_known")
    meeting = _ZOOM_ID.search(path) if _known(host, _ZOOM) else None
    note = "link_mended" if unwrapped != url else ""
    return Link(f"https://{host}{path}{rest}", around, meeting[1] if meeting else "", note)


def web_link(value: object) -> str:
    """A public page as http(s) address with a real host name; "" for anything else and for pages that take money."""
    if not isinstance(value, str) or not value or len(value) > _LINK_LIMIT:
        return ""
    url = value.replace("&amp;", "&").strip()
    host = _safe_host(_PLAIN_URL.fullmatch(url))
    return url if host and not _known(host, _MONEY_HOSTS) else ""


@lru_cache(maxsize=8192)
def dial_in(value: str) -> Dial:
    """The number in a dial-in field with its one-tap tail; what cannot be dialled as it stands becomes text."""
    given = one_line(value)
    if not given:
        return Dial()
    match = _PHONE.fullmatch(given)
    number = re.sub(r"[^\d+]", "", match["number"]) if match else ""
    if match is None or not 10 <= len(number.lstrip("+")) <= 15:
        return Dial(text=given, note="dial_in_not_understood")
    rest = match["rest"].strip()
    second = rest.find("+")
    tail = rest if second < 0 else rest[:second]  # two numbers glued together: the first
    if _DIAL_REST.fullmatch(tail):
        return Dial(number + re.sub(r"[^\d,*#]", "", tail))
    one_tap = re.match(r"(?:,+\d+#)+", tail)  # the rest is a password with letters, which nobody can dial
    if one_tap:
        return Dial(number + one_tap[0], note="dial_in_mended")
    return Dial(number, given, "dial_in_mended")


def helpline(value: object) -> str:
    """A telephone number of a service body; "" for names of telephone systems and other texts."""
    if not value:
        return ""
    match = _HELPLINE.search(one_line(value))
    return match[0].strip() if match and sum(map(str.isdigit, match[0])) >= 3 else ""


def _safe_host(match: re.Match[str] | None) -> str:
    """The lower-case host of a plain http(s) address; "" for any other address and for disguised names."""
    if match is None or not match[0].isascii():
        return ""
    host = match[1].lower()
    return "" if "xn--" in host else host


def _known(host: str, hosts: frozenset[str]) -> bool:
    """Whether the host is one of `hosts` or lies below one."""
    while host:
        if host in hosts:
            return True
        host = host.partition(".")[2]
    return False


def _unwrapped(url: str) -> str:
    """The link inside a mail filter's wrapper, which also carries the address of who received it."""
    match = _PLAIN_URL.fullmatch(url)
    if match is None or not _known(match[1].lower(), _WRAPPER):
        return url
    inner = parse_qs(match[3].lstrip("?")).get("url", [])
    return inner[0] if inner else url


def _without_addresses(url: str) -> str:
    return url.partition("?")[0] if "@" in url or "%40" in url else url

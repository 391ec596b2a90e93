"""Which addresses Telegram takes for a button or a link."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from bot.sandbox.errors import bad_request

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_USER = re.compile(r"tg://user\?id=(\d+)")


def checked_link(url: str) -> str | None:
    """The address as Telegram would keep it, or None when it refuses it."""
    return url_problem(url)[0]


def checked_button_url(url: str) -> str:
    """As checked_link, for a button: raises ApiError with Telegram's sentence."""
    link, problem = url_problem(url)
    if link is None:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {problem}")
    return link


def mentioned_user(url: str) -> int | None:
    """The user id of a tg://user?id=… link."""
    found = _USER.fullmatch(url.strip())
    return int(found.group(1)) if found else None


def url_problem(url: str) -> tuple[str | None, str]:
    """(kept address, "") or (None, what is wrong)."""
    url = url.strip()
    if not url:
        return None, "URL must not be empty"
    scheme = _scheme(url)
    if scheme in {"tg", "ton", "tonsite"}:
        return url, ""
    if scheme not in {"http", "https"}:
        return None, "Unsupported URL protocol"
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None, "Wrong HTTP URL"
    if not _public_host(host):
        return None, "Wrong HTTP URL"
    return parts._replace(path=parts.path or "/").geturl(), ""


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    if not found:
        return "http"
    # "example.org:8080/x" has a port, not a scheme.
    if "." in found.group(1) and "://" not in url:
        return "http"
    return found.group(1).lower()


def _public_host(host: str) -> bool:
    try:
        return not (address := ipaddress.ip_address(host)).is_loopback and not address.is_unspecified
    except ValueError:
        return "." in host.strip(".") and not re.search(r"[\s<>\"]", host) and not host.endswith(".localhost")

"""Values as people type them: days, hours, lengths, yes and no, links, numbers; what is not sure is not guessed."""

import math
import re
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.meeting import MINUTES_A_DAY, TAGS, Status
from bot.domain.words import fold

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DIAS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_SHORTER = "mon tue wed thu fri sat sun tues weds thur thurs lun mar mie jue vie sab dom".split()
_SHORTER_DAYS = (1, 2, 3, 4, 5, 6, 7, 2, 3, 4, 4, 1, 2, 3, 4, 5, 6, 7)
_DAY = {
    **{fold(name): day for names in (DAYS, _DIAS) for day, name in enumerate(names, 1)},
    **{f"{fold(name)}s": day for names in (DAYS, ("",) * 5 + _DIAS[5:]) for day, name in enumerate(names, 1) if name},
    **dict(zip(_SHORTER, _SHORTER_DAYS, strict=True)),
    **{str(day): day for day in range(1, 8)},
}
_YES = frozenset("yes y true 1 on x si s".split())
_NO = frozenset("no n false 0 off".split())
_CLOCK = re.compile(r"(\d{1,2})(?:\s?[:.h]\s?(\d{2}))?\s*h?\s*(am|pm)?")
_DIGITS = re.compile(r"(\d{2})(\d{2})")
_HALF = (
    (re.compile(r"\b([ap])\s?\.?\s?m\b\.?"), r"\1m"),
    (re.compile(r"\b(?:de|por|in) (?:la|the) (?:manana|morning|madrugada)\b"), "am"),
    (re.compile(r"\b(?:de|por|in) (?:la|the) (?:tarde|noche|afternoon|evening)\b"), "pm"),
)
_NAMED = {"noon": 720, "midday": 720, "mediodia": 720, "midnight": 0, "medianoche": 0}
_LENGTH = re.compile(
    r"(?:(\d{1,2})\s?(?::|h(?:ours?|oras?|rs?)?\b|h(?=\d))\s?)?(?:(\d{1,4})\s?(?:m|min|mins|minutes|minutos)?)?"
)
_PHONE = re.compile(r"[0-9+,*#]*[0-9][0-9+,*#]*")
_PHONE_SPACING = re.compile(r"[\s().\-/\u2010-\u2015\xa0]+")
_LEAST_DIGITS = 3
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d{1,5})?")
_SEPARATORS = re.compile(r"[,;\s]+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
# ISO 639-1
_LANGUAGES = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee "
        "el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
        "it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms "
        "mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
        "sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
        "yo za zh zu"
    ).split()
)
# ISO 3166-1 alpha-2, and Kosovo
_COUNTRIES = frozenset(
    (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
        "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
        "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
        "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
        "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
        "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
        "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
    ).split()
)


class NotUnderstood(ValueError):
    """A text that is no such value; `reason` says why, `text` which part of it, "" for the whole."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(reason)
        self.reason, self.text = reason, text


def clean(text: str, *, lines: bool) -> str:
    """The text as lists give it too: nothing hidden in it, single spaces, on one line or on several."""
    seen = _UNSEEN.sub("", text)
    if not lines:
        return " ".join(seen.split())
    return "\n".join(" ".join(line.split()) for line in seen.splitlines()).strip()


def minute_of_day(text: str) -> int:
    """ "19:30", "7:30 pm", "7 de la tarde", "noon", "1930" as minutes after midnight."""
    said = " ".join(text.lower().replace("ñ", "n").replace("í", "i").split())
    if said in _NAMED:
        return _NAMED[said]
    for pattern, half in _HALF:
        said = pattern.sub(half, said)
    match = _DIGITS.fullmatch(said) or _CLOCK.fullmatch(said)
    if match is None:
        raise NotUnderstood("time")
    hour, minute, half_day = int(match[1]), match[2], match[3] if match.re is _CLOCK else None
    if minute is None and half_day is None:
        raise NotUnderstood("time_half")  # "7" may be morning or evening
    total = hour * 60 + int(minute or 0)
    if int(minute or 0) > 59 or total >= MINUTES_A_DAY or (half_day == "am" and hour > 12):
        raise NotUnderstood("time")
    if half_day and 1 <= hour <= 12:
        return hour % 12 * 60 + int(minute or 0) + (720 if half_day == "pm" else 0)
    if half_day and hour == 0:
        raise NotUnderstood("time")
    return total


def weekday(text: str) -> int:
    """A day's name in English or Spanish, or 1 (Monday) to 7."""
    day = _DAY.get(fold(text))
    if day is None:
        raise NotUnderstood("day")
    return day


def day_name(day: int) -> str:
    """The English name. ValueError for no day."""
    if day not in range(1, 8):
        raise ValueError(day)
    return DAYS[day - 1]


def minutes(text: str) -> int:
    """A length: "90", "1:30", "1 h 30", "90 min"; at most a day."""
    match = _LENGTH.fullmatch(text.lower())
    total = int(match[1] or 0) * 60 + int(match[2] or 0) if match else 0
    if match is None or not 0 < total <= MINUTES_A_DAY or (match[1] and int(match[2] or 0) > 59):
        raise NotUnderstood("minutes")
    return total


def yes_or_no(text: str) -> bool:
    """In English or Spanish, or as programs write it."""
    said = fold(text)
    if said not in _YES | _NO:
        raise NotUnderstood("yes_no")
    return said in _YES


def tags(text: str) -> frozenset[str]:
    """Ids of domain.meeting.TAGS."""
    named = [one.lower() for one in _SEPARATORS.split(text) if one]
    for one in named:
        if one not in TAGS:
            raise NotUnderstood("tags", one)
    return frozenset(named)


def languages(text: str) -> tuple[str, ...]:
    """ISO 639-1 codes, each once, in their order."""
    named = [one.lower() for one in _SEPARATORS.split(text) if one]
    for one in named:
        if one not in _LANGUAGES:
            raise NotUnderstood("languages", one)
    return tuple(dict.fromkeys(named))


def link(text: str) -> str:
    """An https address with a host of the public net; one typed without "https://" gets it."""
    address = text if "://" in text else f"https://{text}"
    scheme, _, rest = address.partition("://")
    if scheme.lower() == "http":
        raise NotUnderstood("link_http")
    address = f"{scheme.lower()}://{rest}"
    try:
        parts = urlsplit(address)
        host, _ = parts.netloc, parts.port
    except ValueError:
        raise NotUnderstood("link") from None
    if parts.scheme != "https" or not _HOST.fullmatch(host) or re.search(r"[\s<>\"'\\]", address):
        raise NotUnderstood("link")
    return address


def phone(text: str) -> str:
    """Digits and + , * #; what people put between them is left out."""
    number = _PHONE_SPACING.sub("", text)
    if not _PHONE.fullmatch(number) or not number.isascii() or sum(map(str.isdigit, number)) < _LEAST_DIGITS:
        raise NotUnderstood("phone")
    return number


def degrees(text: str) -> float:
    """A number of degrees, with a point or a comma."""
    said = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    try:
        value = float(said.removesuffix("°"))
    except ValueError:
        raise NotUnderstood("degrees") from None
    if not math.isfinite(value):
        raise NotUnderstood("degrees")
    return value


def zone(text: str) -> str:
    """An IANA zone, however its letters are written."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        known = _zones().get(text.replace(" ", "_").casefold())
        if known is None:
            raise NotUnderstood("zone") from None
        return known
    return _zones().get(text.casefold(), text)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def status(text: str) -> Status:
    """By its own name."""
    try:
        return Status(text.lower().replace(" ", "_"))
    except ValueError:
        raise NotUnderstood("status") from None


def country(text: str) -> str:
    """An ISO alpha-2 code."""
    code = text.upper()
    if code not in _COUNTRIES:
        raise NotUnderstood("country")
    return code


def identifier(text: str) -> str:
    """The id of a fellowship; whether there is one of that name is known elsewhere."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", text):
        raise NotUnderstood("fellowship")
    return text

"""Button data and links: of random parts, shown ones with bits turned and the checksum made anew, forged ones."""

import base64
import binascii
from datetime import date, timedelta
from random import Random

from bot.domain.buttons import Action, Press, pack
from bot.domain.handoff import Handoff, seal_handoff
from bot.domain.place import Place
from bot.domain.reminder import day_number
from bot.domain.search import FILTERS, LANGUAGES, NEEDS, RINGS_KM, Order, Search
from bot.domain.when import Day, When
from tests.soak.fuzzing import words
from tests.soak.fuzzing.known import Known

ADMIN_ACTIONS = tuple(action for action in Action if action >= Action.ADMIN)
_PLACES = (Place("", 53.7973, -1.54358), Place("", 51.5, -0.12), Place("", 40.7128, -74.006), Place("", 0.0, 180.0))


def payload(chance: Random, known: Known, actions: tuple[Action, ...] = tuple(Action)) -> str:
    """What a button may carry, or what never could stand in one. `actions`: of those that are made anew."""
    way = chance.random()
    if way < 0.25:
        return shown(chance, known)
    if way < 0.45:
        return resealed(chance, shown(chance, known))
    if way < 0.87:
        return made(chance, known, actions)
    if way < 0.91:
        return handed(chance, known)
    if way < 0.95:
        return _cut(chance, shown(chance, known))
    return words.text(chance, 64)


def shown(chance: Random, known: Known) -> str:
    """A button that was shown; every action as often."""
    return chance.choice(chance.choice(known.buttons))


def made(chance: Random, known: Known, actions: tuple[Action, ...]) -> str:
    """A whole button of random parts."""
    action = chance.choice(actions)
    picked = tuple(_meeting(chance, known) for _ in range(chance.choice((0, 0, 0, 1, 2, 3))))
    press = Press(action, search(chance, known), _optional(chance, _meeting(chance, known)), _number(chance), picked)
    try:
        return pack(press, dict(known.kinds))
    except ValueError:  # too much for one button
        return pack(Press(action, Search(), press.meeting, press.number, picked[:1]), dict(known.kinds))


def resealed(chance: Random, text: str) -> str:
    """Bits turned, or bytes gone or added, and the checksum right again."""
    data = bytearray(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))[:-2])
    match chance.randrange(6):
        case 0:
            del data[chance.randrange(len(data)) :]
        case 1:
            data += chance.randbytes(chance.randint(1, 8))
        case 2:
            data[0] = data[0] & 1 | chance.choice(tuple(Action)) << 1  # the action stands in the first seven bits
        case _:
            for _ in range(chance.choice((1, 1, 2, 6))):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    data += binascii.crc_hqx(bytes(data), 0).to_bytes(2, "big")
    version = chance.choice("12") if chance.random() < 0.1 else text[0]
    return version + base64.urlsafe_b64encode(bytes(data)).decode().rstrip("=")


def handed(chance: Random, known: Known) -> str:
    """A hand-off link: real, real and damaged, signed by a stranger, or any hand-off that our own key signed."""
    way = chance.random()
    if known.links and way < 0.2:
        return chance.choice(known.links)
    if known.links and way < 0.4:
        return _cut(chance, chance.choice(known.links))
    key = known.link_key if way < 0.85 else chance.randbytes(32)
    asked = search(chance, known)
    meetings = tuple(_meeting(chance, known) for _ in range(chance.randint(0, 3)))
    until = date(2020, 1, 1) + timedelta(days=chance.choice((0, 2500, 2520, 2550, 65535)))
    family = chance.random() < 0.5
    handoff = Handoff(asked.place, asked.online, asked.needs, asked.filters, meetings, asked.language, family, until)
    return seal_handoff(handoff, key)


def search(chance: Random, known: Known) -> Search:
    """Any search that a button can carry."""
    return Search(
        place=chance.choice(
            (None, *_PLACES, Place("", chance.uniform(-89, 89), chance.uniform(-179, 179)).on_grid())
        ),
        online=chance.choice((None, True, False)),
        needs=tuple(chance.sample(sorted(NEEDS), chance.choice((0, 0, 1, 3)))),
        fellowships=tuple(chance.sample(sorted(known.kinds), chance.choice((0, 0, 1, 3)))),
        when=When(chance.choice(tuple(Day)), _quarter(chance), _quarter(chance)),
        filters=frozenset(chance.sample([*sorted(FILTERS), "lang_es", "lang_zh"], chance.choice((0, 0, 1, 4)))),
        order=chance.choice(tuple(Order)),
        seed=chance.getrandbits(16),
        page=chance.choice((1, 1, 2, 255)),
        reach_km=chance.choice(RINGS_KM),
        stated_groups=chance.random() < 0.3,
        language=chance.choice(("en", "en", "es", chance.choice(sorted(LANGUAGES)))),
    )


def _quarter(chance: Random) -> int | None:
    return chance.choice((None, 0, 1080, 15 * chance.randrange(96)))


def _meeting(chance: Random, known: Known) -> int:
    ways = (chance.choice(known.meetings), chance.choice(known.keys), chance.randint(0, 40), chance.getrandbits(56))
    return chance.choices(ways, (5, 1, 2, 1))[0]


def _optional(chance: Random, value: int) -> int | None:
    return value if chance.random() < 0.7 else None


def _number(chance: Random) -> int:
    """Of the kinds that actions use: steps, days, minutes, marks."""
    day = day_number(date(2026, 11, 24) + timedelta(days=chance.randint(-3, 30)))
    ways = (0, chance.randint(0, 12), chance.randint(0, 300), day, chance.getrandbits(16), 65535)
    return chance.choices(ways, (3, 4, 2, 1, 2, 1))[0]


def _cut(chance: Random, text: str) -> str:
    match chance.randrange(4):
        case 0:
            return text[: chance.randrange(len(text))]
        case 1:
            return text + chance.choice(("A", "=", " ", "\x00", text))
        case 2:
            at = chance.randrange(len(text))
            return text[:at] + chance.choice("AB-_=é \U0001f600") + text[at + 1 :]
        case _:
            return text.swapcase()

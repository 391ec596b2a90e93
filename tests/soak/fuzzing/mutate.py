"""What becomes of whole things: JSON with fields gone, swapped, huge; bytes with bits turned, cut, doubled."""

import json
from random import Random
from typing import Any

from tests.soak.fuzzing import words

Json = dict[str, Any]
BIG = (0, -1, 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64, 10**30)
DEEP = 300  # more than anybody sends, less than any reader refuses
_ABSENT = object()


def odd_value(chance: Random) -> Any:
    """Something of any type."""
    made = (
        None, True, False, 0.5, 1e308, "", [], {}, [[]], [None], {"": None}, [{}] * 3, {"id": 1}, {"text": "x"},
        chance.choice(BIG), chance.choice(BIG), str(chance.choice(BIG)), words.text(chance, 300),
        words.text(chance, 60), _deep(chance),
    )  # fmt: skip
    return chance.choice(made)


def _deep(chance: Random) -> Any:
    inner: Any = 1
    for _ in range(chance.randint(5, DEEP)):
        inner = [inner] if chance.random() < 0.5 else {"x": inner}
    return inner


def mutated(chance: Random, whole: Json, times: int) -> Json:
    """A copy with so many fields changed, anywhere in it."""
    copy: Json = json.loads(json.dumps(whole))
    for _ in range(times):
        places = list(_places(copy))
        holder, key = chance.choice(places)
        _change(chance, holder, key)
        if not copy:
            return copy
    return copy


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


def _change(chance: Random, holder: Any, key: Any) -> None:
    match chance.randrange(8):
        case 0:
            del holder[key]
        case 1 if isinstance(holder[key], int):
            holder[key] = chance.choice(BIG)
        case 1 | 2 if isinstance(holder[key], str):
            holder[key] = words.text(chance)
        case 3:
            holder[key] = [holder[key]]
        case 4:
            holder[key] = {"id": holder[key]}
        case 5 if isinstance(holder, dict):
            holder[words.word(chance)] = odd_value(chance)
        case 6 if isinstance(holder, dict):
            other = chance.choice(list(holder))
            holder[key], holder[other] = holder[other], holder[key]
        case _:
            holder[key] = odd_value(chance)


def damaged(chance: Random, data: bytes) -> bytes:
    """The bytes with a few bits turned, a piece gone, doubled, or put elsewhere."""
    damage = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        if not damage:
            return bytes(damage)
        at = chance.randrange(len(damage))
        until = at + chance.randint(1, 40)
        match chance.randrange(6):
            case 0:
                damage[at] ^= 1 << chance.randrange(8)
            case 1:
                del damage[at:until]
            case 2:
                damage[at:at] = damage[at:until]
            case 3:
                damage[at:until] = chance.randbytes(chance.randint(1, 9))
            case 4:
                damage[at:at] = words.text(chance, 60).encode("utf-8", "surrogatepass")
            case 5:
                damage[at:until] = str(chance.choice(BIG)).encode()
    return bytes(damage[: chance.randrange(len(damage))] if chance.random() < 0.1 and damage else damage)

"""What is made when it is first asked for, so that a start waits for nothing that its first answers do not need.

All three kinds make their value once, whichever thread asks first; another one that asks meanwhile waits for it.
A failure is raised to whoever asked, and the next one tries again.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from threading import RLock
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K")
V = TypeVar("V")


class Later(Generic[T_co]):
    """Call it for the value."""

    def __init__(self, make: Callable[[], T_co]) -> None:
        self._make: Callable[[], T_co] | None = make
        self._lock = RLock()

    def __call__(self) -> T_co:
        """The value, made now if it is not there yet."""
        if self._make is not None:
            with self._lock:
                if self._make is not None:
                    self._value = self._make()
                    self._make = None
        return self._value

    @property
    def made(self) -> bool:
        """Whether it is there."""
        return self._make is None


class LaterMapping(Mapping[K, V]):
    """A mapping that is read from where it stands at the first look into it."""

    def __init__(self, make: Callable[[], Mapping[K, V]]) -> None:
        self._later = Later(make)

    def __getitem__(self, key: K) -> V:
        return self._later()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._later())

    def __len__(self) -> int:
        return len(self._later())


def later(make: Callable[[], T]) -> T:
    """Stands in for an object that is made, and whose module is read, when something is first asked of it."""
    return cast(T, _StandIn(make))


class _StandIn:
    __slots__ = ("_later",)

    _later: Later[object]

    def __init__(self, make: Callable[[], object]) -> None:
        object.__setattr__(self, "_later", Later(make))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._later(), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._later(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._later(), name)


def prepare(value: object) -> None:
    """Make what a stand-in stands for, or all that the fields of a dataclass stand for, in their order."""
    if isinstance(value, _StandIn | LaterMapping):
        value._later()
    elif isinstance(value, Mapping):
        for one in value.values():
            prepare(one)
    elif is_dataclass(value):
        for field in fields(value):
            one = getattr(value, field.name)
            if isinstance(one, _StandIn | Mapping):
                prepare(one)


async def made(value: object) -> None:
    """Return once what a stand-in stands for is made; meanwhile the loop goes on."""
    if isinstance(value, _StandIn) and not value._later.made:
        await asyncio.to_thread(value._later)

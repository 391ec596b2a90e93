"""Names of places all over the world, offline: GeoNames cities, unpacked once to a file that is read in place.

Rooms outside the store need this module only.
"""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TypeVar

from bot.domain.errors import StoreError
from bot.domain.place import Place
from bot.store.gazetteer import layout, unpack
from bot.store.gazetteer.atlas import Atlas, Coded, Guess
from bot.store.gazetteer.choose import merged
from bot.store.gazetteer.codes import asked, compact, first_half
from bot.store.gazetteer.filed import Filed
from bot.store.gazetteer.keys import key
from bot.store.gazetteer.learned import Joined, Learned
from bot.store.gazetteer.resolve import Source, codes_in, resolve

__all__ = [
    "Atlas",
    "Coded",
    "Filed",
    "Gazetteer",
    "Guess",
    "Joined",
    "Learned",
    "Source",
    "asked",
    "codes_in",
    "compact",
    "first_half",
    "key",
    "merged",
    "resolve",
]

UNPACK_S = 60

Result = TypeVar("Result")


class Gazetteer:
    """The places of the world. It opens at the first question; every question is answered in a thread of its own."""

    def __init__(self, cache: Path) -> None:
        """`cache`: the directory for the unpacked file; where it cannot be written a temporary one is taken."""
        self._cache = cache
        self._scratch: TemporaryDirectory[str] | None = None
        self._opened: Atlas | None = None
        self._opening = Lock()
        self._thread: ThreadPoolExecutor | None = None

    async def open(self) -> None:
        """Unpack and open the file. StoreError when no directory can hold it, or the package lacks it."""
        await self.ask(lambda atlas: None)

    async def close(self) -> None:
        """Give thread and file back; closing twice does no harm, and the next question opens it again."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.shutdown)
        with self._opening:
            atlas, self._opened = self._opened, None
            scratch, self._scratch = self._scratch, None
        if atlas is not None:
            atlas.close()
        if scratch is not None:
            scratch.cleanup()

    async def ask(self, question: Callable[[Atlas], Result]) -> Result:
        """The answer to a question, worked out in the gazetteer's thread."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gazetteer")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: question(self.atlas()))

    async def named(self, names: Sequence[str]) -> dict[str, list[Place]]:
        """The places of exactly these names, the largest first, at most eight each; unknown names are left out."""
        keys = {name: key(name) for name in names}
        found = await self.ask(lambda atlas: atlas.named(list(keys.values())))
        return {name: found[one] for name, one in keys.items() if one in found}

    async def similar(self, name: str, limit: int = 4) -> list[Place]:
        """Places whose name is one typo away, two for long names: fewest typos first, then the largest."""
        guesses = await self.ask(lambda atlas: atlas.similar(key(name)))
        return list(dict.fromkeys(guess.place for guess in guesses))[:limit]

    async def nearest(self, latitude: float, longitude: float) -> Place | None:
        """The town that a point lies in or near, at most 150 km away."""
        return await self.ask(lambda atlas: atlas.nearest(latitude, longitude))

    async def resolve(self, text: str, *, near: str = "") -> list[Place]:
        """The places a typed text may mean: one is sure, several ask, none is unknown. `near`: an ISO country."""
        return await self.ask(lambda atlas: resolve(atlas, text, near))

    def atlas(self) -> Atlas:
        """The opened file, for readers that run in a thread; the first call unpacks it and takes seconds."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> Atlas:
        name = f"gazetteer-{layout.digest()}.db"
        file = self._cache / name
        try:
            return _opened(file)
        except OSError:
            self._scratch = TemporaryDirectory(prefix="openchair-")
        try:
            return _opened(Path(self._scratch.name) / name)
        except OSError as error:
            raise StoreError(f"The list of places cannot be unpacked: {error}.") from error


def _opened(file: Path) -> Atlas:
    if file.exists():
        try:
            return Atlas(file)
        except sqlite3.Error:
            file.unlink(missing_ok=True)  # cut short by a full disk or a hard stop: made anew
    _unpack(file)
    for other in file.parent.glob("gazetteer-????????????.db"):
        if other != file:
            other.unlink(missing_ok=True)  # of an earlier version; a process that reads it keeps it
    try:
        return Atlas(file)
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def _unpack(file: Path) -> None:
    """In a process of its own, so that the work holds nobody up here; without one, here."""
    command = [sys.executable or "", "-m", __name__, str(file)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=UNPACK_S)  # noqa: S603 - our own module
    except (OSError, subprocess.SubprocessError):
        unpack.unpack(file)

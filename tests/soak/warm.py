"""Starts the real bot from a process that has imported it already, so that a long run is spent on lives, not imports.

Run as a program it reads settings (JSON, one line each), forks, lets the child be `python -m bot run`, and writes the
child's number, and its exit code once it ended.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from tests.soak.kill import ROOT


class Life:
    """One process of the bot."""

    def __init__(self, pid: int, told: asyncio.StreamReader) -> None:
        self._pid = pid
        self._ending = asyncio.create_task(told.readline())

    @property
    def pid(self) -> int:
        """Its number."""
        return self._pid

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self._ending.done()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal, if it still lives."""
        if not self.ended:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)

    async def wait(self) -> int:
        """Its exit code; negative: the signal that ended it."""
        return int(await self._ending)


class Warm:
    """The process that forks."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process, self._log = process, log

    async def start(self, settings: dict[str, str], folder: Path = ROOT) -> Life:
        """The bot with these settings and no others, in a folder, while no other life of ours goes on."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        named = {f"OPENCHAIR_{name}": value for name, value in settings.items()}
        self._process.stdin.write(json.dumps([str(self._log), named, str(folder)]).encode() + b"\n")
        return Life(int(await self._process.stdout.readline()), self._process.stdout)


@asynccontextmanager
async def warm(log: Path) -> AsyncIterator[Warm]:
    """Import everything once. What the bot says goes to `log`."""
    pipe = asyncio.subprocess.PIPE
    words = [sys.executable, "-m", "tests.soak.warm"]
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdin=pipe, stdout=pipe)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"warm\n"
        yield Warm(process, log)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def _be_the_bot(log: str, settings: dict[str, str], folder: str) -> None:
    from bot.__main__ import main

    os.chdir(folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENCHAIR_")}
    os.environ.clear()
    os.environ.update(kept | settings)
    nothing, out = os.open(os.devnull, os.O_RDWR), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, opened in enumerate((nothing, nothing, out)):
        os.dup2(opened, number)
    sys.argv = ["openchair", "run"]
    main()


def _serve() -> None:
    import bot

    for module in walk_packages(bot.__path__, "bot."):
        if not module.name.endswith(("__main__", ".build")):
            import_module(module.name)
    print("warm", flush=True)
    for line in sys.stdin:
        log, settings, folder = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _be_the_bot(log, settings, folder)
                code = 0
            except SystemExit as ending:
                code = int(ending.code or 0)
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve()

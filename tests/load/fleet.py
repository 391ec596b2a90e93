"""Several processes of the real bot at one PostgreSQL, in webhook mode behind a balancer, the sandbox as Telegram."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox import Sandbox
from bot.sandbox.samples import sample_parts
from bot.sandbox.state import BotAccount
from bot.services.feeds import Part
from bot.settings import Settings
from tests.load.balancer import Balancer
from tests.load.telegram import WatchedQueue, watch
from tests.ports import free_port
from tests.reminding import KEY
from tests.soak.warm import Life, Warm, warm

READY_S = 60.0
SECRET = "a-word-for-the-load-test"


@dataclass
class Worker:
    """One place behind the load balancer, and the process that has it now."""

    port: int
    warm: Warm
    life: Life | None = None
    highest_mb: float = 0.0
    restarting: bool = False

    @property
    def gone(self) -> bool:
        """Whether its process ended and nobody starts another one."""
        return not self.restarting and self.life is not None and self.life.ended

    def memory_mb(self) -> float:
        """What the process holds in memory."""
        with suppress(OSError, IndexError):
            assert self.life is not None
            pages = int(Path(f"/proc/{self.life.pid}/statm").read_text().split()[1])
            self.highest_mb = max(self.highest_mb, pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
            return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        return 0.0


@dataclass
class Fleet:
    """What a run works with."""

    url: str
    folder: Path
    account: BotAccount
    queue: WatchedQueue
    balancer: Balancer
    settings: dict[str, str]
    log: Path
    workers: list[Worker] = field(default_factory=list)
    kills: int = 0

    async def start(self, worker: Worker) -> None:
        """Give a worker a process. It is ready a second or two later."""
        listen = {"LISTEN": f"127.0.0.1:{worker.port}"}
        worker.life = await worker.warm.start(self.settings | listen, self.folder)

    async def kill(self, worker: Worker) -> None:
        """End it with SIGKILL in the middle of its work, and start it again."""
        assert worker.life is not None
        assert not worker.life.ended, self.last_words()
        worker.restarting = True
        worker.life.kill()
        self.kills += 1
        await worker.life.wait()
        await self.start(worker)
        worker.restarting = False

    def last_words(self) -> str:
        """The end of what the workers said."""
        return self.log.read_text(encoding="utf-8")[-2000:]

    async def ready(self, worker: Worker) -> None:
        """Wait until it listens."""
        async with asyncio.timeout(READY_S):
            while True:
                assert worker.life is not None
                assert not worker.life.ended, self.last_words()
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", worker.port)
                    writer.close()
                    return
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        """SIGTERM to all; they finish what they have in hand."""
        alive = [one.life for one in self.workers if one.life is not None]
        for life in alive:
            life.kill(15)
        try:
            await asyncio.wait_for(asyncio.gather(*(life.wait() for life in alive)), READY_S)
        finally:
            for life in alive:
                life.kill()


async def list_samples(url: str, folder: Path) -> None:
    """Put the sample meetings into the database, under a feed that a live bot leaves alone."""
    from bot.app import open_work

    settings = Settings(database_url=url, key=KEY, forgotten_file=folder / "forgotten")  # type: ignore[call-arg,arg-type]
    async with open_work(settings, cache=folder / "data") as work:
        parts = [Part(data, "meeting_guide", kind) for kind, data in sample_parts().items()]
        await work.feeds.import_parts(parts, feed="load")


@asynccontextmanager
async def fleet(url: str, folder: Path, workers: int) -> AsyncIterator[Fleet]:
    """So many workers, all of them ready. The database is upgraded; `folder`/data may hold the places already."""
    await list_samples(url, folder)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox("127.0.0.1:0"))
        account, log = sandbox.state.bot(sandbox.token), folder / "log"
        queue = watch(account)
        port, ports = free_port(), [free_port() for _ in range(workers)]
        balancer = await stack.enter_async_context(Balancer(port, ports))
        settings = {
            "TOKEN": sandbox.token, "API_URL": sandbox.api_url, "DATABASE_URL": url, "KEY": KEY,
            "WEBHOOK": "1", "WEBHOOK_SECRET": SECRET, "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "FORGOTTEN_FILE": str(folder / "forgotten"), "BACKUP_DIR": str(folder / "backups"),
        }  # fmt: skip
        one = Fleet(url, folder, account, queue, balancer, settings, log)
        warms = [await stack.enter_async_context(warm(log)) for _ in ports]
        one.workers = [Worker(port, warm) for port, warm in zip(ports, warms, strict=True)]
        try:
            for worker in one.workers:
                await one.start(worker)
            for worker in one.workers:
                await one.ready(worker)
            yield one
            await one.end()
        finally:
            for worker in one.workers:
                if worker.life is not None:
                    worker.life.kill()

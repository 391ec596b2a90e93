"""A small load balancer: each request to the next worker that listens, as a proxy in front of webhook workers does.

A worker that does not listen is passed over. A request that a worker took and did not answer is not given to another
one: the caller hears 502, and Telegram brings the update again.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress

_NUMBER = re.compile(rb'"update_id": ?(\d+)')
_LENGTH = re.compile(rb"(?i)\ncontent-length: ?(\d+)")
_LOST = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
_HEAD = 64 * 1024

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Balancer:
    """Listens on the loopback. `cut`: while it is True nothing gets through, as if the network were gone."""

    def __init__(self, port: int, workers: Sequence[int]) -> None:
        self._port, self._workers = port, list(workers)
        self._idle: dict[int, list[Connection]] = {worker: [] for worker in workers}
        self._turn = 0
        self._open: set[asyncio.StreamWriter] = set()
        self.cut = False
        self.interrupted: set[int] = set()  # updates that a worker took and whose answer was never heard
        self.taken = 0

    async def __aenter__(self) -> "Balancer":
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port, limit=_HEAD)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close everything."""
        self._server.close()
        idle = [writer for kept in self._idle.values() for _, writer in kept]
        for writer in (*self._open, *idle):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                request = await _whole(reader)
                answer = _LOST if self.cut else await self._bring(request)
                writer.write(_LOST if self.cut else answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the caller went away
        finally:
            self._open.discard(writer)
            writer.close()

    async def _bring(self, request: bytes) -> bytes:
        for _ in self._workers:
            worker = self._workers[self._turn % len(self._workers)]
            self._turn += 1
            with suppress(OSError):
                return await self._ask(worker, request, await self._connection(worker))
        return _LOST

    async def _connection(self, worker: int) -> Connection:
        while self._idle[worker]:
            reader, writer = self._idle[worker].pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", worker, limit=_HEAD)

    async def _ask(self, worker: int, request: bytes, connection: Connection) -> bytes:
        reader, writer = connection
        self.taken += 1
        try:
            writer.write(request)
            answer = await _whole(reader)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            if found := _NUMBER.search(request):
                self.interrupted.add(int(found[1]))
            return _LOST
        if self.cut and (found := _NUMBER.search(request)):
            self.interrupted.add(int(found[1]))
        self._idle[worker].append(connection)
        return answer


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """A request or an answer with its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = _LENGTH.search(head)
    return head + await reader.readexactly(int(found[1])) if found else head

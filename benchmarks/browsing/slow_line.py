"""A slow line: a forwarder that holds back each packet.

For half of the round trip, and the first packet of a connection for one more, as the handshake of TCP takes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def slow_line(port: int, round_trip_ms: int) -> AsyncIterator[int]:
    """Forward connections to *port*, late, and give the port to connect to. They are cut in the end."""
    one_way = round_trip_ms / 2000
    connections: set[asyncio.Task[None] | None] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(asyncio.current_task())
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        there = _forward(reader, server_writer, one_way, 2 * one_way)
        back = _forward(server_reader, writer, one_way, 0.0)
        try:
            with suppress(asyncio.CancelledError):  # the line is cut
                await asyncio.gather(there, back, return_exceptions=True)
        finally:
            connections.discard(asyncio.current_task())
            writer.close()
            server_writer.close()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        cut = [each for each in connections if each is not None]
        for each in cut:
            each.cancel()
        await asyncio.gather(*cut, return_exceptions=True)


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, one_way: float, first: float) -> None:
    """Write what comes from *reader* after the seconds *one_way*, the *first* packet later by as many."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

    async def deliver() -> None:
        while True:
            due, packet = await queue.get()
            await asyncio.sleep(due - loop.time())
            if not packet or writer.is_closing():
                writer.close()
                return
            writer.write(packet)

    delivering = asyncio.create_task(deliver())
    try:
        with suppress(ConnectionError):  # the browser is gone
            while packet := await reader.read(1 << 16):
                queue.put_nowait((loop.time() + one_way + first, packet))
                first = 0.0
        queue.put_nowait((loop.time() + one_way, b""))
        await delivering
    finally:
        delivering.cancel()

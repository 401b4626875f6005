"""Firefox by WebDriver BiDi: https://w3c.github.io/webdriver-bidi/."""

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from shutil import which
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Message, Ping, Request, TextMessage

from tests import needs

TABS = 4
PREFERENCES = {
    # Pages of windows that nobody looks at have slow timers.
    "dom.min_background_timeout_value": 4,
    "dom.min_background_timeout_value_without_budget_throttling": 4,
    "dom.timeout.enable_budget_timer_throttling": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.cosmeticAnimations.enabled": False,
}
_LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://[\d.]+:(\d+))")
START_S = 120


class Connection:
    """A session of the browser: each command is answered by its number."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer = reader, writer
        self._socket = WSConnection(ConnectionType.CLIENT)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._count = 0
        self._text = ""
        self.opened = asyncio.Event()
        writer.write(self._socket.send(Request(host=host, target="/session")))

    async def read(self) -> None:
        """Hand over answers until the browser goes."""
        while data := await self._reader.read(1 << 16):
            self._socket.receive_data(data)
            for event in self._socket.events():
                if isinstance(event, AcceptConnection):
                    self.opened.set()
                elif isinstance(event, Ping):
                    self._writer.write(self._socket.send(event.response()))
                elif isinstance(event, TextMessage):
                    self._add(event)

    def _add(self, part: Message[str]) -> None:
        self._text += part.data
        if part.message_finished:
            answer, self._text = json.loads(self._text), ""
            waiting = self._answers.pop(answer.get("id"), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    async def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Return the result of a command."""
        self._count += 1
        answer = self._answers[self._count] = asyncio.get_running_loop().create_future()
        command = json.dumps({"id": self._count, "method": method, "params": parameters})
        self._writer.write(self._socket.send(TextMessage(command)))
        found = await answer
        if found["type"] == "error":
            raise RuntimeError(f"{method}: {found['error']}: {found['message']}")
        result: dict[str, Any] = found["result"]
        return result


class FirefoxTab:
    """A window of Firefox."""

    def __init__(self, connection: Connection, context: str) -> None:
        self._connection, self._context = connection, context

    async def go(self, url: str) -> None:
        """Load the page at *url*, up to the load event."""
        await self._connection.send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def evaluate(self, body: str) -> str:
        """Return the text that *body* returns in the page."""
        found = await self._connection.send(
            "script.evaluate",
            expression=f"(async () => {{ {body} }})()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        text: str = found["result"]["value"]
        return text


@asynccontextmanager
async def firefox() -> AsyncIterator[Sequence[FirefoxTab]]:
    """Run Firefox until the context ends."""
    program = needs.found(
        "browser",
        which("firefox-esr") or which("firefox"),
        "Firefox is missing: run 'sh tools/ensure-debian-packages browsers', which installs it",
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (Path(profile) / "user.js").write_text("\n".join(lines))
        process = await asyncio.create_subprocess_exec(
            *(program, "--headless", "--no-remote", "--profile", profile),
            *("--remote-debugging-port", "0", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stderr is not None
            port = await asyncio.wait_for(_port(process.stderr), START_S)
            # A pipe that nobody empties would stop the browser.
            draining = asyncio.create_task(process.stderr.read())
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            connection = Connection(reader, writer, f"127.0.0.1:{port}")
            reading = asyncio.create_task(connection.read())
            await connection.opened.wait()
            await connection.send("session.new", capabilities={})
            windows = [await connection.send("browsingContext.create", type="window") for _ in range(TABS)]
            yield [FirefoxTab(connection, window["context"]) for window in windows]
            reading.cancel()
            draining.cancel()
            writer.close()
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _port(errors: asyncio.StreamReader) -> int:
    while line := await errors.readline():
        if found := _LISTENING.search(line):
            return int(found[2])
    raise AssertionError("Firefox did not start")

"""WebKitGTK by WebDriver: https://www.w3.org/TR/webdriver2/."""

import asyncio
import json
import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from shutil import which
from typing import Any

from tests import needs

START_S = 120
START_STEP_S = 0.1
PATIENCE_S = 25
_MISSING = "WebKitGTK is missing: run 'sh tools/ensure-debian-packages browsers', which installs it"


class WebKitTab:
    """The window of a session."""

    def __init__(self, driver: str, session: str) -> None:
        self._url = f"{driver}/session/{session}"

    async def go(self, url: str) -> None:
        """Load the page at *url*, up to the load event."""
        await asyncio.to_thread(command, f"{self._url}/url", {"url": url})

    async def evaluate(self, body: str) -> str:
        """Return the text that *body* returns in the page."""
        script = f"const done = arguments[0]; (async () => {{ {body} }})().then(done, error => done(`${{error}}`))"
        found = await asyncio.to_thread(command, f"{self._url}/execute/async", {"script": script, "args": []})
        return str(found)


def command(url: str, parameters: object = None, method: str = "POST") -> Any:
    """Return the value that the driver answers with."""
    body = None if parameters is None else json.dumps(parameters).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=2 * PATIENCE_S) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        about = json.load(error)["value"]
        raise RuntimeError(f"{url}: {about}") from error


@asynccontextmanager
async def webkit() -> AsyncIterator[Sequence[WebKitTab]]:
    """Run WebKitGTK's MiniBrowser on a display that nobody sees, until the context ends."""
    program = needs.found("browser", which("WebKitWebDriver"), _MISSING)
    display = needs.found("browser", which("xvfb-run"), _MISSING)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    driver = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *(display, "-a", program, f"--port={port}"),
        # Containers allow no namespaces, which the sandbox is made of; the pages are our own.
        env={**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await asyncio.wait_for(_started(driver), START_S)
        session = (await asyncio.to_thread(command, f"{driver}/session", {"capabilities": {}}))["sessionId"]
        timeouts = {"pageLoad": PATIENCE_S * 1000, "script": PATIENCE_S * 1000}
        await asyncio.to_thread(command, f"{driver}/session/{session}/timeouts", timeouts)
        yield [WebKitTab(driver, session)]
        await asyncio.to_thread(command, f"{driver}/session/{session}", None, "DELETE")
    finally:
        # The session holds the display and the browser, too.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _started(driver: str) -> None:
    while True:
        with suppress(OSError):
            await asyncio.to_thread(command, f"{driver}/status", None, "GET")
            return
        await asyncio.sleep(START_STEP_S)

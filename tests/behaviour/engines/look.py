"""What Firefox and WebKitGTK make of a small page with modules."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tests.behaviour.engines.firefox import firefox
from tests.behaviour.engines.webkit import webkit
from tests.behaviour.look import DOM, LOG

QUIET_MS = 300
"""How long a page that asks for more after its load must have been at rest: wrote, loaded and added nothing."""
BRIEF_MS = 100
"""The same for a page that does all it does before the load event."""
PATIENCE_S = 60
"""More than the drivers' own patience."""
STEP_MS = 20
LATE_MS = 10_000
"""How long a page may take for the value that is to be kept: a wrong one may wait for ever."""

_SERVER = re.compile(r"(?:http://)?(?:127\.0\.0\.1|localhost):[0-9]+")
# Neither engine tells from outside what a page still waits for.
_REST = """
  const pause = () => new Promise(resolve => setTimeout(resolve, STEP));
  const state = () => [
    document.readyState, typeof log === 'undefined' ? 0 : log.length,
    performance.getEntriesByType('resource').length, document.getElementsByTagName('*').length,
  ].join();
  for (let last = '', quiet = 0; quiet < MILLISECONDS || !last.startsWith('complete'); quiet += STEP) {
    await pause();
    const now = state();
    if (now !== last) quiet = 0;
    last = now;
  }
""".replace("STEP", str(STEP_MS))


class Visit(NamedTuple):
    """A page to look at. *seen* is an expression to keep; a *restless* page asks for more after its load event."""

    url: str
    seen: str = ""
    is_restless: bool = True


@dataclass(frozen=True)
class Look:
    """One page as an engine shows it, or why there is no answer.

    Addresses are without their server, as each form has one of its own.
    """

    log: tuple[str, ...] = ()
    dom: str = ""
    seen: str = ""
    failure: str = ""


class Tab(Protocol):
    """A window of a browser: goes to an address, and evaluates the body of an async function to a text there."""

    async def go(self, url: str) -> None:
        """Load the page at *url*, up to the load event."""

    async def evaluate(self, body: str) -> str:
        """Return the text that *body* returns in the page."""


Engine = Callable[[], AbstractAsyncContextManager[Sequence[Tab]]]
ENGINES: dict[str, Engine] = {"firefox": firefox, "webkit": webkit}


def look_at_all(engine: str, visits: Sequence[Visit]) -> list[Look]:
    """Return the look of each visit."""
    return asyncio.run(_look_at_all(ENGINES[engine], visits))


async def _look_at_all(engine: Engine, visits: Sequence[Visit]) -> list[Look]:
    waiting = list(enumerate(visits))[::-1]
    looks: dict[int, Look] = {}
    async with engine() as tabs:

        async def work(tab: Tab) -> None:
            while waiting:
                number, visit = waiting.pop()
                looks[number] = await _patiently(_look_at(tab, visit))

        await asyncio.gather(*map(work, tabs))
    return [looks[number] for number in range(len(visits))]


async def _patiently(look: Awaitable[Look]) -> Look:
    try:
        return await asyncio.wait_for(look, PATIENCE_S)
    except (TimeoutError, RuntimeError) as error:
        return Look(failure=repr(error))


async def _look_at(tab: Tab, visit: Visit) -> Look:
    await tab.go(visit.url)
    rest = _REST.replace("MILLISECONDS", str(QUIET_MS if visit.is_restless else BRIEF_MS))
    value = f"(async () => ({visit.seen or 'null'}))().catch(error => `${{error}}`)"
    late = f"new Promise(resolve => setTimeout(resolve, {LATE_MS}, 'no answer'))"
    text = await tab.evaluate(
        f"{rest} const value = await Promise.race([{value}, {late}]);"
        f" return JSON.stringify([({LOG})(), ({DOM})(), `${{JSON.stringify(value)}}`]);"
    )
    log, dom, seen = json.loads(_SERVER.sub("", text))
    return Look(tuple(log), dom, seen)

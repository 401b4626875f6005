"""Three hosts behind a round robin, server processes with folders of their own; and visitors who check every answer.

While they visit, hosts restart one by one and releases roll over them, as a plan of *moves* says. Pages of all releases
are kept, and what they name is asked for again and again, as by a tab that was left open or a page in a CDN.
"""

import http.client
import json
import os
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import md5, sha256
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.serve.decoded import decoded
from tests.servers.fleet_site import PATHS
from tests.servers.proxies import nginx
from tests.servers.running import free_ports, running
from tests.site import Answer

VISITS = int(os.environ.get("PRESSMARK_VISITS", "150"))
SECRET = "a secret that all hosts of the site have"
RELEASES = ("one", "two", "three")
ROLLS = ("one", "two", "three", "two", "one")
ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
CODINGS = ("identity", "gzip", "br", "zstd")
TIMEOUT_S = 60.0
OUTAGE_S = 10.0
RECOVERY_S = 11.0
"""The seconds for which a store that has failed is left alone, and one more."""
PAUSE_S = 0.05


def sources(release: str) -> dict[str, bytes]:
    """Return the static files of a release: each differs from that of another by a line."""
    files = {}
    for stem in ("base", "mixed", *PATHS):
        name = stem if stem in ("base", "mixed") else "page"
        rules = "".join(f".{stem}-{number} {{ color: #{number * 7919:06x} }}\n" for number in range(100))
        functions = "".join(f"function {stem}{number}() {{ return {number * 7919} }}\n" for number in range(100))
        files[f"{stem}.css"] = f"{rules}html {{ --{name}: {release} {stem} }}".encode()
        files[f"{stem}.js"] = f"{functions}var {name} = '{release} {stem}';\n".encode()
    return files


def hashed(name: str, content: bytes) -> str:
    """Return the name that Django's ManifestStaticFilesStorage gives to a file."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{md5(content, usedforsecurity=False).hexdigest()[:12]}.{ending}"


class Host:
    """A host at *address* (name and port) with all it has in *folder*; *settings* are those of Pressmark."""

    def __init__(self, folder: Path, address: str, *, has_hashed_names: bool, settings: dict[str, Any]) -> None:
        self.folder, self.address, self._settings = folder, address, settings
        self._has_hashed_names = has_hashed_names
        self._process = ExitStack()
        (folder / "static").mkdir(parents=True)
        self.copy(RELEASES[0])
        self.switch(RELEASES[0])

    def _names(self, release: str) -> dict[str, str]:
        files = sources(release)
        return {name: hashed(name, content) if self._has_hashed_names else name for name, content in files.items()}

    def copy(self, release: str) -> None:
        """Put the static files of a release beside those that are there, or in the place of those with their names."""
        names = self._names(release)
        for name, content in sources(release).items():
            (self.folder / "static" / names[name]).write_bytes(content)

    def switch(self, release: str) -> None:
        """Have the pages be those of a release from the next start on."""
        state = {"release": release, "names": self._names(release)}
        (self.folder / "site.json").write_text(json.dumps(state))

    def lose_cache(self) -> None:
        """Take everything away that Pressmark has kept."""
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def start(self) -> None:
        """Start two worker processes, and return when one of them answers."""
        name, _, port = self.address.partition(":")
        command = f"gunicorn -w 2 --no-control-socket -b {self.address} tests.servers.fleet_site:site()"
        environment = {"FLEET_SETTINGS": json.dumps(self._settings)}
        self._process.enter_context(running(command.split(), self.folder, int(port), name, **environment))

    def stop(self) -> None:
        """End the processes by SIGTERM, and return when they have."""
        self._process.close()

    def asked_for(self, path: str) -> int:
        """Return how often this host was asked for *path*."""
        return (self.folder / "paths.log").read_text().splitlines().count(path)


@dataclass(frozen=True)
class Move:
    """What happens to host number *host* when *visit* begins: it restarts, maybe with another release."""

    visit: int
    host: int
    release: str | None = None
    loses_cache: bool = False


def moves(visits: int = VISITS, *, lose_caches: bool = False) -> list[Move]:
    """Return the plan of a site whose releases roll from one to two, three, two and one, while hosts restart."""
    period = visits // len(ROLLS)
    apart = min(period // 6, 100)
    rolls = [
        Move(period * number + apart * host, host, release)
        for number, release in enumerate(ROLLS)
        if number
        for host in range(len(ADDRESSES))
    ]
    every = min(period, 100)
    restarts = [
        Move(visit, number % len(ADDRESSES), loses_cache=lose_caches)
        for number, visit in enumerate(range(every, visits, every))
    ]
    return sorted(rolls + restarts, key=lambda move: move.visit)


class Fleet:
    """Three hosts and the balancer before them, at *base*. Moves are made one after the other while visits go on."""

    def __init__(self, hosts: Sequence[Host], base: str, *, copies_ahead: bool) -> None:
        self.hosts, self.base, self._copies_ahead = hosts, base, copies_ahead
        self.restarts = self.lost_caches = 0
        self.may_roll_at = 0.0
        """The time (of ``time.monotonic``) before which no release begins to roll."""
        self._mover = ThreadPoolExecutor(1)
        self._moving: Future[None] | None = None

    def begin(self, move: Move) -> None:
        """Wait until the move before is done, and begin *move*."""
        self.settle()
        if move.release:
            time.sleep(max(self.may_roll_at - time.monotonic(), 0))
        self._moving = self._mover.submit(self._make, move)

    def settle(self) -> None:
        """Return when all hosts are up. Raises what went wrong with the last move."""
        if self._moving is not None:
            self._moving.result()

    def _make(self, move: Move) -> None:
        host = self.hosts[move.host]
        if move.release and self._copies_ahead and move.host == 0:
            for each in self.hosts:
                each.copy(move.release)
        host.stop()
        if move.release:
            host.copy(move.release)
            host.switch(move.release)
        if move.loses_cache:
            host.lose_cache()
            self.lost_caches += 1
        host.start()
        self.restarts += 1

    def close(self) -> None:
        """End all hosts."""
        self._mover.shutdown()
        for host in self.hosts:
            host.stop()


@contextmanager
def fleet(folder: Path, *, has_hashed_names: bool = False, **settings: Any) -> Iterator[Fleet]:
    """Run three hosts with *settings* of Pressmark and a balancer without a cache before them."""
    ports = free_ports(len(ADDRESSES))
    hosts = [
        Host(folder / address, f"{address}:{port}", has_hashed_names=has_hashed_names, settings=settings)
        for address, port in zip(ADDRESSES, ports, strict=True)
    ]
    with nginx(folder / "balancer", [host.address for host in hosts]) as base:
        running_fleet = Fleet(hosts, base, copies_ahead=has_hashed_names)
        try:
            for host in hosts:
                host.start()
            yield running_fleet
        finally:
            running_fleet.close()


class Client:
    """Asks one server by a connection that stays open."""

    def __init__(self, base: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=TIMEOUT_S)

    def get(self, path: str, **headers: str) -> Answer:
        """Return the whole answer."""
        self._connection.request("GET", path, headers={name.replace("_", "-"): each for name, each in headers.items()})
        answer = self._connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def is_right(answer: Answer, url: str) -> bool:
    """Tell whether *answer* has, in whatever coding, the bytes whose hash is in *url*."""
    content = decoded(answer.body, answer.headers.get("Content-Encoding"))
    return re.findall(r"[/.]([0-9a-f]{32})[~.]", url) == [sha256(content).hexdigest()[:32]]


@dataclass
class Tally:
    """What visitors have seen. *faults* tells each answer that was not as it should be, apart from pages as written."""

    visits: int = 0
    bundles: int = 0
    as_written: int = 0
    from_other_hosts: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0
    faults: list[str] = field(default_factory=list)


class Visitors:
    """Visit pages by *client*, each of which should name *expected* bundles, and check all that they get."""

    def __init__(self, client: Client, expected: int) -> None:
        self.tally, self._expected = Tally(), expected
        self._client, self._chance = client, random.Random(7)
        self.kept: dict[bytes, Answer] = {}

    def visit(self) -> None:
        """Load a page and what it names, then what a page that was kept names."""
        self.tally.visits += 1
        page = self._client.get(f"/{self._chance.choice(PATHS)}")
        self.tally.statuses[page.status] += 1
        if page.status != 200:
            self.tally.faults.append(f"visit {self.tally.visits}: a page has status {page.status}")
            return
        if len(page.bundles) == self._expected:
            self.kept[page.body] = page
        else:
            self.tally.as_written += 1
        self._load(page)
        if self.kept:
            self._load(self._chance.choice(list(self.kept.values())))

    def _load(self, page: Answer) -> None:
        for url in page.bundles:
            self.tally.bundles += 1
            coding = CODINGS[(self.tally.visits + self.tally.bundles) % len(CODINGS)]  # another at each visit
            answer = self._client.get(url, Accept_Encoding=coding)
            self.tally.statuses[answer.status] += 1
            self.tally.from_other_hosts += answer.headers["X-Upstream"] != page.headers["X-Upstream"]
            if answer.status != 200:
                self._complain(page, url, f"status {answer.status} {answer.headers}")
            elif not is_right(answer, url):
                self.tally.wrong += 1
                self._complain(page, url, "other bytes")
            elif answer.headers.get("Content-Encoding", "identity") not in ("identity", coding):
                self._complain(page, url, f"not what {coding} was asked for")

    def _complain(self, page: Answer, url: str, what: str) -> None:
        title = page.body.partition(b"<title>")[2].partition(b"<")[0].decode()
        self.tally.faults.append(f"visit {self.tally.visits}: {what} at {url} of page {title!r}")


class Outages:
    """Has a store fail while *flag* is there: for ten seconds from each of the visits *starts* on, without a roll.

    Every host has been asked for everything before. Without their store, hosts that lack a bundle of another release
    or of inline code could but answer with 503.
    """

    def __init__(self, fleet: Fleet, visitors: Visitors, flag: Path, starts: Sequence[int]) -> None:
        self._fleet, self._visitors, self._flag, self._starts = fleet, visitors, flag, starts
        self._ends_at = 0.0

    def happen(self, number: int) -> None:
        """Begin or end an outage before a visit, or let some time pass in one."""
        if number in self._starts:
            self._fleet.settle()
            self._ask_everyone()
            self._flag.touch()
            self._ends_at = time.monotonic() + OUTAGE_S
            self._fleet.may_roll_at = self._ends_at + RECOVERY_S
        elif self._flag.exists():
            time.sleep(PAUSE_S)
            if time.monotonic() >= self._ends_at:
                self._flag.unlink()

    def _ask_everyone(self) -> None:
        kept = {url for page in self._visitors.kept.values() for url in page.bundles}
        for host in self._fleet.hosts:
            with Client(f"http://{host.address}") as client:
                statuses = {client.get(path).status for path in (*(f"/{path}" for path in PATHS), *sorted(kept))}
            assert statuses == {200}

    def end(self) -> None:
        """Wait for the end of an outage."""
        time.sleep(max(self._ends_at - time.monotonic(), 0))
        self._flag.unlink(missing_ok=True)


def drill(fleet: Fleet, visitors: Visitors, plan: list[Move], happen: Callable[[int], object] | None = None) -> None:
    """Make all visits while the fleet moves as the *plan* says; something may *happen* before each of them."""
    for number in range(VISITS):
        while plan and plan[0].visit <= number:
            fleet.begin(plan.pop(0))
        if happen:
            happen(number)
        visitors.visit()
    fleet.settle()


@dataclass
class Shown:
    """What Chromium made of a page: the *state* that its styles and scripts left, and every complaint."""

    state: dict[str, str]
    complaints: list[str]


STATE = """
() => {
  const style = getComputedStyle(document.documentElement);
  const read = name => style.getPropertyValue(name).trim();
  return { base: read('--base'), page: read('--page'), mixed: read('--mixed'), inline: read('--inline'),
           'base.js': String(window.base), 'page.js': String(window.page) };
}
"""


def shown(browser: Browser, base: str, page: Answer) -> Shown:
    """Return what a fresh context of Chromium makes of a page that somebody has kept; its bundles come from *base*."""
    context = browser.new_context()
    tab, complaints = context.new_page(), list[str]()
    tab.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    tab.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    tab.on("response", lambda got: complaints.append(f"{got.status}: {got.url}") if got.status >= 400 else None)
    tab.route(f"{base}/kept", lambda route: route.fulfill(body=page.body, content_type="text/html; charset=utf-8"))
    tab.goto(f"{base}/kept", wait_until="load")
    state = tab.evaluate(STATE)
    context.close()
    return Shown(state, complaints)

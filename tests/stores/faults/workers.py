"""Server processes for the tests of faults: each has a site of its own over a cache directory that all of them share.

``python -m tests.stores.faults.workers ADDRESS primed`` imports everything once, bundles a page, and then forks a
worker for each connection to the Unix socket ADDRESS, so that a worker is a new process and costs a few milliseconds.
It carries out the methods of ``Desk`` that it is told over its connection. ``Worker`` is the other end of that.
"""

import ctypes
import errno
import logging
import os
import re
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from tests.site import Site

DEADLINE_S = 15.0
"""Seconds after which a worker that has not answered hangs. Its pages wait for ten."""

NAME = re.compile(r"[0-9a-f]{32}")


class Clock:
    """The clocks of a worker, which can be set ahead. What was imported before pressmark has the real ones."""

    monotonic, wall = 0.0, 0.0  # seconds ahead

    @classmethod
    def install(cls) -> None:
        """Put them in the place of the real ones. Comes before the import of pressmark, which keeps what it finds."""
        monotonic, wall = time.monotonic, time.time
        time.monotonic = lambda: monotonic() + cls.monotonic
        time.time = lambda: wall() + cls.wall


@dataclass(frozen=True)
class Got:
    """An answer, or the exception that came instead of it, and the seconds that it took."""

    status: int
    body: bytes
    urls: tuple[str, ...]
    seconds: float
    raised: str = ""
    is_stored: bool = False  # caches may keep it

    def is_right(self, url: str) -> bool:
        """Tell whether this is the bundle at *url*: its name is its hash."""
        [name] = NAME.findall(url)
        return self.status == 200 and sha256(self.body).hexdigest()[:32] == name


class Desk:
    """What a worker can be told to do."""

    def __init__(self) -> None:
        self._site: Site | None = None
        self._log: list[str] = []

    def open(self, static: str, page: bytes, options: dict[str, Any], clocks: tuple[float, float]) -> None:
        """Begin as a new server process, with clocks that are (monotonic, wall) seconds ahead."""
        from tests.site import Site  # noqa: PLC0415  # after the clocks

        Clock.monotonic, Clock.wall = clocks
        handler = logging.Handler()
        handler.emit = lambda record: self._log.append(f"{record.levelname}: {record.getMessage()}")  # type: ignore[method-assign]
        logging.getLogger("pressmark").addHandler(handler)
        self._site = Site(Path(static), page, options)

    def get(self, path: str) -> Got:
        """Ask for a page or a bundle."""
        assert self._site is not None
        started = time.perf_counter()
        try:
            answer = self._site.get(path)
        except BaseException as error:  # it is for the test to judge
            return Got(0, b"", (), time.perf_counter() - started, repr(error))
        is_stored = "no-store" not in answer.headers.get("Cache-Control", "")
        urls = tuple(answer.bundles)
        return Got(answer.status, answer.body, urls, time.perf_counter() - started, is_stored=is_stored)

    def begin(self) -> None:
        """Ask for the page on another thread, and return when its build has begun to run."""
        assert self._site is not None
        builds = self._site.app._core.pipeline._builds
        asking = threading.Thread(target=self.get, args=("/",), daemon=True)
        asking.start()
        while asking.is_alive() and not builds._running:
            time.sleep(0)

    def show(self, page: bytes) -> None:
        """Have the application answer with another page from now on."""
        assert self._site is not None
        self._site.page = page

    def wait(self) -> None:
        """Return when nothing is left to be done for which no page waits: sweeping, compressing."""
        from tests.site import wait_for_background  # noqa: PLC0415

        assert self._site is not None
        wait_for_background(self._site.app)

    def later(self, seconds: float) -> None:
        """Let time pass by the monotonic clock."""
        Clock.monotonic += seconds

    def arm(self, group: str, directory: str, number: int, error: int, lasts: bool) -> None:
        """Have a call of libc fail; see faults.c."""
        ctypes.CDLL(None).fail_at(group.encode(), os.fsencode(directory), number, error, lasts)

    def disarm(self) -> tuple[int, int]:
        """Have none fail any more. Return how many were counted, and how many failed."""
        shim = ctypes.CDLL(None)
        shim.fail_never()
        return shim.calls_counted(), shim.calls_failed()

    def handles(self, directory: str) -> int:
        """Return the number of open files below *directory*."""
        paths = []
        for handle in os.listdir("/proc/self/fd"):
            with suppress(OSError):
                paths.append(os.readlink(f"/proc/self/fd/{handle}"))
        return sum(path.startswith(directory + "/") for path in paths)

    def threads(self) -> int:
        """Return the number of threads."""
        return threading.active_count()

    def log(self) -> list[str]:
        """Return the lines that were logged."""
        return self._log


def serve(desk: Desk, connection: Connection) -> None:
    """Carry out what comes over *connection*, until it ends."""
    with suppress(EOFError, ConnectionError):
        while True:
            name, arguments = connection.recv()
            if name == "fork":  # as a server that loads the application before it forks
                if os.fork() == 0:
                    connection.close()
                    connection = Client(arguments[0], "AF_UNIX", None)
                    connection.send(os.getpid())
                    continue
                connection.send(None)
                continue
            connection.send(getattr(desk, name)(*arguments))


def prime() -> None:
    """Bundle a page, so that workers find everything imported and compiled.

    No other thread does so, as main() forks, and no database is opened: SQLite keeps a state that forks inherit.
    """
    from pressmark import assembly  # noqa: PLC0415  # after the clocks
    from pressmark.stores.memory import MemoryStore  # noqa: PLC0415
    from tests.site import Site, css_region, js_region  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, mock.patch.object(assembly, "_store", return_value=MemoryStore()):
        (Path(folder) / "a.css").write_text("a { color: red }")
        (Path(folder) / "a.js").write_text("var a = 1")
        site = Site(Path(folder), css_region("a.css") + js_region("a.js"))
        pipeline: Any = site.app._core.pipeline
        pipeline._builds.submit = lambda _, work: _done(work())
        pipeline._background.submit = lambda *_: _done(None)
        assert len(site.get().bundles) == 2
    assert threading.active_count() == 1


def _done(result: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(result)
    return future


def main(address: str, is_primed: str) -> None:
    """Fork a worker for each connection to *address*, until killed."""
    Clock.install()
    if is_primed == "primed":
        prime()
    else:
        import tests.site  # noqa: F401, PLC0415  # after the clocks
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    with Listener(address, "AF_UNIX", backlog=64) as listener:
        print("ready", flush=True)
        while True:
            connection = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                connection.send(os.getpid())
                serve(Desk(), connection)
                os._exit(0)
            connection.close()


class StoppedError(Exception):
    """A worker hangs, or has died."""


class Worker:
    """The test's end of a connection to a worker."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pid: int = connection.recv()

    def get(self, path: str = "/") -> Got:
        """Ask for a page or a bundle. Raises StoppedError."""
        got: Got = self.tell("get", path)
        return got

    def bundles(self, *urls: str) -> list[bool]:
        """Tell which of the bundles are answered, with the right bytes. Raises StoppedError."""
        return [self.get(url).is_right(url) for url in urls]

    def tell(self, name: str, *arguments: object) -> Any:
        """Have the worker carry out a method of its desk; return the result. Raises StoppedError."""
        self.send(name, *arguments)
        return self.receive(name)

    def send(self, name: str, *arguments: object) -> None:
        """Have the worker begin to carry out a method."""
        try:
            self._connection.send((name, arguments))
        except ConnectionError as error:
            raise StoppedError(f"the process is dead before {name}") from error

    def receive(self, name: str, timeout_s: float = DEADLINE_S) -> Any:
        """Return the result of what was begun. Raises StoppedError."""
        if not self._connection.poll(timeout_s):
            raise StoppedError(f"{name} hangs for {timeout_s} s")
        try:
            return self._connection.recv()
        except (EOFError, ConnectionError) as error:
            raise StoppedError(f"the process died in {name}") from error

    def kill(self) -> None:
        """End the process as the system does when memory is short."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._connection.close()

    def fork(self, address: str) -> "Worker":
        """Return a fork of this worker: another process, with all that this one has opened."""
        with Listener(address, "AF_UNIX") as listener:
            self.tell("fork", address)
            return Worker(listener.accept())


ERRORS = {number: name for name, number in vars(errno).items() if isinstance(number, int)}

if __name__ == "__main__":
    from tests.stores.faults import workers  # noqa: PLW0406  # what it sends must bear the name under which the tests know it

    workers.main(*sys.argv[1:])

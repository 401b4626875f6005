"""What a shared store costs pages, well and not well: ``python -m benchmarks.shared_store``.

Pages of one host without a shared store, and with a Redis of its own that answers, then stands still (SIGSTOP), and
then answers again. *Warm* pages were rendered before; *restarted* is the first page of a new process that finds
everything in its cache directory; *cold* regions are built for the first time. All take turns in one run; microseconds
are medians, and the ratio is that to the page without a shared store. At the end it tells the seconds until a new
region is bundled again.
"""

import statistics
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

from pressmark import WSGIMiddleware
from tests.site import css_region
from tests.stores.engines import redis_engine

ROUNDS = 200
STARTS = 20
SECRET = "a secret of the benchmark"
NUMBERS = count()


class Host:
    """A host with a folder of its own; *options* are settings."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self._folder, self._options = folder, options
        (folder / "static").mkdir(parents=True)
        self.page = b""
        self.start()

    def start(self) -> None:
        """Start a new process, as far as the middleware knows."""
        static = {"/static/": str(self._folder / "static")}
        options = {"static": static, "cache_dir": self._folder / "cache", "build_wait": None, "secret": SECRET}
        self._app = WSGIMiddleware(self._answer, **options | self._options)  # type: ignore[arg-type]

    def new_region(self) -> None:
        """Have the page show a region that nobody has met."""
        name = f"{next(NUMBERS)}.css"
        (self._folder / "static" / name).write_text(f".a{name[:-4]} {{ color: red }}\n" * 50)
        self.page = b"<head>" + css_region(name)

    def get(self) -> float:
        """Return the microseconds that a page takes."""
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "SCRIPT_NAME": ""}
        began = time.perf_counter()
        self.body = b"".join(self._app(environ, lambda *_: None))  # type: ignore[arg-type]
        return (time.perf_counter() - began) * 1e6

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [self.page]


def measure(hosts: dict[str, Host], state: str) -> None:
    """Print a table of one state of the store."""
    times: dict[tuple[str, str], list[float]] = {}
    for host in hosts.values():
        host.get()
    for _ in range(ROUNDS):
        for name, host in hosts.items():
            times.setdefault(("warm", name), []).append(host.get())
    for _ in range(STARTS):
        for name, host in hosts.items():
            host.start()
            times.setdefault(("restarted", name), []).append(host.get())
    kept = {name: host.page for name, host in hosts.items()}
    for _ in range(STARTS):
        for name, host in hosts.items():
            host.new_region()
            times.setdefault(("cold", name), []).append(host.get())
    for name, host in hosts.items():
        host.page = kept[name]
    for what in ("warm", "restarted", "cold"):
        without, with_it = (statistics.median(times[what, name]) for name in hosts)
        print(f"{state:18} {what:10} without {without:8.0f} us, with {with_it:8.0f} us: {with_it / without:.2f} x")


def main() -> None:
    """Print how long pages take."""
    with tempfile.TemporaryDirectory() as folder, redis_engine() as engine:
        hosts = {"without": Host(Path(folder, "without")), "with": Host(Path(folder, "with"), store=engine.url)}
        for host in hosts.values():
            host.new_region()
        measure(hosts, "it answers")
        known = hosts["with"].page
        engine.pause()
        for _ in range(3):  # until it is left alone
            hosts["with"].new_region()
            hosts["with"].get()
        hosts["with"].page = known
        measure(hosts, "it does not answer")
        engine.go_on()
        began = time.monotonic()
        while True:
            hosts["with"].new_region()
            hosts["with"].get()
            if b"/pressmark/" in hosts["with"].body:
                break
            time.sleep(0.2)
        print(f"bundled again {time.monotonic() - began:.1f} s after it answers")


if __name__ == "__main__":
    main()

"""How many bundles real servers send in a second: ``python -m benchmarks.served``.

The same stylesheet of 100 KB, asked for with ``Accept-Encoding: br`` by wrk: under uvicorn from Pressmark, from
Starlette's StaticFiles (which has no Brotli), from ServeStatic, and from an application that holds the very same bytes
in a dictionary; under gunicorn from Pressmark and from WhiteNoise, by its default workers, which take a new connection
for each request, and by threads, which keep connections. ServeStatic and WhiteNoise have the files that
WhiteNoise's own compressor made. All servers run at once, each is asked in turn, in several rounds; printed are medians
of requests a second, and of how many times as many Pressmark sends in the same round. wrk comes from Debian's packages,
the peers with ``pip install -e . --group bench``.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.endpoint import make_site, page_asgi, page_wsgi
from pressmark import ASGIMiddleware, WSGIMiddleware

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 16
FOLDER = "PRESSMARK_BENCHMARK_FOLDER"


def pressmark_asgi(folder: Path) -> Any:
    """Return Pressmark before a page."""
    return ASGIMiddleware(page_asgi, **_options(folder))


def pressmark_wsgi(folder: Path) -> Any:
    """Return Pressmark before a page."""
    return WSGIMiddleware(page_wsgi, **_options(folder))


def static_files(folder: Path) -> Any:
    """Return Starlette's own application for files."""
    from starlette.staticfiles import StaticFiles  # noqa: PLC0415  # each server loads but its own

    return StaticFiles(directory=folder)


def serve_static(folder: Path) -> Any:
    """Return ServeStatic before a page."""
    from servestatic import ServeStaticASGI  # noqa: PLC0415

    return ServeStaticASGI(page_asgi, root=str(folder))


def white_noise(folder: Path) -> Any:
    """Return WhiteNoise before a page."""
    from whitenoise import WhiteNoise  # noqa: PLC0415

    return WhiteNoise(page_wsgi, root=str(folder))


def dictionary(folder: Path) -> Any:
    """Return an application that sends what Pressmark would, as it is."""
    body = (folder / "a.css.br").read_bytes()
    headers = [(b"content-type", b"text/css; charset=utf-8"), (b"content-encoding", b"br"),
               (b"content-length", str(len(body)).encode())]  # fmt: skip
    known = {"/a.css": body}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": known[scope["path"]]})

    return app


SERVERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "Pressmark": ("uvicorn", pressmark_asgi),
    "dictionary": ("uvicorn", dictionary),
    "StaticFiles": ("uvicorn", static_files),
    "ServeStatic": ("uvicorn", serve_static),
    "Pressmark, WSGI": ("gunicorn", pressmark_wsgi),
    "WhiteNoise": ("gunicorn", white_noise),
    "Pressmark, threads": ("gthread", pressmark_wsgi),
    "WhiteNoise, threads": ("gthread", white_noise),
}
OURS = {"uvicorn": "Pressmark", "gunicorn": "Pressmark, WSGI", "gthread": "Pressmark, threads"}


def __getattr__(name: str) -> Any:
    """Return the application that a server asks this module for by its place in ``SERVERS``."""
    if not re.fullmatch("app[0-9]", name):
        raise AttributeError(name)
    return list(SERVERS.values())[int(name[3:])][1](Path(os.environ[FOLDER]))


def _options(folder: Path) -> dict[str, Any]:
    return {"static": {"/static/": folder}, "cache_dir": folder.parent / "cache", "minify": False}


@contextmanager
def running(number: int, server: str, folder: Path) -> Iterator[str]:
    """Run a server and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = f"benchmarks.served:app{number}"
    gunicorn = ["gunicorn", "--log-level=error", "--workers=1", f"--bind=127.0.0.1:{port}"]
    command = {
        "uvicorn": ["uvicorn", "--log-level=error", "--no-access-log", f"--port={port}", app],
        "gunicorn": [*gunicorn, app],
        "gthread": [*gunicorn, "--worker-class=gthread", "--threads=4", app],
    }[server]
    with subprocess.Popen([sys.executable, "-m", *command], env=os.environ | {FOLDER: str(folder)}) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended at once")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} does not answer")


def target(name: str, address: str) -> str:
    """Return the URL to ask for, once what is sent there is in its smallest form."""
    if not name.startswith("Pressmark"):
        return f"{address}/a.css"
    with urllib.request.urlopen(f"{address}/") as page:
        found = re.search(r'href="([^"]+)"', page.read().decode())
    url = address + (found[1] if found else "")
    tags: list[str] = []
    while len(set(tags)) < 2:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "br"})) as bundle:
            tags.append(bundle.headers["ETag"])
        time.sleep(0.05)
        if len(tags) > 40:  # it was there from the start, made by the process before
            break
    return url


def rate(url: str) -> float:
    """Return how many requests a second wrk has answered."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: br", url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([0-9.]+)", printed)
    if not found or "Non-2xx" in printed:
        raise RuntimeError(f"{url} was not answered:\n{printed}")
    return float(found[1])


def main() -> None:
    """Print one line a server."""
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        static = Path(folder) / "static"
        static.mkdir()
        make_site(static)
        subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", str(static)], check=True)
        urls = {}
        for number, (name, (server, _)) in enumerate(SERVERS.items()):
            urls[name] = target(name, stack.enter_context(running(number, server, static)))
        rates: dict[str, list[float]] = {name: [] for name in urls}
        for _ in range(ROUNDS):
            for name, url in urls.items():
                rates[name].append(rate(url))
        for name, (server, _) in SERVERS.items():
            ours = rates[OURS[server]]
            ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, rates[name], strict=True))
            sys.stdout.write(f"{server:10}{name:21}{statistics.median(rates[name]):9.0f} a second{ratio:8.2f}\n")


if __name__ == "__main__":
    main()

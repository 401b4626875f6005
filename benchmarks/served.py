"""How many bundles real servers send in a second: ``python -m benchmarks.served``.

The same stylesheet of 100 KB, asked for with ``Accept-Encoding: br`` and as it is, by wrk: under uvicorn and granian
from Pressmark, from Starlette's StaticFiles (which has no Brotli), from ServeStatic, and from an application that holds
the very same bytes in a dictionary; under gunicorn from Pressmark and from WhiteNoise, by its default workers, which
take a new connection for each request, and by threads, which keep connections; and by nginx from a file. ServeStatic
and WhiteNoise have the files that WhiteNoise's own compressor made. All servers have one worker and run at once, each
is asked in turn, in several rounds. nginx and wrk come from Debian's packages.
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
from benchmarks.report.tables import Table, publish
from pressmark import ASGIMiddleware, WSGIMiddleware
from tests.servers.running import free_port

ROUNDS = 3
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
    plain = (folder / "a.css").read_bytes()
    kind = (b"content-type", b"text/css; charset=utf-8")
    known = {
        ("/a.css", b"br"): (body, [kind, (b"content-encoding", b"br"), (b"content-length", b"%d" % len(body))]),
        ("/a.css", b"identity"): (plain, [kind, (b"content-length", b"%d" % len(plain))]),
    }

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        accepted = next(value for name, value in scope["headers"] if name == b"accept-encoding")
        content, headers = known[scope["path"], accepted]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app


SERVERS: tuple[tuple[str, str, Callable[[Path], Any] | None], ...] = (
    ("nginx", "a file", None),
    ("granian", "a dictionary", dictionary),
    ("granian", "Pressmark", pressmark_asgi),
    ("uvicorn", "a dictionary", dictionary),
    ("uvicorn", "Pressmark", pressmark_asgi),
    ("uvicorn", "StaticFiles", static_files),
    ("uvicorn", "ServeStatic", serve_static),
    ("gunicorn", "Pressmark", pressmark_wsgi),
    ("gunicorn", "WhiteNoise", white_noise),
    ("gunicorn, threads", "Pressmark", pressmark_wsgi),
    ("gunicorn, threads", "WhiteNoise", white_noise),
)
FORMS = {"Brotli": "br", "as it is": "identity"}


def __getattr__(name: str) -> Any:
    """Return the application that a server asks this module for by its place in ``SERVERS``."""
    make = list(SERVERS)[int(name[3:])][2] if re.fullmatch("app[0-9]+", name) else None
    if make is None:
        raise AttributeError(name)
    return make(Path(os.environ[FOLDER]))


def _options(folder: Path) -> dict[str, Any]:
    return {"static": {"/static/": folder}, "cache_dir": folder.parent / "cache", "minify": False}


@contextmanager
def running(number: int, server: str, folder: Path) -> Iterator[str]:
    """Run a server and give its address."""
    port = free_port()
    app = f"benchmarks.served:app{number}"
    python = [sys.executable, "-m"]
    gunicorn = [*python, "gunicorn", "--log-level=error", "--workers=1", f"--bind=127.0.0.1:{port}"]
    command = {
        "uvicorn": [*python, "uvicorn", "--log-level=error", "--no-access-log", f"--port={port}", app],
        "granian": [*python, "granian", "--interface=asgi", "--workers=1", "--log-level=error", f"--port={port}", app],
        "gunicorn": [*gunicorn, app],
        "gunicorn, threads": [*gunicorn, "--worker-class=gthread", "--threads=4", app],
        "nginx": [path_of("nginx"), "-c", str(_nginx_settings(folder, port))],
    }[server]
    with subprocess.Popen(command, env=os.environ | {FOLDER: str(folder)}, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def path_of(program: str) -> str:
    """Return the path of *program*. Raises SystemExit if it is missing."""
    path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None:
        raise SystemExit(f"{program} is missing: apt-get install {program}")
    return path


def _nginx_settings(folder: Path, port: int) -> Path:
    """Write the settings by which nginx sends what is in *folder*, or the same in Brotli, of which it knows nothing."""
    path = folder.parent / "nginx.conf"
    path.write_text(
        f"""
        daemon off; worker_processes 1; pid {folder.parent}/nginx.pid; error_log {folder.parent}/nginx.log;
        events {{}}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; types {{ text/css css; }}
            map $http_accept_encoding $ending {{ br .br; default ""; }}
            server {{ listen 127.0.0.1:{port}; root {folder}; location / {{ try_files $uri$ending =404; }} }}
        }}
        """,
        encoding="utf-8",
    )
    return path


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return once *process* answers at *port*. Raises RuntimeError if it ends, or does not answer in 20 seconds."""
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


def rate(url: str, coding: str) -> float:
    """Return how many requests a second wrk has answered."""
    command = [path_of("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Accept-Encoding: {coding}", url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told = re.search(r"Requests/sec:\s+([0-9.]+)", printed)
    if not told or "Non-2xx" in printed:
        raise RuntimeError(f"{url} was not answered:\n{printed}")
    return float(told[1])


def tables() -> tuple[Table]:
    """Return how often each server answers."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)  # nginx reads as another user
        static = Path(folder) / "static"
        static.mkdir()
        make_site(static)
        subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", str(static)], check=True)
        urls = [
            target(name, stack.enter_context(running(number, server, static)))
            for number, (server, name, _) in enumerate(SERVERS)
        ]
        rates: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for url in urls:
                for form, coding in FORMS.items():
                    rates.setdefault((url, form), []).append(rate(url, coding))
    rows = {
        f"{server}: {name}": [statistics.median(rates[url, each]) for each in FORMS]
        for url, (server, name, _) in zip(urls, SERVERS, strict=True)
    }
    about = (
        f"A stylesheet of 100 KB, asked for over {CONNECTIONS} connections. Each server has one worker. A dictionary "
        "is an application that sends the very same bytes and does nothing else. StaticFiles has no Brotli. wrk takes "
        "a processor of its own, and may be what bounds nginx."
    )
    return (Table("Bundles under load", about, "requests a second", list(FORMS), rows, "bars"),)


if __name__ == "__main__":
    publish(*tables())

"""How many pages break on three hosts with disks of their own? ``python -m benchmarks.many_hosts [VISITS]``.

The same visits, with each request to the next host, while hosts restart and releases roll over them one by one: a page
and what it names, then what a page names that somebody has kept. All three sites are of Django with hashed file names:
Pressmark with nothing but a secret, django-compressor that compresses in the request (its files are served by Django's
own view, as WhiteNoise sends none that come after its start), and WhiteNoise with its
CompressedManifestStaticFilesStorage. The files of a release come to all hosts *ahead*, before the first page names
them, or *with* each host's own switch; files of older releases stay. A restart that is no switch loses what a host has
made itself. The peers come with ``pip install -e . --group bench``.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

from tests.servers.fleet import Client, Move, moves, sources
from tests.servers.fleet_site import PATHS
from tests.servers.running import free_ports, running
from tests.sources import python_path

VISITS = 2000
HOSTS = 3
SECRET = "a secret of the benchmark"
TOOLS = ("Pressmark", "django-compressor", "WhiteNoise")
NAMED = re.compile(rb'(?:href|src)="(/[^"]+\.(css|js))"')
MANIFEST = "staticfiles.json"

CSS = """<link rel="stylesheet" href="{% static 'base.css' %}"><link rel="stylesheet" href="{% static css %}">"""
JS = """<script src="{% static 'base.js' %}"></script><script src="{% static js %}"></script>"""
TEMPLATES = {
    "Pressmark": f"{{% load static %}}<!-- compress css -->{CSS}<!-- endcompress --><!-- compress js -->{JS}"
    "<!-- endcompress -->",
    "django-compressor": f"{{% load static compress %}}{{% compress css %}}{CSS}{{% endcompress %}}"
    f"{{% compress js %}}{JS}{{% endcompress %}}",
    "WhiteNoise": f"{{% load static %}}{CSS}{JS}",
}


def configure(tool: str, folder: Path) -> None:
    """Configure Django for the site of a tool in *folder*."""
    import django  # noqa: PLC0415  # only servers and collectstatic need it
    from django.conf import settings  # noqa: PLC0415

    storage = {
        "WhiteNoise": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    }.get(tool, "django.contrib.staticfiles.storage.ManifestStaticFilesStorage")
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders += ["compressor.finders.CompressorFinder"] if tool == "django-compressor" else []
    settings.configure(
        SECRET_KEY=SECRET, ALLOWED_HOSTS=["*"], ROOT_URLCONF="benchmarks.many_hosts",
        INSTALLED_APPS=["django.contrib.staticfiles", *(["compressor"] if tool == "django-compressor" else [])],
        MIDDLEWARE=["whitenoise.middleware.WhiteNoiseMiddleware"] if tool == "WhiteNoise" else [],
        STATIC_URL="/static/", STATIC_ROOT=str(folder / "static"), STATICFILES_DIRS=[str(folder / "sources")],
        STORAGES={"staticfiles": {"BACKEND": storage}}, COMPRESS_ENABLED=True, COMPRESS_MTIME_DELAY=0,
        STATICFILES_FINDERS=finders,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}], BENCHMARK=tool,
    )  # fmt: skip
    django.setup()


def page(request: Any, path: str) -> Any:
    """Return a page of the site."""
    from django.conf import settings  # noqa: PLC0415
    from django.http import HttpResponse  # noqa: PLC0415
    from django.template import engines  # noqa: PLC0415

    template = engines["django"].from_string(f"<!doctype html><meta charset=utf-8>{TEMPLATES[settings.BENCHMARK]}")
    return HttpResponse(template.render({"css": f"{path}.css", "js": f"{path}.js"}))


def __getattr__(name: str) -> Any:
    """Return the routes of the site, which Django asks this module for."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.conf import settings  # noqa: PLC0415
    from django.urls import path, re_path  # noqa: PLC0415
    from django.views.static import serve  # noqa: PLC0415

    files = re_path("^static/(?P<path>.*)$", serve, {"document_root": settings.STATIC_ROOT})
    return [path("<slug:path>", page), *([] if settings.BENCHMARK == "WhiteNoise" else [files])]


def site() -> Any:
    """Return the application of a host, for gunicorn."""
    folder, tool = Path(os.environ["DEMO_CACHE_DIR"]), os.environ["MANY_HOSTS_TOOL"]
    configure(tool, folder)
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    from pressmark import WSGIMiddleware  # noqa: PLC0415

    app = get_wsgi_application()
    static = {"/static/": folder / "static"}
    return WSGIMiddleware(app, static=static, cache_dir=folder / "cache", secret=SECRET) if tool == TOOLS[0] else app


def collected(tool: str, release: str, folder: Path) -> Path:
    """Return a folder that has the static files of a release, as ``collectstatic`` makes them."""
    (folder / "sources").mkdir(parents=True)
    for name, content in sources(release).items():
        (folder / "sources" / name).write_bytes(content)
    code = (
        "import sys; from pathlib import Path; from benchmarks.many_hosts import configure; "
        "configure(sys.argv[1], Path(sys.argv[2])); from django.core.management import call_command; "
        "call_command('collectstatic', interactive=False, verbosity=0)"
    )
    more = [Path.cwd(), *map(Path, filter(None, [os.environ.get("PYTHONPATH")]))]
    environment = os.environ | {"PYTHONPATH": python_path(*more)}
    subprocess.run([sys.executable, "-c", code, tool, str(folder)], check=True, env=environment)
    return folder / "static"


class Host:
    """A host with a folder of its own; *releases* are the folders of collected files."""

    def __init__(self, tool: str, folder: Path, port: int, releases: dict[str, Path]) -> None:
        self._tool, self._folder, self._port, self._releases = tool, folder, port, releases
        self._process = ExitStack()
        (folder / "sources").mkdir(parents=True)  # Django wants it, and nobody reads it
        self.client = Client(f"http://127.0.0.1:{port}")

    def copy(self, release: str) -> None:
        """Put the files of a release beside those that are there."""
        ignore = shutil.ignore_patterns(MANIFEST)
        shutil.copytree(self._releases[release], self._folder / "static", dirs_exist_ok=True, ignore=ignore)

    def switch(self, release: str) -> None:
        """Have pages name the files of a release."""
        self.copy(release)
        shutil.copy(self._releases[release] / MANIFEST, self._folder / "static")

    def lose(self) -> None:
        """Take away what the host has made itself."""
        for name in ("cache", "static/CACHE"):
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def start(self) -> None:
        """Start two workers."""
        command = f"gunicorn -w 2 --no-control-socket -b 127.0.0.1:{self._port} benchmarks.many_hosts:site()"
        self._process.enter_context(running(command.split(), self._folder, self._port, MANY_HOSTS_TOOL=self._tool))

    def stop(self) -> None:
        """End them."""
        self._process.close()


def make(move: Move, hosts: Sequence[Host], *, comes_ahead: bool) -> None:
    """Restart a host, maybe with another release."""
    host = hosts[move.host]
    if move.release and comes_ahead and move.host == 0:
        for each in hosts:
            each.copy(move.release)
    host.stop()
    if move.release:
        host.switch(move.release)
    else:
        host.lose()
    host.start()


def visit_all(hosts: Sequence[Host], visits: int, begin: Callable[[int], None]) -> Counter[str]:
    """Return what went wrong in all visits; *begin* is called before each."""
    seen, kept, turn, chance = Counter[str](), dict[bytes, None](), count(), random.Random(7)
    for number in range(visits):
        begin(number)
        answer = hosts[next(turn) % HOSTS].client.get(f"/{chance.choice(PATHS)}")
        if answer.status != 200:
            seen["pages with an error"] += 1
            continue
        kept[answer.body] = None
        for body in (answer.body, chance.choice(list(kept))):
            failed = [
                kind
                for url, kind in NAMED.findall(body)
                if hosts[next(turn) % HOSTS].client.get(url.decode()).status != 200
            ]
            seen["files with 404"] += len(failed)
            seen["pages unstyled" if body is answer.body else "kept pages unstyled"] += b"css" in failed
    return seen


def measure(tool: str, folder: Path, visits: int, *, comes_ahead: bool) -> Counter[str]:
    """Return what went wrong with a tool."""
    plan = moves(visits)
    names = dict.fromkeys(move.release for move in plan if move.release)
    releases = {name: collected(tool, name, folder / name) for name in names}
    hosts = [Host(tool, folder / f"host{port}", port, releases) for port in free_ports(HOSTS)]

    def begin(number: int) -> None:
        while plan and plan[0].visit <= number:
            make(plan.pop(0), hosts, comes_ahead=comes_ahead)

    try:
        for host in hosts:
            host.switch("one")
            host.start()
        return visit_all(hosts, visits, begin)
    finally:
        for host in hosts:
            host.stop()


def main() -> None:
    """Print one line a tool."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else VISITS
    for comes_ahead in (True, False):
        for tool in TOOLS:
            with tempfile.TemporaryDirectory() as folder:
                seen = measure(tool, Path(folder), visits, comes_ahead=comes_ahead)
            files = "ahead" if comes_ahead else "with"
            columns = ("pages with an error", "files with 404", "pages unstyled", "kept pages unstyled")
            print(f"{files:6}{tool:18}{visits} visits: " + ", ".join(f"{seen[name]} {name}" for name in columns))


if __name__ == "__main__":
    main()

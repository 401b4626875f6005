"""A walk-through: one machine has the sources and a compiler, and builds each release for servers that have neither.

The servers have the application, the manifests and the bundles, and no program on their PATH. Any of them may answer
for a page, and any other for its bundles. The steps are those of docs/building-ahead.md.
"""

import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest

from tests.offline.machines import Machine
from tests.packages.installed import packages
from tests.site import TAG

pytestmark = [pytest.mark.server, pytest.mark.npm]

APP = """
from pressmark import WSGIMiddleware

PAGE = (
    '<!doctype html><meta charset="utf-8"><title>Shop</title><!-- compress css -->'
    '<link rel="stylesheet" type="text/x-scss" href="/static/shop.scss">'
    '<link rel="stylesheet" href="/static/list.css"><!-- endcompress -->'
    '<!-- compress js --><script src="/static/{}.js"></script><script src="/static/shop.js"></script>'
    '<!-- endcompress -->'
)
PAGES = {"/": PAGE.format("home"), "/about/": PAGE.format("about")}

def site(environ, start_response):
    page = PAGES.get(environ["PATH_INFO"])
    start_response("404 Not Found" if page is None else "200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [(page or "no such page").encode()]

app = WSGIMiddleware(
    site, static={"/static/": "static"}, precompilers={"text/x-scss": ["sass", "{infile}"]},
    manifest="dist/manifest.json", on_missing="error",
)
"""
SOURCES = {
    "_colours.scss": "$accent: darkred;",
    "shop.scss": "@use 'colours'; nav { a { color: colours.$accent } }",
    "list.css": "li { list-style: none }",
    "home.js": "var page = 'home';",
    "about.js": "var page = 'about';",
    "shop.js": "document.title += page;",
}
PATHS = ("/", "/about/")
LIMIT_S = 20.0
"""Seconds within which each process of a server must have looked at its manifest."""


def get(url: str) -> bytes:
    """Return what a server has at *url*, which must be there."""
    with urllib.request.urlopen(url, timeout=30) as response:
        body: bytes = response.read()
    return body


def bundles_on(base: str) -> set[str]:
    """Return the paths of the bundles that the pages of a server name."""
    return {path.decode() for page in PATHS for path in TAG.findall(get(base + page))}


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, eight times in a row: a server has several processes."""
    deadline = time.monotonic() + LIMIT_S
    while not all(is_so() for _ in range(8)):
        assert time.monotonic() < deadline, "not all processes have looked at the manifest"
        time.sleep(0.1)


def build(builder: Machine) -> Path:
    """Build the pages, and return the folder of all releases."""
    builder.run("-m", "pressmark", "build", "site_app:app", *PATHS, "--output", "dist")
    return builder.folder / "dist"


def ship_files(dist: Path, server: Machine) -> None:
    """Copy what is new in *dist* to *server*, but for the pointer."""
    for path in dist.rglob("*.*"):
        target = server.folder / "dist" / path.relative_to(dist)
        if path.name != "manifest.json" and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def ship_pointer(dist: Path, server: Machine) -> None:
    """Copy the pointer to *server*, whole or not at all, as rsync does."""
    shutil.copy(dist / "manifest.json", server.folder / "dist" / "new")
    os.replace(server.folder / "dist" / "new", server.folder / "dist" / "manifest.json")


@pytest.fixture
def builder(tmp_path: Path) -> Machine:
    """Return the machine that builds: it has the sources, and Sass on its PATH."""
    machine = Machine(tmp_path / "builder", PATH=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    program = tmp_path / "bin" / "sass"
    program.parent.mkdir()
    node = Path(sys.executable).with_name("node")
    program.write_text(f'#!/bin/sh\nexec "{node}" "{packages() / "sass" / "sass.js"}" "$@"\n')
    program.chmod(0o755)
    (machine.folder / "static").mkdir()
    (machine.folder / "site_app.py").write_text(APP)
    for name, text in SOURCES.items():
        (machine.folder / "static" / name).write_text(text)
    return machine


@pytest.fixture
def servers(tmp_path: Path, builder: Machine) -> Iterator[dict[str, Machine]]:
    """Return running servers by their URLs, which have the first release."""
    dist = build(builder)
    found = {}
    with ExitStack() as stack:
        for name in ("one", "two", "three"):
            machine = Machine(tmp_path / name, PATH="")
            (machine.folder / "site_app.py").write_text(APP)
            ship_files(dist, machine)
            ship_pointer(dist, machine)
            found[stack.enter_context(machine.serving("site_app:app"))] = machine
        yield found


def test_a_page_of_any_server_has_its_bundles_on_each(servers: dict[str, Machine]) -> None:
    pages = {tuple(get(base + path) for path in PATHS) for base in servers}
    sheets = {get(base + path) for base, path in product(servers, bundles_on(next(iter(servers)))) if "/css/" in path}

    assert len(pages) == 1
    assert sheets == {b"nav a{color:darkred}\nli{list-style:none}"}
    for page_server, bundle_server in product(servers, repeat=2):
        bundles = bundles_on(page_server)
        assert len(bundles) == 3
        assert all(get(bundle_server + path) for path in bundles)


def test_servers_without_sources_and_compilers_miss_nothing(servers: dict[str, Machine]) -> None:
    for base, path in product(servers, PATHS):
        assert b"/static/" not in get(base + path)

    assert [machine.told() for machine in servers.values()] == [[], [], []]
    assert not any((machine.folder / "static").exists() for machine in servers.values())


def test_the_next_release_arrives_without_a_restart(builder: Machine, servers: dict[str, Machine]) -> None:
    first, *others = servers
    old = bundles_on(first)
    (builder.folder / "static" / "_colours.scss").write_text("$accent: darkgreen;")
    dist = build(builder)
    sheets = {f"/pressmark/css/{path.name}" for path in dist.rglob("*.css")}
    new = (old | sheets) - (old & sheets)

    for machine in servers.values():
        ship_files(dist, machine)
    time.sleep(1.5)  # a look at the manifest is due each second
    assert [bundles_on(base) for base in servers] == [old, old, old]

    ship_pointer(dist, servers[first])
    until(lambda: bundles_on(first) == new)
    assert [bundles_on(base) for base in others] == [old, old]
    assert all(get(base + path) for base, path in product(servers, old | new))

    for base in others:
        ship_pointer(dist, servers[base])
    until(lambda: all(bundles_on(base) == new for base in others))
    assert all(get(base + path) for base, path in product(servers, old | new))
    assert b"darkgreen" in b"".join(get(first + path) for path in new - old)
    assert [machine.told() for machine in servers.values()] == [[], [], []]
    logs = [(machine.folder / "server.log").read_text() for machine in servers.values()]
    assert [log.count("Booting worker") for log in logs] == [2, 2, 2]

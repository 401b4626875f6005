"""A walk-through: where a project's tests run its bundles are built, and other machines serve them from elsewhere.

The pages are made of Bootstrap, with a remote script and conditional comments. Redis keeps them, and an HTML minifier
that keeps comments stands between the views and Pressmark. The steps are those of docs/building-ahead.md.
"""

import re
import shutil
import urllib.request
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urljoin

import pytest
import redis
from playwright.sync_api import Browser

from tests.browser.look import Look, browser, differing_pixels, look_at
from tests.offline.machines import Machine
from tests.packages.installed import packages
from tests.servers.running import free_port, running
from tests.stores.engines import redis_engine

pytestmark = [pytest.mark.server, pytest.mark.npm]

PROJECT = "tests.offline.bootstrap_site"
ASSETS = Path(__file__).with_name("bootstrap_site") / "assets"
JQUERY = "https://code.jquery.com/jquery-3.7.1.min.js"
HEAD = ["made", "if lt IE 9", "css", "if lt IE 8", "css"]
PAGES = {
    "/": [*HEAD, "js", "for plugins", "jquery", "js"],
    "/about/": [*HEAD, "jquery", "js", "if IE"],
}
"""The pages that the project's tests look at, with their comments, bundles and remote scripts in order."""
PART = re.compile(r'<!--\W*([\w ]+).*?-->|"[^"]*/(css|js|jquery)[/-][^"]*"', re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
WAVES, BANNER = (0x44, 0x88, 0xAA), (0x22, 0x44, 0x66)
"""Colours of the image that a stylesheet refers to, and of what it lies on."""


def get(url: str, **headers: str) -> bytes:
    """Return what a server has at *url*, which must be there."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as response:
        body: bytes = response.read()
    return body


@pytest.fixture(scope="module")
def cache() -> Iterator[str]:
    """Return the URL of a Redis server, whose databases are apart."""
    with redis_engine() as engine:
        yield engine.url.removesuffix("/0")


@pytest.fixture(scope="module")
def shipped(cache: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a machine has built that is no more: the manifests for servers, and the static files."""
    folder: Path = tmp_path_factory.mktemp("site")
    settings = {"DJANGO_SETTINGS_MODULE": f"{PROJECT}.settings", "REDIS_URL": f"{cache}/0"}
    builder = Machine(folder / "builder", SITE_MACHINE=folder / "builder", **settings)
    shutil.copytree(ASSETS, builder.folder / "assets")
    shutil.copytree(packages() / "bootstrap5" / "dist", builder.folder / "assets" / "bootstrap")
    builder.manage("test", f"{PROJECT}.suite")
    builder.run("-m", "pressmark", "build", "--recorded", "pressmark.jsonl", "--cache", "cache", "--output", "bundles")
    builder.manage("collectstatic", "--no-input")
    builder.manage("check", "--fail-level", "WARNING")
    for manifest in (builder.folder / "bundles").glob("*.json"):
        (folder / "bundles").mkdir(exist_ok=True)
        manifest.rename(folder / "bundles" / manifest.name)
    (builder.folder / "collected").rename(folder / "collected")
    shutil.rmtree(builder.folder)
    return folder


@pytest.fixture(scope="module")
def static_url(shipped: Path) -> Iterator[str]:
    """Return the URL of a server of static files, which has those of the shop in a folder."""
    port = free_port()
    root = shipped / "files"
    (root / "shop").mkdir(parents=True)
    (shipped / "collected").rename(root / "shop" / "v2")
    command = ["http.server", str(port), "--bind", "127.0.0.1", "--directory", str(root)]
    with running(command, shipped / "static-server", port) as base:
        yield f"{base}/shop/v2/"


@pytest.fixture(scope="module")
def settings(cache: str, static_url: str) -> dict[str, str]:
    """Return the variables of the machines that serve; no program is on their PATH."""
    name = f"{PROJECT}.settings"
    return {"DJANGO_SETTINGS_MODULE": name, "REDIS_URL": f"{cache}/1", "STATIC_URL": static_url, "PATH": ""}


def server(shipped: Path, name: str, settings: dict[str, str], **more: str) -> Machine:
    """Return a machine of that *name* that has the manifests, and nothing else that was built."""
    machine = Machine(shipped / name, SITE_MACHINE=shipped / name, **settings, **more)
    shutil.copytree(shipped / "bundles", machine.folder / "bundles")
    return machine


@pytest.fixture(scope="module")
def production(shipped: Path, settings: dict[str, str]) -> Machine:
    return server(shipped, "production", settings, SITE_ON_MISSING="error")


@pytest.fixture(scope="module")
def base(production: Machine) -> Iterator[str]:
    """Return the URL of the site."""
    with production.serving(f"{PROJECT}.wsgi") as url:
        yield url


@pytest.fixture(scope="module")
def native(shipped: Path, settings: dict[str, str]) -> Iterator[str]:
    """Return the URL of the same site without bundles."""
    with server(shipped, "native", settings, SITE_IS_PLAIN="1").serving(f"{PROJECT}.wsgi") as url:
        yield url


def bundles_of(page: str, static_url: str) -> list[str]:
    """Return the URLs of the bundles that *page* names."""
    return re.findall(rf'(?:href|src)="({re.escape(static_url)}pressmark/[^"]+)"', page)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_names_bundles_below_the_new_prefix_and_no_source(base: str, static_url: str, path: str) -> None:
    page = get(base + path).decode()
    bundles = bundles_of(page, static_url)

    assert set(re.findall(r'(?:href|src)="([^"]+)"', COMMENT.sub("", page))) == {"data:,", JQUERY, *bundles}
    assert all(get(url) for url in bundles)


@pytest.mark.parametrize("path", PAGES)
def test_comments_and_remote_scripts_are_where_they_were(base: str, path: str) -> None:
    parts = PART.findall(get(base + path).decode())

    assert [(comment or name).strip() for comment, name in parts] == PAGES[path]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_what_the_minifier_made_of_it_but_for_its_bundles(
    base: str, native: str, static_url: str, path: str
) -> None:
    """Both servers have the same page from Redis, as they are asked by one name."""
    written, page = (get(url + path, Host="shop.example").decode() for url in (native, base))
    tag = rf'<(?:link|script)[^>]+"{re.escape(static_url)}pressmark/[^>]+>(?:</script>)?(?:<script></script>)*'
    between = re.split(tag, page)

    assert re.fullmatch(".*?".join(map(re.escape, between)), written, re.DOTALL)
    assert COMMENT.findall(page) == [each for each in COMMENT.findall(written) if "compress" not in each]


def test_what_redis_keeps_is_bundled_to_the_same_bytes(base: str, cache: str) -> None:
    """A page tells by a number when its view has made it."""
    pages = {get(base) for _ in range(8)}
    client: redis.Redis = redis.Redis.from_url(f"{cache}/1")
    kept = client.dbsize()
    client.flushdb()
    client.close()

    assert len(pages) == 1
    assert kept
    assert get(base) not in pages


def test_a_server_tells_of_no_missing_region(base: str, production: Machine) -> None:
    for path in PAGES:
        get(base + path)

    assert production.told() == []


def test_a_page_that_no_test_has_seen_is_told_and_stays(
    shipped: Path, native: str, settings: dict[str, str], static_url: str
) -> None:
    lenient = server(shipped, "lenient", settings, SITE_ON_MISSING="keep")
    with lenient.serving(f"{PROJECT}.wsgi") as url:
        pages = [get(f"{each}/untested/", Host="shop.example").decode() for each in (url, native)]

    kept, written = (re.sub("<!-- (?:end)?compress.*?-->", "", page) for page in pages)
    assert len(bundles_of(kept, static_url)) == 2
    assert "<script" in written.partition("<body>")[2]
    assert kept.partition("<body>")[2] == written.partition("<body>")[2]
    [line] = lenient.told()
    assert line.startswith("js region on /untested/ was not bundled: the manifest lacks the region of ")


def test_images_of_a_bundle_are_served_below_the_new_prefix(base: str, static_url: str) -> None:
    sheets = {url: get(url).decode() for url in bundles_of(get(base).decode(), static_url) if url.endswith(".css")}
    [image] = [urljoin(url, found) for url, text in sheets.items() for found in re.findall(r'url\("(\.[^"]+)"', text)]

    assert image == f"{static_url}site/img/waves.svg"
    assert get(image) == (ASSETS / "site" / "img" / "waves.svg").read_bytes()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser that finds no other host, and reads the rules of sheets wherever these come from."""
    with browser("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-web-security") as process:
        yield process


@pytest.fixture(scope="module", params=PAGES)
def looks(request: pytest.FixtureRequest, base: str, native: str, chromium: Browser) -> tuple[Look, Look]:
    """Return the look of a page as it was written, and bundled."""
    plain, bundled = (look_at(chromium, url + request.param) for url in (native, base))
    return plain, bundled


@pytest.mark.browser
def test_in_a_browser_the_page_looks_as_it_was_written(looks: tuple[Look, Look]) -> None:
    plain, bundled = looks
    differences = [pair for pair in zip_longest(plain.styles, bundled.styles) if pair[0] != pair[1]]
    colours = {colour for _, colour in bundled.picture.getcolors(1 << 20) or ()}

    assert differences == []
    assert differing_pixels(plain.picture, bundled.picture) == 0
    assert bundled.globals == plain.globals
    assert {WAVES, BANNER} <= colours
    assert len(bundled.assets) < len(plain.assets)


@pytest.mark.browser
def test_in_a_browser_nothing_is_missing_but_the_remote_script(looks: tuple[Look, Look]) -> None:
    plain, bundled = looks

    assert plain.failed == bundled.failed == [JQUERY]
    assert plain.console == bundled.console == ["error: Failed to load resource: net::ERR_NAME_NOT_RESOLVED"]

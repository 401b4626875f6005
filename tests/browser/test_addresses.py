"""Images and fonts of a page look the same, however a bundle writes their addresses."""

import base64
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Response

from tests.browser.look import browser, differing_pixels, picture_of
from tests.browser.serving import serving
from tests.packages.installed import packages

PAGE = """<!doctype html><meta charset="utf-8"><title>Images</title><link rel="icon" href="data:,">
<!-- compress css --><link rel="stylesheet" href="/static/css/a.css"><!-- endcompress -->
<p class="png">a</p><p class="set">b</p><p class="svg">c</p><p class="mask">d</p><p class="border">e</p>
<p class="custom">f</p><ul><li>g</li></ul><p class="font">\uf000\uf015</p>"""
CSS = """
p, li { width: 60px; height: 60px; margin: 4px }
.png { background: url(../i/red.png) }
.set { background: image-set("../i/blue.png" 1x, "../i/red.png" 9x) }
.svg { background: url('../i/disc.svg?v=1') no-repeat }
.mask { background: green; mask: url(../i/disc.svg) no-repeat }
.border { border: 8px solid; border-image: url(../i/blue.png) 2 }
.custom { --image: url(/static/i/red.png); background: var(--image) }
ul { list-style: url(../i/small.gif) }
@font-face { font-family: icons; src: url("../i/icons.woff2?x#iefix") format("woff2") }
.font { font: 40px icons }
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><circle cx="30" cy="30" r="25" fill="#808"/></svg>'
)


def picture(colour: str, size: int, kind: str) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(held, kind)
    return held.getvalue()


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("static")
    for name in ("css", "i"):
        (folder / name).mkdir()
    (folder / "css" / "a.css").write_text(CSS)
    (folder / "i" / "red.png").write_bytes(picture("#c00", 60, "PNG"))
    (folder / "i" / "blue.png").write_bytes(picture("#00c", 60, "PNG"))
    (folder / "i" / "small.gif").write_bytes(picture("#0a0", 12, "GIF"))
    (folder / "i" / "disc.svg").write_text(SVG)
    font = packages() / "font-awesome" / "fonts" / "fontawesome-webfont.woff2"
    shutil.copy(font, folder / "i" / "icons.woff2")
    return folder


@pytest.fixture(scope="module")
def page() -> Any:
    with browser() as process:
        yield process.new_page(viewport={"width": 300, "height": 700})


def look(page: Page, static: Path, cache: Path, **options: Any) -> tuple[Image.Image, list[str], str]:
    """Return the page's pixels, the requests that it made, and its bundle."""
    asked: list[str] = []

    def note(response: Response) -> None:
        asked.append(f"{response.status} {response.url.partition('/static/')[2]}")

    page.on("response", note)
    with serving(PAGE, static={"/static/": str(static)}, cache_dir=cache, build_wait=None, **options) as url:
        page.goto(url, wait_until="networkidle")
        page.evaluate("() => document.fonts.ready.then(() => true)")
        text = str(page.evaluate("fetch(document.styleSheets[0].href).then(reply => reply.text())"))
        found = picture_of(page)
    page.remove_listener("response", note)
    return found, asked, text


@pytest.fixture(scope="module")
def plain(page: Page, static: Path, tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    return look(page, static, tmp_path_factory.mktemp("plain"), enabled=False)[0]


@pytest.mark.parametrize(
    ("options", "sign"),
    [
        ({}, 'url("../../static/i/red.png")'),
        ({"css_hash": "content"}, 'url("../../static/i/red.png?'),
        ({"css_hash": "mtime"}, 'url("../../static/i/red.png?'),
        ({"data_uri": 100_000}, 'url("data:image/png;base64,'),
        ({"url_rewrite": "absolute"}, 'url("/static/i/red.png")'),
        ({"css_hash": "content", "data_uri": 100}, 'url("../../static/i/disc.svg?v=1&'),
    ],
    ids=["plain", "content", "mtime", "data", "absolute", "all"],
)
def test_every_pixel_is_the_same_and_nothing_is_missing(
    page: Page, static: Path, tmp_path: Path, plain: Image.Image, options: dict[str, Any], sign: str
) -> None:
    found, asked, text = look(page, static, tmp_path, **options)

    assert sign in text
    assert differing_pixels(plain, found) == 0
    assert [request for request in asked if not request.startswith("200 ")] == []


def test_small_images_are_not_asked_for(page: Page, static: Path, tmp_path: Path) -> None:
    _, asked, text = look(page, static, tmp_path, data_uri=100_000)

    assert base64.b64encode(SVG.encode()).decode() in text
    assert [request for request in asked if ".svg" in request or ".gif" in request] == []


def test_the_page_shows_all_of_them(plain: Image.Image) -> None:
    """Pages that show nothing would be the same, too."""
    colours = {colour for _, colour in plain.getcolors(1 << 20) or ()}

    assert {(204, 0, 0), (0, 0, 204), (136, 0, 136), (0, 128, 0), (0, 170, 0)} <= colours

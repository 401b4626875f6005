"""What css_hash, url_rewrite and data_uri make of the URLs in stylesheets, and that a changed image is noticed."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pressmark import Settings
from pressmark.errors import SettingsError
from tests.conftest import Write
from tests.site import Site, css_region

PNG = b"\x89PNG"
POLICY = [("Content-Security-Policy", "default-src 'self'")]


def hashed(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("css/a.css", "a { background: url(../i/a.png) } b { background: image-set('../i/b.png' 1x) }")
    write("i/a.png", PNG)
    write("i/b.png", b"b" * 100)


def bundle(static: Path, **options: Any) -> str:
    return Site(static, css_region("css/a.css"), options).bundle()


def test_urls_are_relative_to_the_bundle(static: Path) -> None:
    assert bundle(static) == (
        'a{background:url("../../static/i/a.png")}b{background:image-set("../../static/i/b.png" 1x)}'
    )


def test_urls_can_be_from_the_root(static: Path) -> None:
    assert 'a{background:url("/static/i/a.png")}' in bundle(static, url_rewrite="absolute")


def test_a_url_in_a_custom_property_is_from_the_root(static: Path, write: Write) -> None:
    """Any sheet may use it, and from wherever that lies it would be relative to there."""
    write("css/a.css", "a { --image: url(/static/i/a.png); background: var(--image), url(../i/b.png) }")

    assert "--image:url(/static/i/a.png)" in bundle(static).replace(" ", "")


def test_images_have_fingerprints(static: Path) -> None:
    found = bundle(static, css_hash="content")

    assert f'url("../../static/i/a.png?{hashed(PNG)}")' in found
    assert f'image-set("../../static/i/b.png?{hashed(b"b" * 100)}" 1x)' in found


def test_a_changed_image_makes_another_bundle(static: Path, write: Write) -> None:
    site = Site(static, css_region("css/a.css"), {"css_hash": "content", "refresh": 0})
    before = site.bundle()
    write("i/a.png", b"other")

    assert before != site.bundle()
    assert hashed(b"other") in site.bundle()


def test_a_changed_image_is_noticed_by_another_process(static: Path, write: Write) -> None:
    before = bundle(static, css_hash="content")
    write("i/a.png", b"other")

    assert hashed(b"other") in bundle(static, css_hash="content") != before


def test_small_images_become_data_urls(static: Path) -> None:
    found = bundle(static, data_uri=99)

    assert 'url("data:image/png;base64,iVBORw==")' in found
    assert '"../../static/i/b.png" 1x' in found


def test_images_stay_files_where_a_policy_may_forbid_the_other(static: Path) -> None:
    site = Site(static, css_region("css/a.css"), {"data_uri": 99}, page_headers=POLICY)

    assert "data:" not in site.bundle()


def test_relative_urls_are_relative_to_where_a_cdn_gives_bundles_out(static: Path) -> None:
    cdn = "https://cdn.example/a/b/"
    site = Site(static, css_region("css/a.css"), {"public_url": cdn})
    [path] = re.findall(rf'href="{cdn}(css/[^"]+)"', site.get(mount="/app").body.decode())

    assert 'url("../../../static/i/a.png")' in site.get(f"/pressmark/{path}").body.decode()


@pytest.mark.parametrize("prefix", ["https://cdn.example/static/", "/assets/v2/", "//cdn.example/"])
def test_bundles_below_the_static_files_are_the_same_wherever_these_are(static: Path, prefix: str) -> None:
    page = css_region("css/a.css")
    settings = {"static": {prefix: str(static)}, "public_url": f"{prefix}pressmark/"}
    site = Site(static, page.replace(b"/static/", prefix.encode()), settings)
    [path] = re.findall(rf'href="{prefix}pressmark/(css/[^"]+)"', site.get().body.decode())

    assert 'url("../../i/a.png")' in site.get(f"/pressmark/{path}").body.decode()


def test_relative_urls_hold_below_a_mount_point(static: Path) -> None:
    write_url = "/app/static/"
    site = Site(static, css_region("css/a.css").replace(b"/static/", b"/app/static/"))
    site.options["static"] = {write_url: str(static)}
    url = site.get(mount="/app").bundles[0]

    assert 'url("../../static/i/a.png")' in site.get(url.removeprefix("/app"), mount="/app").body.decode()


def test_in_the_page_itself_urls_are_from_the_root(static: Path) -> None:
    site = Site(static, css_region("css/a.css", marker="compress css inline"))
    site.page = b"<!doctype html><head>" + site.page + b"</head>"

    assert b'url("/static/i/a.png")' in site.get().body


def test_absolute_urls_get_fingerprints_and_stay_absolute(static: Path, write: Write) -> None:
    write("css/a.css", "a { background: url(/static/i/a.png) }")

    assert f'url("/static/i/a.png?{hashed(PNG)}")' in bundle(static, css_hash="content")


def test_imported_sheets_are_written_the_same_way(static: Path, write: Write) -> None:
    write("main.css", "@import 'css/a.css';")
    site = Site(static, css_region("main.css"), {"css_hash": "content"})

    assert f"a.png?{hashed(PNG)}" in site.bundle()


@pytest.mark.parametrize(
    "rule",
    [
        "a{--x:url(/static/i/a.png)}",
        "a{--x:{b:url(/static/i/a.png)}}",
        "a{filter:url(#f)}",
        '@import "/static/none.css";',
        "a{content:'/static/i/a.png'}",
    ],
    ids=["custom property", "its block", "fragment", "import", "string"],
)
def test_what_a_script_could_read_and_what_is_no_image_stays(static: Path, write: Write, rule: str) -> None:
    write("css/a.css", rule)

    assert bundle(static, css_hash="content", data_uri=10_000, minify=False).strip() == rule


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("css_hash", "sha1", 'None or "content" or "mtime"'),
        ("url_rewrite", None, '"absolute" or "relative"'),
        ("data_uri", -1, "0 or more"),
        ("data_uri", 1.5, "0 or more"),
    ],
)
def test_what_is_no_such_setting_is_an_error_at_start(name: str, value: Any, allowed: str) -> None:
    with pytest.raises(SettingsError, match=f"setting '{name}' is {value!r}; it must be .*{allowed}"):
        Settings(**{name: value})

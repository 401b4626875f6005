"""The URLs of images and fonts as bundles write them."""

from hashlib import sha256

import pytest

from pressmark.errors import AssetNotFoundError
from pressmark.model import Asset, Source
from pressmark.stylesheets.url_style import UrlStyle

PNG = b"\x89PNG"
HASH = sha256(PNG).hexdigest()[:12]


def read(url: str, media_type: str | None = None) -> Asset | None:
    """Give the image that lies below /static/, as a resolver would."""
    if not url.startswith("/static/"):
        return None
    if "gone" in url:
        raise AssetNotFoundError(url, ("/srv",))
    return Asset(url, media_type or "", PNG, (Source("/srv/a.png", "", None, 1_000_000_000),))


def written(url: str, **how: object) -> str:
    return UrlStyle(**how).written(url, read)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/static/a.png", f"/static/a.png?{HASH}"),
        ("/static/a.png?v=1", f"/static/a.png?v=1&{HASH}"),
        ("/static/a.svg#icon", f"/static/a.svg?{HASH}#icon"),
        ("/static/a.woff2?#iefix", f"/static/a.woff2?&{HASH}#iefix"),
        ("/static/a b.png", f"/static/a b.png?{HASH}"),
        ("/static/gone.png", "/static/gone.png"),
        ("/media/a.png", "/media/a.png"),
        ("https://cdn.example/a.png", "https://cdn.example/a.png"),
    ],
)
def test_a_fingerprint_comes_before_the_fragment_of_what_is_ours(url: str, expected: str) -> None:
    assert written(url, fingerprint="content") == expected


def test_a_fingerprint_by_time_follows_the_whole_second() -> None:
    assert written("/static/a.png", fingerprint="mtime") == f"/static/a.png?{sha256(b'1000000000').hexdigest()[:12]}"


def test_a_small_image_becomes_what_it_holds() -> None:
    assert written("/static/a.png?v=1", max_data_bytes=4) == "data:image/png;base64,iVBORw=="


@pytest.mark.parametrize("url", ["/static/a.svg#icon", "/static/a.woff2", "/static/gone.png", "/media/a.png"])
def test_what_is_no_whole_image_of_ours_stays_an_address(url: str) -> None:
    assert written(url, max_data_bytes=4) == url


def test_a_large_image_stays_an_address_and_may_have_a_fingerprint() -> None:
    assert written("/static/a.png", max_data_bytes=3) == "/static/a.png"
    assert written("/static/a.png", max_data_bytes=3, fingerprint="content") == f"/static/a.png?{HASH}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/static/i/a.png", "../../static/i/a.png"),
        ("/static/a.svg?x=/y#/z", "../../static/a.svg?x=/y#/z"),
        ("/pressmark/css/x.png", "x.png"),
        ("/pressmark/css/a:b.png", "./a:b.png"),
        ("/static/", "../../static/"),
        ("//cdn.example/a.png", "//cdn.example/a.png"),
        ("https://cdn.example/a.png", "https://cdn.example/a.png"),
        ("data:image/png;base64,AA==", "data:image/png;base64,AA=="),
        ("/a//b.png", "/a//b.png"),
        ("/a/%2e%2e/b.png", "/a/%2e%2e/b.png"),
    ],
)
def test_a_url_is_seen_from_the_bundle(url: str, expected: str) -> None:
    assert UrlStyle(folder="/pressmark/css/").relative(url) == expected


@pytest.mark.parametrize("url", ["data:image/png;base64,AA==", "blob:x", "about:invalid", "mailto:a@b"])
def test_what_could_not_be_ours_is_not_read(url: str) -> None:
    """What is read becomes a part of the region's record, name and all."""

    def read_nothing(url: str, media_type: str | None = None) -> Asset | None:
        raise AssertionError(url)

    assert UrlStyle(fingerprint="content").written(url, read_nothing) == url

"""What a page on its way out says of markers that are none, and of bodies that are not what they seem."""

import logging
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pressmark import ASGIMiddleware
from pressmark.errors import MarkerError
from tests.conftest import Write
from tests.site import Site, css_region

UNENDED = b"<!-- compress css --><link>"
UNBEGUN = b"<!-- endcompress -->"


@pytest.fixture(autouse=True)
def files(write: Write) -> None:
    write("a.css", "a { color: red }")


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_marker_that_begins_no_region_is_one_warning(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(static, b"<p>" + UNENDED)
    assert [site.get("/page").body for _ in range(3)] == [site.page] * 3

    assert warnings(caplog) == ["in /page, <!-- compress css --> begins no region: no end marker follows it"]


def test_a_page_with_such_a_marker_is_bundled_elsewhere(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(static, UNBEGUN + css_region("a.css") + UNENDED)
    for _ in range(3):
        answer = site.get()

    assert len(answer.bundles) == 1
    assert answer.body.startswith(UNBEGUN)
    assert answer.body.endswith(UNENDED)
    assert len(warnings(caplog)) == 2


@pytest.mark.parametrize("page", [UNENDED, UNBEGUN], ids=["a beginning", "an end"])
def test_strict_raises_for_a_marker_that_is_none(static: Path, page: bytes) -> None:
    site = Site(static, page, {"strict": True})

    for _ in range(2):
        with pytest.raises(MarkerError, match=r"^<!-- (end)?compress( css)? --> (begins|ends) no region"):
            site.get()


@pytest.mark.parametrize("page", [UNENDED, UNBEGUN], ids=["a beginning", "an end"])
def test_the_page_says_so_if_asked(static: Path, page: bytes) -> None:
    site = Site(static, b"<p>" + page, {"debug_toggle": "plain"})
    body = site.get("/?plain=why").body

    assert body.startswith(b"<p><!-- pressmark: &lt;!- - ")
    assert body.endswith(b"\n-->" + page)
    assert site.get("/").body == site.page


@pytest.mark.parametrize(
    ("content_type", "header", "expected"),
    [
        ("text/html", ("Content-Encoding", "gzip"), "a page comes encoded (gzip): put Pressmark inside of what compr"),
        ("text/html; charset=latin-1", ("X-A", "b"), "a page's charset 'latin-1' is none that browsers know"),
    ],
)
def test_a_page_that_nobody_meant_to_leave_alone_is_one_warning(
    static: Path, caplog: pytest.LogCaptureFixture, content_type: str, header: tuple[str, str], expected: str
) -> None:
    site = Site(static, css_region("a.css"), content_type=content_type, page_headers=[header])
    assert [site.get("/page").body for _ in range(3)] == [site.page] * 3

    [warning] = warnings(caplog)
    assert warning.startswith(f"in /page, {expected}")


def test_an_asgi_page_that_comes_encoded_is_one_warning(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def page(_: Request) -> Response:
        return Response(b"abc", media_type="text/html", headers={"Content-Encoding": "x"})

    app = ASGIMiddleware(Starlette(routes=[Route("/{path:path}", page)]), cache_dir=static / "cache")
    assert [TestClient(app).get("/a b").content for _ in range(3)] == [b"abc"] * 3

    assert [text[:37] for text in warnings(caplog)] == ["in /a%20b, a page comes encoded (x): p"[:37]]


@pytest.mark.parametrize(
    ("content_type", "header"),
    [
        ("application/json", ("Content-Encoding", "gzip")),
        ("text/css; charset=latin-1", ("X-A", "b")),
        ("text/html; charset=utf-16", ("X-A", "b")),
        ("text/html", ("Cache-Control", "no-transform")),
        ("text/html", ("Content-Range", "bytes 0-1/2")),
    ],
)
def test_what_is_left_alone_for_good_reason_is_none(
    static: Path, caplog: pytest.LogCaptureFixture, content_type: str, header: tuple[str, str]
) -> None:
    site = Site(static, css_region("a.css"), content_type=content_type, page_headers=[header])

    assert site.get().body == site.page
    assert warnings(caplog) == []


@pytest.mark.parametrize("missing", [7, 0, -7], ids=["too short", "right", "too long"])
def test_a_body_of_another_length_than_announced_stays_one(static: Path, missing: int) -> None:
    """What takes its length at its word must go on to see that the application broke off."""
    site = Site(static, css_region("a.css"))
    site.page_headers = [("Content-Length", str(len(site.page) + missing))]
    answer = site.get()

    assert answer.bundles
    assert int(answer.headers["Content-Length"]) - len(answer.body) == missing

"""Pages name their bundles in their head, and before they are made, to those who can make use of it."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from pressmark import ASGIMiddleware
from pressmark.http.early_hints import MAX_KEY_CHARACTERS, MAX_PAGES, EarlyHints
from pressmark.http.headers import MAX_LINK_BYTES
from pressmark.model import Page
from pressmark.regions.varying import MAX_INLINE_VARIANTS
from tests.conftest import Write
from tests.site import Site, css_region, js_region

PAGE = css_region("a.css", "b.css") + js_region("a.js")
LINK = re.compile(r"</pressmark/(css|js)/[0-9a-f]{32}\.(?:css|js)>; rel=preload; as=(style|script)(.*)")
NAVIGATION = {"HTTP_SEC_FETCH_MODE": "navigate"}


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    write("a.js", "f()")


def links(value: str) -> list[tuple[str, ...]]:
    """Return kind, destination and the rest of each link of ours."""
    found = [LINK.fullmatch(link) for link in value.split(", ")]
    return [match.groups() for match in found if match]


def test_by_default_a_page_names_nothing(static: Path) -> None:
    assert "Link" not in Site(static, PAGE).get().headers


@pytest.mark.parametrize("setting", ["link", True])
def test_the_head_of_a_page_names_its_bundles_in_their_order(static: Path, setting: bool | str) -> None:
    site = Site(static, PAGE, {"early_hints": setting})

    for _ in range(2):
        assert links(site.get().headers["Link"]) == [("css", "style", ""), ("js", "script", "")]


def test_what_the_application_names_comes_first(static: Path) -> None:
    site = Site(static, PAGE, {"early_hints": "link"}, page_headers=[("link", "</a>; rel=next")])

    assert site.get().headers["link"].startswith("</a>; rel=next, </pressmark/css/")


def test_a_link_is_loaded_as_its_tag_would(static: Path) -> None:
    """Else browsers load both."""
    region = css_region("a.css", "b.css").replace(b'rel="stylesheet"', b'rel="stylesheet" media="print"')
    [found] = links(Site(static, region, {"early_hints": "link", "integrity": True}).get().headers["Link"])

    assert re.fullmatch(r'; media="print"; integrity="sha384-[\w+/]{64}"; crossorigin="anonymous"', found[2])


def test_a_nonce_is_for_its_page_only(static: Path) -> None:
    region = js_region("a.js").replace(b"<script", b'<script nonce="abc"')
    answer = Site(static, region, {"early_hints": "link"}).get()

    assert b'nonce="abc"' in answer.body
    assert "Link" not in answer.headers


@pytest.mark.parametrize(
    "region", [css_region("none.css"), b"<p>", js_region("a.js", marker="compress js inline")], ids=str
)
def test_a_page_that_loads_no_bundle_names_none(static: Path, region: bytes) -> None:
    site = Site(static, b"<meta charset=utf-8>" + region, {"early_hints": "link"})

    assert "Link" not in site.get().headers


def asked(site: Site, path: str = "/", **environ: Any) -> list[Any]:
    """Return what the server was told before the application began, in this request."""
    told: list[Any] = []
    environ = NAVIGATION | environ
    site.get(path, **{"wsgi.early_hints": told.append}, **environ)  # type: ignore[arg-type]
    return told


def test_the_server_is_told_what_the_page_named_the_last_time(static: Path) -> None:
    site = Site(static, PAGE, {"early_hints": True})

    assert asked(site) == []
    [[(name, value)]] = asked(site)
    assert (name, len(links(value))) == ("Link", 2)
    assert asked(site, "/other") == []


def test_the_server_is_told_before_the_page_is_made(static: Path) -> None:
    site = Site(static, PAGE, {"early_hints": True})
    site.get()
    order: list[str] = []
    answer = site.app.app
    site.app.app = lambda environ, start: (order.append("page"), answer(environ, start))[1]  # type: ignore[func-returns-value]
    site.get(**{"wsgi.early_hints": lambda headers: order.append("hint")}, **NAVIGATION)  # type: ignore[arg-type]

    assert order == ["hint", "page"]


@pytest.mark.parametrize(
    "environ",
    [{"HTTP_SEC_FETCH_MODE": "cors"}, {"HTTP_SEC_FETCH_MODE": ""}, {"method": "POST"}, {"method": "HEAD"}],
    ids=str,
)
def test_clients_that_do_not_go_to_a_page_are_told_nothing_early(static: Path, environ: dict[str, str]) -> None:
    site = Site(static, PAGE, {"early_hints": True})
    site.get()

    assert asked(site, **environ) == []


def test_with_a_header_alone_nothing_goes_early(static: Path) -> None:
    site = Site(static, PAGE, {"early_hints": "link"})
    site.get()

    assert asked(site) == []


def test_a_server_that_fails_to_tell_early_serves_the_page(static: Path) -> None:
    def fail(headers: Any) -> None:
        raise OSError("gone")

    site = Site(static, PAGE, {"early_hints": True})
    site.get()

    assert len(site.get(**{"wsgi.early_hints": fail}, **NAVIGATION).bundles) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("page", [b"<p>no regions", b"<p><!-- compress", css_region("none.css")], ids=str)
def test_a_page_that_has_lost_its_regions_is_told_so(static: Path, page: bytes) -> None:
    site = Site(static, PAGE, {"early_hints": True})
    site.get()
    site.page = page
    site.get()

    assert asked(site) == []


def test_a_page_is_known_by_its_mount_point_and_path_and_not_by_its_query(static: Path) -> None:
    site = Site(static, PAGE.replace(b"/static/", b"/app/static/"), {"early_hints": True})
    site.get("/a", mount="/app")

    assert len(asked(site, "/a?b=c", mount="/app")) == 1
    assert asked(site, "/a") == []


def test_a_page_is_known_by_its_host(static: Path) -> None:
    site = Site(static, PAGE, {"early_hints": True})
    site.get(HTTP_HOST="one.example")

    assert len(asked(site, HTTP_HOST="One.Example")) == 1
    assert asked(site, HTTP_HOST="other.example") == []


def test_of_an_error_page_nothing_is_remembered(static: Path) -> None:
    def answer(environ: Any, start_response: Any) -> list[bytes]:
        start_response("404 Not Found", [("Content-Type", "text/html; charset=utf-8")])
        return [PAGE]

    Site(static, PAGE).get()  # a page that is there has the bundles built
    site = Site(static, PAGE, {"early_hints": True})
    site.app.app = answer

    assert "Link" in site.get().headers
    assert asked(site) == []


def test_only_so_many_pages_are_remembered() -> None:
    hints = EarlyHints(are_early=True)
    for number in range(2 * MAX_PAGES):
        hints.remember(Page("", f"/{number}"), ("</a.css>",))
    hints.remember(Page("", "/" + "x" * MAX_KEY_CHARACTERS), ("</a.css>",))

    assert (hints.cached_links(Page("", "/0")), hints.cached_links(Page("", f"/{2 * MAX_PAGES - 1}"))) == (
        (),
        ("</a.css>",),
    )
    assert hints.cached_links(Page("", "/" + "x" * MAX_KEY_CHARACTERS)) == ()


def test_each_bundle_is_named_once_and_no_more_than_proxies_take(static: Path, write: Write) -> None:
    region = css_region("a.css", "b.css")
    one = Site(static, region * 3, {"early_hints": "link"}).get()
    for number in range(30):
        write(f"{number}.css", f"a{number} {{ color: red }}")
    regions = b"".join(css_region(f"{number}.css") for number in range(30))
    many = Site(static, regions, {"early_hints": "link", "integrity": True}).get()

    assert len(links(one.headers["Link"])) == 1
    assert 1000 < len(many.headers["Link"]) <= MAX_LINK_BYTES


@pytest.mark.parametrize("media", ["pr\x01int", "pr\\int", "prïnt"])
def test_what_no_header_can_hold_is_named_by_its_tag_alone(static: Path, media: str) -> None:
    region = css_region("a.css").replace(b'rel="stylesheet"', f'rel="stylesheet" media="{media}"'.encode())
    answer = Site(static, region, {"early_hints": "link"}).get()

    assert len(answer.bundles) == 1
    assert "Link" not in answer.headers


def test_what_has_shown_too_many_inline_texts_is_named_still(static: Path) -> None:
    site = Site(static, b"", {"early_hints": "link"})
    for number in range(MAX_INLINE_VARIANTS + 2):
        site.page = css_region("a.css", "b.css").replace(b"<!-- end", b"<style>i{top:%dpx}</style><!-- end" % number)
        answer = site.get()

    assert len(links(answer.headers["Link"])) == 1


class Streamed:
    """An ASGI application that streams its page, and what is sent when it is asked under Pressmark."""

    def __init__(self, chunks: list[bytes], **options: Any) -> None:
        self.chunks = chunks
        self.middleware = ASGIMiddleware(self.app, **options)
        self.sent: list[Any] = []

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.sent.append("page")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        for place, chunk in enumerate(self.chunks):
            await send({"type": "http.response.body", "body": chunk, "more_body": place + 1 < len(self.chunks)})

    def get(self, extensions: tuple[str, ...] = (), mode: bytes = b"navigate", *, fails: bool = False) -> list[Any]:
        """Return what was sent, with "page" where the application began."""
        self.sent = []

        async def send(message: Any) -> None:
            if fails and message["type"] == "http.response.early_hint":
                raise OSError("gone")
            self.sent.append(message)

        headers = [(b"sec-fetch-mode", mode)]
        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
        scope["extensions"] = {extension: {} for extension in extensions}
        asyncio.run(self.middleware(scope, send, send))  # type: ignore[arg-type]
        return self.sent


@pytest.fixture
def options(static: Path) -> dict[str, Any]:
    return {
        "static": {"/static/": static},
        "cache_dir": static.parent / "cache",
        "build_wait": None,
        "early_hints": True,
    }


def test_an_asgi_server_is_told_before_the_page_is_made(options: dict[str, Any]) -> None:
    streamed = Streamed([PAGE], **options)
    streamed.get(("http.response.early_hint",))
    hint, page, start, _ = streamed.get(("http.response.early_hint",))

    assert (hint["type"], page) == ("http.response.early_hint", "page")
    assert len(links(hint["links"][0].decode())) == 2
    assert [dict(start["headers"])[b"link"]] == hint["links"]


def test_an_asgi_server_that_fails_to_tell_early_serves_the_page(options: dict[str, Any]) -> None:
    streamed = Streamed([PAGE], **options)
    streamed.get()

    assert streamed.get(("http.response.early_hint",), fails=True)[0] == "page"


@pytest.mark.parametrize(("extensions", "mode"), [((), b"navigate"), (("http.response.early_hint",), b"cors")])
def test_an_asgi_server_is_told_only_what_it_can_pass_on(
    options: dict[str, Any], extensions: tuple[str, ...], mode: bytes
) -> None:
    streamed = Streamed([PAGE], **options)
    streamed.get()

    assert streamed.get(extensions, mode)[0] == "page"


def test_a_stream_names_what_it_named_the_last_time(options: dict[str, Any]) -> None:
    streamed = Streamed([b"<p>", PAGE], **options)
    first, second = (dict(streamed.get()[1]["headers"]) for _ in range(2))

    assert b"link" not in first
    assert len(links(second[b"link"].decode())) == 2


def test_a_wsgi_stream_names_what_it_named_the_last_time(static: Path) -> None:
    site = Site(static, PAGE, {"early_hints": "link"})
    answer = site.app.app
    site.app.app = lambda environ, start: iter([b"<p>", *answer(environ, start)])
    first, second = site.get().headers, site.get().headers

    assert "Link" not in first
    assert len(links(second["Link"])) == 2

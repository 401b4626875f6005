"""The endpoint by HTTP, as WSGI and ASGI servers ask for it: tables of requests, and what each is answered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.serve.content_codings import CODINGS
from tests.conftest import write_old
from tests.serve.decoded import decoded
from tests.site import TAG, Answer, css_region, wait_for_background

Ask = Callable[..., Answer]


def wsgi(options: dict[str, Any], page: bytes, seen: list[str]) -> tuple[Ask, Any]:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page]

    wrapped = WSGIMiddleware(app, **options)

    def ask(path: str, method: str = "GET", **headers: str) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1"), "SCRIPT_NAME": ""}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = b"".join(wrapped(environ, lambda status, fields, exc_info=None: started.append((status, fields))))  # type: ignore[arg-type,return-value]
        [(status, fields)] = started
        return answer(int(status[:3]), fields, body)

    return ask, wrapped


def asgi(options: dict[str, Any], page: bytes, seen: list[str]) -> tuple[Ask, Any]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    wrapped = ASGIMiddleware(app, **options)

    def ask(path: str, method: str = "GET", **headers: str) -> Answer:
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            raise AssertionError("the endpoint reads no body")

        fields = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": fields}
        asyncio.run(wrapped(scope, receive, send))
        start, *rest = sent
        body = b"".join(message.get("body", b"") for message in rest)
        return answer(start["status"], [(k.decode(), v.decode("latin-1")) for k, v in start["headers"]], body)

    return ask, wrapped


def answer(status: int, fields: list[tuple[str, str]], body: bytes) -> Answer:
    """Return a response with its headers by lower-case names, none of which came twice."""
    headers = {name.lower(): value for name, value in fields}
    assert len(headers) == len(fields)
    return Answer(status, headers, body)


@dataclass(frozen=True)
class Served:
    """A site, how to ask it, a bundle that there is, and the paths that have reached the application.

    No test changes it but for *seen*, so that one is enough for all of them.
    """

    ask: Ask
    url: str
    seen: list[str]


@pytest.fixture(scope="module", params=[wsgi, asgi], ids=["wsgi", "asgi"])
def make(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module")
def served(make: Any, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Return a site whose bundle there is in the smallest form in each coding."""
    folder = tmp_path_factory.mktemp("served")
    write_old(folder / "static" / "a.css", "".join(f".a{number} {{ color: red }}\n" for number in range(300)))
    options = {"static": {"/static/": str(folder / "static")}, "cache_dir": str(folder / "c"), "build_wait": None}
    seen: list[str] = []
    ask, wrapped = make(options, css_region("a.css", marker="compress css main"), seen)
    found = TAG.search(ask("/").body)
    assert found is not None
    for coding in CODINGS:
        ask(found[1].decode(), accept_encoding=coding)
    wait_for_background(wrapped)
    return Served(ask, found[1].decode(), seen)


@pytest.fixture
def ask(served: Served) -> Ask:
    return served.ask


@pytest.fixture
def url(served: Served) -> str:
    return served.url


@pytest.fixture
def seen(served: Served) -> list[str]:
    """Return the paths that have reached the application."""
    served.seen.clear()
    return served.seen


ALWAYS = {
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
FOR_EVER = ALWAYS | {
    "cache-control": "public, max-age=31536000, immutable",
    "vary": "Accept-Encoding, Available-Dictionary",
}
NEVER = ALWAYS | {"cache-control": "no-store"}


def test_a_bundle_may_be_kept_for_ever(ask: Ask, url: str, seen: list[str]) -> None:
    answer = ask(url)

    assert (answer.status, len(answer.body)) == (200, int(answer.headers["content-length"]))
    assert answer.headers == FOR_EVER | {
        "content-type": "text/css; charset=utf-8",
        "content-length": str(len(answer.body)),
        "accept-ranges": "bytes",
        "etag": f'"{url[-36:-4]}"',
        "use-as-dictionary": 'match="main.*.css", match-dest=("style")',
    }
    assert seen == []


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", None), ("identity", None), ("gzip", "gzip"), ("x-gzip", "gzip"), ("GZip", "gzip"), ("br", "br"),
        ("zstd", "zstd"), ("deflate", None), ("compress", None), ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, br", "br"), ("gzip, deflate", "gzip"), ("gzip,zstd", "zstd"), ("br;q=0", None),
        ("br;q=0, gzip", "gzip"), ("br;q=0.0, zstd;q=0.00, gzip;q=0.000", None), ("br;q=0.5, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.4", "br"), ("gzip;q=1.000, br;q=0.999", "gzip"), ("br ; q=0.1", "br"), ("*", "br"),
        ("*;q=0", None), ("*;q=0, gzip;q=0.1", "gzip"), ("br;q=0, *;q=0.5", "zstd"), ("identity;q=0", None),
        ("identity;q=0, *;q=0", None), ("identity;q=0.5, gzip;q=0.6", "gzip"), ("identity, gzip;q=0.9", None),
        ("gzip;q=1.5", None), ("gzip;q=-1", None), ("gzip;q=", None), ("gzip;level=9", None), ("gzip gzip", None),
        ("gzip;q=0.1234", None), (",gzip , ,", "gzip"), ("\x00", None), ("gzip\xa0", None), ("br, br;q=0", "br"),
    ],
)  # fmt: skip
def test_a_client_gets_the_coding_that_it_likes_best(ask: Ask, url: str, header: str, coding: str | None) -> None:
    plain, answer = ask(url), ask(url, accept_encoding=header)

    assert (answer.status, answer.headers.get("content-encoding")) == (200, coding)
    assert decoded(answer.body, coding) == plain.body
    assert answer.headers["vary"] == "Accept-Encoding, Available-Dictionary"
    assert (answer.headers["etag"] == plain.headers["etag"]) is (coding is None)
    assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", slice(0, 1)), ("bytes=0-9", slice(0, 10)), ("bytes=7-", slice(7, None)),
        ("bytes=0-", slice(None)), ("bytes=-1", slice(-1, None)), ("bytes=-10", slice(-10, None)),
        ("bytes=-999999", slice(None)), ("bytes=3-" + "9" * 30, slice(3, None)), ("Bytes=1-2", slice(1, 3)),
        ("bytes= 1-2 ", slice(1, 3)), ("bytes=1-2,", slice(1, 3)),
    ],
)  # fmt: skip
def test_one_range_counts_encoded_bytes(ask: Ask, url: str, header: str, part: slice, coding: str) -> None:
    whole = ask(url, accept_encoding=coding)
    answer = ask(url, accept_encoding=coding, range=header)
    start, stop, _ = part.indices(len(whole.body))

    assert (answer.status, answer.body) == (206, whole.body[part])
    assert answer.headers == whole.headers | {
        "content-range": f"bytes {start}-{stop - 1}/{len(whole.body)}",
        "content-length": str(stop - start),
    }


@pytest.mark.parametrize("header", ["bytes=999999-", "bytes=-0", "bytes=" + "9" * 30 + "-" + "9" * 31])
def test_a_range_that_is_not_there_is_refused(ask: Ask, url: str, header: str) -> None:
    answer = ask(url, range=header)

    assert (answer.status, answer.body) == (416, b"Range Not Satisfiable\n")
    assert answer.headers.items() >= NEVER.items()
    assert answer.headers["content-range"] == f"bytes */{len(ask(url).body)}"
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,3-4", "bytes=0-0,-1", "bytes=5-4", "bytes=a-", "bytes=", "bytes", "", "lines=0-1", "bytes=0-1;x",
        "bytes=1-2-3", "bytes=\xb2-", "bytes=0x0-0x1",
    ],
)  # fmt: skip
def test_any_other_range_is_ignored(ask: Ask, url: str, header: str) -> None:
    assert ask(url, range=header) == ask(url)


CONDITIONS: list[tuple[dict[str, str], int]] = [
    ({"if_none_match": "{tag}"}, 304),
    ({"if_none_match": "W/{tag}"}, 304),
    ({"if_none_match": "*"}, 304),
    ({"if_none_match": '"x", W/"y",{tag}'}, 304),
    ({"if_none_match": '"x"'}, 200),
    ({"if_none_match": ""}, 200),
    ({"if_none_match": '"x"', "if_modified_since": "Fri, 31 Dec 9999 23:59:59 GMT"}, 200),
    ({"if_modified_since": "Fri, 31 Dec 9999 23:59:59 GMT"}, 200),
    ({"if_unmodified_since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
    ({"if_match": "{tag}"}, 200),
    ({"if_match": "*"}, 200),
    ({"if_match": '"x", {tag}'}, 200),
    ({"if_match": "W/{tag}"}, 412),
    ({"if_match": '"x"'}, 412),
    ({"if_match": '"x"', "if_none_match": "{tag}"}, 412),
    ({"if_match": "{tag}", "if_none_match": "{tag}"}, 304),
    ({"if_none_match": "{tag}", "range": "bytes=0-0"}, 304),
    ({"if_range": "{tag}", "range": "bytes=0-0"}, 206),
    ({"if_range": "W/{tag}", "range": "bytes=0-0"}, 200),
    ({"if_range": '"x"', "range": "bytes=0-0"}, 200),
    ({"if_range": "Fri, 31 Dec 9999 23:59:59 GMT", "range": "bytes=0-0"}, 200),
    ({"if_range": "{tag}"}, 200),
    ({"if_range": '"x"', "range": "bytes=999999-"}, 200),
]


@pytest.mark.parametrize("coding", ["identity", "br"])
@pytest.mark.parametrize(("condition", "status"), CONDITIONS, ids=[str(condition) for condition, _ in CONDITIONS])
def test_conditions_are_taken_in_their_order(
    ask: Ask, url: str, condition: dict[str, str], status: int, coding: str
) -> None:
    tag = ask(url, accept_encoding=coding).headers["etag"]
    answer = ask(url, accept_encoding=coding, **{name: text.format(tag=tag) for name, text in condition.items()})

    assert answer.status == status
    if status == 304:
        assert (answer.body, answer.headers) == (b"", FOR_EVER | {"etag": tag})
    elif status == 412:
        assert answer.headers.items() >= NEVER.items()
        assert "etag" not in answer.headers


def test_any_form_that_the_client_may_use_is_still_current(ask: Ask, url: str) -> None:
    tags = {coding: ask(url, accept_encoding=coding).headers["etag"] for coding in ("identity", "gzip", "br")}

    assert ask(url, accept_encoding="gzip, br", if_none_match=tags["gzip"]).headers["etag"] == tags["gzip"]
    assert ask(url, accept_encoding="br", if_none_match=tags["gzip"]).status == 200
    assert ask(url, if_none_match=tags["br"]).status == 200
    assert ask(url, accept_encoding="br", if_none_match=tags["identity"]).status == 304


@pytest.mark.parametrize("coding", ["identity", "br"])
def test_head_is_get_without_a_body(ask: Ask, url: str, coding: str) -> None:
    head, get = ask(url, "HEAD", accept_encoding=coding), ask(url, accept_encoding=coding)

    assert (head.status, head.headers, head.body) == (200, get.headers, b"")
    assert ask(url, "HEAD", range="bytes=0-0").status == 200
    assert ask(url, "HEAD", if_none_match=get.headers["etag"], accept_encoding=coding).status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "PROPFIND", ""])
def test_other_methods_are_not_allowed(ask: Ask, url: str, method: str, seen: list[str]) -> None:
    answer = ask(url, method)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.headers.items() >= NEVER.items()
    assert seen == []


def test_options_tells_the_methods(ask: Ask, url: str) -> None:
    answer = ask(url, "OPTIONS")

    assert (answer.status, answer.headers["allow"], answer.body) == (204, "GET, HEAD, OPTIONS", b"")
    assert "content-length" not in answer.headers


HASH = "0123456789abcdef0123456789abcdef"
HOSTILE = [
    *("", "css", "css/", "css//", "js/", "/", "//", ".", "..", "../", "./", "*", "?", "#", "\\", "\0", "\r\n", " "),
    *(f"css/{name}" for name in (HASH, f"{HASH}.", f"{HASH}.css.css", f"{HASH}.CSS", f"{HASH}.map")),
    *(f"css/{name}.css" for name in (HASH, HASH[1:], HASH + "0", HASH.upper(), HASH[:-1] + "g", HASH[:-1] + "\u0661")),
    *(f"css/{HASH}.css{end}" for end in ("/", "//", "\n", "\r", "\t", " ", ".", "\0", "%00", ";x", "?x", "#x", "~")),
    *(f"css/{HASH}.css{end}" for end in (".gz", ".br", ".map", "/..", "/../x", "::$DATA", "\u2028", "\xa0")),
    *(f"{kind}/{HASH}.css" for kind in ("CSS", "js", "map", "", ".", "..", "css/css", "css/..", "css/./css", "%63ss")),
    *(f"css/{label}.{HASH}.css" for label in ("", "a.b", "a b", "a/b", "..", "../..", "a%2fb", "a\\b", "a\0", "\xe9")),
    *("css/../../../etc/passwd", "css/..%2f..%2fetc/passwd", "css/%2e%2e/%2e%2e/etc/passwd", "css/\\..\\..\\etc"),
    *("css//etc/passwd", "css/file:///etc/passwd", "css/C:\\x", "css/\\\\host\\x", "css/aux.css", "css/con"),
    *("css/" + "a" * 100_000, "css/" + "../" * 10_000, f"css/{'a' * 100_000}.{HASH}.css", f"css/{'a.' * 50_000}css"),
]


@pytest.mark.parametrize("path", HOSTILE, ids=[repr(path[:60]) for path in HOSTILE])
def test_whatever_is_no_file_of_ours_is_not_found(ask: Ask, url: str, path: str, seen: list[str]) -> None:
    answer = ask(f"/pressmark/{path}")

    assert (answer.status, answer.body) == (404, b"Not Found\n")
    assert answer.headers == NEVER | {"content-type": "text/plain; charset=utf-8", "content-length": "10"}
    assert seen == []


def test_there_are_as_many_rows_as_were_promised() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) >= 70


@pytest.mark.parametrize("name", ["host", "x_forwarded_host", "x_forwarded_proto", "x_forwarded_prefix", "forwarded"])
def test_nothing_is_taken_from_the_headers_of_proxies(ask: Ask, url: str, name: str) -> None:
    assert ask(url, **{name: "evil.example"}) == ask(url)


def test_lines_of_one_header_count_as_one(make: Any, ask: Ask, url: str) -> None:
    if make is wsgi:  # WSGI servers join them
        assert ask(url, accept_encoding="gzip,br").headers["content-encoding"] == "br"
    else:
        joined = ask(url, accept_encoding="gzip", **{"accept-encoding": "br"})
        assert joined.headers["content-encoding"] == "br"

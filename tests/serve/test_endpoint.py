"""Requests for generated files, by RFC 9110."""

import re

import pytest

from pressmark.model import FileKind, Reply, Request
from pressmark.serve.bodies import Bodies
from pressmark.serve.content_codings import accepted
from pressmark.serve.endpoint import Endpoint
from pressmark.stores.memory import MemoryStore
from tests.serve.decoded import decoded

NAME = "0123456789abcdef0123456789abcdef"
CONTENT = b"a { color: red }\n" * 100
PATH = f"/pressmark/css/{NAME}.css"


class Files:
    """Serves one stylesheet and counts how often it is read."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.content = content
        self.reads = 0

    def load(self, kind: FileKind, name: str, recipe: str) -> bytes | None:
        self.reads += 1
        return self.content if (kind, name) == ("css", NAME) else None


@pytest.fixture
def files() -> Files:
    return Files()


def serving(files: Files) -> Endpoint:
    """Return an endpoint for which nothing is done in the background."""
    return Endpoint("/pressmark/", Bodies(files.load, MemoryStore(), lambda key, work: None))


@pytest.fixture
def endpoint(files: Files) -> Endpoint:
    return serving(files)


def ask(endpoint: Endpoint, path: str = PATH, method: str = "GET", **headers: str) -> Reply:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return endpoint.reply(Request(method, path, fields))


def test_a_file_may_be_kept_for_ever(endpoint: Endpoint) -> None:
    reply = ask(endpoint)

    assert (reply.status, reply.body) == (200, CONTENT)
    assert dict(reply.headers) == {
        "Content-Type": "text/css; charset=utf-8",
        "Content-Length": str(len(CONTENT)),
        "Accept-Ranges": "bytes",
        "ETag": f'"{NAME}"',
        "Cache-Control": "public, max-age=31536000, immutable",
        "Use-As-Dictionary": 'match="*.css", match-dest=("style")',
        "Vary": "Accept-Encoding, Available-Dictionary",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def test_the_name_of_a_region_is_decoration(endpoint: Endpoint) -> None:
    assert ask(endpoint, f"/pressmark/css/any-NAME_1.{NAME}.css").body == CONTENT


@pytest.mark.parametrize(
    "path",
    [
        "",
        "css/",
        f"css/{NAME}",
        f"css/{NAME}.js",
        f"js/{NAME}.css",
        f"css/{NAME[:-1]}.css",
        f"css/{NAME}0.css",
        f"css/{NAME.upper()}.css",
        f"css/{NAME}.css/",
        f"css/{NAME}.css\n",
        f"css//{NAME}.css",
        f"/css/{NAME}.css",
        f"css/../css/{NAME}.css",
        f"css/a b.{NAME}.css",
        f"css/a.b.{NAME}.css",
        f"css/.{NAME}.css",
        f"css/{NAME}.css\0",
        f"css/{NAME}.css.map",
        f"css\\{NAME}.css",
        f"css/{chr(0xFF10) * 32}.css",
        f"css/{'f' * 32}.css",
        "css/../../etc/passwd",
    ],
)
def test_whatever_is_no_file_of_ours_is_not_found_and_not_kept(endpoint: Endpoint, path: str) -> None:
    reply = ask(endpoint, f"/pressmark/{path}")

    assert reply.status == 404
    assert dict(reply.headers)["Cache-Control"] == "no-store"
    assert "ETag" not in dict(reply.headers)
    assert reply.body == b"Not Found\n"


def test_a_malformed_name_is_never_looked_up(endpoint: Endpoint, files: Files) -> None:
    ask(endpoint, "/pressmark/css/../../etc/passwd")

    assert files.reads == 0


@pytest.mark.parametrize(
    ("method", "status"), [("POST", 405), ("PUT", 405), ("DELETE", 405), ("get", 405), ("OPTIONS", 204)]
)
def test_other_methods_are_told_which_are_allowed(endpoint: Endpoint, method: str, status: int) -> None:
    reply = ask(endpoint, method=method)

    assert reply.status == status
    assert dict(reply.headers)["Allow"] == "GET, HEAD, OPTIONS"


def test_head_has_the_headers_of_get_and_no_body(endpoint: Endpoint) -> None:
    reply = ask(endpoint, method="HEAD")

    assert (reply.headers, reply.body) == (ask(endpoint).headers, b"")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f'"{NAME}"', 304),
        (f'W/"{NAME}"', 304),
        ("*", 304),
        (f'"x", "{NAME}"', 304),
        (f'"x",W/"{NAME}" , "y"', 304),
        ('"x"', 200),
        (f'"{NAME}-gzip"', 200),
        (NAME, 200),
        ("", 200),
    ],
)
def test_a_known_tag_is_answered_without_a_body(endpoint: Endpoint, header: str, status: int) -> None:
    assert ask(endpoint, if_none_match=header).status == status


def test_a_304_has_what_the_200_says_of_caching(endpoint: Endpoint) -> None:
    reply = ask(endpoint, if_none_match="*")
    names = {name for name, _ in reply.headers}

    assert reply.body == b""
    assert {"ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"} <= names
    assert not {"Content-Type", "Content-Length", "Content-Encoding"} & names


def test_each_encoding_has_its_own_tag(endpoint: Endpoint) -> None:
    replies = {coding: ask(endpoint, accept_encoding=coding) for coding in ("br", "gzip", "zstd")}

    for coding, reply in replies.items():
        assert decoded(reply.body, coding) == CONTENT
        assert re.fullmatch(rf'"{NAME}-{coding}\.[0-9a-f]{{8}}"', dict(reply.headers)["ETag"])
    assert all(dict(r.headers)["Content-Encoding"] == coding for coding, r in replies.items())
    assert all(dict(r.headers)["Content-Length"] == str(len(r.body)) for r in replies.values())


def test_an_encoding_that_saves_nothing_is_not_used() -> None:
    reply = ask(serving(Files(b"a{}")), accept_encoding="gzip, br")

    assert reply.body == b"a{}"
    assert "Content-Encoding" not in dict(reply.headers)


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, "identity"),
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br", "br"),
        ("gzip, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=1.0", "gzip"),
        ("br; q=0.5 , gzip ; q=0.4", "br"),
        ("br;Q=0,gzip;Q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "zstd"),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=0", "identity"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("deflate", "identity"),
        ("zstd", "zstd"),
        ("gzip, zstd", "zstd"),
        ("compress", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;q=0.0001", "identity"),
        ("gzip;q=abc", "identity"),
        ("gzip;q", "identity"),
        ("gzip br", "identity"),
        (",,gzip,", "gzip"),
        ("gzip;q=0.000", "identity"),
        ("brr", "identity"),
    ],
)
def test_a_client_gets_what_it_likes_best(header: str | None, best: str) -> None:
    assert accepted(header)[0] == best


def test_a_body_is_read_and_compressed_once(endpoint: Endpoint, files: Files) -> None:
    first = ask(endpoint, accept_encoding="br")

    assert endpoint.peek(Request("GET", PATH, (("accept-encoding", "br"),))) == first
    assert files.reads == 1


def test_memory_does_not_answer_for_what_was_never_read(endpoint: Endpoint) -> None:
    assert endpoint.peek(Request("GET", PATH, ())) is None


def test_only_paths_below_the_prefix_are_the_endpoints(endpoint: Endpoint) -> None:
    assert [endpoint.owns(path) for path in (PATH, "/pressmark", "/other/pressmark/", "/")] == [
        True,
        False,
        False,
        False,
    ]

"""Legal ASGI applications that answer with an HTML page in one piece."""

from collections.abc import Iterable

from tests.protocol.asgi_cases import (
    HEAD,
    HTML,
    Case,
    body,
    length,
    plays,
    start,
    whole,
)
from tests.protocol.asgi_connection import Request
from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.strict_asgi import App, Receive, Send

COOKIES = (
    (b"set-cookie", b"b=2; Path=/"),
    (b"x-middle", b"between"),
    (b"set-cookie", b"a=1; Path=/"),
    (b"set-cookie", b"b=2; Path=/"),
)
VALIDATORS = (
    (b"etag", b'"v1"'),
    (b"last-modified", b"Wed, 21 Oct 2015 07:28:00 GMT"),
    (b"vary", b"Cookie"),
)
DIGESTS = (
    (b"content-md5", b"1B2M2Y8AsgTpgAmY7PhCfg=="),
    (b"digest", b"sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    (b"content-digest", b"sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
    (b"repr-digest", b"sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
)


def _without_keys(page: bytes) -> Iterable[Message]:
    return (start(HTML), {"type": "http.response.body", "body": page})


def _tuple_headers(page: bytes) -> Iterable[Message]:
    return (start() | {"headers": (HTML, length(page))}, body(page))


def _list_headers(page: bytes) -> Iterable[Message]:
    return (start() | {"headers": [list(HTML), list(length(page))]}, body(page))


def _generated_headers(page: bytes) -> Iterable[Message]:
    return (start() | {"headers": (pair for pair in (HTML, length(page)))}, body(page))


def _head(page: bytes) -> Iterable[Message]:
    return (start(HTML, length(page), *VALIDATORS, (b"accept-ranges", b"bytes")), body(b""))


def _head_with_body(page: bytes) -> Iterable[Message]:
    return (start(HTML, length(page)), body(page))


def _without_final_body(page: bytes) -> Iterable[Message]:
    return (start(HTML, length(b"")), {"type": "http.response.body"})


def _echoes(_page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        got = []
        more = True
        while more:
            message = await receive()
            got.append(message.get("body", b""))
            more = message.get("more_body", False)
        await send(start(HTML, (b"x-pieces", b"%d" % len(got))))
        await send(body(b"".join(got)))

    return app


def _shows_scope(_page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["seen"] = scope["state"].get("seen", 0) + 1
        await send(start(HTML))
        await send(body(repr([scope["path"], scope["root_path"], scope["query_string"]]).encode()))

    return app


UPLOAD = Request(
    method="POST",
    headers=((b"content-length", b"15"), (b"content-type", b"application/octet-stream")),
    incoming=(
        {"type": "http.request", "body": b"first", "more_body": True},
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": b"<!-- a -->"},
    ),
)
CONDITIONAL = Request(headers=((b"if-none-match", b'"other"'), (b"accept", b"*/*"), (b"range", b"bytes=0-9")))

PAGES = {
    "a page with Content-Length": Case(whole(HTML), "page"),
    "a page without Content-Length": Case(whole(HTML, sized=False), "page"),
    "a page whose messages lack optional keys": Case(plays(_without_keys), "page"),
    "a page with a tuple of headers": Case(plays(_tuple_headers), "page"),
    "a page with headers as lists": Case(plays(_list_headers), "page"),
    "a page with one-shot headers": Case(plays(_generated_headers), "page"),
    "a 404 page": Case(whole(HTML, status=404), "page"),
    "a 500 page": Case(whole(HTML, status=500), "page"),
    "a 203 page": Case(whole(HTML, status=203), "page"),
    "a page of an odd status": Case(whole(HTML, status=599), "page"),
    "a page with a strong ETag and Last-Modified": Case(whole(HTML, *VALIDATORS), "page"),
    "a page with a weak ETag": Case(whole(HTML, (b"etag", b'W/"v1"'), (b"x-last", b"1")), "page"),
    "a page with Accept-Ranges": Case(whole((b"accept-ranges", b"bytes"), HTML), "page"),
    "a page with digests": Case(whole(*DIGESTS, HTML), "page"),
    "a page with every validator at once": Case(
        whole(*VALIDATORS, HTML, *DIGESTS, (b"accept-ranges", b"bytes"), *COOKIES), "page"
    ),
    "a page with the same cookie twice": Case(whole(*COOKIES, HTML), "page"),
    "a page with latin-1 in a header": Case(whole((b"x-name", b"Andr\xe9 \xa7\xff"), HTML), "page"),
    "a page with an empty header value": Case(whole((b"x-nothing", b""), HTML, (b"vary", b"")), "page"),
    "a page in odd spelling of its type": Case(whole((b"content-type", b"Text/HTML ;charset=UTF-8")), "page"),
    "a page of a bare type": Case(whole((b"content-type", b"text/html")), "page"),
    "a page with Content-Encoding identity": Case(whole(HTML, (b"content-encoding", b"identity")), "page"),
    "a page with harmless Cache-Control": Case(
        whole(HTML, (b"cache-control", b'private="no-transform-ish", max-age=0')), "page"
    ),
    "a page with Link and CSP": Case(
        whole(
            (b"link", b"</static/other.css>; rel=preload; as=style"),
            (b"content-security-policy", b"default-src 'self'"),
            HTML,
        ),
        "page",
    ),
    "a page with invalid UTF-8": Case(
        whole(HTML), "page", dress=lambda page: page.dressed(b"", b"<p>\xff\xfe\xc3(\xed\xa0\x80</p>")
    ),
    "a page with NUL and CR": Case(
        whole(HTML), "page", dress=lambda page: page.dressed(b"\r\n\r<!-- \0 -->", b"\r<p>\0</p>\r\n")
    ),
    "a page that begins with a BOM": Case(
        whole((b"content-type", b"text/html")), "page", dress=lambda page: page.dressed(b"\xef\xbb\xbf", b"")
    ),
    "a page in ISO-8859-1": Case(
        whole((b"content-type", b"text/html; charset=iso-8859-1")),
        "page",
        dress=lambda page: page.dressed(b"", b"<p>\xe9\xa0\xff</p>"),
    ),
    "an empty page": Case(plays(lambda _: (start(HTML, length(b"")), body(b""))), "page"),
    "an empty page whose body message is bare": Case(plays(_without_final_body), "page"),
    "a page's HEAD": Case(plays(_head), "head", HEAD),
    "a page's HEAD that sends the body": Case(
        plays(_head_with_body), "head", Request(method="HEAD", allow_head_body=True)
    ),
    "an echo of a request body in pieces": Case(_echoes, "page", UPLOAD),
    "a page that shows its scope": Case(
        _shows_scope, "page", Request(path="/a b/é", root_path="/mnt", query=b"q=%20&q=2")
    ),
    "a page asked for with conditions": Case(whole(HTML, *VALIDATORS), "page", CONDITIONAL),
    "a page for a scope of the required keys only": Case(
        whole(HTML),
        "page",
        Request(omits=("root_path", "raw_path", "scheme", "client", "server", "extensions", "state")),
    ),
    "a page for a path that is empty below its mount": Case(
        whole(HTML), "page", Request(path="/mnt", root_path="/mnt")
    ),
    "a page that could have trailers": Case(whole(HTML), "page", Request(extensions=("http.response.trailers",))),
    "an answer to POST": Case(whole(HTML), "page", Request(method="POST", headers=((b"content-length", b"0"),))),
    "an answer to an unknown method": Case(whole(HTML), "page", Request(method="BREW")),
}

"""WSGI middlewares with one fault each: what they hand to the server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.protocol.wsgi_connection import App, Environ, Headers, Middleware, StartResponse, Write


@dataclass(frozen=True)
class Wrong:
    """A middleware, the rule that it breaks, and the case that shows it."""

    middleware: Middleware
    rule: str
    case: str = "a page with Content-Length"
    page: str = "a page without a region"
    rewrites: bool = False
    validate: bool = False


def starting(
    status: Callable[[str], Any] = lambda status: status,
    headers: Callable[[Headers], Any] = lambda headers: headers,
) -> Middleware:
    """Return a middleware that changes what goes into start_response."""

    def middleware(app: App) -> App:
        def wrong(environ: Environ, start_response: StartResponse) -> Any:
            def start(given: str, pairs: Headers, *exc_info: Any) -> Write:
                return start_response(status(given), headers(list(pairs)), *exc_info)

            return app(environ, start)

        return wrong

    return middleware


def resulting(change: Callable[[Any], Any]) -> Middleware:
    """Return a middleware that changes the application's result."""

    def middleware(app: App) -> App:
        def wrong(environ: Environ, start_response: StartResponse) -> Any:
            return change(app(environ, start_response))

        return wrong

    return middleware


def pieces(change: Callable[[bytes], Any]) -> Middleware:
    """Return a middleware that changes every piece."""
    return resulting(lambda result: [change(piece) for piece in result])


def added(*headers: Any) -> Middleware:
    """Return a middleware that adds headers."""
    return starting(headers=lambda given: [*given, *headers])


def _never_starts(app: App) -> App:
    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        return app(environ, lambda *_: bytearray().extend)

    return wrong


def _starts_twice(app: App) -> App:
    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        def start(status: str, headers: Headers, *exc_info: Any) -> Write:
            start_response(status, headers, *exc_info)
            return start_response(status, headers, *exc_info)

        return app(environ, start)

    return wrong


def _starts_late(app: App) -> App:
    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        held: list[Any] = []

        def start(*args: Any) -> Write:
            held.extend(args)
            return held.append

        yield from app(environ, start)
        start_response(*held)

    return wrong


def _starts_with_too_much(app: App) -> App:
    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        return app(environ, lambda status, headers, *_: start_response(status, headers, None, None))

    return wrong


def _writes_what_is_yielded(app: App) -> App:
    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        writes: list[Write] = []

        def start(*args: Any) -> Write:
            writes.append(start_response(*args))
            return writes[0]

        for piece in app(environ, start):
            writes[0](piece)
            yield b""

    return wrong


def _drops_what_is_written(app: App) -> App:
    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        def start(*args: Any) -> Write:
            start_response(*args)
            return lambda piece: None

        return app(environ, start)

    return wrong


def _writes_last(app: App) -> App:
    """Puts out what was written after what was yielded."""

    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        written: list[bytes] = []

        def start(*args: Any) -> Write:
            start_response(*args)
            return written.append

        return [*app(environ, start), *written]

    return wrong


def _gives_no_write(app: App) -> App:
    def wrong(environ: Environ, start_response: StartResponse) -> Any:
        def start(*args: Any) -> Any:
            start_response(*args)

        return app(environ, start)

    return wrong


def _folded(headers: Headers) -> Headers:
    return list(dict(headers).items())


def _without_etag(headers: Headers) -> Headers:
    return [header for header in headers if header[0] != "ETag"]


COOKIES = "a page with the same cookie twice"
HEAD = "a page's HEAD"

SENDS = {
    "never calls start_response": Wrong(_never_starts, "start_response"),
    "calls start_response twice": Wrong(_starts_twice, "start_response"),
    "calls start_response after a piece": Wrong(_starts_late, "start_response"),
    "calls start_response with four arguments": Wrong(_starts_with_too_much, "start_response"),
    "sends a status as a number": Wrong(starting(status=lambda status: int(status[:3])), "status"),
    "sends a status as bytes": Wrong(starting(status=lambda status: status.encode()), "status"),
    "sends a status without a reason": Wrong(starting(status=lambda status: status[:3]), "status"),
    "sends a status with a line break": Wrong(starting(status=lambda status: status + "\r\nX: 1"), "status"),
    "sends another status": Wrong(starting(status=lambda _: "201 Created"), "status"),
    "sends another reason": Wrong(
        starting(status=lambda status: status[:3] + " OK"), "status", "a page with an odd reason"
    ),
    "sends headers as a tuple": Wrong(starting(headers=tuple), "header-shape"),
    "sends headers as a dict": Wrong(starting(headers=dict), "header-shape"),
    "sends a header as a list": Wrong(added(["X-One", "1"]), "header-shape"),
    "sends a header as bytes": Wrong(added((b"X-One", b"1")), "header-shape"),
    "sends a header of three": Wrong(added(("X-One", "1", "2")), "header-shape"),
    "sends a number in a header": Wrong(added(("X-One", 1)), "header-shape"),
    "sends a header name with a colon": Wrong(added(("X-One:", "1")), "header-name"),
    "sends a header that is called Status": Wrong(added(("Status", "200")), "header-name"),
    "sends a line break in a header": Wrong(added(("X-One", "1\r\nX-Two: 2")), "header-value"),
    "sends a header that is not latin-1": Wrong(added(("X-One", "\u20ac")), "header-value"),
    "sends Transfer-Encoding": Wrong(added(("Transfer-Encoding", "chunked")), "hop-by-hop"),
    "sends Connection": Wrong(added(("connection", "close")), "hop-by-hop"),
    "sends two Content-Lengths": Wrong(added(("content-length", "1")), "content-length"),
    "sends a Content-Length with a sign": Wrong(
        added(("Content-Length", "+1")), "content-length", "a page without Content-Length"
    ),
    "sends Content-Length with a 204": Wrong(added(("Content-Length", "0")), "content-length", "a 204"),
    "sends more than Content-Length says": Wrong(pieces(lambda raw: raw + b"x"), "content-length"),
    "sends less than Content-Length says": Wrong(pieces(lambda raw: raw[1:]), "content-length"),
    "sends a str": Wrong(pieces(lambda raw: raw.decode("latin-1")), "body-type"),
    "sends a bytearray": Wrong(pieces(bytearray), "body-type"),
    "sends None": Wrong(pieces(lambda _: None), "body-type"),
    "sends a body to HEAD": Wrong(resulting(lambda _: [b"x"]), "body-forbidden", HEAD),
    "sends a body with a 204": Wrong(resulting(lambda _: [b"x"]), "body-forbidden", "a 204"),
    "sends a body with a 205": Wrong(resulting(lambda _: [b"x"]), "body-forbidden", "a 205"),
    "sends a body with a 304": Wrong(resulting(lambda _: [b"x"]), "body-forbidden", "a 304"),
    "returns None": Wrong(resulting(lambda _: None), "result"),
    "returns bytes": Wrong(resulting(b"".join), "result"),
    "returns a str": Wrong(resulting(str), "result"),
    "writes what is yielded": Wrong(_writes_what_is_yielded, "write", "JSON in a list"),
    "drops what is written": Wrong(_drops_what_is_written, "body", "a written page"),
    "sends what was written last": Wrong(_writes_last, "body", "a page written and then yielded"),
    "gives no write": Wrong(_gives_no_write, "write"),
    "folds equal headers": Wrong(starting(headers=_folded), "headers", COOKIES),
    "sorts headers": Wrong(starting(headers=sorted), "headers", COOKIES),
    "writes header names anew": Wrong(
        starting(headers=lambda given: [(name.title(), value) for name, value in given]),
        "headers",
        "a page with odd header case",
    ),
    "adds a header": Wrong(added(("X-By", "me")), "headers"),
    "adds Vary to JSON": Wrong(added(("Vary", "*")), "headers", "JSON in a list"),
    "drops ETag for nothing": Wrong(starting(headers=_without_etag), "headers", "a page with a weak ETag"),
    "mends line ends": Wrong(pieces(lambda raw: raw.replace(b"\r", b"\n")), "body", "a page with NUL and CR"),
    "joins a result that must pass": Wrong(
        resulting(lambda result: [b"".join(result)]), "identity", "JSON in an iterable without close"
    ),
    "makes a generator of a list": Wrong(resulting(iter), "identity", "JSON in a list"),
    "makes a list of a tuple": Wrong(resulting(list), "identity", "JSON in a tuple"),
    "reads the server's file wrapper itself": Wrong(
        resulting(lambda result: result.file.read()), "result", "an image in the server's file wrapper"
    ),
    "sends what `wsgiref.validate` refuses": Wrong(added(("X-One_", "1")), "wsgiref.validate", validate=True),
}

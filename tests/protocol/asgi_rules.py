"""The ASGI specifications (HTTP and WebSocket 2.5, Lifespan 2.0, extensions) as state machines over messages.

Each machine looks at one direction of one connection and knows nothing of tasks, servers or middleware.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from tests.protocol.violations import Ledger

Message = dict[str, Any]
Scope = dict[str, Any]
Pairs = list[tuple[bytes, bytes]]

# RFC 9110, 7.6.1, and PEP 3333, "Other HTTP Features". ASGI lets an application send Transfer-Encoding,
# which the server must ignore; a middleware that sends one has made a mistake.
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te transfer-encoding upgrade".split()
)
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9a-z]+")
BODILESS = frozenset((*range(100, 200), 204, 205, 304))


class Rules(Protocol):
    """One direction of one connection. *complete* tells whether the peer may take it for finished."""

    complete: bool

    def check(self, message: object) -> Message: ...


def frozen(value: Any) -> Any:
    """Return a deep copy of the containers in *value*; a one-shot iterator becomes a list."""
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(frozen(item) for item in value)
    if isinstance(value, list) or (isinstance(value, Iterator) and not hasattr(value, "read")):
        return [frozen(item) for item in value]
    return value


def check_headers(ledger: Ledger, headers: object, *, of_response: bool) -> Pairs:
    """Return *headers* as a list of pairs."""
    if isinstance(headers, str | bytes | Mapping) or not isinstance(headers, Iterable):
        ledger.report("header-shape", f"headers must be an iterable of pairs, not {headers!r}")
    pairs: Pairs = []
    for item in headers:
        ledger.require(
            isinstance(item, Iterable) and not isinstance(item, str | bytes),
            "header-shape",
            f"a header must be a two-item iterable, not {item!r}",
        )
        pair = tuple(item)
        ledger.require(len(pair) == 2, "header-shape", f"a header has two items, not {pair!r}")
        name, value = pair
        _check_header(ledger, name, value, of_response)
        pairs.append((name, value))
    return pairs


def _check_header(ledger: Ledger, name: object, value: object, of_response: bool) -> None:
    if type(name) is not bytes or type(value) is not bytes:
        ledger.report("header-shape", f"header names and values are bytes, not {(name, value)!r}")
    ledger.require(not name.startswith(b":"), "header-name", f"pseudo header {name!r}")
    ledger.require(TOKEN.fullmatch(name) is not None, "header-name", f"{name!r} is no lower-case field name")
    bad = re.search(rb"[\0\r\n]", value)
    ledger.require(bad is None, "header-value", f"{name!r} has a control character in {value!r}")
    if of_response:
        ledger.require(name not in HOP_BY_HOP, "hop-by-hop", f"{name!r} belongs to the server")


def content_length(ledger: Ledger, pairs: Pairs) -> int | None:
    """Return the one Content-Length of *pairs*, or ``None``."""
    values = [value for name, value in pairs if name == b"content-length"]
    ledger.require(len(values) < 2, "content-length", f"two Content-Length headers: {values!r}")
    if not values:
        return None
    ledger.require(re.fullmatch(rb"[0-9]+", values[0]) is not None, "content-length", f"{values[0]!r}")
    return int(values[0])


def event(ledger: Ledger, message: object) -> Message:
    """Return *message* if it is an event at all."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        ledger.report("event-type", f"an event is a dict with a str under 'type', not {message!r}")
    return message


def typed(ledger: Ledger, message: Message, key: str, kind: type, default: Any) -> Any:
    """Return ``message[key]``, exactly of *kind*, or *default* where the key is missing."""
    value = message.get(key, default)
    fits = type(value) is kind
    ledger.require(fits, "event-keys", f"{key!r} of {message['type']!r} must be {kind.__name__}: {value!r}")
    return value


class ResponseRules:
    """What an application may send as an HTTP response (or as the denial of a WebSocket)."""

    def __init__(self, scope: Scope, ledger: Ledger, *, allow_head_body: bool = False) -> None:
        self.complete = False
        self.status: int | None = None
        self.length = 0
        self._ledger = ledger
        self._prefix = "http.response." if scope["type"] == "http" else "websocket.http.response."
        self._extensions = scope.get("extensions") or {}
        self._is_head = scope.get("method") == "HEAD"
        self._allow_head_body = allow_head_body
        self._declared: int | None = None
        self._trailers = False
        self._body_done = False
        self._body_seen = False
        self._debug_seen = False

    def check(self, message: object) -> Message:
        """Return a normalised copy of *message*. Reports where it may not come now, or not like this."""
        known: Message = frozen(event(self._ledger, message))
        kind = known["type"]
        self._ledger.require(not self.complete, "after-complete", f"{kind!r} after the response was complete")
        self._ledger.require(kind.startswith(self._prefix), "event-type", f"{kind!r} on this connection")
        core = {"start": self._start, "body": self._body}
        extensions = {
            "zerocopysend": self._zerocopysend,
            "pathsend": self._pathsend,
            "trailers": self._take_trailers,
            "debug": self._debug,
        }
        name = kind.removeprefix(self._prefix)
        offered = name in core or kind in self._extensions
        self._ledger.require(offered, "event-type", f"{kind!r} was not offered")
        (core | extensions).get(name, self._other)(known)
        return known

    def _start(self, message: Message) -> None:
        self._ledger.require(self.status is None, "event-order", "a second start")
        status = typed(self._ledger, message, "status", int, None)
        self._ledger.require(100 <= status <= 999, "event-keys", f"status {status!r}")
        pairs = check_headers(self._ledger, message.get("headers", ()), of_response=True)
        self._trailers = typed(self._ledger, message, "trailers", bool, False)
        if self._trailers:
            offered = "http.response.trailers" in self._extensions
            self._ledger.require(offered, "event-type", "trailers were not offered")
        self.status = status
        self._declared = content_length(self._ledger, pairs)
        if status < 200 or status == 204:
            self._ledger.require(self._declared is None, "content-length", f"Content-Length on a {status}")

    def _body(self, message: Message) -> None:
        body = typed(self._ledger, message, "body", bytes, b"")
        more = typed(self._ledger, message, "more_body", bool, False)
        self._content(message["type"], len(body), more)

    def _zerocopysend(self, message: Message) -> None:
        file, offset = message["file"], message.get("offset")
        descriptor = file if isinstance(file, int) else file.fileno()
        start = os.lseek(descriptor, 0, os.SEEK_CUR) if offset is None else offset
        size = os.fstat(descriptor).st_size - start
        more = typed(self._ledger, message, "more_body", bool, False)
        self._content(message["type"], message.get("count", size), more)

    def _pathsend(self, message: Message) -> None:
        path = typed(self._ledger, message, "path", str, None)
        self._ledger.require(not self._body_seen, "event-order", "pathsend after other content")
        self._content(message["type"], os.stat(path).st_size, False)

    def _content(self, kind: str, size: int, more: bool) -> None:
        self._ledger.require(self.status is not None, "event-order", f"{kind!r} before the start")
        self._ledger.require(not self._body_done, "after-complete", f"{kind!r} after the last of the body")
        self._body_seen = True
        if self._is_head and self._allow_head_body:
            size = 0
        bodiless = self._is_head or self.status in BODILESS
        what = "HEAD" if self._is_head else self.status
        self._ledger.require(not (bodiless and size), "body-forbidden", f"{size} bytes in answer to {what}")
        self.length += size
        if self._declared is not None and not bodiless:
            said = f"Content-Length says {self._declared}, the body has {self.length}"
            self._ledger.require(self.length <= self._declared, "content-length", said)
            self._ledger.require(more or self.length == self._declared, "content-length", said)
        self._body_done = not more
        self.complete = self._body_done and not self._trailers

    def _take_trailers(self, message: Message) -> None:
        self._ledger.require(self._trailers and self._body_done, "event-order", "trailers out of turn")
        check_headers(self._ledger, message.get("headers", ()), of_response=True)
        self.complete = not typed(self._ledger, message, "more_trailers", bool, False)

    def _debug(self, message: Message) -> None:
        early = self.status is None and not self._debug_seen
        self._ledger.require(early, "event-order", "debug comes once, before the start")
        typed(self._ledger, message, "info", dict, None)
        self._debug_seen = True

    def _other(self, message: Message) -> None:
        meanwhile = self.status is not None and not self._body_done
        kind = message["type"]
        self._ledger.require(meanwhile, "event-order", f"{kind!r} must come after start and before the end")

"""The machines of the ASGI rules refuse what the specifications forbid, on every kind of connection."""

from typing import Any

import pytest

from tests.protocol.asgi_connection import Request
from tests.protocol.asgi_connections import ReceiveRules, check_scope, rules_for
from tests.protocol.asgi_rules import Message
from tests.protocol.violations import BrokenRuleError, Ledger

ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close"}
DENIAL = "websocket.http.response"
DENY = {"type": DENIAL + ".start", "status": 403, "headers": []}
DENIED = {"type": DENIAL + ".body", "body": b""}
STARTED = {"type": "lifespan.startup.complete"}
STOPPED = {"type": "lifespan.shutdown.complete"}
START = {"type": "http.response.start", "status": 200}
MORE = {"type": "http.response.body", "more_body": True}
TRAILERS = {"type": "http.response.trailers", "headers": []}
COPY = {"type": "http.response.zerocopysend"}
DEBUG = {"type": "http.response.debug", "info": {}}
CONNECT = {"type": "websocket.connect"}
EXTENSIONS = (
    *(f"http.response.{name}" for name in ("trailers", "zerocopysend", "pathsend", "debug", "early_hint")),
    *(DENIAL, DENIAL + ".start", DENIAL + ".body"),
)

# name -> (kind of connection, messages of which the last is wrong, rule)
SENDS: dict[str, tuple[str, list[Any], str]] = {
    "a WebSocket accepted twice": ("websocket", [ACCEPT, ACCEPT], "event-order"),
    "data before accept": ("websocket", [{"type": "websocket.send", "text": "x"}], "event-order"),
    "data of both kinds": ("websocket", [ACCEPT, {"type": "websocket.send", "text": "", "bytes": b""}], "event-keys"),
    "data of no kind": ("websocket", [ACCEPT, {"type": "websocket.send"}], "event-keys"),
    "text as bytes": ("websocket", [ACCEPT, {"type": "websocket.send", "text": b"x"}], "event-keys"),
    "data after close": ("websocket", [ACCEPT, CLOSE, {"type": "websocket.send", "text": "x"}], "after-complete"),
    "a close code as text": ("websocket", [ACCEPT, CLOSE | {"code": "1000"}], "event-keys"),
    "a close reason as bytes": ("websocket", [ACCEPT, CLOSE | {"reason": b"x"}], "event-keys"),
    "a subprotocol as bytes": ("websocket", [ACCEPT | {"subprotocol": b"chat"}], "event-keys"),
    "a subprotocol as a header": (
        "websocket",
        [ACCEPT | {"headers": [(b"sec-websocket-protocol", b"chat")]}],
        "header-name",
    ),
    "a header of accept as text": ("websocket", [ACCEPT | {"headers": [("x", "y")]}], "header-shape"),
    "a denial after accept": ("websocket", [ACCEPT, DENY], "event-order"),
    "a close after a denial": ("websocket", [DENY, CLOSE], "event-order"),
    "a denial's body first": ("websocket", [DENIED], "event-order"),
    "a denial after its end": ("websocket", [DENY, DENIED, DENIED], "after-complete"),
    "an HTTP response on a WebSocket": ("websocket", [START], "event-type"),
    "a WebSocket message on HTTP": ("http", [ACCEPT], "event-type"),
    "shutdown before startup": ("lifespan", [STOPPED], "event-order"),
    "startup twice": ("lifespan", [STARTED, STARTED], "event-order"),
    "startup after failure": ("lifespan", [{"type": "lifespan.startup.failed"}, STARTED], "after-complete"),
    "an unknown answer to startup": ("lifespan", [{"type": "lifespan.startup.maybe"}], "event-type"),
    "a failure's message as bytes": ("lifespan", [{"type": "lifespan.startup.failed", "message": b""}], "event-keys"),
    "trailers that were not announced": ("http", [START, MORE, TRAILERS], "event-order"),
    "trailers before the end of the body": ("http", [START | {"trailers": True}, MORE, TRAILERS], "event-order"),
    "trailers as a flag of text": ("http", [START | {"trailers": "yes"}], "event-keys"),
    "debug twice": ("http", [DEBUG, DEBUG], "event-order"),
    "debug after the start": ("http", [START, DEBUG], "event-order"),
    "a hint before the start": ("http", [{"type": "http.response.early_hint", "links": []}], "event-order"),
    "a file before the start": ("http", [COPY | {"file": 0, "count": 1}], "event-order"),
    "a path after content": (
        "http",
        [START, MORE, {"type": "http.response.pathsend", "path": "/dev/null"}],
        "event-order",
    ),
    "an event without a type": ("http", [{}], "event-type"),
    "an event of an unknown protocol that is none": ("telnet", ["who"], "event-type"),
}
RECEIVES: dict[str, tuple[str, list[Any]]] = {
    "no connect": ("websocket", [{"type": "websocket.receive", "text": "x"}]),
    "connect twice": ("websocket", [CONNECT, CONNECT]),
    "data without data": ("websocket", [CONNECT, {"type": "websocket.receive"}]),
    "a body after the last": ("http", [{"type": "http.request"}, {"type": "http.request"}]),
    "a body as text": ("http", [{"type": "http.request", "body": "x"}]),
    "more_body as a number": ("http", [{"type": "http.request", "more_body": 1}]),
    "a WebSocket's event on HTTP": ("http", [CONNECT]),
    "shutdown first": ("lifespan", [{"type": "lifespan.shutdown"}]),
    "startup twice": ("lifespan", [{"type": "lifespan.startup"}, {"type": "lifespan.startup"}]),
}
SCOPES: dict[str, dict[str, Any]] = {
    "no type": {"type": None},
    "no versions": {"asgi": None},
    "an unknown version": {"asgi": {"version": "1.0"}},
    "a path as bytes": {"path": b"/"},
    "a query as text": {"query_string": ""},
    "a raw path as text": {"raw_path": "/"},
    "an empty scheme": {"scheme": ""},
    "a method in small letters": {"method": "get"},
    "headers as text": {"headers": "x"},
    "a header in capitals": {"headers": [(b"Host", b"x")]},
    "a client without a port": {"client": ("127.0.0.1",)},
    "a port as text": {"server": ("127.0.0.1", "80")},
    "a state that is no dict": {"state": []},
    "extensions as a list": {"extensions": []},
}


def _scope(kind: str) -> Message:
    return Request(type=kind, extensions=EXTENSIONS).scope({})


@pytest.mark.parametrize(("kind", "messages", "rule"), SENDS.values(), ids=SENDS.keys())
def test_a_message_out_of_turn_or_shape_is_refused(kind: str, messages: list[Any], rule: str) -> None:
    rules = rules_for(_scope(kind), Ledger())
    *good, bad = messages
    for message in good:
        rules.check(message)

    with pytest.raises(BrokenRuleError) as caught:
        rules.check(bad)

    assert caught.value.rule == rule


@pytest.mark.parametrize(("kind", "messages"), RECEIVES.values(), ids=RECEIVES.keys())
def test_an_event_that_no_server_gives_is_refused(kind: str, messages: list[Any]) -> None:
    rules = ReceiveRules(_scope(kind), Ledger())
    *good, bad = messages
    for message in good:
        rules.check(message)

    with pytest.raises(BrokenRuleError):
        rules.check(bad)


@pytest.mark.parametrize("changes", SCOPES.values(), ids=SCOPES.keys())
def test_a_scope_that_no_server_makes_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BrokenRuleError):
        check_scope(Ledger(), _scope("http") | changes)


@pytest.mark.parametrize("key", ["path", "query_string", "method", "http_version", "headers", "asgi"])
def test_a_scope_without_a_required_key_is_refused(key: str) -> None:
    scope = _scope("http")
    del scope[key]

    with pytest.raises(BrokenRuleError):
        check_scope(Ledger(), scope)


@pytest.mark.parametrize("kind", ["http", "websocket", "lifespan", "telnet"])
def test_a_scope_of_this_server_is_legal(kind: str) -> None:
    check_scope(Ledger(), _scope(kind))

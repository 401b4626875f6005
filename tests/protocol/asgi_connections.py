"""The rest of the ASGI specifications: scopes, what `receive` gives, WebSocket and Lifespan messages."""

from collections.abc import Iterable
from typing import Any

from tests.protocol.asgi_rules import (
    Message,
    ResponseRules,
    Rules,
    Scope,
    check_headers,
    event,
    frozen,
    typed,
)
from tests.protocol.violations import Ledger

# key -> (type, required)
COMMON: dict[str, tuple[type | tuple[type, ...], bool]] = {
    "path": (str, True),
    "raw_path": ((bytes, type(None)), False),
    "query_string": (bytes, True),
    "scheme": (str, False),
    "root_path": (str, False),
    "extensions": ((dict, type(None)), False),
}
KEYS = {
    "http": {**COMMON, "http_version": (str, True), "method": (str, True)},
    "websocket": {**COMMON, "http_version": (str, False)},
    "lifespan": {},
}


def check_scope(ledger: Ledger, scope: object) -> None:
    """Report where *scope* lacks a required key or has a value of a wrong type."""
    if not isinstance(scope, dict) or not isinstance(scope.get("type"), str):
        ledger.report("scope", f"a scope is a dict with a str under 'type', not {scope!r}")
    versions = scope.get("asgi")
    if not isinstance(versions, dict) or versions.get("version") not in ("2.0", "3.0"):
        ledger.report("scope", f"scope['asgi'] is {versions!r}")
    state = scope.get("state", {})
    ledger.require(isinstance(state, dict), "scope", f"scope['state'] is {state!r}")
    for key, (kind, required) in KEYS.get(scope["type"], {}).items():
        ledger.require(key in scope or not required, "scope", f"scope has no {key!r}")
        if key in scope:
            ledger.require(isinstance(scope[key], kind), "scope", f"scope[{key!r}] is {scope[key]!r}")
    if scope["type"] in ("http", "websocket"):
        _check_request(ledger, scope)


def _check_request(ledger: Ledger, scope: Scope) -> None:
    ledger.require("headers" in scope, "scope", "scope has no 'headers'")
    check_headers(ledger, scope["headers"], of_response=False)
    ledger.require(scope.get("scheme", "http") != "", "scope", "an empty scheme")
    method = scope.get("method", "GET")
    ledger.require(method == method.upper(), "scope", f"method {method!r} is not upper case")
    for end in ("client", "server"):
        pair: Any = scope.get(end)
        if pair is None:
            continue
        fits = isinstance(pair, Iterable) and [type(x) for x in pair] in ([str, int], [str, type(None)])
        ledger.require(fits, "scope", f"scope[{end!r}] is {pair!r}")


class WebSocketRules:
    """What an application may send on a WebSocket."""

    def __init__(self, scope: Scope, ledger: Ledger) -> None:
        self.complete = False
        self._ledger = ledger
        self._state = "connecting"
        self._denial = ResponseRules(scope, ledger)

    def check(self, message: object) -> Message:
        """Return a normalised copy of *message*. Reports where it may not come now, or not like this."""
        known = event(self._ledger, message)
        kind = known["type"]
        self._ledger.require(not self.complete, "after-complete", f"{kind!r} after the end")
        if kind.startswith("websocket.http.response."):
            return self._deny(known)
        rule = {
            "websocket.accept": self._accept,
            "websocket.send": self._send,
            "websocket.close": self._close,
        }.get(kind)
        if rule is None:
            self._ledger.report("event-type", f"{kind!r} on a WebSocket")
        rule(known)
        return frozen(known)  # type: ignore[no-any-return]

    def _deny(self, message: Message) -> Message:
        early = self._state in ("connecting", "denied")
        self._ledger.require(early, "event-order", f"{message['type']!r} when {self._state}")
        copy = self._denial.check(message)
        self._state = "denied"
        self.complete = self._denial.complete
        return copy

    def _accept(self, message: Message) -> None:
        self._ledger.require(self._state == "connecting", "event-order", f"accept when {self._state}")
        chosen = message.get("subprotocol")
        self._ledger.require(isinstance(chosen, str | None), "event-keys", f"subprotocol {chosen!r}")
        pairs = check_headers(self._ledger, frozen(message.get("headers", ())), of_response=True)
        named = any(name == b"sec-websocket-protocol" for name, _ in pairs)
        self._ledger.require(not named, "header-name", "the subprotocol has a key of its own")
        self._state = "connected"

    def _send(self, message: Message) -> None:
        self._ledger.require(self._state == "connected", "event-order", f"send when {self._state}")
        check_payload(self._ledger, message)

    def _close(self, message: Message) -> None:
        self._ledger.require(self._state != "denied", "event-order", "close after a denial response")
        typed(self._ledger, message, "code", int, 1000)
        reason = message.get("reason")
        self._ledger.require(isinstance(reason, str | None), "event-keys", f"reason {reason!r}")
        self._state = "closed"
        self.complete = True


def check_payload(ledger: Ledger, message: Message) -> None:
    """Exactly one of ``bytes`` and ``text`` is there."""
    raw, text = message.get("bytes"), message.get("text")
    ledger.require((raw is None) != (text is None), "event-keys", f"one of bytes and text, not {message!r}")
    fits = type(raw) is bytes or type(text) is str
    ledger.require(fits, "event-keys", f"payload {message!r}")


class LifespanRules:
    """What an application may answer to the events of its lifespan."""

    def __init__(self, _scope: Scope, ledger: Ledger) -> None:
        self.complete = False
        self._ledger = ledger
        self._expected = "lifespan.startup."

    def check(self, message: object) -> Message:
        """Return a normalised copy of *message*. Reports where it may not come now, or not like this."""
        known = event(self._ledger, message)
        kind = known["type"]
        self._ledger.require(not self.complete, "after-complete", f"{kind!r} after the end")
        self._ledger.require(kind.startswith(self._expected), "event-order", f"{kind!r} out of turn")
        self._ledger.require(kind.endswith((".complete", ".failed")), "event-type", f"{kind!r}")
        typed(self._ledger, known, "message", str, "")
        self.complete = kind != "lifespan.startup.complete"
        self._expected = "lifespan.shutdown."
        return frozen(known)  # type: ignore[no-any-return]


class AnyRules:
    """A protocol that nobody here knows: any event may come, and the end is the application's."""

    def __init__(self, _scope: Scope, ledger: Ledger) -> None:
        self.complete = True
        self._ledger = ledger

    def check(self, message: object) -> Message:
        """Return a copy of *message*."""
        return frozen(event(self._ledger, message))  # type: ignore[no-any-return]


def rules_for(scope: Scope, ledger: Ledger, *, allow_head_body: bool = False) -> Rules:
    """Return the machine for what the application of *scope* sends."""
    if scope["type"] == "http":
        return ResponseRules(scope, ledger, allow_head_body=allow_head_body)
    kinds: dict[str, type[WebSocketRules] | type[LifespanRules]] = {
        "websocket": WebSocketRules,
        "lifespan": LifespanRules,
    }
    return kinds.get(scope["type"], AnyRules)(scope, ledger)


class ReceiveRules:
    """What `receive` may give."""

    def __init__(self, scope: Scope, ledger: Ledger) -> None:
        self._ledger = ledger
        self._kind = scope["type"]
        self._seen: list[str] = []
        self._body_done = False

    def check(self, message: object) -> None:
        """Report where *message* may not come now, or not like this."""
        known = event(self._ledger, message)
        kind = known["type"]
        if self._kind == "http":
            self._http(known)
        elif self._kind == "websocket":
            first = not self._seen
            self._require((kind == "websocket.connect") == first, f"{kind!r} after {self._seen!r}")
            if kind == "websocket.receive":
                check_payload(self._ledger, known)
        elif self._kind == "lifespan":
            expected = ["lifespan.startup", "lifespan.shutdown"][len(self._seen) :][:1]
            self._require([kind] == expected, f"{kind!r} after {self._seen!r}")
        self._seen.append(kind)

    def _http(self, message: Message) -> None:
        if message["type"] == "http.disconnect":
            self._body_done = True
            return
        self._require(message["type"] == "http.request", f"{message['type']!r} on an HTTP connection")
        self._require(not self._body_done, "http.request after the end of the request")
        typed(self._ledger, message, "body", bytes, b"")
        self._body_done = not typed(self._ledger, message, "more_body", bool, False)

    def _require(self, holds: bool, message: str) -> None:
        self._ledger.require(holds, "receive", message)

"""The bodies of WSGI responses: iterables, which a server closes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeGuard

from pressmark.page.scanner import may_hold_marker
from pressmark.response.exchange import MAX_HELD_BYTES


def is_all_there(result: Iterable[bytes]) -> TypeGuard[Sequence[bytes]]:
    """Tell whether *result* is a whole body that may be held and need not be closed."""
    if not isinstance(result, list | tuple) or not result or hasattr(result, "close"):
        return False
    if not all(type(chunk) is bytes for chunk in result):
        return False
    return sum(map(len, result)) <= MAX_HELD_BYTES or (len(result) == 1 and not may_hold_marker(result[0]))


class Body:
    """The body for the server; it closes the application's own exactly once."""

    def __init__(self, result: Iterable[bytes], stream: Iterator[bytes], environ: dict[str, Any]) -> None:
        self._result: Iterable[bytes] | None = result
        self._stream, self._environ = stream, environ
        self.hidden: dict[str, str] = {}  # headers that were hidden from the application

    def with_stream(self, stream: Iterator[bytes]) -> "Body":
        """Give the body another *stream* of its bytes, and return it."""
        self._stream = stream
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self._stream

    def close(self) -> None:
        result, self._result = self._result, None
        self._environ.update(self.hidden)
        self.hidden = {}
        close = getattr(result, "close", None)
        if close is not None:
            close()

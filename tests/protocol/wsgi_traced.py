"""What a WSGI application returns, watched: who iterates over it, when, how often, and who closes it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from tests.protocol.wsgi_connection import Connection, FileWrapper


@contextmanager
def inside(connection: Connection) -> Iterator[None]:
    """Mark what the application does, and note what it raises."""
    connection.inside += 1
    try:
        yield
    except StopIteration:
        raise
    except BaseException as error:
        connection.app_errors.append(error)
        raise
    finally:
        connection.inside -= 1


class Traced:
    """An application's iterable, watched. Iterating over it gives another object, which has no `close`."""

    def __init__(self, connection: Connection, iterable: Iterable[bytes]) -> None:
        self._connection = connection
        self._iterable = iterable
        self._iterations = 0
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        self._connection.check_thread("iter")
        self._iterations += 1
        self._connection.ledger.require(self._iterations == 1, "iteration", "the iterable is iterated twice")
        with inside(self._connection):
            iterator = iter(self._iterable)
        return _TracedIterator(self, self._connection, iterator)


class TracedClosing(Traced):
    """A traced iterable with `close`."""

    def close(self) -> None:
        connection = self._connection
        connection.closes += 1
        self.is_closed = True
        connection.check_thread("close")
        ended = connection.app_ended or connection.app_errors or connection.phase == "closing"
        connection.ledger.require(bool(ended), "close", "closed before the iteration ended")
        connection.ledger.require(connection.closes == 1, "close", "closed twice")
        with inside(connection):
            cast(Any, self._iterable).close()


class TracedSized(TracedClosing):
    """A traced iterable with `close` and a length."""

    def __len__(self) -> int:
        return len(cast(Any, self._iterable))


class _TracedIterator:
    def __init__(self, owner: Traced, connection: Connection, iterator: Iterator[bytes]) -> None:
        self._owner = owner
        self._connection = connection
        self._iterator = iterator

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._connection.check_thread("next")
        self._connection.ledger.require(not self._owner.is_closed, "close", "read after close")
        try:
            with inside(self._connection):
                piece = next(self._iterator)
        except StopIteration:
            self._connection.app_ended = True
            raise
        self._connection.app_sent.append(piece)
        return piece


def traced(connection: Connection, result: Any) -> Any:
    """Return *result* watched, and as much like itself as a watched object can be."""
    connection.must_close = hasattr(result, "close")
    if isinstance(result, FileWrapper):
        result.on_close = lambda: setattr(connection, "closes", connection.closes + 1)
        connection.app_sent.append(result.file.read())
        result.file.seek(0)
        connection.app_ended = True
        return result
    if isinstance(result, list | tuple):
        connection.app_sent.extend(result)
        connection.app_ended = True
        return result
    if not connection.must_close:
        return Traced(connection, result)
    return (TracedSized if hasattr(result, "__len__") else TracedClosing)(connection, result)

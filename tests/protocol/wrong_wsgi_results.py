"""WSGI middlewares with one fault each: how they iterate over the application's result, and close it."""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

from tests.protocol.wrong_wsgi import Wrong, resulting


def elsewhere(step: Callable[[], Any]) -> Any:
    """Return what *step* returns in a thread of its own, or raise what it raises."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append((step(), None))
        except Exception as error:
            outcome.append((None, error))

    thread = Thread(target=run)
    thread.start()
    thread.join()
    result, error = outcome[0]
    if error is not None:
        raise error
    return result


class Passing:
    """A result that does all that it should: iterates once, and closes what it was made of."""

    def __init__(self, result: Any) -> None:
        self.result = result

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.result)

    def close(self) -> None:
        if hasattr(self.result, "close"):
            self.result.close()


class _NeverCloses(Passing):
    def close(self) -> None:
        return


class _ClosesTwice(Passing):
    def close(self) -> None:
        super().close()
        super().close()


class _ClosesAtTheEnd(Passing):
    """Closes when all is read: not after an exception, not when the client left, not when never read."""

    def __iter__(self) -> Iterator[bytes]:
        yield from self.result
        super().close()

    def close(self) -> None:
        return


class _ClosesTheIterator(Passing):
    def __iter__(self) -> Iterator[bytes]:
        self.iterator: Iterator[bytes] = iter(self.result)
        return self.iterator

    def close(self) -> None:
        if hasattr(self.iterator, "close"):
            self.iterator.close()


class _ClosesFirst(Passing):
    def __iter__(self) -> Iterator[bytes]:
        iterator = iter(self.result)
        yield next(iterator)
        self.result.close()
        yield from iterator


class _ReadsAfterClose(Passing):
    def __iter__(self) -> Iterator[bytes]:
        self.iterator = iter(self.result)
        yield next(self.iterator)

    def close(self) -> None:
        super().close()
        next(self.iterator)


class _HidesCloseErrors(Passing):
    def close(self) -> None:
        try:
            super().close()
        except Exception:
            return


class _ClosesElsewhere(Passing):
    def close(self) -> None:
        elsewhere(super().close)


class _IteratesTwice(Passing):
    def __iter__(self) -> Iterator[bytes]:
        iter(self.result)
        return iter(self.result)


class _ReadsElsewhere(Passing):
    def __iter__(self) -> Iterator[bytes]:
        elsewhere(lambda: next(iter(self.result)))
        return iter(())


class _Swallows(Passing):
    """Ends a failed stream as if it were whole."""

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.result
        except Exception:
            return


class _Wraps(Passing):
    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.result
        except Exception as error:
            raise RuntimeError("wrapped") from error


class _RaisesAtTheEnd(Passing):
    def __iter__(self) -> Iterator[bytes]:
        yield from self.result
        raise RuntimeError("the middleware's own")


class _StopsShort(Passing):
    def __iter__(self) -> Iterator[bytes]:
        yield next(iter(self.result))


class _HoldsAll(Passing):
    def __iter__(self) -> Iterator[bytes]:
        return iter(list(self.result))


WRAPPED = "a page in an iterable with close"
FAILS = "an exception in the middle of a marker"
LEAVES = "a client that leaves a page"

RESULTS = {
    "never closes": Wrong(resulting(_NeverCloses), "close", WRAPPED),
    "closes twice": Wrong(resulting(_ClosesTwice), "close", WRAPPED),
    "forgets to close after an exception": Wrong(resulting(_ClosesAtTheEnd), "close", FAILS),
    "forgets to close when the client left": Wrong(resulting(_ClosesAtTheEnd), "close", LEAVES),
    "forgets to close what nobody reads": Wrong(resulting(_ClosesAtTheEnd), "close", "a page that nobody reads"),
    "closes the iterator for the iterable": Wrong(resulting(_ClosesTheIterator), "close", WRAPPED),
    "closes before the end": Wrong(resulting(_ClosesFirst), "close", WRAPPED),
    "reads after close": Wrong(resulting(_ReadsAfterClose), "close", LEAVES),
    "hides an exception of close": Wrong(resulting(_HidesCloseErrors), "exception", "an exception at close"),
    "closes in another thread": Wrong(resulting(_ClosesElsewhere), "thread", WRAPPED),
    "iterates twice": Wrong(resulting(_IteratesTwice), "iteration", WRAPPED),
    "reads in another thread": Wrong(resulting(_ReadsElsewhere), "thread", WRAPPED),
    "ends a failed stream as if it were whole": Wrong(resulting(_Swallows), "exception", FAILS),
    "wraps exceptions": Wrong(resulting(_Wraps), "exception", FAILS),
    "raises when all is well": Wrong(resulting(_RaisesAtTheEnd), "exception"),
    "stops before the end": Wrong(resulting(_StopsShort), "looks-complete", WRAPPED),
    "holds what must pass": Wrong(resulting(_HoldsAll), "same", "generated server-sent events"),
}

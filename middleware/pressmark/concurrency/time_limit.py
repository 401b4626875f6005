"""Work of somebody else's that may never end."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class TimeLimit:
    """Does pieces of work that may take some *seconds* each, on one thread, as what they use may belong to a thread.

    If one takes longer, its thread is given up, and the next gets another. A context: the thread ends with it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._queue: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] | None = None

    def __enter__(self) -> "TimeLimit":
        return self

    def __exit__(self, *_: object) -> None:
        self._give_up()

    def run(self, work: Callable[[], T]) -> T:
        """Return the result of *work*. Raises TimeoutError, and what *work* raises."""
        if self._queue is None:
            self._queue = SimpleQueue()
            Thread(target=_work, args=(self._queue,), name="pressmark limited", daemon=True).start()
        future: Future[T] = Future()
        self._queue.put((work, future))
        if not wait((future,), self._seconds).done:
            self._give_up()
            raise TimeoutError(f"it did not end within {self._seconds:g} s")
        return future.result()

    def _give_up(self) -> None:
        if self._queue is not None:
            self._queue.put(None)  # for the time when its work ends, if ever
            self._queue = None


def _work(queue: "SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None]") -> None:
    while (item := queue.get()) is not None:
        work, future = item
        try:
            future.set_result(work())
        except BaseException as error:  # for the one who waits
            future.set_exception(error)
        del item, work, future  # an idle thread keeps nothing alive

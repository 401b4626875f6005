"""Work beside greenlets: gevent puts them in the place of threads, and one that computes stops all others.

There work that computes runs on a thread of the operating system (*natively*), and what waits for others (a program, a
request to the application, a storage, a log) goes back to the greenlets (*home*), as their modules were patched to wait
there. Anywhere else both just run.
"""

import logging
import os
import queue
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
Run = Callable[[Callable[[], Any]], Any]
"""Runs a piece of work, and returns or raises what it does."""

logger = logging.getLogger("pressmark")

_home: ContextVar[Run | None] = ContextVar("pressmark_home", default=None)


class Native:
    """The threads of the operating system for work that computes, *most* of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pool: Any = None  # gevent's; its own one also looks up names of hosts

    def run(self, work: Callable[[], T]) -> T:
        """Return the result of *work*, without stopping other greenlets meanwhile. Raises what it raises."""
        if _patched("gevent.monkey", "is_module_patched", "threading"):
            self._pool = self._pool or _module("gevent.threadpool").ThreadPool(self._most)
            hub = _module("gevent").get_hub()
            _log_from_home()
            result: T = self._pool.apply(_at, ((lambda inner: _in_hub(hub, inner)), work))
            return result
        return work()


def run_at_home(work: Callable[[], T]) -> T:
    """Return the result of *work*, which waits, from where greenlets may wait. Raises what it raises."""
    home = _home.get()
    if home is None:
        return work()
    result: T = home(work)
    return result


def _log_from_home() -> None:
    """Have all log lines handled at home: handlers have locks of the greenlets.

    So has the logger, for the first look at a level.
    """
    logger.addFilter(_is_handled_here)  # once, however often
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logger.isEnabledFor(level)


def _is_handled_here(record: logging.LogRecord) -> bool:
    """Tell whether this thread is at home; if not, have *record* handled there."""
    home = _home.get()
    if home is not None:
        home(lambda: logger.handle(record))
    return home is None


def start_native_thread(work: Callable[[], None]) -> None:
    """Run *work* in a thread of the operating system, which keeps no process alive."""
    start = _original("_thread", "start_new_thread")
    if start is None:
        threading.Thread(target=work, name="pressmark database", daemon=True).start()
    else:
        start(work, ())


def native_lock() -> Any:
    """Return a lock for which a thread of the operating system waits, and all of its greenlets with it.

    For all that builds share: a lock of the greenlets may stop such threads for ever. Who holds it must not wait, nor
    log.
    """
    return (_original("_thread", "allocate_lock") or threading.Lock)()


def locked_natively() -> Any:
    """Return such a lock that is acquired: an event that comes when it is released."""
    lock = native_lock()
    lock.acquire()
    return lock


def close_natively(descriptor: int) -> None:
    """Close a file of the operating system; gevent's way leaves that of a folder to a loop, which here never runs."""
    (_original("os", "close") or os.close)(descriptor)


def native_queue() -> Any:
    """Return a queue for threads of the operating system."""
    return (_original("queue", "SimpleQueue") or queue.SimpleQueue)()


def _original(module: str, name: str) -> Any:
    """Return what stood in *module* before greenlets came, ``None`` if it stands there still."""
    if _patched("gevent.monkey", "is_module_patched", "threading"):
        return _module("gevent.monkey").get_original(module, name)
    return None


def _at(home: Run, work: Callable[[], T]) -> T:
    """Return the result of *work* with *home* as the way back."""
    token = _home.set(home)
    try:
        return work()
    finally:
        _home.reset(token)


def _in_hub(hub: Any, work: Callable[[], Any]) -> Any:
    """Return the result of *work*, from a greenlet of *hub*, while this thread waits."""
    done = locked_natively()
    outcome: list[tuple[Any, BaseException | None]] = []

    def run() -> None:
        try:
            outcome.append((work(), None))
        except BaseException as error:  # it is for the thread that waits
            outcome.append((None, error))
        finally:
            done.release()

    hub.loop.run_callback_threadsafe(_module("gevent").spawn, run)
    done.acquire()
    result, error = outcome[0]
    if error is not None:
        raise error
    return result


def _patched(module: str, function: str, name: str) -> bool:
    found: Any = sys.modules.get(module)
    return found is not None and bool(getattr(found, function)(name))


def _module(name: str) -> Any:
    return sys.modules.get(name) or __import__(name, fromlist=["_"])

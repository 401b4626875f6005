"""What the middleware does, as events for whoever measures it: the setting ``on_event`` is called with each."""

import logging
from collections.abc import Callable
from typing import Literal, NamedTuple

logger = logging.getLogger("pressmark")


Outcome = Literal["warm", "cold", "kept"]


class RegionRendered(NamedTuple):
    """A region of a page, of the *kind* css or js, has left.

    It was "warm", from memory, "cold", after a look at its sources or a build, or "kept" as it was written. Then the
    *reason* is one of a few words: the name of an error, "WaitedTooLong" if its build goes on, "ErrorPage" if the page
    is one, or "NothingToBundle".
    """

    kind: str
    outcome: Outcome
    reason: str = ""


class RegionBuilt(NamedTuple):
    """A cold region of the *kind* css or js was built, or found in a store, in *seconds*; its page names *files*."""

    kind: str
    seconds: float
    files: int


class BundleRebuilt(NamedTuple):
    """A bundle of the *kind* css or js was asked for that this host lacked, and was built by the recipe in its URL.

    It "failed" if the files here make another, as those of another release.
    """

    kind: str
    outcome: Literal["done", "failed"]
    seconds: float


class StoreCalled(NamedTuple):
    """The shared *store* was called for *seconds*, to "get", "create", "put", "touch", "lock", "unlock" or "sweep".

    A call is "skipped" while the store is left alone, after it has "failed".
    """

    store: str
    call: str
    outcome: Literal["done", "failed", "skipped"]
    seconds: float = 0.0


class FileServed(NamedTuple):
    """A request for a generated file was answered with *status* and *size* bytes in a *coding*, such as br or dcz.

    The *kind* is css, js or map, and "" for the path of no file.
    """

    kind: str
    status: int
    coding: str
    size: int


Event = RegionRendered | RegionBuilt | BundleRebuilt | StoreCalled | FileServed
OnEvent = Callable[[Event], object]


class Guarded:
    """Calls *on_event*, which is foreign code: what it raises is logged once."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event, self._is_told = on_event, False

    def __call__(self, event: Event) -> None:
        """Pass *event* on. Raises nothing."""
        try:
            self._on_event(event)
        except Exception:
            if not self._is_told:
                self._is_told = True
                logger.exception("the function of on_event failed on %r", event)

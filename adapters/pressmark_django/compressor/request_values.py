"""What filters and precompilers written for django-compressor find in the thread of a request, kept for builds.

django-compressor calls them where a template is rendered. There they may ask a ``threading.local`` or a ``ContextVar``
for the visitor's theme or site. Pressmark calls them on threads of its own, once for all requests alike. So the tag
notes the values that the modules of such a class hold, a word in its marker names them, and the build is made with them
in their places. Requests with the same values share all results.

Only plain values can be told from each other. What else is there, such as the request itself, is handed on, and makes
no difference: the first request with the same plain values stands for all.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextvars import Context, ContextVar, copy_context
from enum import Enum
from hashlib import sha256
from threading import local
from types import FunctionType, ModuleType
from typing import Any, TypeVar

from pressmark.adapters import in_context

logger = logging.getLogger("pressmark")

T = TypeVar("T")
Holder = local | ContextVar[Any]
Values = dict[str, dict[str, Any]]
"""The name of a holder -> its values; one of a context variable has no name of its own."""

# What belongs to no project: its values are no visitor's.
_FOREIGN = frozenset(
    ("asgiref", "builtins", "compressor", "django", "pressmark", "pressmark_django", *sys.stdlib_module_names)
)
_PLAIN = (str, bytes, int, float, type(None), Enum)
MAX_MODULES = 500
"""The modules of one class that are looked at."""
MAX_KEPT = 1000
"""The sets of values that are kept. A region of one that has gone cannot be built until it is rendered again."""


class RequestValues:
    """The values that classes of filters and precompilers may ask for."""

    def __init__(self) -> None:
        self._classes: dict[tuple[type, str], None] = {}
        self._holders: dict[str, dict[str, Holder]] = {}
        self._kept: dict[str, Values] = {}
        self._told: set[str] = set()

    def add(self, found: type, sign: str) -> None:
        """Have the class *found* be called with the values of the request, unless it has ``cacheable = True``.

        *sign* is the media type that it compiles, or the kind that it filters.
        """
        if not getattr(found, "cacheable", False):
            self._classes[found, sign] = None
            self._holders.clear()  # they are looked for when a template is rendered: by then all is imported

    def note(self, kind: str, html: str) -> str:
        """Return a word for the values that the calling thread has for a region of *kind*, "" if it has none."""
        word, values = "", Values()
        for sign in {sign for _, sign in self._classes if sign == kind or sign in html}:
            values |= {name: _read(holder) for name, holder in self._holders_for(sign).items()}
        if any(values.values()):
            plain = repr(sorted(_plain_items(values)))
            word = sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            if word not in self._kept:
                self._keep(word, values)
        return word

    def call(self, word: str, work: Callable[..., T], *arguments: object) -> T:
        """Return the result of *work* in a context of its own, with the values that *word* names.

        Raises LookupError if they are kept no longer.
        """
        if word not in self._kept:
            raise LookupError("the values of its request are not known here any more; it is built when it is rendered")
        return Context().run(self._call, self._kept[word], work, *arguments)

    def _call(self, values: Values, work: Callable[..., T], *arguments: object) -> T:
        holders = {name: holder for found in self._holders.values() for name, holder in found.items()}
        before = {name: _read(holder) for name, holder in holders.items()}
        try:
            for name, holder in holders.items():
                _write(holder, values.get(name, {}))
            return work(*arguments)
        finally:
            for name, holder in holders.items():
                _write(holder, before[name])

    def _holders_for(self, sign: str) -> dict[str, Holder]:
        if sign not in self._holders:
            classes = [found for found, its in list(self._classes) if its == sign]
            self._holders[sign] = {name: holder for each in classes for name, holder in _holders_of(each)}
        return self._holders[sign]

    def _keep(self, word: str, values: Values) -> None:
        for name in sorted(_unknown_names(values) - self._told):
            self._told.add(name)
            logger.info("%s may be asked by a filter of COMPRESS_ settings, and tells no request from another", name)
        for oldest in list(self._kept)[: max(0, len(self._kept) - MAX_KEPT + 1)]:
            self._kept.pop(oldest, None)
        self._kept[word] = values


def _plain_items(values: Values) -> Iterator[tuple[str, str, str]]:
    """Yield the holder, the name and the text of each value that can be told from others."""
    for holder, found in values.items():
        yield from ((holder, name, repr(value)) for name, value in found.items() if _is_plain(value))


def _unknown_names(values: Values) -> set[str]:
    return {
        f"{holder}.{name}".rstrip(".")
        for holder, found in values.items()
        for name, value in found.items()
        if not _is_plain(value)
    }


def _is_plain(value: object) -> bool:
    return all(map(_is_plain, value)) if isinstance(value, tuple | list) else isinstance(value, _PLAIN)


def _read(holder: Holder) -> dict[str, Any]:
    """Return the values of *holder* in the calling thread and context."""
    if isinstance(holder, ContextVar):
        return {"": holder.get()} if holder in copy_context() else {}
    return dict(vars(holder))


def _write(holder: Holder, values: dict[str, Any]) -> None:
    if isinstance(holder, ContextVar):  # the context is a new one
        for value in values.values():
            holder.set(value)
    else:
        vars(holder).clear()
        vars(holder).update(values)


def _holders_of(found: type) -> Iterator[tuple[str, Holder]]:
    """Yield the holders in the modules of a class, in all others of its own packages, and in what these import."""
    modules = [sys.modules[each.__module__] for each in found.__mro__]
    own = {_package(module) for module in modules} - _FOREIGN
    pending = [module for module in modules if _package(module) in own]
    seen = {module.__name__ for module in pending}
    while pending and len(seen) < MAX_MODULES:
        module = pending.pop()
        for name, value in sorted(vars(module).items()):
            if isinstance(value, local | ContextVar):
                yield f"{module.__name__}.{name}", value
            other = _module_of(value) if _package(module) in own else None
            if other is not None and other.__name__ not in seen and _package(other) not in _FOREIGN:
                seen.add(other.__name__)
                pending.append(other)


def _module_of(value: object) -> ModuleType | None:
    """Return the module that *value* is, or in which a function or a class was written."""
    if isinstance(value, ModuleType):
        return value
    return sys.modules.get(value.__module__) if isinstance(value, FunctionType | type) else None


def _package(module: ModuleType) -> str:
    return module.__name__.partition(".")[0]


REQUEST_VALUES = RequestValues()
"""The values for all classes that the project's settings name."""


def in_request(region: str) -> str:
    """Return *region*, from its start marker on, with the word for what its filters may ask of the request."""
    start, end, rest = region.partition(" -->")
    word = REQUEST_VALUES.note(start.split()[2], rest)
    return in_context(start + end, word) + rest if word else region

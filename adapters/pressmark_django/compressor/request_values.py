"""What filters and precompilers written for django-compressor find in the thread of a request, kept for builds.

django-compressor calls them where a template is rendered. There they may ask a ``threading.local`` or a ``ContextVar``
for the visitor's theme or site. Pressmark calls them on threads of its own, once for all requests alike. So the tag
notes the values that the modules of such a class hold, a digest in its marker names them, and the build is made with
them in their places. Requests with the same values share all results.

Only plain values are kept: what a request or a user is would be one visitor's, and could not be told from another's.
"""

import hmac
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from copy import deepcopy
from decimal import Decimal
from enum import Enum
from threading import local
from types import FunctionType, ModuleType
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from pressmark.adapters import MEDIA_TYPES, in_context

logger = logging.getLogger("pressmark")

T = TypeVar("T")
Holder = local | ContextVar[Any]

# What belongs to no project: its values are no visitor's.
_FOREIGN = frozenset(
    ("asgiref", "builtins", "compressor", "django", "pressmark", "pressmark_django", *sys.stdlib_module_names)
)
_PLAIN = (str, bytes, int, float, type(None), Decimal, Enum, UUID)
MAX_MODULES = 500
"""The modules of one class that are looked at."""
MAX_KEPT = 1000
"""The sets of values that are kept. A region of one that has gone cannot be built until it is rendered again."""


class Held(NamedTuple):
    """The plain values of a *holder*; the one of a context variable has the name ""."""

    name: str
    holder: Holder
    values: dict[str, Any]


class RequestValues:
    """The values that classes of filters and precompilers may ask for."""

    def __init__(self) -> None:
        self._classes: dict[tuple[Any, str], None] = {}
        self._holders: dict[str, dict[str, Holder]] = {}
        self._kept: dict[str, tuple[Held, ...]] = {}
        self._told: set[str] = set()

    def add(self, found: Any, type_or_kind: str) -> None:
        """Have the class *found* be called with the values of the request.

        It compiles a media type, or filters a kind.
        """
        if (found, type_or_kind) not in self._classes:
            self._classes[found, type_or_kind] = None
            self._holders.pop(type_or_kind, None)  # they are looked for at the first template: by then all is imported

    def note(self, kind: str, html: str) -> str:
        """Return a digest of the values that the calling thread has for a region of *kind*, "" if it has none.

        Raises nothing: what fails is a value that no filter gets.
        """
        if not self._classes:  # a site's own pages come here each time
            return ""
        try:
            held = tuple(self._held(kind, html.lower()))
            plain = [(each.name, name, repr(value)) for each in held for name, value in sorted(each.values.items())]
            if not plain:
                return ""
            digest = hmac.new(_secret(), repr(plain).encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:16]
            if digest not in self._kept:
                self._keep(digest, held)
        except Exception:  # code of the project, such as an object that is made when it is asked
            self._tell("the values of a request for filters of COMPRESS_ settings cannot be read", exc_info=True)
            return ""
        return digest

    def call(self, digest: str, work: Callable[..., T], *arguments: object) -> T:
        """Return the result of *work* in a context of its own, with the values that *digest* names.

        Raises LookupError if they are kept no longer.
        """
        held = self._kept.get(digest)
        if held is None:
            raise LookupError("the values of its request are not known here any more; it is built when it is rendered")
        return Context().run(_call, held, work, *arguments)

    def _held(self, kind: str, html: str) -> Iterator[Held]:
        """Yield all holders for a region of *kind* with its *html*, each once, with the values that they have now."""
        wanted = {each for _, each in list(self._classes) if each in (kind, MEDIA_TYPES.get(kind)) or each in html}
        found = {id(holder): (name, holder) for each in sorted(wanted) for name, holder in self._holders_for(each)}
        for name, holder in sorted(found.values(), key=lambda pair: pair[0]):
            values = _read(holder)
            plain = {key: deepcopy(value) for key, value in values.items() if _is_plain(value)}
            for key in values.keys() - plain.keys():
                self._tell(
                    f"filters of COMPRESS_ settings get no {f'{name}.{key}'.rstrip('.')}, which is no plain value"
                )
            yield Held(name, holder, plain)

    def _holders_for(self, type_or_kind: str) -> list[tuple[str, Holder]]:
        known = self._holders.get(type_or_kind)
        if known is None:
            classes = [found for found, its in list(self._classes) if its == type_or_kind]
            known = {name: holder for each in classes for name, holder in _holders_of(each)}
            self._holders[type_or_kind] = known
        return list(known.items())

    def _keep(self, digest: str, held: tuple[Held, ...]) -> None:
        if len(self._kept) >= MAX_KEPT:
            names = ", ".join(each.name for each in held if each.values)
            self._tell(f"filters of COMPRESS_ settings are asked with {MAX_KEPT} different values of {names}: "
                       "if they need none, give their classes `cacheable = True`")  # fmt: skip
        for oldest in list(self._kept)[: max(0, len(self._kept) - MAX_KEPT + 1)]:
            self._kept.pop(oldest, None)
        self._kept[digest] = held

    def _tell(self, text: str, *, exc_info: bool = False) -> None:
        """Log *text*, once."""
        if text not in self._told:
            self._told.add(text)
            logger.warning("%s", text, exc_info=exc_info)


def _call(held: tuple[Held, ...], work: Callable[..., T], *arguments: object) -> T:
    before = [(each.holder, _read(each.holder)) for each in held]
    try:
        for each in held:
            _write(each.holder, deepcopy(each.values))
        return work(*arguments)
    finally:
        for holder, values in before:
            _write(holder, values)


def _secret() -> bytes:
    """Return what makes digests that cannot be guessed: they stand in pages, and are the same on all hosts."""
    with suppress(ImproperlyConfigured):  # there is none
        return str(settings.SECRET_KEY).encode("utf-8", "surrogatepass")
    return b""


def _is_plain(value: object) -> bool:
    return all(_is_plain(each) for each in value) if isinstance(value, tuple | list) else isinstance(value, _PLAIN)


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


def _holders_of(found: Any) -> Iterator[tuple[str, Holder]]:
    """Yield the holders that the modules of a class, or of a function, name, and the modules that those import.

    Modules of the same packages are followed further. Only what has a name in a module is seen.
    """
    names = [each.__module__ for each in getattr(found, "__mro__", (found,))]
    own = {name.partition(".")[0] for name in names} - _FOREIGN
    pending = [sys.modules[name] for name in names if name in sys.modules and name.partition(".")[0] in own]
    seen = {module.__name__ for module in pending}
    while pending and len(seen) < MAX_MODULES:
        module = pending.pop()
        for name, value in sorted(vars(module).items()):
            if issubclass(type(value), local | ContextVar):  # isinstance() would make an object that is lazy
                yield f"{module.__name__}.{name}", value
            other = _module_of(value) if _package(module) in own else None
            if other is not None and other.__name__ not in seen and _package(other) not in _FOREIGN:
                seen.add(other.__name__)
                pending.append(other)


def _module_of(value: Any) -> ModuleType | None:
    """Return the module that *value* is, or in which a function or a class was written."""
    if issubclass(type(value), ModuleType):
        found: ModuleType = value
        return found
    return sys.modules.get(value.__module__) if issubclass(type(value), FunctionType | type) else None


def _package(module: ModuleType) -> str:
    return module.__name__.partition(".")[0]


REQUEST_VALUES = RequestValues()
"""The values for all classes that the project's settings name: tags of templates have no other way to a core."""


def in_request(region: str) -> str:
    """Return *region*, from its start marker on, with the digest of what its filters may ask of the request."""
    start, end, rest = region.partition(" -->")
    digest = REQUEST_VALUES.note(start.split()[2], rest)
    return in_context(start + end, digest) + rest if digest else region

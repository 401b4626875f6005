"""Read a page's import map, and resolve specifiers by it as browsers do (HTML 8.1.6.2 and 8.1.5.3).

Addresses are absolute paths on the page's own host, or whole URLs of others, as browsers ask for them.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pressmark.syntax.urls import clean, join, normalized, origin_of

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")

Address = str
ToAddress = Callable[[str], str]
"""Turns a URL into an address: without the origin of the page's own host."""


@dataclass(frozen=True, slots=True)
class Names:
    """What one table of a map says: specifiers, URL-like ones as addresses, and their addresses; ``None`` blocks.

    *folders* are those that end in a slash, the longest first.
    """

    exact: Mapping[str, Address | None] = field(default_factory=dict)
    folders: tuple[str, ...] = ()

    def find(self, name: str) -> tuple[bool, Address | None]:
        """Tell whether the table has *name*, and return its address, ``None`` if it is blocked."""
        if name in self.exact:
            return True, self.exact[name]
        for key in self.folders:
            if name.startswith(key):
                target = self.exact[key]
                found = None if target is None else as_address(join(target, name[len(key) :]))
                # Nothing leads out of the folder.
                return True, found if target is not None and found and found.startswith(target) else None
        return False, None


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A page's import map: its *imports*, and *scopes* by their prefixes; *integrity* by addresses."""

    imports: Names = field(default_factory=Names)
    scopes: Mapping[str, Names] = field(default_factory=dict)
    integrity: Mapping[Address, str] = field(default_factory=dict)

    def resolve(self, specifier: str, base: Address, to_address: ToAddress) -> Address | None:
        """Return the address that *specifier* means in a module at *base*, ``None`` if there is none."""
        url = url_of(specifier, base, to_address)
        name = specifier if url is None else url
        for prefix in sorted(self.scopes, key=len, reverse=True):
            if prefix == base or (prefix.endswith("/") and base.startswith(prefix)):
                is_found, address = self.scopes[prefix].find(name)
                if is_found:
                    return address
        is_found, address = self.imports.find(name)
        return address if is_found else url


def url_of(specifier: str, base: Address, to_address: ToAddress) -> Address | None:
    """Return the address of a URL-like *specifier*, ``None`` for a bare one."""
    if specifier.startswith(("/", "./", "../")):
        return as_address(to_address(join(base, specifier)))
    if _SCHEME.match(clean(specifier)):
        return as_address(to_address(clean(specifier)))
    return None


def as_address(url: str) -> Address:
    """Return *url* as browsers write it; a fragment stays, as it makes another module."""
    return normalized(url)


def read_map(text: str, base: str, to_address: ToAddress) -> ImportMap:
    """Return the import map in *text*; *base* is that of the document. Raises ValueError for a void one."""
    found = json.loads(text, parse_constant=_refused)
    if not isinstance(found, dict):
        raise ValueError("it is no object")  # noqa: TRY004  # as broken JSON is
    imports, scopes, integrity = (found.get(name, {}) for name in ("imports", "scopes", "integrity"))
    if not all(isinstance(each, dict) for each in (imports, scopes, integrity)):
        raise ValueError("imports, scopes and integrity must be objects")
    if not all(isinstance(each, dict) for each in scopes.values()):
        raise ValueError("each scope must be an object")
    return ImportMap(
        _names(imports, base, to_address),
        {_prefix(key, base, to_address): _names(value, base, to_address) for key, value in scopes.items()},
        {
            address: value
            for key, value in integrity.items()
            if isinstance(value, str) and (address := url_of(key, base, to_address)) is not None
        },
    )


def _refused(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _names(table: Mapping[str, object], base: str, to_address: ToAddress) -> Names:
    names: dict[str, Address | None] = {}
    for key, value in table.items():
        if not key:
            continue
        address = url_of(value, base, to_address) if isinstance(value, str) else None
        if address is not None and key.endswith("/") and not address.endswith("/"):
            address = None
        names[url_of(key, base, to_address) or key] = address
    return Names(names, tuple(sorted((key for key in names if key.endswith("/")), key=len, reverse=True)))


def _prefix(key: str, base: str, to_address: ToAddress) -> str:
    return as_address(to_address(join(base, key)))


def is_own(address: Address) -> bool:
    """Tell whether *address* is on the page's own host."""
    return address.startswith("/") and not origin_of(address)

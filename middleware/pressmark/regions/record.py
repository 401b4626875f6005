"""The record of a build: the parts that replace a region, and the digests of its sources, as the store keeps them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from pressmark.bundling.candidates import TagAttrs
from pressmark.model import Bundle, FileKind, Group, Kind
from pressmark.page.markup import integrity_of
from pressmark.page.white_space import EVERYTHING


@dataclass(frozen=True, slots=True)
class Loading:
    """A tag that loads the bundle *name*, but for its URL, which each server has its own of.

    *before* and *after* are the gaps and placeholders around it; *size* is that of the bundle, in bytes, *integrity*
    its hash after Subresource Integrity, 3.5, *recipe* the text by which any host builds it, "" if there is none.
    """

    kind: Kind
    name: str
    attrs: TagAttrs
    before: bytes
    after: bytes
    size: int
    integrity: str
    recipe: str = ""

    @classmethod
    def of(cls, group: Group, bundle: Bundle, recipe: str = "") -> "Loading":
        """Return the tag that loads *bundle*, which comes of *recipe*, in the place of *group*."""
        size, integrity = len(bundle.content), integrity_of(bundle.content)
        return cls(group.kind, bundle.name, group.attrs, group.before, group.after, size, integrity, recipe)


class ModuleTag(NamedTuple):
    """The element of a module, the piece at *place*, with another address: *target*, below the folder of scripts."""

    place: int
    target: str


class ModuleHead(NamedTuple):
    """What stands before the first module of a page: an import map, and what is asked for at once.

    *table* is the map as JSON, "" if there is none; an address of ours in it is a list with a target. *preloads* are
    targets, or if *are_own* addresses of the page's own. *nonce* is that of all modules. *hashes* are those of targets.
    """

    table: str
    preloads: tuple[str, ...]
    are_own: bool
    nonce: str | None
    hashes: Mapping[str, str]

    @property
    def targets(self) -> frozenset[str]:
        """All targets that a page with it may ask for."""
        return frozenset(self.hashes)


Part = int | bytes | Loading | ModuleTag | ModuleHead


class Member(NamedTuple):
    """One element of a region, for people: its *name*, the *size* of its source, and what became of it.

    *group* is the number of its bundle, from 0, ``None`` if it stays. *rule* and *reason* tell why it stays or does not
    share the bundle before it, "" if it does.
    """

    name: str
    size: int
    group: int | None
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """A build that can be repeated without its sources being parsed, on any server.

    A part is HTML, the index of a piece of the region that stays (its bytes may differ from one page to the next), a
    tag that loads a bundle, or what becomes of a module. *files* are the generated files that the region names.
    *digests* are those of every source that was read, by the keys of the region's reader; *members* tell people what
    became of each element. *shown* are the elements whose white space its stylesheets show, *modules* tells the new
    addresses of modules apart from others.
    """

    parts: tuple[Part, ...]
    files: tuple[tuple[FileKind, str], ...]
    digests: Mapping[str, str]
    members: tuple[Member, ...] = ()
    shown: tuple[str, ...] = ()
    modules: str = ""

    def fits(self, count: int) -> bool:
        """Tell whether the record can be that of a region of *count* pieces."""
        indices = (part.place if isinstance(part, ModuleTag) else part for part in self.parts)
        return all(not isinstance(index, int) or 0 <= index < count for index in indices)

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        return json.dumps(self.fields()).encode("ascii")

    def fields(self) -> dict[str, Any]:
        """Return the fields of the record as values for JSON."""
        return {
            "parts": [_written(part) for part in self.parts],
            "files": self.files,
            "digests": dict(self.digests),
            "members": self.members,
            "shown": self.shown,
            **({"modules": self.modules} if self.modules else {}),
        }

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Record":
        """Return the record in *raw*. Raises ValueError if it holds none."""
        return cls.of(json.loads(raw))

    @classmethod
    def of(cls, fields: Any) -> "Record":
        """Return the record of *fields*, as ``fields()`` gives them. Raises ValueError if they are none."""
        try:
            return cls(
                tuple(map(_read, fields["parts"])),
                tuple((kind, name) for kind, name in fields["files"]),
                dict(fields.get("digests", {})),
                tuple(Member(*member) for member in fields["members"]),
                tuple(fields.get("shown", (EVERYTHING,))),  # a record of an earlier version does not tell
                fields.get("modules", ""),
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no record: {error!r}") from error


def _written(part: Part) -> object:
    if isinstance(part, Loading):
        return {**asdict(part), "before": part.before.decode("latin-1"), "after": part.after.decode("latin-1")}
    if isinstance(part, ModuleTag | ModuleHead):
        return ["module", *part]
    return part if isinstance(part, int) else part.decode("latin-1")


def _read(part: Any) -> Part:
    if isinstance(part, list):
        if len(part) == len(ModuleTag._fields) + 1:
            return ModuleTag(*part[1:])
        table, preloads, *others = part[1:]
        return ModuleHead(table, tuple(preloads), *others)
    if isinstance(part, dict):
        attrs = tuple((name, value) for name, value in part["attrs"])
        gaps = {name: part[name].encode("latin-1") for name in ("before", "after")}
        return Loading(**{**part, **gaps, "attrs": attrs})
    return part if isinstance(part, int) else part.encode("latin-1")

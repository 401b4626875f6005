"""The record of a build: the parts that replace a region, and the digests of its sources, as the store keeps them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pressmark.model import Element, FileKind, Text


@dataclass(frozen=True, slots=True)
class Record:
    """A build that can be repeated without its sources being parsed.

    A part is HTML, or the index of a piece of the region that stays: its bytes may differ from one page to the next.
    *files* are the generated files that the HTML names. *digests* are those of every source that was read, by the keys
    of the region's reader.
    """

    parts: tuple[int | bytes, ...]
    files: tuple[tuple[FileKind, str], ...]
    links: tuple[str, ...]
    digests: Mapping[str, str]

    def fits(self, count: int) -> bool:
        """Tell whether the record can be that of a region of *count* pieces."""
        return all(isinstance(part, bytes) or 0 <= part < count for part in self.parts)

    def html(self, pieces: Sequence[Element | Text]) -> bytes:
        """Return the HTML of a region with *pieces*. The record must fit."""
        return b"".join(pieces[part].raw if isinstance(part, int) else part for part in self.parts)

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        parts = [part if isinstance(part, int) else part.decode("latin-1") for part in self.parts]
        fields = {"parts": parts, "files": self.files, "links": self.links, "digests": dict(self.digests)}
        return json.dumps(fields).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Record":
        """Return the record in *raw*. Raises ValueError if it holds none."""
        try:
            fields: Any = json.loads(raw)
            return cls(
                tuple(part if isinstance(part, int) else part.encode("latin-1") for part in fields["parts"]),
                tuple((kind, name) for kind, name in fields["files"]),
                tuple(fields["links"]),
                dict(fields["digests"]),
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no record: {error!r}") from error

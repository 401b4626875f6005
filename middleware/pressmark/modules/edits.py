"""Change the text of a module by the offsets of its facts, so that each line stays on its line."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Copy(NamedTuple):
    """From the character *start* on a text is that of another from *offset* on; with -1 it is new."""

    start: int
    offset: int


class Edited(NamedTuple):
    """A changed text, and what of it was copied from the one before."""

    text: str
    copies: tuple[Copy, ...]


@dataclass(slots=True)
class Edits:
    """Changes of a text in UTF-8, by offsets: what is taken out, and what is put in."""

    raw: bytes
    changes: list[tuple[int, bool, int, int, bytes]] = field(default_factory=list)

    def insert(self, at: int, text: str, *, is_end: bool = False) -> None:
        """Put *text* in at an offset; an end before all that begins there."""
        order = -len(self.changes) - 1 if is_end else len(self.changes)
        self.changes.append((at, False, order, at, text.encode("utf-8")))

    def replace(self, start: int, end: int, text: str) -> None:
        """Put *text* in the place of what is from *start* to *end*, with as many line ends behind it."""
        lines = self.raw.count(b"\n", start, end) - text.count("\n")
        self.changes.append((start, True, len(self.changes), end, text.encode("utf-8") + b"\n" * lines))

    def text(self) -> str:
        """Return the changed text."""
        return self.edited().text

    def edited(self) -> "Edited":
        """Return the changed text with what of it was copied."""
        parts: list[str] = []
        copies: list[Copy] = []
        at = read = written = 0  # in bytes, and in characters of both texts
        for start, _, _, end, new in [*sorted(self.changes), (len(self.raw), True, 0, len(self.raw), b"")]:
            if start < at:  # inside of what was replaced
                continue
            copied, added = self.raw[at:start].decode("utf-8"), new.decode("utf-8")
            copies += [Copy(written, read)] if copied else []
            copies += [Copy(written + len(copied), -1)] if added else []
            parts += (copied, added)
            read += len(copied) + len(self.raw[start:end].decode("utf-8"))
            written += len(copied) + len(added)
            at = end
        return Edited("".join(parts), tuple(copies))


def without_hashbang(text: str) -> str:
    """Return *text* with a comment in the place of a hashbang, which may stand at the very start of a file only."""
    return "//" + text[2:] if text.startswith("#!") else text

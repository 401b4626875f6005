"""Change the text of a module by the offsets of its facts, so that each line stays on its line."""

from dataclasses import dataclass, field


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
        parts: list[bytes] = []
        at = 0
        for start, _, _, end, new in sorted(self.changes):
            if start < at:  # inside of what was replaced
                continue
            parts += (self.raw[at:start], new)
            at = end
        parts.append(self.raw[at:])
        return b"".join(parts).decode("utf-8")


def without_hashbang(text: str) -> str:
    """Return *text* with a comment in the place of a hashbang, which may stand at the very start of a file only."""
    return "//" + text[2:] if text.startswith("#!") else text

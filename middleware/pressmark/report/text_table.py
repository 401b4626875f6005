"""Tables for people, in plain text."""

from collections.abc import Collection, Iterator, Sequence


def aligned(rows: Sequence[tuple[str, ...]], right: Collection[int] = ()) -> Iterator[str]:
    """Yield *rows*, all of one length, as lines of even columns; those at the indices in *right* are right-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def counted(number: int, noun: str) -> str:
    """Return *number* and *noun*, which takes an "s" in the plural."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shortened(text: str, most: int) -> str:
    """Return *text* in *most* characters: a longer one loses its middle."""
    if len(text) <= most:
        return text
    first = (most - 3) // 2
    return f"{text[:first]}...{text[len(text) - (most - 3 - first) :]}"

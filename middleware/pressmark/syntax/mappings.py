"""Read and write the mappings of source maps, with their lines and columns (ECMA-426). No files, no tokens."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pressmark.model import Kind

GENERATED_ENDS: dict[Kind, re.Pattern[str]] = {"css": re.compile(r"\n"), "js": re.compile("\r\n|[\n\r\u2028\u2029]")}
"""The line ends of generated code, by its language."""
SOURCE_ENDS = re.compile("\r\n|[\n\r]")
"""The line ends of a source, as in a person's editor."""

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Mapping(NamedTuple):
    """A line and column in generated code, and those in the source of that number; -1 for no source."""

    line: int
    column: int
    source: int = -1
    source_line: int = 0
    source_column: int = 0


class Lines:
    """Lines and columns in *text*, both from 0; columns count UTF-16 code units (5.3)."""

    def __init__(self, text: str, ends: re.Pattern[str]) -> None:
        self._starts = [0, *(found.end() for found in ends.finditer(text))]
        self._astral = [found.start() for found in _ASTRAL.finditer(text)]
        self._length = len(text)
        self.count = len(self._starts)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of the character at *offset*."""
        offset = min(offset, self._length)  # closing characters that were added lie after the end
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if not self._astral:
            return line, offset - start
        return line, offset - start + bisect_left(self._astral, offset) - bisect_left(self._astral, start)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of the character in that line and column, or the end of the text if there is none."""
        if line >= self.count:
            return self._length
        offset = self._starts[line]
        for astral in self._astral[bisect_left(self._astral, offset) :]:
            if astral - offset >= column:
                break
            column -= 1
        return min(offset + column, self._length)


def read_mappings(text: str) -> Iterator[Mapping]:
    """Yield the mappings in *text*, the field of a source map (9.2). Raises ValueError."""
    source = source_line = source_column = 0
    for line, segments in enumerate(text.split(";")):
        column = 0
        for segment in filter(None, segments.split(",")):
            first, *rest = numbers_in(segment)
            column += first
            if len(rest) < 3:
                yield Mapping(line, column)
                continue
            source, source_line, source_column = source + rest[0], source_line + rest[1], source_column + rest[2]
            yield Mapping(line, column, source, source_line, source_column)


def vlq(*numbers: int) -> str:
    """Return *numbers* in Base64 VLQ: five bits a digit, the lowest first, with the sign before them."""
    text = ""
    for number in numbers:
        rest = number << 1 if number >= 0 else (-number << 1) | 1
        while rest > 31:
            text += _BASE64[rest & 31 | 32]
            rest >>= 5
        text += _BASE64[rest]
    return text


def numbers_in(text: str) -> list[int]:
    """Return the numbers that ``vlq`` has written. Raises ValueError for any other digit."""
    numbers: list[int] = []
    rest = shift = 0
    for digit in map(_BASE64.index, text):
        rest |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(-(rest >> 1) if rest & 1 else rest >> 1)
            rest = shift = 0
    return numbers

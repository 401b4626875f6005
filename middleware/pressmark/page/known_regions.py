"""Remember the regions that pages had, so that the same bytes under the same conditions are not read again."""

from typing import NamedTuple

from pressmark.concurrency.bounded import make_room
from pressmark.model import Region
from pressmark.page.lexer import Comment, LexerState
from pressmark.page.open_region import MAX_MARKER_BYTES

MAX_REGIONS = 256
MAX_REGION_BYTES = 1 << 13
"""A region holds its bytes twice: four MiB in all."""


class Known(NamedTuple):
    """A *region*, and a lexer's *state* right after it."""

    region: Region
    state: LexerState


_Key = tuple[bytes, tuple[bytes, ...], bool, bool]


class KnownRegions:
    """The regions met last. What a lexer knew at a region's first marker, and its bytes, decide all that follows."""

    def __init__(self) -> None:
        self._regions: dict[_Key, Known] = {}

    def find(self, data: bytes, opening: Comment) -> Known | None:
        """Return the region of *data* that *opening* begins, if it is known: it ends with its first end marker."""
        if b"compress" not in opening.content:  # a page may have very many other comments
            return None
        marker = data.find(b"endcompress", opening.end, opening.start + MAX_REGION_BYTES)
        end = data.find(b">", marker, marker + MAX_MARKER_BYTES) + 1 if marker >= 0 else 0
        return self._regions.get(_key(data[opening.start : end], opening)) if end else None

    def remember(self, region: Region, opening: Comment, state: LexerState) -> None:
        """Keep *region*, which *opening* has begun, and after which a lexer has *state*."""
        # One with a nonce comes but once.
        if len(region.raw) <= MAX_REGION_BYTES and b"nonce=" not in region.raw:
            make_room(self._regions, MAX_REGIONS)
            self._regions[_key(region.raw, opening)] = Known(region, state)


def _key(raw: bytes, opening: Comment) -> _Key:
    return raw, opening.head, opening.in_head, opening.after_pre

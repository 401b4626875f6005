"""Find the parts of regions that are not the same for all visitors or pages, by the number of texts that they have had.

A bundle of each text would be public, and all of them together without end.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence

from pressmark.bundling.candidates import Candidate, Piece
from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.errors import RegionError
from pressmark.model import Region, Text
from pressmark.verdicts.analyses import key_of

logger = logging.getLogger("pressmark")

MAX_INLINE_VARIANTS = 20
MAX_COMMENT_VARIANTS = 100
MAX_SKELETONS = 1024


class Varying:
    """Counts the texts of each region, whatever varies beside them."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, set[str]] = OrderedDict()
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def admit_inline(self, region: Region, pieces: Sequence[Piece], path: str, references: Sequence[str]) -> bool:
        """Tell whether inline code of *region*, on the page at *path*, may be bundled: so far it has had few texts.

        One text is several if its relative URLs, *references*, stand for other files on other pages.
        """
        inline = [piece.element.text for piece in pieces if isinstance(piece, Candidate) and piece.is_inline]
        if not inline:
            return True
        is_new, count = self._count("inline", pieces, (*inline, *references), MAX_INLINE_VARIANTS)
        if is_new and count == MAX_INLINE_VARIANTS:
            logger.warning(
                "inline code of the %s region on %s is not bundled any more, after %d different texts: move the code "
                "that differs from request to request out of the region",
                region.kind,
                path,
                MAX_INLINE_VARIANTS,
            )
        return count < MAX_INLINE_VARIANTS

    def admit_comments(self, region: Region, pieces: Sequence[Piece]) -> None:
        """Raise RegionError if the comments of *region* have had many texts."""
        comments = [piece.raw for piece in pieces if isinstance(piece, Text) and b"<!--" in piece.raw]
        if comments and self._count("comments", pieces, comments, MAX_COMMENT_VARIANTS)[1] >= MAX_COMMENT_VARIANTS:
            raise RegionError(
                f"its comments have had {MAX_COMMENT_VARIANTS} different texts: move those that differ from request to "
                "request out of the region"
            )

    def _count(
        self, subject: str, pieces: Sequence[Piece], texts: Sequence[str | bytes], most: int
    ) -> tuple[bool, int]:
        """Return whether *texts* are new for the region of *pieces*, and how many it has had, up to *most*."""
        candidates = [piece for piece in pieces if isinstance(piece, Candidate)]
        urls = [candidate.reference.partition("?")[0] for candidate in candidates if candidate.reference is not None]
        traits = [part for candidate in candidates for trait in candidate.traits for part in trait]
        skeleton, text = key_of(subject, *urls, *traits), key_of("texts", *texts)
        with self._lock:
            known = self._texts.setdefault(skeleton, set())
            self._texts.move_to_end(skeleton)
            if len(self._texts) > MAX_SKELETONS:
                self._texts.popitem(last=False)
            is_new = text not in known and len(known) < most
            if is_new:
                known.add(text)
            return is_new, len(known)

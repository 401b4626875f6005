"""Find the parts of regions that are not the same for all visitors or pages, by the number of texts that they have had.

A bundle of each text would be public, and all of them together without end.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence

from pressmark.bundling.candidates import Candidate, Piece
from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock
from pressmark.errors import RegionError
from pressmark.model import Page, Region, Text
from pressmark.verdicts.analyses import key_of

logger = logging.getLogger("pressmark")

MAX_INLINE_VARIANTS = 20
MAX_COMMENT_VARIANTS = 100
MAX_SKELETONS = 1024


class Varying:
    """Counts the texts of each region, whatever varies beside them.

    A text that was admitted stays so. Texts on error pages, which anybody can ask for, count for no other page, and not
    at all if nothing *is_built* for them.
    """

    def __init__(self) -> None:
        self._texts: OrderedDict[str, dict[str, bool]] = OrderedDict()  # whether each was admitted
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()

    def admit_inline(
        self, region: Region, pieces: Sequence[Piece], page: Page, references: Sequence[str], *, is_built: bool
    ) -> bool:
        """Tell whether inline code of *region* on *page* may be bundled: so far it has had few texts.

        One text is several if its relative URLs, *references*, stand for other files on other pages.
        """
        inline = [piece.element.text for piece in pieces if isinstance(piece, Candidate) and piece.is_inline]
        if not inline:
            return True
        subject = _subject("inline", page, is_built=is_built)
        is_admitted, is_told = self._admit(
            subject, pieces, (*inline, *references), MAX_INLINE_VARIANTS, is_counted=is_built
        )
        if not is_told:
            logger.warning(
                "inline code of the %s region on %s is not bundled any more, after %d different texts: move the code "
                "that differs from request to request out of the region",
                region.kind,
                page.path,
                MAX_INLINE_VARIANTS,
            )
        return is_admitted

    def admit_comments(self, pieces: Sequence[Piece], page: Page, *, is_built: bool) -> None:
        """Raise RegionError if the comments of a region of *pieces* on *page* have had many texts."""
        comments = [piece.raw for piece in pieces if isinstance(piece, Text) and b"<!--" in piece.raw]
        subject = _subject("comments", page, is_built=is_built)
        if comments and not self._admit(subject, pieces, comments, MAX_COMMENT_VARIANTS, is_counted=is_built)[0]:
            raise RegionError(
                f"its comments have had {MAX_COMMENT_VARIANTS} different texts: move those that differ from request to "
                "request out of the region"
            )

    def _admit(
        self, subject: str, pieces: Sequence[Piece], texts: Sequence[str | bytes], most: int, *, is_counted: bool
    ) -> tuple[bool, bool]:
        """Return whether *texts* were among the first, fewer than *most*, that the region of *pieces* has had.

        The second value is false when that ends, and people are to be told.
        """
        candidates = [piece for piece in pieces if isinstance(piece, Candidate)]
        urls = [candidate.reference.partition("?")[0] for candidate in candidates if candidate.reference is not None]
        traits = [part for candidate in candidates for trait in candidate.traits for part in trait]
        skeleton, text = key_of(subject, *urls, *traits), key_of("texts", *texts)
        with self._lock:
            known = self._texts.get(skeleton, {})
            is_admitted = known.get(text, len(known) < most - 1)
            if not is_counted:
                return is_admitted, True
            self._texts[skeleton] = known
            self._texts.move_to_end(skeleton)
            if len(self._texts) > MAX_SKELETONS:
                self._texts.popitem(last=False)
            is_new = text not in known and len(known) < most
            if is_new:
                known[text] = is_admitted
            return is_admitted, is_admitted or not is_new


def _subject(name: str, page: Page, *, is_built: bool) -> str:
    return f"{name} of error pages" if is_built and not page.as_expected else name

"""Find inline code that is not the same for all visitors, by the number of texts that a region has had."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence

from pressmark.bundling.candidates import Candidate, Piece
from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.model import Region
from pressmark.verdicts.analyses import key_of

logger = logging.getLogger("pressmark")

MAX_INLINE_VARIANTS = 20
MAX_SKELETONS = 1024


class VaryingInline:
    """Counts the inline texts of each region: code that differs for each visitor must not become a public bundle."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, set[str]] = OrderedDict()
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def admit(self, region: Region, pieces: Sequence[Piece], path: str) -> bool:
        """Tell whether inline code of *region*, on the page at *path*, may be bundled: so far it has had few texts."""
        candidates = [piece for piece in pieces if isinstance(piece, Candidate)]
        inline = [candidate.element.text for candidate in candidates if candidate.is_inline]
        if not inline:
            return True
        urls = [candidate.reference.partition("?")[0] for candidate in candidates if candidate.reference is not None]
        traits = [part for candidate in candidates for trait in candidate.traits for part in trait]
        skeleton = key_of("skeleton", *urls, *traits)  # without comments, which may differ as well
        text = key_of("texts", *inline)
        with self._lock:
            known = self._texts.setdefault(skeleton, set())
            self._texts.move_to_end(skeleton)
            if len(self._texts) > MAX_SKELETONS:
                self._texts.popitem(last=False)
            was_full = len(known) >= MAX_INLINE_VARIANTS
            if not was_full:
                known.add(text)
        is_full = len(known) >= MAX_INLINE_VARIANTS
        if is_full and not was_full:
            logger.warning(
                "inline code of the %s region on %s is not bundled any more, after %d different texts: move the code "
                "that differs from request to request out of the region",
                region.kind,
                path,
                MAX_INLINE_VARIANTS,
            )
        return not is_full

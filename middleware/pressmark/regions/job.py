"""The job of a cold region: the region and all that is read of it before its sources."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pressmark.assets.region_reader import RegionReader
from pressmark.assets.static_names import StaticNames
from pressmark.bundling.candidates import Candidate, Piece
from pressmark.bundling.options import PlanOptions
from pressmark.model import Element, Page, Region, Text
from pressmark.page.context import Context
from pressmark.syntax.urls import clean, is_relative


@dataclass(frozen=True, slots=True)
class Job:
    """A region of *page*, read in *context*.

    *reader* gives the assets of its *pieces*, and remembers their digests; *names* are those of static files.
    """

    region: Region
    page: Page
    context: Context
    pieces: tuple[Piece, ...]
    reader: RegionReader
    options: PlanOptions
    names: StaticNames = field(default_factory=StaticNames)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The elements of the region, as candidates."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Candidate))

    @property
    def said(self) -> tuple[Piece, ...]:
        """The pieces that say something: in a head all but white space, which the words around it have in a body."""
        is_blank = (isinstance(piece, Text) and piece.raw.isspace() for piece in self.pieces)
        return tuple(
            piece for piece, blank in zip(self.pieces, is_blank, strict=True) if not (blank and self.region.in_head)
        )

    @property
    def parts(self) -> tuple[Element | Text, ...]:
        """The pieces that say something, as they stand in the page."""
        return tuple(piece.element if isinstance(piece, Candidate) else piece for piece in self.said)

    @property
    def needs_compiler(self) -> bool:
        """Tell whether no browser can read some element as it was written."""
        return any(candidate.compiled_type in self.options.precompilers.unreadable for candidate in self.candidates)

    @property
    def depends_on_path(self) -> bool:
        """Tell whether the page's own path may change the HTML that replaces the region."""
        elements = [candidate.element for candidate in self.candidates]
        addresses = [value for element in elements for name, value in element.attrs if name in ("href", "src")]
        return any(is_relative(clean(address)) for address in addresses) or bool(self.resolved) or self._asks_beside

    @property
    def _asks_beside(self) -> bool:
        """Tell whether code in the page, its import map or an element beside the modules may name relative URLs."""
        around = self.region.around
        if around is None:
            return self.region.has_modules
        urls = (*around.asked, *around.modules, *around.early, *around.scripts)
        texts = (*around.bodies, *around.maps)
        return any(is_relative(clean(url)) for url in urls) or any(b"importmap" in text for text in texts)

    @property
    def resolved(self) -> tuple[str, ...]:
        """The URLs that relative ones in inline styles stand for."""
        return resolved(self.candidates, self.context)


def resolved(candidates: Iterable[Candidate], context: Context) -> tuple[str, ...]:
    """Return the URLs that relative ones in the inline styles of *candidates* stand for."""
    return tuple(context.resolve(reference) for candidate in candidates for reference in candidate.references)

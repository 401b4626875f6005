"""Judge each element of a region: whether it may join, by itself and by what only the whole region shows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pressmark.bundling.candidates import Eligibility
from pressmark.bundling.precompile import Precompilers
from pressmark.model import MEDIA_TYPES, Asset, Element, Kind, Origin, Text
from pressmark.page.context import Context
from pressmark.protocols import Read
from pressmark.scripts.script_reading import Script, effects, read_script
from pressmark.sourcemaps.tracked_text import compose
from pressmark.stylesheets.analysis_cache import read_sheet_once
from pressmark.stylesheets.sheet_reading import Sheet, read_origin
from pressmark.stylesheets.url_style import PLAIN_URLS, UrlStyle
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.placement import Placement, Reason, UnmovableError

PLAIN = Reason("disabled", "is left as it is, because Pressmark is off")

_MAY_IMPORT = re.compile(r"import|\\", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What to plan, and how freely.

    With *joins_inline* false the text of style and script elements stays in the page. *is_exact* binds the rules that
    only an observant page can tell. *counts_siblings* keeps the number of elements, *tag* is what loads a bundle. With
    *needs_nonce* the page's policy lets nothing load that has not its nonce. With *is_traced* the sources of a bundle
    say where all their text comes from. With *is_plain* only what the *precompilers* take is made, each for itself.
    *url_style* say how bundles write URLs.
    """

    kind: Kind
    joins_inline: bool = True
    is_exact: bool = False
    counts_siblings: bool = False
    tag: str = "link"
    needs_file: bool = True
    needs_nonce: bool = False
    is_traced: bool = False
    is_plain: bool = False
    precompilers: Precompilers = field(default_factory=Precompilers)
    url_style: UrlStyle = PLAIN_URLS


@dataclass(frozen=True, slots=True)
class Member:
    """An element that may join: its source, read, and what it must have in common with its neighbours.

    One that *is_compiled* is, as it stands, for no browser.
    """

    element: Element
    url: str
    asset: Asset
    source: Sheet | Script
    attrs: tuple[tuple[str, str | None], ...]
    is_compiled: bool = False

    @property
    def size(self) -> int:
        """The bytes of the source, and of the sheets that it imports and that are now a part of it."""
        imported = self.source.tracked.others if isinstance(self.source, Sheet) else ()
        return len(self.asset.content) + sum(len(origin.text.encode("utf-8", "replace")) for origin in imported)

    def prepared(self, *, is_last: bool, is_traced: bool) -> Asset:
        """Return the asset as it goes into a bundle; the last script's exceptions can end nothing any more."""
        if isinstance(self.source, Sheet):
            tracked = self.source.tracked
        else:
            tracked = (None if is_last else self.source.isolated) or self.source.whole
        trace = tracked.trace(self._origin) if is_traced else None
        if trace and self.asset.trace:  # what precompilers say of their own work
            trace = compose(trace, self.asset.trace)
        if trace and not self.url:  # the page's own URL would make another map of every page
            trace = replace(trace, origins=(replace(trace.origins[0], url=""), *trace.origins[1:]))
        return replace(self.asset, content=tracked.text.encode("utf-8"), charset="utf-8", trace=trace)

    @property
    def _origin(self) -> Origin:
        return read_origin(self.asset) if isinstance(self.source, Sheet) else self.source.origin


@dataclass(frozen=True, slots=True)
class Stay:
    """An element that stays, and why."""

    element: Element
    reason: Reason
    url: str = ""
    size: int = 0
    lexical: frozenset[str] = frozenset()
    may_write: bool = False


Judged = Text | Member | Stay


def judge(
    pieces: Iterable[Element | Text], context: Context, read: Read, analyses: Analyses, rules: Rules
) -> list[Judged]:
    """Return the pieces of a region judged. Raises AssetError for a source that should be there and is not."""
    by_itself = _Judge(context, read, analyses, rules)
    judged = [piece if isinstance(piece, Text) else by_itself.judge(piece) for piece in pieces]
    if rules.kind == "css":
        return _heed_variables(judged, is_tainted=by_itself.is_tainted, is_exact=rules.is_exact)
    return list(_heed_lexical_names(judged))


def _heed_variables(judged: list[Judged], *, is_tainted: bool, is_exact: bool) -> list[Judged]:
    """Return *judged* without members that a relative URL could reach through a custom property."""
    sheets = [p.source for p in judged if isinstance(p, Member) and isinstance(p.source, Sheet)]
    defined = frozenset().union(*(sheet.custom_properties.defined for sheet in sheets))
    if not is_exact:  # that a library's colours may be set elsewhere is no reason to leave it
        defined |= frozenset().union(*(sheet.custom_properties.loaded for sheet in sheets))
    return [_without_variables(piece, defined, is_tainted=is_tainted) for piece in judged]


def _heed_lexical_names(judged: list[Judged]) -> Iterator[Judged]:
    """Yield *judged*, with those scripts alone that fail because an earlier one took a name of theirs."""
    lexical: frozenset[str] = frozenset()
    for piece in judged:
        if isinstance(piece, Stay):
            lexical |= piece.lexical
        elif isinstance(piece, Member) and isinstance(piece.source, Script):
            script = piece.source
            if refused := script.declares & lexical:
                text = f"declares {', '.join(sorted(refused))}, which fails: an earlier one did"
                script = replace(script, placement=Placement.ALONE, reason=Reason("lexical-names", text))
            lexical |= frozenset(script.analysis.lexical)
            yield replace(piece, source=script)
            continue
        yield piece


def _without_variables(piece: Judged, defined: frozenset[str], *, is_tainted: bool) -> Judged:
    """Return *piece* as one that stays if a relative URL could reach it through a custom property."""
    if not isinstance(piece, Member) or not isinstance(piece.source, Sheet):
        return piece
    unknown = sorted(piece.source.custom_properties.loaded - defined)
    if is_tainted and piece.source.custom_properties.is_user:
        text = "uses var() beside a custom property with a relative URL"
    elif unknown:
        text = f"loads what {unknown[0]} says, which is set elsewhere and may be a URL relative to this sheet"
    else:
        return piece
    return Stay(piece.element, Reason("custom-property-url", text), piece.url, len(piece.asset.content))


class _Judge:
    """Judges single elements of one region."""

    def __init__(self, context: Context, read: Read, analyses: Analyses, rules: Rules) -> None:
        self._context, self._read, self._analyses = context, read, analyses
        self._kind, self._rules = rules.kind, rules
        self._eligible = Eligibility(rules.kind, rules.precompilers.types)
        self.is_tainted = False

    def judge(self, element: Element) -> Member | Stay:
        """Return *element* ready to join, or as one that stays."""
        if reason := self._eligible.refusal(element):
            return self._stay(element, reason)
        media_type = self._eligible.compiled_type(element)
        if media_type is None and self._rules.is_plain:
            return self._stay(element, PLAIN)
        attrs = dict(element.attrs)
        if self._rules.needs_nonce and "nonce" not in attrs:
            return self._stay(element, Reason("policy", "has no nonce, by which alone the page's policy lets it load"))
        reference = attrs.get("href" if self._kind == "css" else "src")
        url = "" if reference is None else self._context.resolve(reference)
        size = 0
        try:
            asset = self._asset(url, attrs.get("charset"), media_type) if url else self._inline(element, media_type)
            size = len(asset.content)
            if media_type:
                asset = self._rules.precompilers.compiled(asset, MEDIA_TYPES[self._kind], self._analyses)
            source = self._source(asset, is_compiled=media_type is not None)
        except UnmovableError as error:
            self.is_tainted |= error.taints_custom_properties
            return self._stay(element, error.reason, url, size, error.lexical)
        return Member(element, url, asset, source, self._eligible.tag_attrs(element), media_type is not None)

    def _stay(
        self, element: Element, reason: Reason, url: str = "", size: int = 0, lexical: frozenset[str] = frozenset()
    ) -> Stay:
        """Return *element* as one that stays, with what its code, as far as it is known, does to later scripts."""
        if element.tag != "script":
            return Stay(element, reason, url, size)
        writes, held = effects(element.text)
        # A file that is not read may write anything.
        is_unread = reason.rule == "foreign" or not (element.text or size)
        may_write = writes or is_unread or reason.rule == "document-write"
        return Stay(element, reason, url, size, lexical | held, may_write)

    def _source(self, asset: Asset, *, is_compiled: bool) -> Sheet | Script:
        if self._kind == "css":
            return read_sheet_once(asset, self._read, self._analyses, self._rules.url_style)
        return read_script(asset, self._analyses, must_move=is_compiled)

    def _asset(self, url: str, charset: str | None, media_type: str | None) -> Asset:
        asset = self._read(url, media_type)
        if asset is None:
            raise UnmovableError(Reason("foreign", "refers to nothing under a static prefix"))
        if asset.flaw:
            raise UnmovableError(Reason("answer", f"is answered by the application {asset.flaw}"))
        if media_type:
            return replace(asset, charset=charset)
        if asset.media_type != MEDIA_TYPES[self._kind]:
            raise UnmovableError(Reason("media-type", f"refers to {asset.media_type}"))
        return replace(asset, charset=charset or self._context.charset)

    def _inline(self, element: Element, media_type: str | None) -> Asset:
        if self._context.policies and media_type is None:
            text = "is inline code under a Content Security Policy, which judges it by itself"
            raise UnmovableError(Reason("policy", text))
        if not self._rules.joins_inline:
            raise UnmovableError(Reason("varies", "is inline code that differs from request to request"))
        if element.text.startswith("\ufeff"):
            text = "begins with a character that at the start of a file would be a byte order mark"
            raise UnmovableError(Reason("encoding", text))
        if self._kind == "css" and self._context.encoding != "utf-8" and _MAY_IMPORT.search(element.text):
            raise UnmovableError(Reason("encoding", "imports a sheet in the encoding of the page, which is not UTF-8"))
        content = element.text.encode("utf-8", "surrogatepass")
        return Asset(self._context.base, media_type or MEDIA_TYPES[self._kind], content, (), "utf-8")

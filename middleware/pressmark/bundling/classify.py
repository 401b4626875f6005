"""Classify the candidates of a region: into members, whose sources are read and may move, and elements that stay.

An element is classified by itself first, then by the whole region: a custom property of one sheet, or a name that one
script declares, may keep another from moving.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pressmark.bundling.bundle_recipe import Ingredient
from pressmark.bundling.candidates import Candidate, Piece, TagAttrs
from pressmark.bundling.options import PlanOptions
from pressmark.model import MEDIA_TYPES, Asset, Element, Origin, Text
from pressmark.page.context import Context
from pressmark.protocols import Read
from pressmark.scripts.inspectors import Inspected, inspected_by
from pressmark.scripts.joining import Script
from pressmark.scripts.script_reading import read_script
from pressmark.sourcemaps.tracked_text import compose
from pressmark.stylesheets.analysis_cache import read_sheet_once
from pressmark.stylesheets.sheet_reading import Sheet, read_origin
from pressmark.syntax.urls import file_name, origin_of, without_query
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import NO_EFFECTS, Effects, Placement, Reason, UnmovableError

PLAIN = Reason(Rule.DISABLED, "is left as it is, because Pressmark is off")

_MAY_IMPORT = re.compile(r"import|\\", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """An element that may join, with its source and the attributes that its neighbours must share.

    If it *is_compiled*, no browser can read the element as it was written. *ingredient* says what other hosts find by
    the same URL, ``None`` for what only this page or its application has.
    """

    element: Element
    url: str
    asset: Asset
    source: Sheet | Script
    attrs: TagAttrs
    is_compiled: bool = False
    ingredient: Ingredient | None = None

    @property
    def size(self) -> int:
        """The bytes of the source and of the imported sheets that are now a part of it."""
        imported = self.source.tracked.others if isinstance(self.source, Sheet) else ()
        return len(self.asset.content) + sum(len(origin.text.encode("utf-8", "replace")) for origin in imported)

    def prepared(self, *, is_last: bool, is_mixed: bool, is_traced: bool) -> Asset:
        """Return the asset as it goes into a bundle, which *is_mixed* if it holds strict and sloppy scripts."""
        if isinstance(self.source, Sheet):
            tracked = self.source.tracked
        else:
            tracked = self.source.form(is_last=is_last, is_mixed=is_mixed)
        trace = tracked.trace(self._origin) if is_traced else None
        if trace and self.asset.trace:  # the trace of a precompiler's source map
            trace = compose(trace, self.asset.trace)
        if trace and not self.url:  # with the page's own URL every page would have another map
            trace = replace(trace, origins=(replace(trace.origins[0], url=""), *trace.origins[1:]))
        return replace(self.asset, content=tracked.text.encode("utf-8"), charset="utf-8", trace=trace)

    @property
    def _origin(self) -> Origin:
        return read_origin(self.asset) if isinstance(self.source, Sheet) else self.source.origin


@dataclass(frozen=True, slots=True)
class Stay:
    """An element that stays, and the reason. *effects* are those on later scripts."""

    element: Element
    reason: Reason
    url: str = ""
    size: int = 0
    effects: Effects = NO_EFFECTS


Classified = Text | Member | Stay


def classify(
    pieces: Iterable[Piece], context: Context, read: Read, analyses: Analyses, options: PlanOptions
) -> list[Classified]:
    """Return the *pieces* of a region classified. Raises AssetError for a source of ours that is missing."""
    by_itself = _Classifier(context, read, analyses, options)
    classified = [piece if isinstance(piece, Text) else by_itself.classify(piece) for piece in pieces]
    if options.kind == "css":
        return _heed_custom_properties(classified, is_tainted=by_itself.is_tainted, is_exact=options.is_exact)
    return list(_heed_lexical_names(_heed_inspectors(_heed_file_names(classified), analyses)))


def classify_alone(
    candidates: Iterable[Candidate], context: Context, read: Read, analyses: Analyses, options: PlanOptions
) -> list[Member]:
    """Return the *candidates* as members, each by itself; none if one of them stays. Raises AssetError."""
    by_itself = _Classifier(context, read, analyses, options)
    found = [by_itself.classify(candidate) for candidate in candidates]
    members = [each for each in found if isinstance(each, Member)]
    return members if len(members) == len(found) else []


def _heed_custom_properties(classified: list[Classified], *, is_tainted: bool, is_exact: bool) -> list[Classified]:
    """Return *classified* without members that a relative URL could reach through a custom property."""
    sheets = [piece.source for piece in classified if isinstance(piece, Member) and isinstance(piece.source, Sheet)]
    defined = frozenset().union(*(sheet.custom_properties.defined for sheet in sheets))
    if not is_exact:  # a property that is only set elsewhere, such as a library's colour, is no reason to stay
        defined |= frozenset().union(*(sheet.custom_properties.loaded for sheet in sheets))
    return [_unless_reached(piece, defined, is_tainted=is_tainted) for piece in classified]


def _unless_reached(piece: Classified, defined: frozenset[str], *, is_tainted: bool) -> Classified:
    """Return *piece* as one that stays if a relative URL could reach it through a custom property."""
    if not isinstance(piece, Member) or not isinstance(piece.source, Sheet):
        return piece
    unknown = sorted(piece.source.custom_properties.loaded - defined)
    if is_tainted and piece.source.custom_properties.is_user:
        text = "uses var() beside a custom property with a relative URL"
    elif unknown:
        text = f"loads the URL in {unknown[0]}, which is set elsewhere and may be relative to this sheet"
    else:
        return piece
    return Stay(piece.element, Reason(Rule.CUSTOM_PROPERTY_URL, text), piece.url, len(piece.asset.content))


def _heed_file_names(classified: list[Classified]) -> list[Classified]:
    """Return *classified*; a script whose file another one names stays, as that may look for it or load it."""
    named = Counter(name for piece in classified for name in _effects_of(piece).files)
    return [_unless_named(piece, named) if isinstance(piece, Member) else piece for piece in classified]


def _effects_of(piece: Classified) -> Effects:
    if isinstance(piece, Member) and isinstance(piece.source, Script):
        return piece.source.analysis.effects
    return piece.effects if isinstance(piece, Stay) else NO_EFFECTS


def _unless_named(member: Member, named: Mapping[str, int]) -> Member | Stay:
    """Return *member* as one that stays if a script other than itself is among those that have *named* its file."""
    name, effects = file_name(member.url), _effects_of(member)
    if member.is_compiled or named[name] == (name in effects.files):
        return member
    reason = Reason(Rule.NAMED, f"another script names {name}, and may look for its element or load it by itself")
    return Stay(member.element, reason, member.url, member.size, effects)


def _heed_inspectors(classified: Iterable[Classified], analyses: Analyses) -> Iterator[Classified]:
    """Yield *classified*; a script that calls a function by which an earlier one looks at its caller stays."""
    inspectors: dict[str, Rule] = {}
    for piece in classified:
        judged = piece
        if isinstance(piece, Member) and isinstance(piece.source, Script):
            found = inspected_by(piece.source.text, inspectors, analyses)
            judged = _unless_inspected(piece, piece.source, found) if found.reason else piece
            inspectors |= found.inspectors
        elif isinstance(piece, Stay):
            inspectors |= piece.effects.inspectors
        yield judged


def _unless_inspected(member: Member, script: Script, found: Inspected) -> Member | Stay:
    """Return *member* as one that stays or, if no browser could read it as it was, one that is alone."""
    reason = found.reason
    if reason is None or member.is_compiled:
        return replace(member, source=replace(script, placement=Placement.ALONE, reason=reason))
    may_write = reason.rule is Rule.DOCUMENT_WRITE
    effects = replace(script.analysis.effects, may_write=may_write, inspectors=found.inspectors)
    return Stay(member.element, reason, member.url, member.size, effects)


def _heed_lexical_names(classified: Iterable[Classified]) -> Iterator[Classified]:
    """Yield *classified*; a script that fails, as an earlier one has declared one of its names, is to be alone."""
    lexical: set[str] = set()
    declared: set[str] = set()
    for piece in classified:
        effects, judged = _effects_of(piece), piece
        if isinstance(piece, Member) and isinstance(piece.source, Script):
            refused = (effects.declared & lexical) | (effects.lexical & (lexical | declared))
            if refused:
                text = f"declares {', '.join(sorted(refused))}, which fails: an earlier one did"
                reason = Reason(Rule.LEXICAL_NAMES, text)
                judged = replace(piece, source=replace(piece.source, placement=Placement.ALONE, reason=reason))
        lexical |= effects.lexical
        declared |= effects.declared
        yield judged


class _Classifier:
    """Classifies single candidates of one region."""

    def __init__(self, context: Context, read: Read, analyses: Analyses, options: PlanOptions) -> None:
        self._context, self._read, self._analyses, self._options = context, read, analyses, options
        self._kind = options.kind
        self.is_tainted = False

    def classify(self, candidate: Candidate) -> Member | Stay:
        """Return *candidate* ready to join, or as an element that stays."""
        reason = candidate.refusal or self._refusal(candidate)
        if reason:
            return _stay(candidate, reason)
        media_type, size = candidate.compiled_type, 0
        try:
            asset = self._asset(candidate) if candidate.url else self._inline(candidate)
            size = len(asset.content)
            if media_type:
                asset = self._options.precompilers.compiled(asset, MEDIA_TYPES[self._kind], self._analyses)
            source = self._source(asset, is_compiled=media_type is not None)
        except UnmovableError as error:
            self.is_tainted |= error.taints_custom_properties
            return _stay(candidate, error.reason, size, error.effects)
        is_compiled, ingredient = media_type is not None, _ingredient(candidate, asset)
        return Member(candidate.element, candidate.url, asset, source, candidate.tag_attrs, is_compiled, ingredient)

    def _refusal(self, candidate: Candidate) -> Reason | None:
        """Return the reason why *candidate* stays by the options of its whole region."""
        if candidate.compiled_type is None and self._options.is_plain:
            return PLAIN
        if self._options.needs_nonce and not candidate.has_nonce:
            return Reason(Rule.POLICY, "has no nonce, by which alone the page's policy lets it load")
        return None

    def _source(self, asset: Asset, *, is_compiled: bool) -> Sheet | Script:
        if self._kind == "css":
            return read_sheet_once(asset, self._read, self._analyses, self._options.url_style)
        return read_script(asset, self._analyses, must_move=is_compiled)

    def _asset(self, candidate: Candidate) -> Asset:
        asset = self._read(candidate.url, candidate.compiled_type)
        if asset is None:
            raise UnmovableError(Reason(Rule.FOREIGN, "refers to nothing under a static prefix"))
        if asset.flaw:
            raise UnmovableError(Reason(Rule.ANSWER, f"is answered by the application {asset.flaw}"))
        if candidate.compiled_type:
            return replace(asset, charset=candidate.charset)
        if asset.media_type != MEDIA_TYPES[self._kind]:
            raise UnmovableError(Reason(Rule.MEDIA_TYPE, f"refers to {asset.media_type}"))
        return replace(asset, charset=candidate.charset or self._context.charset)

    def _inline(self, candidate: Candidate) -> Asset:
        text, media_type = candidate.element.text, candidate.compiled_type
        if self._context.policies and media_type is None:
            reason = "is inline code under a Content Security Policy, which may allow this very text only"
            raise UnmovableError(Reason(Rule.POLICY, reason))
        if self._options.recipes == "must" and media_type is None:
            raise UnmovableError(Reason(Rule.RECIPE, "is inline code, which other hosts do not have"))
        if not self._options.joins_inline:
            raise UnmovableError(Reason(Rule.VARIES, "is inline code that differs from request to request"))
        if text.startswith("\ufeff"):
            reason = "begins with a character that at the start of a file would be a byte order mark"
            raise UnmovableError(Reason(Rule.ENCODING, reason))
        if self._kind == "css" and self._context.encoding != "utf-8" and _MAY_IMPORT.search(text):
            reason = "imports a sheet in the encoding of the page, which is not UTF-8"
            raise UnmovableError(Reason(Rule.ENCODING, reason))
        content = text.encode("utf-8", "surrogatepass")
        return Asset(self._base_of(candidate), media_type or MEDIA_TYPES[self._kind], content, (), "utf-8")

    def _base_of(self, candidate: Candidate) -> str:
        """Return the base of the URLs in inline code: the page's own, as far as the code depends on it.

        With another base its analysis would be made and kept anew.
        """
        base = self._context.base
        if candidate.compiled_type or origin_of(base) or any(each[:1] == "?" for each in candidate.references):
            return base
        return base.partition("?")[0].rpartition("/")[0] + "/" if candidate.references else "/"


def _ingredient(candidate: Candidate, asset: Asset) -> Ingredient | None:
    if not candidate.url or any(source.is_answer for source in asset.sources):
        return None
    return Ingredient(without_query(candidate.url), candidate.charset or "", candidate.compiled_type or "")


def _stay(candidate: Candidate, reason: Reason, size: int = 0, effects: Effects | None = None) -> Stay:
    """Return *candidate* as an element that stays.

    *effects* are those of its source, ``None`` if that was not analysed.
    """
    element, url = candidate.element, candidate.url
    if element.tag != "script":
        return Stay(element, reason, url, size)
    found = candidate.effects if effects is None else effects
    # A file that is not read may write anything.
    is_unread = reason.rule is Rule.FOREIGN or not (element.text or size)
    return Stay(element, reason, url, size, replace(found, may_write=found.may_write or is_unread))

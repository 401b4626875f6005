"""Classify the candidates of a region: into members, whose sources are read and may move, and elements that stay.

An element is classified by itself first, then by the whole region: a custom property of one sheet, or a name that one
script declares, may keep another from moving.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from pressmark.bundling.bundle_recipe import Ingredient
from pressmark.bundling.candidates import Candidate, Piece, TagAttrs
from pressmark.bundling.members import Classified, Member, Stay
from pressmark.bundling.neighbours import heed_custom_properties, heed_scripts
from pressmark.bundling.options import PlanOptions
from pressmark.bundling.precompile import Compilation
from pressmark.errors import PressmarkError
from pressmark.model import MEDIA_TYPES, Asset, Text
from pressmark.page.context import Context
from pressmark.page.markup import has_integrity
from pressmark.protocols import Read
from pressmark.scripts.joining import Script
from pressmark.scripts.own_attributes import named_by, own_attributes
from pressmark.scripts.script_reading import read_script
from pressmark.stylesheets.analysis_cache import read_sheet_once
from pressmark.stylesheets.sheet_reading import Sheet
from pressmark.syntax.urls import origin_of, without_query
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Effects, Reason, UnmovableError

PLAIN = Reason(Rule.DISABLED, "is left as it is, because Pressmark is off")

_MAY_IMPORT = re.compile(r"import|\\", re.IGNORECASE)


def classify(
    pieces: Iterable[Piece], context: Context, read: Read, analyses: Analyses, options: PlanOptions
) -> list[Classified]:
    """Return the *pieces* of a region classified. Raises AssetError for a source of ours that is missing."""
    pieces, by_itself = tuple(pieces), _Classifier(context, read, analyses, options)
    by_itself.begin(piece for piece in pieces if isinstance(piece, Candidate))
    classified = [piece if isinstance(piece, Text) else by_itself.classify(piece) for piece in pieces]
    if options.kind == "css":
        return heed_custom_properties(classified, is_tainted=by_itself.is_tainted, is_exact=options.is_exact)
    return heed_scripts(classified, analyses)


def classify_alone(
    candidates: Iterable[Candidate], context: Context, read: Read, analyses: Analyses, options: PlanOptions
) -> list[Member]:
    """Return the *candidates* as members, each by itself; none if one of them stays. Raises AssetError."""
    candidates, by_itself = tuple(candidates), _Classifier(context, read, analyses, options)
    by_itself.begin(candidates)
    found = [by_itself.classify(candidate) for candidate in candidates]
    members = [each for each in found if isinstance(each, Member)]
    return members if len(members) == len(found) else []


class _Classifier:
    """Classifies single candidates of one region."""

    def __init__(self, context: Context, read: Read, analyses: Analyses, options: PlanOptions) -> None:
        self._context, self._read, self._analyses, self._options = context, read, analyses, options
        self._kind = options.kind
        self._begun: dict[int, Compilation] = {}  # by the identity of the candidate
        self.is_tainted = False

    def begin(self, candidates: Iterable[Candidate]) -> None:
        """Begin to compile all that has to be, at once. What fails fails again when its turn comes."""
        compiled = [each for each in candidates if each.compiled_type and not (each.refusal or self._refusal(each))]
        for candidate in compiled if len(compiled) > 1 else ():
            with suppress(UnmovableError, PressmarkError):
                asset = self._asset(candidate) if candidate.url else self._inline(candidate)
                self._begun[id(candidate)] = self._options.precompilers.begin(asset, self._analyses)

    def classify(self, candidate: Candidate) -> Member | Stay:
        """Return *candidate* ready to join, or as an element that stays."""
        reason = candidate.refusal or self._refusal(candidate)
        if reason:
            return _stay(candidate, reason)
        media_type, content = candidate.compiled_type, b""
        try:
            asset = self._asset(candidate) if candidate.url else self._inline(candidate)
            content = asset.content
            if media_type:
                begun = self._begun.get(id(candidate)) or self._options.precompilers.begin(asset, self._analyses)
                asset = self._options.precompilers.finish(begun, MEDIA_TYPES[self._kind])
            source = self._source(asset, is_compiled=media_type is not None, is_trusted=candidate.is_trusted)
            own = self._own(candidate, source)
        except UnmovableError as error:
            self.is_tainted |= error.taints_custom_properties
            stays = _stay(candidate, error.reason, len(content), error.effects)
            return replace(stays, text=content.decode("utf-8", "replace") if self._kind == "js" else "")
        is_compiled, ingredient = media_type is not None, _ingredient(candidate, asset)
        attrs = tuple(pair for pair in candidate.tag_attrs if pair not in own)
        return Member(candidate.element, candidate.url, asset, source, attrs, own, is_compiled, ingredient)

    def _own(self, candidate: Candidate, source: Sheet | Script) -> TagAttrs:
        """Return the attributes that a script alone reads of its element. Raises UnmovableError for another's id."""
        attrs = dict(candidate.element.attrs)
        if isinstance(source, Sheet) or candidate.compiled_type:
            return ()
        if candidate.is_trusted:
            names = named_by(source.text, attrs)
        elif not candidate.url:
            return ()
        else:
            names = own_attributes(source.text, attrs, self._analyses)
        if "id" in attrs and "id" not in names and not candidate.is_trusted:
            raise UnmovableError(Reason(Rule.ATTRIBUTE, "has the attribute id"), effects=source.analysis.effects)
        return tuple((name, attrs[name] or None) for name in sorted(names))

    def _refusal(self, candidate: Candidate) -> Reason | None:
        """Return the reason why *candidate* stays by the options of its whole region."""
        if candidate.compiled_type is None and self._options.is_plain:
            return PLAIN
        if self._options.needs_nonce and not candidate.has_nonce:
            return Reason(Rule.POLICY, "has no nonce, by which alone the page's policy lets it load")
        return None

    def _source(self, asset: Asset, *, is_compiled: bool, is_trusted: bool) -> Sheet | Script:
        if self._kind == "css":
            return read_sheet_once(asset, self._read, self._analyses, self._options.url_style)
        return read_script(asset, self._analyses, must_move=is_compiled, is_trusted=is_trusted)

    def _asset(self, candidate: Candidate) -> Asset:
        asset = self._read(candidate.url, candidate.compiled_type)
        if asset is None:
            raise UnmovableError(Reason(Rule.FOREIGN, "refers to nothing under a static prefix"))
        if asset.flaw:
            raise UnmovableError(Reason(Rule.ANSWER, f"is answered by the application {asset.flaw}"))
        if candidate.compiled_type:
            return replace(asset, charset=candidate.charset)
        if candidate.integrity is not None:
            self._check_integrity(asset, candidate.integrity)
        if asset.media_type != MEDIA_TYPES[self._kind]:
            raise UnmovableError(Reason(Rule.MEDIA_TYPE, f"refers to {asset.media_type}"))
        return replace(asset, charset=candidate.charset or self._context.charset)

    def _check_integrity(self, asset: Asset, integrity: str) -> None:
        """Raise UnmovableError if *asset* may be refused for its hash, or its bundle for that of the bundle."""
        if not self._options.takes_integrity:
            text = "has an integrity, which on another host a bundle has only with integrity=True"
            raise UnmovableError(Reason(Rule.LOADING, text))
        if not has_integrity(asset.content, integrity):
            raise UnmovableError(Reason(Rule.LOADING, "has an integrity that is not the file's: browsers refuse it"))

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
        return Stay(element, reason, url, size, is_gap=candidate.is_gap)
    found = candidate.effects if effects is None else effects
    # A file that is not read may write anything, but for those that may not write at all.
    may_write = found.may_write or reason.rule is Rule.FOREIGN or not (element.text or size)
    effects = replace(found, may_write=may_write and not candidate.is_gap)
    return Stay(element, reason, url, size, effects, candidate.is_gap)

"""Decide which elements of a region share a bundle. Nothing is reordered, nothing is dropped.

An element joins only if everything about it is understood: its attributes, where its source lies and what that
source does to its neighbours. Any other is a barrier: it stays byte for byte, and what comes after it cannot share
a bundle with what came before it.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pressmark.build.css import Read, Sheet
from pressmark.build.eligibility import ineligibility, tag_attrs
from pressmark.build.js import Script, effects, read_script
from pressmark.build.place import Place, Reason, UnmovableError
from pressmark.build.sheets import read_sheet_once
from pressmark.build.verdicts import Verdicts
from pressmark.model import MEDIA_TYPES, Asset, Element, Group, Kind, Text
from pressmark.page.context import Context
from pressmark.page.markup import placeholder_for

logger = logging.getLogger("pressmark")

Part = Text | Element | Group

_MAY_IMPORT = re.compile(r"import|\\", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What to plan, and how freely.

    With *joins_inline* false the text of style and script elements stays in the page. *is_exact* binds the rules that
    only an observant page can tell. *counts_siblings* keeps the number of elements, *tag* is what loads a bundle.
    """

    kind: Kind
    joins_inline: bool = True
    is_exact: bool = False
    counts_siblings: bool = False
    tag: str = "link"
    needs_file: bool = True


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one element, and why it is not more.

    *size* is the bytes of its source, 0 where it was not read. *group* is the number of the bundle that it is in, from
    0, ``None`` if it stays. *reason* is why it stays, or why it does not share the bundle before it.
    """

    element: Element
    url: str
    size: int
    group: int | None
    reason: Reason | None

    @property
    def name(self) -> str:
        """What a person knows the element by: its URL, or how it begins."""
        if self.url:
            return self.url
        start, end, _ = self.element.raw.partition(b">")
        return " ".join((start + end)[:100].decode("latin-1").split())


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a region in order, groups to be bundled and what stays, and a note on each element."""

    parts: tuple[Part, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """An element that may join: its source, read, and what it must have in common with its neighbours."""

    element: Element
    url: str
    asset: Asset
    source: Sheet | Script
    attrs: tuple[tuple[str, str | None], ...]

    def prepared(self, *, is_last: bool) -> Asset:
        """Return the asset as it goes into a bundle; the last script's exceptions can end nothing any more."""
        isolated = None if is_last or isinstance(self.source, Sheet) else self.source.isolated
        return replace(self.asset, content=(isolated or self.source.text).encode("utf-8"), charset="utf-8")


@dataclass(frozen=True, slots=True)
class _Stay:
    """An element that stays, and why."""

    element: Element
    reason: Reason
    url: str = ""
    size: int = 0
    lexical: frozenset[str] = frozenset()
    may_write: bool = False


@dataclass(slots=True)
class _Run:
    """Members so far with what stands between them, and what came after the last one."""

    members: list[_Member] = field(default_factory=list)
    gaps: list[bytes] = field(default_factory=list)
    pending: bytes = b""

    def add(self, member: _Member) -> None:
        if self.members:
            self.gaps.append(self.pending)
        self.pending = b""
        self.members.append(member)

    def refusal(self, member: _Member, verdicts: Verdicts, *, is_exact: bool) -> Reason | None:
        """Return why *member* cannot share a bundle with those before it."""
        last, source = self.members[-1], member.source
        if source.place is not Place.ANYWHERE:
            return source.reason
        if last.source.place is Place.ALONE:
            return Reason("alone", "comes after a source that has a bundle to itself")
        if member.attrs != last.attrs:
            return Reason(
                "attributes", f"has {_written(member.attrs)}, and the one before it has {_written(last.attrs)}"
            )
        if isinstance(source, Sheet):
            return None
        earlier = (each.source for each in self.members if isinstance(each.source, Script))
        return next(filter(None, (source.cannot_follow(each, verdicts, is_exact=is_exact) for each in earlier)), None)

    def reason_to_stay(self, rules: Rules) -> Reason | None:
        """Return why the members are better left as they are, ``None`` if they are not."""
        if rules.needs_file and not any(member.url for member in self.members):
            return Reason("inline-only", "stands in the page already: a file would be one more request")
        if rules.tag == "style" and rules.counts_siblings and all(m.element.tag != "style" for m in self.members):
            return Reason("siblings", "is a link in the body, where selectors would notice that it became a style")
        return None

    def group(self, rules: Rules) -> Group:
        """Return the members as a group; the bundle takes the place of the first that has its tag."""
        elements = [member.element for member in self.members]
        tags = [element.tag for element in elements]
        place = tags.index(rules.tag) if rules.counts_siblings and rules.tag in tags else 0
        kept = [placeholder_for(tag) if rules.counts_siblings else b"" for tag in tags]
        gaps = [*self.gaps, b""]
        raw = b"".join(element.raw + gap for element, gap in zip(elements, gaps, strict=True))
        before = b"".join(sibling + gap for sibling, gap in zip(kept[:place], gaps[:place], strict=True))
        after = b"".join(gap + sibling for gap, sibling in zip(gaps[place:], [*kept[place + 1 :], b""], strict=True))
        last = len(self.members) - 1
        assets = tuple(member.prepared(is_last=number == last) for number, member in enumerate(self.members))
        return Group(rules.kind, self.members[0].attrs, assets, raw, before, after)


def plan(pieces: Iterable[Element | Text], context: Context, read: Read, verdicts: Verdicts, rules: Rules) -> Plan:
    """Return what becomes of a region.

    *read* gives the asset at an absolute path or URL. Raises AssetError for a source that should be there and is not.
    """
    planned = _Planned(rules, verdicts)
    for piece in _settle(_Judge(context, read, verdicts, rules), pieces):
        planned.add(piece)
    planned.close()
    for note in planned.notes:
        if note.reason:
            logger.debug("%s %s [%s]", note.name, note.reason.text, note.reason.rule)
    return Plan(tuple(planned.parts), tuple(planned.notes))


class _Planned:
    """The plan so far."""

    def __init__(self, rules: Rules, verdicts: Verdicts) -> None:
        self.parts: list[Part] = []
        self.notes: list[Note] = []
        self._rules, self._verdicts, self._run, self._groups = rules, verdicts, _Run(), 0
        self._is_written = False  # whether a script before may have written into the page

    def add(self, piece: "Text | _Stay | _Member") -> None:
        if isinstance(piece, Text):
            self._run.pending += piece.raw
        elif isinstance(piece, _Stay):
            self.close()
            self.parts.append(piece.element)
            self.notes.append(Note(piece.element, piece.url, piece.size, None, piece.reason))
            self._is_written |= piece.may_write
            if piece.element.tag in ("#markup", "#text"):  # from here on it may be the body
                self._rules = replace(self._rules, counts_siblings=True)
        else:
            refusal = self._refusal(piece) if self._run.members else None
            if refusal or not self._run.members:
                self.close()
            self._run.add(piece)
            reason = refusal or piece.source.reason
            self.notes.append(Note(piece.element, piece.url, len(piece.asset.content), self._groups, reason))

    def _refusal(self, member: _Member) -> Reason | None:
        if self._is_written and b"<!" in self._run.pending:
            return Reason("document-write", "comes after a script that may have written the start of a comment")
        return self._run.refusal(member, self._verdicts, is_exact=self._rules.is_exact)

    def close(self) -> None:
        """End the run of members that may share a bundle."""
        run, self._run = self._run, _Run()
        stays = run.reason_to_stay(self._rules) if run.members else None
        if run.members and stays is None:
            self.parts.append(run.group(self._rules))
            self._groups += 1
        elif run.members:
            first = len(self.notes) - len(run.members)
            self.notes[first:] = [replace(note, group=None, reason=stays) for note in self.notes[first:]]
            self.parts.append(Text(run.group(self._rules).raw))
        if run.pending:
            self.parts.append(Text(run.pending))


def _settle(judge: "_Judge", pieces: Iterable[Element | Text]) -> list[Text | _Stay | _Member]:
    """Return the pieces judged by themselves, and by what only the whole region shows."""
    settled = [piece if isinstance(piece, Text) else judge.judge(piece) for piece in pieces]
    sheets = [p.source for p in settled if isinstance(p, _Member) and isinstance(p.source, Sheet)]
    defined = frozenset().union(*(sheet.variables.defined for sheet in sheets))
    if not judge.rules.is_exact:  # that a library's colours may be set elsewhere is no reason to leave it
        defined |= frozenset().union(*(sheet.variables.loaded for sheet in sheets))
    settled = [_without_variables(piece, defined, is_tainted=judge.is_tainted) for piece in settled]
    lexical: frozenset[str] = frozenset()
    for place, piece in enumerate(settled):
        if isinstance(piece, _Stay):
            lexical |= piece.lexical
        elif isinstance(piece, _Member) and isinstance(piece.source, Script):
            if refused := piece.source.declares & lexical:
                reason = Reason(
                    "lexical-names", f"declares {', '.join(sorted(refused))}, which fails: an earlier one did"
                )
                settled[place] = replace(piece, source=replace(piece.source, place=Place.ALONE, reason=reason))
            lexical |= frozenset(piece.source.verdict.lexical)
    return settled


def _without_variables(
    piece: "Text | _Stay | _Member", defined: frozenset[str], *, is_tainted: bool
) -> "Text | _Stay | _Member":
    """Return *piece* as one that stays if a relative URL could reach it through a custom property."""
    if not isinstance(piece, _Member) or not isinstance(piece.source, Sheet):
        return piece
    unknown = sorted(piece.source.variables.loaded - defined)
    if is_tainted and piece.source.variables.is_user:
        text = "uses var() beside a custom property with a relative URL"
    elif unknown:
        text = f"loads what {unknown[0]} says, which is set elsewhere and may be a URL relative to this sheet"
    else:
        return piece
    return _Stay(piece.element, Reason("custom-property-url", text), piece.url, len(piece.asset.content))


class _Judge:
    """Judges single elements of one region."""

    def __init__(self, context: Context, read: Read, verdicts: Verdicts, rules: Rules) -> None:
        self._context, self._read, self._verdicts, self.rules = context, read, verdicts, rules
        self._kind = rules.kind
        self.is_tainted = False

    def judge(self, element: Element) -> _Member | _Stay:
        """Return *element* ready to join, or as one that stays."""
        if reason := ineligibility(element, self._kind):
            return self._stay(element, reason)
        attrs = dict(element.attrs)
        reference = attrs.get("href" if self._kind == "css" else "src")
        url = "" if reference is None else self._context.resolve(reference)
        size = 0
        try:
            asset = self._asset(url, attrs.get("charset")) if url else self._inline_asset(element)
            size = len(asset.content)
            source = self._source(asset)
        except UnmovableError as error:
            self.is_tainted |= error.taints_variables
            return self._stay(element, error.reason, url, size, error.lexical)
        return _Member(element, url, asset, source, tag_attrs(element))

    def _stay(
        self, element: Element, reason: Reason, url: str = "", size: int = 0, lexical: frozenset[str] = frozenset()
    ) -> _Stay:
        """Return *element* as one that stays, with what its code, as far as it is known, does to later scripts."""
        if element.tag != "script":
            return _Stay(element, reason, url, size)
        writes, held = effects(element.text)
        # A file that is not read may write anything.
        is_unread = reason.rule == "foreign" or not (element.text or size)
        may_write = writes or is_unread or reason.rule == "document-write"
        return _Stay(element, reason, url, size, lexical | held, may_write)

    def _source(self, asset: Asset) -> Sheet | Script:
        if self._kind == "css":
            return read_sheet_once(asset, self._read, self._verdicts)
        return read_script(asset, self._verdicts)

    def _asset(self, url: str, charset: str | None) -> Asset:
        asset = self._read(url)
        if asset is None:
            raise UnmovableError("refers to nothing under a static prefix", rule="foreign")
        if asset.media_type != MEDIA_TYPES[self._kind]:
            raise UnmovableError(f"refers to {asset.media_type}", rule="media-type")
        return replace(asset, charset=charset or self._context.charset)

    def _inline_asset(self, element: Element) -> Asset:
        if self._context.policies:
            text = "is inline code under a Content Security Policy, which judges it by itself"
            raise UnmovableError(text, rule="policy")
        if not self.rules.joins_inline:
            raise UnmovableError("is inline code that differs from request to request", rule="varies")
        if element.text.startswith("\ufeff"):
            text = "begins with a character that at the start of a file would be a byte order mark"
            raise UnmovableError(text, rule="encoding")
        if self._kind == "css" and self._context.encoding != "utf-8" and _MAY_IMPORT.search(element.text):
            raise UnmovableError("imports a sheet in the encoding of the page, which is not UTF-8", rule="encoding")
        content = element.text.encode("utf-8", "surrogatepass")
        return Asset(self._context.base, MEDIA_TYPES[self._kind], content, (), "utf-8")


def _written(attrs: tuple[tuple[str, str | None], ...]) -> str:
    return ", ".join(f"{name}={value!r}" if value is not None else name for name, value in attrs) or "no attribute"

"""Plan the groups of a region: the elements that share a bundle. No element is reordered, none is dropped.

Theory
------
``classify`` gives texts, members and elements that stay. The planner reads them once, in order, and collects members
that follow each other into a run.

* An element that stays is a *barrier*: it leaves byte for byte, and ends the run before it.
* A member ends the run and begins a new one if it cannot share a bundle with the members before it. One condition is
  enough: its placement is first or alone, or the last member's is alone; its attributes differ from the last member's;
  as a script it cannot follow some script of the run; text with "<!" comes before it after a script that may have
  written the start of a comment; or Pressmark is off.
* The texts between the members of a run (*gaps*) all stay, before or after the bundle's tag.
* A run becomes a group, even one of a single member. It stays as it was if a bundle would be no gain (inline code
  alone, unless in inline mode) or selectors would notice (links in the body in inline mode). A compiled member never
  stays.

Siblings count in the body, where selectors such as ``:nth-of-type()`` see them, and everywhere in exact mode. There the
bundle's tag replaces the first member of its own tag name, and each other member leaves an empty element. Elsewhere it
replaces the first member, and the others leave only their gaps.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile

from pressmark.bundling.attributes import unshared
from pressmark.bundling.builder import MAX_BUNDLE_BYTES
from pressmark.bundling.bundle_recipe import MAX_RECIPE, BundleRecipe
from pressmark.bundling.candidates import Candidate, Piece, TagAttrs
from pressmark.bundling.classify import PLAIN, classify, classify_alone
from pressmark.bundling.members import Classified, Member, Stay
from pressmark.bundling.options import PlanOptions
from pressmark.model import Element, Group, Text
from pressmark.page.context import Context
from pressmark.page.markup import placeholder_for
from pressmark.protocols import Read
from pressmark.report.explanation import Note
from pressmark.scripts.joining import JoinedScripts, Script, are_mixed
from pressmark.stylesheets.sheet_reading import Sheet
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Placement, Reason

Part = Text | Element | Group


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a region in order, groups to be bundled and parts that stay, and a note on each element."""

    parts: tuple[Part, ...]
    notes: tuple[Note, ...]


Gap = tuple[Text | Element, ...]
"""The texts between two members, and elements that part no sheets."""


@dataclass(slots=True)
class _Run:
    """Members that share a bundle so far, the *gaps* between them, and the *pending* pieces after the last one.

    They are of a page in *context*.
    """

    context: Context
    scripts: JoinedScripts
    members: list[Member] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    pending: list[Text | Element] = field(default_factory=list)
    size: int = 0

    def kept(self) -> Iterator[Element | Text]:
        """Yield the members with the gaps between them, as they stand in the page."""
        for member, gap in zip(self.members, [*self.gaps, ()], strict=True):
            yield member.element
            yield from gap

    def add(self, member: Member) -> None:
        if self.members:
            self.gaps.append(tuple(self.pending))
        self.pending = []
        self.members.append(member)
        self.size += member.size
        if isinstance(member.source, Script):
            self.scripts.add(member.source)

    def reason_to_part(self, member: Member, options: PlanOptions) -> Reason | None:
        """Return the reason why *member* cannot share a bundle with those before it, ``None`` if it can."""
        last, source = self.members[-1], member.source
        if options.is_plain:
            return PLAIN
        if source.placement is not Placement.ANYWHERE:
            return source.reason
        if last.source.placement is Placement.ALONE:
            return Reason(Rule.ALONE, "comes after a source that has a bundle to itself")
        if member.attrs != last.attrs and not self._takes_media(member, options):
            return Reason(
                Rule.ATTRIBUTES, f"has {_written(member.attrs)}, and the one before it has {_written(last.attrs)}"
            )
        if self.size + member.size > MAX_BUNDLE_BYTES:
            return Reason(Rule.BUDGET, f"would make a bundle of more than {MAX_BUNDLE_BYTES >> 20} MiB")
        if options.recipes == "must" and not self.recipe(options, member):
            return Reason(Rule.RECIPE, "would make the recipe in the URL of the bundle too long, or cannot be in it")
        if isinstance(source, Sheet):
            return None
        return self.scripts.refusal(source)

    def _takes_media(self, member: Member, options: PlanOptions) -> bool:
        """Tell whether *member* may join although its media are others: each sheet stands in its ``@media``."""
        last = self.members[-1]
        is_else_same = _without_media(member.attrs) == _without_media(last.attrs)
        if not options.joins_media or not is_else_same or not isinstance(member.source, Sheet):
            return False
        # Those before it were of one media so far, or have been found to fit.
        return all(
            isinstance(each.source, Sheet) and (not each.media or each.source.fits_under(each.media))
            for each in (member, *(self.members if self._has_one_media else ()))
        )

    @property
    def _has_one_media(self) -> bool:
        return len({member.media for member in self.members}) == 1

    def reason_to_stay(self, options: PlanOptions) -> Reason | None:
        """Return the reason why the members stay as they are, ``None`` if they are bundled."""
        if any(member.is_compiled for member in self.members):
            return None  # no browser could read it as it was written
        if len(self.members) == 1 and (alone := unshared(self.members[0].attrs)):
            return Reason(Rule.ATTRIBUTE, f"has {', '.join(alone)}, as no neighbour does, and may be looked for by it")
        if options.needs_file and not any(member.url for member in self.members):
            return Reason(Rule.INLINE_ONLY, "stands in the page already: a file would be one more request")
        if options.recipes == "must" and options.needs_file and not self.recipe(options):
            return Reason(
                Rule.RECIPE, "is an answer of the application or has a long URL: no other host could build it"
            )
        if options.tag == "style" and options.counts_siblings and all(m.element.tag != "style" for m in self.members):
            return Reason(Rule.SIBLINGS, "is a link in the body, where selectors would notice that it became a style")
        return None

    def recipe(self, options: PlanOptions, *more: Member) -> str:
        """Return the recipe of the members and *more*, "" if it would be too long, or could not be told at all."""
        members = (*self.members, *more)
        is_mixed = len({member.media for member in members}) > 1
        ingredients = [
            member.ingredient._replace(media=member.media if is_mixed else "")
            for member in members
            if member.ingredient is not None
        ]
        if options.recipes == "no" or len(ingredients) < len(members):
            return ""
        found = BundleRecipe.of(ingredients, self.context, options).to_text()
        return found if len(found) <= MAX_RECIPE else ""

    def group(self, options: PlanOptions) -> Group:
        """Return the members as a group, with the gaps and placeholders around the bundle's tag.

        The first gap that holds an element, and all after it, are not in the group: they follow it.
        """
        tags = [member.element.tag for member in self.members]
        first = tags.index(options.tag) if options.counts_siblings and options.tag in tags else 0
        kept = [placeholder_for(tag) if options.counts_siblings else b"" for tag in tags]
        gaps = [*(_raw(gap) for gap in self._gaps_beside), b""]
        gaps += [b""] * (len(tags) - len(gaps))
        before = b"".join(sibling + gap for sibling, gap in zip(kept[:first], gaps[:first], strict=True))
        after = b"".join(gap + sibling for gap, sibling in zip(gaps[first:], [*kept[first + 1 :], b""], strict=True))
        last = len(self.members) - 1
        has_media = len({member.media for member in self.members}) > 1
        is_mixed = has_media or are_mixed(each.source for each in self.members if isinstance(each.source, Script))
        assets = tuple(
            member.prepared(is_last=number == last, is_mixed=is_mixed, is_traced=options.is_traced)
            for number, member in enumerate(self.members)
        )
        is_inline = not any(member.url for member in self.members)
        elements = tuple(member.element for member in self.members)
        attrs = self.members[0].attrs
        lone = self.members[0] if last == 0 and self.members[0].is_minified_alone else None
        return Group(
            options.kind, _without_media(attrs) if has_media else attrs, assets, elements,
            tuple(map(_raw, self.gaps)), before, after, is_inline, self.recipe(options),
            len(lone.asset.content) if lone else 0,
        )  # fmt: skip

    @property
    def _gaps_beside(self) -> list[Gap]:
        """The gaps before the first that holds an element."""
        return list(takewhile(lambda gap: all(isinstance(piece, Text) for piece in gap), self.gaps))

    @property
    def rest(self) -> Iterator[Text | Element]:
        """The pieces of the other gaps."""
        for gap in self.gaps[len(self._gaps_beside) :]:
            yield from gap


def plan(pieces: Iterable[Piece], context: Context, read: Read, analyses: Analyses, options: PlanOptions) -> Plan:
    """Return the plan of a region.

    *read* gives the asset at an absolute path or URL. Raises AssetError for a source of ours that is missing.
    """
    planned = _Planned(options, analyses, context)
    for piece in classify(pieces, context, read, analyses, options):
        planned.add(piece)
    planned.close()
    return Plan(tuple(planned.parts), tuple(planned.notes))


def group_of(
    candidates: Iterable[Candidate], context: Context, read: Read, analyses: Analyses, options: PlanOptions
) -> Group | None:
    """Return all *candidates* as one group, whatever their neighbours were; ``None`` if one cannot be read.

    Raises AssetError.
    """
    members = classify_alone(candidates, context, read, analyses, options)
    scripts = JoinedScripts(analyses, options.is_exact)
    return _Run(context, scripts, members, [()] * (len(members) - 1)).group(options) if members else None


class _Planned:
    """The parts and notes of a plan so far, and the open run."""

    def __init__(self, options: PlanOptions, analyses: Analyses, context: Context) -> None:
        self.parts: list[Part] = []
        self.notes: list[Note] = []
        self._options, self._analyses, self._context, self._groups = options, analyses, context, 0
        self._run = self._new_run()
        self._is_written = False  # whether a script before may have written into the page

    def add(self, piece: Classified) -> None:
        if isinstance(piece, Text):
            self._run.pending.append(piece)
        elif isinstance(piece, Stay) and piece.is_gap and not self._counts_gaps:
            self._run.pending.append(piece.element)
            self.notes.append(Note(piece.element, piece.url, piece.size, None, None))
        elif isinstance(piece, Stay):
            self.close()
            self.parts.append(piece.element)
            self.notes.append(Note(piece.element, piece.url, piece.size, None, piece.reason))
            self._is_written |= piece.effects.may_write
            if piece.element.tag in ("#markup", "#text") and not piece.is_gap:  # from here on it may be the body
                self._options = replace(self._options, counts_siblings=True)
        else:
            refusal = self._refusal(piece) if self._run.members else None
            if refusal or not self._run.members:
                self.close()
            self._run.add(piece)
            reason = refusal or piece.source.reason
            self.notes.append(Note(piece.element, piece.url, piece.size, self._groups, reason))

    def _refusal(self, member: Member) -> Reason | None:
        if self._is_written and any(b"<!" in piece.raw for piece in self._run.pending):
            return Reason(Rule.DOCUMENT_WRITE, "comes after a script that may have written the start of a comment")
        return self._run.reason_to_part(member, self._options)

    @property
    def _counts_gaps(self) -> bool:
        """Tell whether an element between two sheets parts them: they cannot move over it, or its place counts."""
        return self._options.counts_siblings or not self._options.needs_file

    def _new_run(self) -> _Run:
        return _Run(self._context, JoinedScripts(self._analyses, self._options.is_exact))

    def close(self) -> None:
        """End the run of members that may share a bundle."""
        run, self._run = self._run, self._new_run()
        stays = run.reason_to_stay(self._options) if run.members else None
        if run.members and stays is None:
            self.parts += (run.group(self._options), *run.rest)
            self._groups += 1
        elif run.members:
            kept = {id(member.element) for member in run.members}
            self.notes = [
                replace(note, group=None, reason=stays) if id(note.element) in kept else note for note in self.notes
            ]
            self.parts += run.kept()
        self.parts += run.pending


def _written(attrs: TagAttrs) -> str:
    return ", ".join(f"{name}={value!r}" if value is not None else name for name, value in attrs) or "no attribute"


def _without_media(attrs: TagAttrs) -> TagAttrs:
    return tuple(pair for pair in attrs if pair[0] != "media")


def _raw(gap: Gap) -> bytes:
    return b"".join(piece.raw for piece in gap)

"""Plan the groups of a region: the elements that share a bundle. No element is reordered, none is dropped.

Theory
------
``classify`` gives texts, members and elements that stay. The planner reads them once, in order, and collects members
that follow each other into a run.

* An element that stays is a *barrier*: it leaves byte for byte, and ends the run before it, unless it is a *gap*: icons
  and their like between sheets, and between scripts those that have no turn among them, ``async`` ones and modules.
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

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pressmark.bundling.candidates import Candidate, Piece
from pressmark.bundling.classify import classify, classify_alone
from pressmark.bundling.members import Classified, Member, Stay
from pressmark.bundling.options import PlanOptions
from pressmark.bundling.run import Run, as_written
from pressmark.model import Element, Group, Text
from pressmark.page.context import Context
from pressmark.protocols import Read
from pressmark.report.explanation import Note
from pressmark.scripts.joining import JoinedScripts
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason

Part = Text | Element | Group


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a region in order, groups to be bundled and parts that stay, and a note on each element."""

    parts: tuple[Part, ...]
    notes: tuple[Note, ...]


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
    return Run(context, scripts, members, [()] * (len(members) - 1)).group(options) if members else None


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
        elif isinstance(piece, Stay) and piece.is_gap and not self._is_barrier(piece.element):
            self._run.pending.append(piece.element)
            reason = piece.reason if piece.element.tag == "script" else None
            self.notes.append(Note(piece.element, piece.url, piece.size, None, reason))
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

    def _is_barrier(self, gap: Element) -> bool:
        """Tell whether a *gap* between two members parts them: they cannot move over it, or its place counts.

        Whether a script stands before or after an empty one, no selector of what is shown can tell.
        """
        if gap.tag == "script":  # modules and deferred scripts have one order among them
            is_deferred = any(("defer", None) in member.attrs for member in self._run.members)
            return self._options.is_exact or (is_deferred and "async" not in dict(gap.attrs))
        return self._options.counts_siblings or not self._options.needs_file

    def _new_run(self) -> Run:
        return Run(self._context, JoinedScripts(self._analyses, self._options.is_exact))

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
        self.parts += map(as_written, run.pending)

"""Collect members that follow each other into a run, which becomes one bundle, or stays as it was written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from pressmark.bundling.attributes import unshared
from pressmark.bundling.builder import MAX_BUNDLE_BYTES
from pressmark.bundling.bundle_recipe import MAX_RECIPE, BundleRecipe
from pressmark.bundling.candidates import TagAttrs
from pressmark.bundling.classify import PLAIN
from pressmark.bundling.members import Member
from pressmark.bundling.options import PlanOptions
from pressmark.model import Element, Group, Text
from pressmark.page.context import Context
from pressmark.page.markup import placeholder_for
from pressmark.scripts.joining import JoinedScripts, Script, are_mixed
from pressmark.scripts.own_attributes import may_read
from pressmark.stylesheets.sheet_reading import Sheet
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Placement, Reason

Gap = tuple[Text | Element, ...]
"""The texts between two members, and elements that part no sheets."""


@dataclass(slots=True)
class Run:
    """Members that share a bundle so far, the *gaps* between them, and the *pending* pieces after the last one.

    They are of a page in *context*.
    """

    context: Context
    scripts: JoinedScripts
    members: list[Member] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    pending: list[Text | Element] = field(default_factory=list)
    media: set[str] = field(default_factory=set)
    size: int = 0

    def kept(self) -> Iterator[Element | Text]:
        """Yield the members with the gaps between them, as they stand in the page."""
        for member, gap in zip(self.members, [*self.gaps, ()], strict=True):
            yield member.element
            yield from map(as_written, gap)

    def add(self, member: Member) -> None:
        if self.members:
            self.gaps.append(tuple(self.pending))
        self.pending = []
        self.members.append(member)
        self.media.add(member.media)
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
        if not self._takes_attributes(member, options):
            return Reason(
                Rule.ATTRIBUTES,
                f"has {_written(member)}, and the one before it has {_written(last)}",
            )
        if self.size + member.size > MAX_BUNDLE_BYTES:
            return Reason(Rule.BUDGET, f"would make a bundle of more than {MAX_BUNDLE_BYTES >> 20} MiB")
        if options.recipes == "must" and not self.recipe(options, member):
            return Reason(Rule.RECIPE, "would make the recipe in the URL of the bundle too long, or cannot be in it")
        if isinstance(source, Sheet):
            return None
        return self.scripts.parts(source)

    def _takes_attributes(self, member: Member, options: PlanOptions) -> bool:
        """Tell whether *member* has the attributes of those before it, or only other media, each in its ``@media``."""
        if isinstance(member.source, Script):
            return all(_share_attributes(each, member) for each in self.members)
        if member.attrs == self.members[-1].attrs and len(self.media) == 1:
            return True
        if not options.joins_media or _without_media(member.attrs) != _without_media(self.members[-1].attrs):
            return False
        # If there are several media already, those before it were found to fit.
        newly_in_blocks = (*self.members, member) if len(self.media) == 1 else (member,)
        return all(_fits_in_block(each) for each in newly_in_blocks)

    def reason_to_stay(self, options: PlanOptions) -> Reason | None:
        """Return the reason why the members stay as they are, ``None`` if they are bundled."""
        if any(member.is_compiled for member in self.members):
            return None  # no browser could read it as it was written
        first = self.members[0]
        if len(self.members) == 1 and not first.is_trusted and (alone := unshared((*first.attrs, *first.own))):
            text = f"has {', '.join(alone)}, which no neighbour has with the same value, and may be looked for by it"
            return Reason(Rule.ATTRIBUTE, text)
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
        own = (pair for member in self.members for pair in member.own)
        attrs = tuple(dict.fromkeys((*self.members[0].attrs, *own)))
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
            yield from map(as_written, gap)


def _share_attributes(one: Member, other: Member) -> bool:
    """Tell whether scripts have the same attributes, or neither may read what is the other's own."""
    if {*one.attrs, *one.own} == {*other.attrs, *other.own}:
        return True
    mine, its = dict(one.own), dict(other.own)
    if one.attrs != other.attrs or any(mine[name] != its[name] for name in mine.keys() & its.keys()):
        return False
    return not any(
        isinstance(reader.source, Script) and may_read(reader.source.text, name, value or "")
        for reader, owner in ((one, other), (other, one))
        for name, value in owner.own
        if (name, value) not in reader.own
    )


def _fits_in_block(member: Member) -> bool:
    return isinstance(member.source, Sheet) and (not member.media or member.source.fits_under(member.media))


def _written(member: Member) -> str:
    attrs = (*member.attrs, *member.own)
    return ", ".join(f"{name}={value!r}" if value is not None else name for name, value in attrs) or "no attribute"


def _without_media(attrs: TagAttrs) -> TagAttrs:
    return tuple(pair for pair in attrs if pair[0] != "media")


def as_written(piece: Text | Element) -> Text | Element:
    """Return *piece*; a text as one of its own, which is not looked up in the region again."""
    return Text(piece.raw) if isinstance(piece, Text) else piece


def _raw(gap: Gap) -> bytes:
    return b"".join(piece.raw for piece in gap)

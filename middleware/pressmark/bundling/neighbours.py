"""Judge the members of a region by each other: what one does may keep another from moving.

A custom property of one sheet reaches another. A script may name another's file or attribute, give it a function that
looks at its caller, or declare a name by which it fails.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pressmark.bundling.attributes import looked_for
from pressmark.bundling.members import Classified, Member, Stay, effects_of
from pressmark.scripts.inspectors import Inspected, inspected_by
from pressmark.scripts.joining import Script
from pressmark.scripts.own_attributes import may_read
from pressmark.stylesheets.sheet_reading import Sheet
from pressmark.syntax.urls import file_name
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import POSSIBLE, Rule
from pressmark.verdicts.placement import Placement, Reason


def heed_scripts(classified: list[Classified], analyses: Analyses) -> list[Classified]:
    """Return *classified*; a script that another one of the region may look for or harm stays, or is alone."""
    classified = _heed_attributes(_heed_file_names(classified))
    return list(_heed_lexical_names(_heed_inspectors(classified, analyses)))


def heed_custom_properties(classified: list[Classified], *, is_tainted: bool, is_exact: bool) -> list[Classified]:
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
    named = Counter(name for piece in classified for name in effects_of(piece).files)
    return [_unless_named(piece, named) if isinstance(piece, Member) else piece for piece in classified]


def _unless_named(member: Member, named: Mapping[str, int]) -> Member | Stay:
    """Return *member* as one that stays if a script other than itself is among those that have *named* its file."""
    name, effects = file_name(member.url), effects_of(member)
    if member.is_compiled or member.is_trusted or named[name] == (name in effects.files):
        return member
    reason = Reason(Rule.NAMED, f"another script names {name}, and may look for its element or load it by itself")
    return _stay(member, reason)


def _heed_attributes(classified: list[Classified]) -> list[Classified]:
    """Return *classified*; an element stays if another script may look for one of its attributes."""
    names = {name for piece in classified if isinstance(piece, Member) for name, _ in (*piece.attrs, *piece.own)}
    names = {name for name in names if name.startswith("data-")}
    texts = [_text_of(piece) for piece in classified] if names else []
    wanted = frozenset(name for name in names if any(looked_for(name, text) for text in texts))
    found = (_unless_looked_for(piece, wanted) if isinstance(piece, Member) else piece for piece in classified)
    return [_unless_id_is_known(piece, classified) if isinstance(piece, Member) else piece for piece in found]


def _unless_id_is_known(member: Member, classified: list[Classified]) -> Member | Stay:
    """Return *member* as one that stays if another script may look for its id."""
    id_ = None if member.is_compiled or member.is_trusted else dict(member.own).get("id")
    others = (each for each in classified if isinstance(each, Member | Stay) and each.element is not member.element)
    if not id_ or not any(may_read(_text_of(each), "id", id_) for each in others):
        return member
    reason = Reason(Rule.NAMED, f"another script names the id {id_}, and may look for its element")
    return _stay(member, reason)


def _text_of(piece: Classified) -> str:
    if isinstance(piece, Member):
        return piece.source.text
    return piece.text or piece.element.text if isinstance(piece, Stay) else ""


def _unless_looked_for(member: Member, wanted: frozenset[str]) -> Member | Stay:
    """Return *member* as one that stays if a script may look for one of its attributes."""
    found = (name for name, _ in (*member.attrs, *member.own) if name in wanted)
    name = next(found, None)
    if name is None or member.is_compiled or member.is_trusted:
        return member
    reason = Reason(Rule.NAMED, f"a script of the region may look for {name}")
    return _stay(member, reason)


def _stay(member: Member, reason: Reason) -> Stay:
    return Stay(member.element, reason, member.url, member.size, effects_of(member), text=member.source.text)


def _heed_inspectors(classified: Iterable[Classified], analyses: Analyses) -> Iterator[Classified]:
    """Yield *classified*; a script that calls a function by which an earlier one looks at its caller stays."""
    inspectors: dict[str, Rule] = {}
    for piece in classified:
        judged = piece
        if isinstance(piece, Member) and isinstance(piece.source, Script):
            found = inspected_by(piece.source.text, inspectors, analyses)
            judged = _unless_inspected(piece, piece.source, found) if found.reason else piece
            inspectors |= {**piece.source.analysis.inspectors, **found.inspectors}
        elif isinstance(piece, Stay):
            inspectors |= piece.effects.inspectors
        yield judged


def _unless_inspected(member: Member, script: Script, found: Inspected) -> Member | Stay:
    """Return *member* as one that stays or, if no browser could read it as it was, one that is alone."""
    reason = found.reason
    if member.is_trusted and reason is not None and reason.rule in POSSIBLE:
        return member
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
        effects, judged = effects_of(piece), piece
        if isinstance(piece, Member) and isinstance(piece.source, Script):
            refused = (effects.declared & lexical) | (effects.lexical & (lexical | declared))
            if refused:
                text = f"declares {', '.join(sorted(refused))}, which fails: an earlier one did"
                reason = Reason(Rule.LEXICAL_NAMES, text)
                judged = replace(piece, source=replace(piece.source, placement=Placement.ALONE, reason=reason))
        lexical |= effects.lexical
        declared |= effects.declared
        yield judged

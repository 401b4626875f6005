"""Write the source map of a linked file of modules, back to the files that people have written."""

from collections.abc import Sequence

from pressmark.bundling.builder import name_of
from pressmark.model import Origin, Span, Trace
from pressmark.modules.edits import Edited
from pressmark.modules.graph import Module
from pressmark.sourcemaps.tracked_text import Part, compose, join_parts
from pressmark.sourcemaps.writing import Joined, followed, source_map
from pressmark.syntax.urls import without_query
from pressmark.verdicts.analyses import Analyses

_NOWHERE = Origin("", "")


def mapped(
    parts: Sequence[str | Edited], modules: Sequence[Module], maps: str, analyses: Analyses
) -> tuple[bytes, bytes | None]:
    """Return the content of a linked file with the name of its source map, below the URL *maps*, and that map.

    *parts* are the texts of the file; of the *modules* each has one, in their order.
    """
    waiting = iter(modules)
    traced = [Part(part) if isinstance(part, str) else _traced(part, next(waiting)) for part in parts]
    found = join_parts(traced)
    spans = tuple(span._replace(origin=span.origin - 1 if span.origin > 0 else -1) for span in found.spans)
    raw = source_map("js", [Joined(found.text, Trace(found.others, spans), found.text)], "\n", analyses)
    return f"{found.text}//# sourceMappingURL={maps}{name_of(raw)}.map\n".encode(), raw


def _traced(part: Edited, module: Module) -> tuple[str, Trace]:
    """Return the text of *module* in the file, with the trace to its source."""
    prepared = module.prepared
    spans = tuple(Span(each.start, 0 if each.offset >= 0 else -1, max(each.offset, 0), 1) for each in part.copies)
    if prepared is None or not spans:
        return part.text, Trace((_NOWHERE,), (Span(0, -1, 0, 0),))
    own = prepared.trace or Trace((Origin(without_query(module.address), prepared.before),), (Span(0, 0, 0),))
    inner = followed("js", Joined(prepared.before, own, prepared.text))
    return part.text, compose(Trace((_NOWHERE,), spans), inner)

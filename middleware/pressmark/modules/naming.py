"""Write a module that is served under the hash of its content, and behaves as at its own address."""

import json
import re

from pressmark.modules.edits import Edits, without_hashbang
from pressmark.modules.graph import Module
from pressmark.modules.resolving import resolver_text

_PREFIXES = ("$p", "$q", "$pm", *(f"$pm{number}_" for number in range(100)))


_SHADOWS = re.compile(r"\bglobalThis\s*[=,})]|\b(?:let|const|var|class|function)\s+globalThis\b")


class UnnamableError(ValueError):
    """The module must stay at its own address."""


def named(module: Module, *, is_live: bool) -> str:
    """Return the text of *module* as it is served under another address. Raises UnnamableError.

    One that *is_live* may be called before it has run.

    Each specifier becomes the address that it means there: a page whose import map is void has the modules of their own
    addresses. The text ends with its own address, so that two modules of one content have two names.
    """
    facts = module.facts
    if facts.metas and is_live:
        raise UnnamableError("may be asked for import.meta before it runs")
    if _SHADOWS.search(module.text):
        raise UnnamableError("has a variable globalThis")
    edits = Edits(module.text.encode("utf-8"))
    for specifier in facts.statements.specifiers:
        edits.replace(specifier.start, specifier.end, json.dumps(module.written[specifier.request]))
    prefix = next(each for each in _PREFIXES if each not in module.text)
    has_computed = False
    for call, written in zip(facts.dynamic, module.dynamic_written, strict=True):
        if call.literal is not None:
            edits.replace(call.start, call.end, json.dumps(written))
        else:
            has_computed = True
            edits.insert(call.start, f"{prefix}R({json.dumps(module.address)},")
            edits.insert(call.end, ")", is_end=True)
    for span in facts.map_names:  # relative to another folder it would lead nowhere
        edits.replace(span.start, span.end, "sourceMappingURL:")
    head = resolver_text(f"{prefix}R") if has_computed else ""
    if facts.metas:
        head = f"import.meta.url=globalThis.location.origin+{json.dumps(module.address)};{head}"
    return f"{head}{without_hashbang(edits.text())}\n//{module.address}\n"

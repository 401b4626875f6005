"""Keep the facts of modules under the hash of their content, so that each is parsed once."""

from dataclasses import replace

from pressmark.page.modules_around import SAID
from pressmark.syntax.js_module import read_module
from pressmark.syntax.js_module_facts import Assigned, Dynamic, MemberUse, ModuleFacts, Span
from pressmark.syntax.js_module_statements import Cut, Exported, Imported, Passed, Requested, Specifier, Statements
from pressmark.syntax.js_refusals import PARSERS
from pressmark.verdicts.analyses import Analyses, key_of

FORMAT = "module 8"
"""Changes with the meaning of a fact."""


def known_facts(text: str, analyses: Analyses) -> ModuleFacts:
    """Return the facts of the module *text*, read anew only if they are not known."""
    key = key_of(FORMAT, PARSERS, text)
    kept = analyses.read(key, ModuleFacts)
    if kept is not None:
        try:
            return _restored(kept)
        except (TypeError, ValueError, KeyError):  # damaged
            pass
    raw = text.encode("utf-8", "surrogatepass")
    facts = replace(read_module(text), said=[said for said, pattern in SAID if pattern.search(raw)])
    analyses.write(key, facts)
    return facts


def _restored(kept: ModuleFacts) -> ModuleFacts:
    """Return *kept* with the types that JSON has not."""
    said: dict[str, list[list[object]]] = kept.statements  # type: ignore[assignment]  # as JSON has it
    statements = Statements(
        [Requested(*each) for each in said["requests"]],  # type: ignore[arg-type]
        [Specifier(*each) for each in said["specifiers"]],  # type: ignore[arg-type]
        [Imported(*each) for each in said["imports"]],  # type: ignore[arg-type]
        [Exported(*each) for each in said["exports"]],  # type: ignore[arg-type]
        [Passed(*each) for each in said["passed"]],  # type: ignore[arg-type]
        said["stars"],  # type: ignore[arg-type]
        [Cut(*each) for each in said["cuts"]],  # type: ignore[arg-type]
    )
    return ModuleFacts(
        kept.refusal, kept.at, kept.is_broken, statements, kept.kinds,
        [Assigned(*each) for each in kept.assigned], kept.heads, kept.assigned_imports,
        {name: [MemberUse(*each) for each in uses] for name, uses in kept.spaces.items()},
        [Dynamic(*each) for each in kept.dynamic], [Span(*each) for each in kept.metas],
        kept.resolves, kept.awaits, kept.has_eval, kept.has_arguments, kept.has_source_url,
        [Span(*each) for each in kept.map_names], kept.with_this, kept.said,
    )  # fmt: skip

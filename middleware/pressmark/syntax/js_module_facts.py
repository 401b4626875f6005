"""The facts of a module as plain values, made once per content. Offsets are in bytes of the text's UTF-8."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pressmark.syntax.js_module_statements import Statements


class Span(NamedTuple):
    """A part of the text, from *start* to *end*, about the variable or member *name*."""

    start: int
    end: int
    name: str = ""


class Assigned(NamedTuple):
    """An assignment from *start* to *end* to the variable *name*.

    With *ends* a statement ends there that has no semicolon.
    """

    start: int
    end: int
    name: str
    ends: bool


class MemberUse(NamedTuple):
    """A use ``namespace.name`` from *start* to *end*; with *is_call* the member is called there."""

    start: int
    end: int
    name: str
    is_call: bool


class Dynamic(NamedTuple):
    """A call of ``import()``, whose first argument is from *start* to *end*: a *literal*, ``None`` if computed."""

    start: int
    end: int
    literal: str | None


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What a linker must know of a module. With a *refusal* it is none that is understood; *at* is where.

    If it *is_broken* no browser runs it. *statements* are its imports and exports. *kinds* are those of its exported
    variables: "function", "var", "let", "const" or "class". *assigned* are the assignments to exported variables that
    can be wrapped, *heads* the variables that the head of a loop assigns to. *assigned_imports* are imported names that
    it assigns to. *spaces* are the uses ``ns.member`` of each namespace that has no other uses, by its local name.
    *metas* are all ``import.meta``, of which only named members are used; it *resolves* by one. *map_names* are the
    words in comments by which it names its source map. *with_this* are the exported variables that may hold functions
    to which it matters what they are called as a member of. *said* is what else its text says, for whoever keeps it.
    """

    refusal: str = ""
    at: Sequence[int] = ()
    is_broken: bool = False
    statements: Statements = field(default_factory=Statements)
    kinds: dict[str, str] = field(default_factory=dict)
    assigned: Sequence[Assigned] = ()
    heads: Sequence[str] = ()
    assigned_imports: Sequence[str] = ()
    spaces: dict[str, Sequence[MemberUse]] = field(default_factory=dict)
    dynamic: Sequence[Dynamic] = ()
    metas: Sequence[Span] = ()
    resolves: bool = False
    awaits: bool = False
    has_eval: bool = False
    has_arguments: bool = False
    has_source_url: bool = False
    map_names: Sequence[Span] = ()
    with_this: Sequence[str] = ()
    said: Sequence[str] = ()

"""Read the import and export statements of a module (ECMAScript, 16.2.2 and 16.2.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pressmark.syntax.js_bindings import declarations
from pressmark.syntax.js_refusals import ScriptSyntaxError
from pressmark.syntax.js_tree import Node, Tree

_RESERVED = frozenset(
    """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends false
    finally for function if implements import in instanceof interface let new null package private protected public
    return static super switch this throw true try typeof var void while with yield
    """.split()
)
_TYPES = ("json", "css")
_DECLARED = frozenset(("function_expression", "generator_function", "class", "arrow_function"))
_BEGINS_WITH = frozenset(
    """
    call_expression member_expression subscript_expression binary_expression ternary_expression sequence_expression
    augmented_assignment_expression assignment_expression update_expression
    """.split()
)


class UnusualModuleError(ValueError):
    """The module has something that is not understood. *at* is the line and column, from 1."""

    def __init__(self, message: str, at: tuple[int, int]) -> None:
        super().__init__(message)
        self.at = at


class Requested(NamedTuple):
    """A module that is asked for: its *specifier*, and the *type* that an attribute names, "" for a script."""

    specifier: str
    type: str = ""


class Specifier(NamedTuple):
    """A specifier with its quotes, from *start* to *end*, of the request of that number."""

    start: int
    end: int
    request: int


class Imported(NamedTuple):
    """The variable *local* is the export *name* of a request; "*" is its namespace."""

    local: str
    request: int
    name: str


class Exported(NamedTuple):
    """The variable *local* is exported by a *name*; "" is the value of an ``export default`` without one."""

    name: str
    local: str


class Passed(NamedTuple):
    """The export *of* of a request is exported by a *name*; "*" is its namespace."""

    name: str
    request: int
    of: str


class Cut(NamedTuple):
    """The text from *start* to *end*, which a script does not have; with a *default* a value follows it up to *stop*.

    That is "value", or "function" for one without a name, which would have one at *name_at*.
    """

    start: int
    end: int
    default: str = ""
    stop: int = 0
    name_at: int = 0


@dataclass(frozen=True, slots=True)
class Statements:
    """The imports and exports of a module, in the order of its text. *stars* are the requests it exports all of."""

    requests: Sequence[Requested] = ()
    specifiers: Sequence[Specifier] = ()
    imports: Sequence[Imported] = ()
    exports: Sequence[Exported] = ()
    passed: Sequence[Passed] = ()
    stars: Sequence[int] = ()
    cuts: Sequence[Cut] = ()


@dataclass(slots=True)
class _Reader:
    tree: Tree
    numbers: dict[Requested, int] = field(default_factory=dict)
    specifiers: list[Specifier] = field(default_factory=list)
    imports: list[Imported] = field(default_factory=list)
    exports: list[Exported] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    stars: list[int] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)

    def read_import(self, node: Node) -> None:
        self.cuts.append(Cut(node.start_byte, node.end_byte))
        request = self._request(node)
        for clause in (child for child in node.named_children if child.type == "import_clause"):
            for child in clause.named_children:
                if child.type == "identifier":
                    self._import(child, request, "default")
                elif child.type == "namespace_import":
                    self._import(child.named_children[-1], request, "*")
                elif child.type == "named_imports":
                    for each in (inner for inner in child.named_children if inner.type == "import_specifier"):
                        name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
                        local = alias or name
                        if local is not None:
                            self._import(local, request, self._name(name))

    def read_export(self, node: Node) -> None:
        children = node.children
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        is_default = len(children) > 1 and children[1].type == "default"
        if declaration is not None:
            self.cuts.append(Cut(node.start_byte, declaration.start_byte))
            names = [each.name for each in declarations(declaration, self.tree.raw)]
            self.exports += [Exported("default" if is_default else name, name) for name in names]
        elif value is not None:
            value = _declared(value)
            kind = "function" if value.type in ("function_expression", "generator_function") else "value"
            parameters = value.child_by_field_name("parameters")
            name_at = parameters.start_byte if parameters is not None else 0
            has_name = value.child_by_field_name("name") is not None
            kind = "value" if has_name else kind
            self.cuts.append(Cut(node.start_byte, value.start_byte, kind, value.end_byte, name_at))
            self.exports.append(Exported("default", ""))
        else:
            self.cuts.append(Cut(node.start_byte, node.end_byte))
            self._read_clause(node)

    def _read_clause(self, node: Node) -> None:
        request = self._request(node) if node.child_by_field_name("source") is not None else None
        clauses = [child for child in node.named_children if child.type in ("export_clause", "namespace_export")]
        if not clauses and request is not None:
            self.stars.append(request)
        for clause in clauses:
            if clause.type == "namespace_export":
                names = clause.named_children
                self.passed.append(Passed(self._name(names[-1] if names else None), request or 0, "*"))
                continue
            for each in (inner for inner in clause.named_children if inner.type == "export_specifier"):
                self._read_specifier(each, request)

    def _read_specifier(self, node: Node, request: int | None) -> None:
        words = [child for child in node.children if child.type not in ("as", "comment")]
        name, alias = self._name(words[0]), self._name(words[-1])
        if request is None:
            self.exports.append(Exported(alias, name))
        else:
            self.passed.append(Passed(alias, request, name))

    def _import(self, local: Node, request: int, name: str) -> None:
        text = self.tree.value(local)
        if text in _RESERVED:
            raise ScriptSyntaxError(f"it imports by the name {text}", self.tree.position(local))
        self.imports.append(Imported(text, request, name))

    def _name(self, node: Node | None) -> str:
        """Return the name in a clause; a word without a node is ``default``. Refuses what stands for others here."""
        if node is None or node.type == "default":
            return "default"
        name = self.tree.value(node)
        if name in ("", "*"):
            raise UnusualModuleError(f"it has an export of the name {name!r}", self.tree.position(node))
        return name

    def _request(self, node: Node) -> int:
        source = node.child_by_field_name("source")
        if source is None:
            raise UnusualModuleError("it imports in an unknown way", self.tree.position(node))
        if "\\" in self.tree.text(source):
            raise UnusualModuleError("it has a specifier with an escape", self.tree.position(source))
        wanted = Requested(self.tree.value(source), self._type(node))
        number = self.numbers.setdefault(wanted, len(self.numbers))
        self.specifiers.append(Specifier(source.start_byte, source.end_byte, number))
        return number

    def _type(self, node: Node) -> str:
        attributes = [child for child in node.named_children if child.type == "import_attribute"]
        if not attributes:
            return ""
        pairs = [pair for inner in attributes[0].named_children for pair in inner.named_children if pair.type == "pair"]
        values = {self.tree.value(pair.named_children[0]): self.tree.value(pair.named_children[1]) for pair in pairs}
        is_known = self.tree.raw.startswith(b"with", attributes[0].start_byte) and len(values) == len(pairs) == 1
        if is_known and values.get("type") in _TYPES:
            return values["type"]
        if not pairs:
            return ""
        raise UnusualModuleError("it has an import attribute other than type", self.tree.position(attributes[0]))


def _declared(value: Node) -> Node:
    """Return the function or class that ``export default`` declares, if *value* only begins with it.

    What follows one is a statement of its own, which tree-sitter takes for a part of an expression.
    """
    inner: Node | None = value
    while inner is not None and inner.type not in _DECLARED:
        inner = inner.children[0] if inner.children and inner.type in _BEGINS_WITH else None
    is_arrow = inner is not None and inner.type == "arrow_function"
    body = inner.child_by_field_name("body") if inner is not None else None
    if inner is None or (is_arrow and (body is None or body.type != "statement_block")):
        return value
    return inner


def read_statements(tree: Tree) -> Statements:
    """Return the imports and exports. Raises UnusualModuleError, and ScriptSyntaxError for an early error."""
    reader = _Reader(tree)
    for node in tree.root.named_children:
        if node.type == "import_statement":
            reader.read_import(node)
        elif node.type == "export_statement":
            reader.read_export(node)
    _refuse_surrogates(tree, reader)
    return Statements(
        list(reader.numbers),
        reader.specifiers,
        reader.imports,
        reader.exports,
        reader.passed,
        reader.stars,
        reader.cuts,
    )


def _refuse_surrogates(tree: Tree, reader: _Reader) -> None:
    names = [*(each.name for each in reader.imports), *(each.name for each in reader.exports)]
    names += [name for each in reader.passed for name in (each.name, each.of)]
    if any("\ud800" <= letter <= "\udfff" for name in names for letter in name):
        raise UnusualModuleError("it has a name with half of a surrogate pair", tree.position(tree.root))

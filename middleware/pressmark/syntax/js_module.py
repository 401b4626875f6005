"""Read a module: what it asks for, imports and exports, and all places that a linker must know (ECMAScript, 16.2).

The facts are plain values, made once per content. Offsets are in bytes of the text's UTF-8.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pressmark.syntax.js_bindings import ALL_FUNCTIONS, CLASSES, FUNCTIONS, around, declarations, nested_names
from pressmark.syntax.js_module_facts import Assigned, Dynamic, ModuleFacts, Span
from pressmark.syntax.js_module_spaces import member_uses
from pressmark.syntax.js_module_statements import Statements, UnusualModuleError, read_statements
from pressmark.syntax.js_module_this import with_this
from pressmark.syntax.js_references import UnresolvedError, references
from pressmark.syntax.js_refusals import CostlyScriptError, ParsersDisagreeError, ScriptSyntaxError
from pressmark.syntax.js_tree import Node, Tree, parse_module, query

_ASSIGNMENTS = query(
    """
    [(assignment_expression) (augmented_assignment_expression) (update_expression) (for_in_statement)] @assignment
    """
)
_ASSIGNED = {"update_expression": "argument"}
_PATTERN_NAMES = frozenset(("identifier", "shorthand_property_identifier_pattern"))
# What cannot be called, nor have members: the statement has ended before.
_CALLED = query(
    """
    (call_expression function: [(arrow_function) (update_expression)] @ended)
    (member_expression object: [(arrow_function) (update_expression)] @ended)
    (subscript_expression object: [(arrow_function) (update_expression)] @ended)
    (binary_expression left: (arrow_function) @ended)
    """
)
_EXPORT = re.compile(rb"\b(?:export|import)\b(?=\s)")
_IMPORT = re.compile(rb"\bimport(?=\s*(?:[(.]|/[/*]))")
_AWAIT = re.compile(rb"\bawait\b")
_USING = re.compile(rb"\busing\b")
_EVAL = re.compile(rb"\beval\b")
_EVALUATES = re.compile(rb"\beval\b|\bFunction\b")
_ARGUMENTS = re.compile(rb"\barguments\b")
# Chromium alone refuses a module with this; elsewhere it is three operators.
_HTML_COMMENT = re.compile(rb"<!--")
_CLOSING = re.compile(rb"-->")
_INERT = frozenset("string string_fragment template_string comment regex regex_pattern hash_bang_line".split())
_SOURCE_URL = re.compile(rb"[#@][ \t]*sourceURL=")
_MAP = b"sourceMappingURL="


def read_module(text: str) -> ModuleFacts:
    """Return the facts of the module *text*; one that is not understood has a refusal."""
    try:
        return _read(parse_module(text))
    except UnusualModuleError as error:
        return ModuleFacts(str(error), error.at)
    except UnresolvedError as error:
        return ModuleFacts(str(error), error.at)
    except (ParsersDisagreeError, CostlyScriptError) as error:
        return ModuleFacts(str(error), error.at or ())
    except ScriptSyntaxError as error:
        return ModuleFacts(str(error), error.at or (), is_broken=True)


def _read(tree: Tree) -> ModuleFacts:
    statements = read_statements(tree)
    _refuse_unusual(tree)
    _refuse_misread(tree)
    kinds = _kinds(tree, statements)
    facts = ModuleFacts(
        statements=statements,
        kinds=kinds,
        spaces=dict(member_uses(tree, statements)),
        awaits=any(
            _is_top_level(node)
            for node in tree.find(_AWAIT, (b"await",))
            if "await" in node.type or node.type == "for_in_statement"
        ),
        has_eval=_mentions(tree, _EVAL, b"eval"),
        has_arguments=_mentions(tree, _ARGUMENTS, b"arguments"),
        has_source_url=any(node.type == "comment" for node in tree.find(_SOURCE_URL)),
        map_names=list(_map_names(tree)),
        with_this=sorted(with_this(tree, {each.local for each in statements.exports})),
    )
    return _with_meta(_with_assignments(facts, tree), tree)


def _map_names(tree: Tree) -> Iterator[Span]:
    at = tree.raw.find(_MAP)
    while at >= 0:
        node = tree.root.named_descendant_for_byte_range(at, at + len(_MAP))
        if node is not None and node.type == "comment":
            yield Span(at, at + len(_MAP))
        at = tree.raw.find(_MAP, at + 1)


def _is_top_level(node: Node) -> bool:
    inner = node
    for outer in around(node):
        # The computed name of a method is no part of it.
        is_name = outer.type == "method_definition" and inner.type == "computed_property_name"
        if outer.type in ALL_FUNCTIONS and not is_name:
            return False
        inner = outer
    return True


def _mentions(tree: Tree, pattern: re.Pattern[bytes], name: bytes) -> bool:
    if b"\\u" in tree.raw and any(True for _ in tree.named(frozenset((name.decode("ascii"),)))):
        return True
    return any(node.type in ("identifier", "shorthand_property_identifier") for node in tree.find(pattern, (name,)))


def _refuse_misread(tree: Tree) -> None:
    """Raise UnusualModuleError for what tree-sitter reads in another way than the standard."""
    for node in tree.captures(_CALLED).get("ended", []):
        body = node.child_by_field_name("body")
        if body is None or body.type == "statement_block":
            raise UnusualModuleError("a line begins as if it went on with the one before it", tree.position(node))
    for node in tree.find(_EXPORT, (b"export", b"import")):
        if node.type == "identifier":
            raise UnusualModuleError("a line ends after export or import", tree.position(node))


def _refuse_unusual(tree: Tree) -> None:
    """Raise UnusualModuleError for what engines read in different ways, or what has effects that no linker keeps."""
    if b"\0" in tree.raw:
        raise UnusualModuleError("it holds a NUL", (1, 1))
    for node in tree.find(_HTML_COMMENT, (b"<!--",)):
        if node.type not in _INERT:
            raise UnusualModuleError("it holds what is a comment of HTML in scripts", tree.position(node))
    for node in tree.find(_CLOSING, (b"-->",)):
        if node.type == "html_comment":
            raise UnusualModuleError("it holds what is a comment of HTML in scripts", tree.position(node))
    for node in tree.find(_USING, (b"using",)):
        if node.type == "using_declaration" and _is_top_level(node):
            raise UnusualModuleError("it has a using declaration", tree.position(node))


def _kinds(tree: Tree, statements: Statements) -> dict[str, str]:
    """Return the kinds of the exported variables. Raises UnresolvedError for one that is not declared."""
    declared: dict[str, str] = {}
    for node in tree.root.named_children:
        inner = node.child_by_field_name("declaration") if node.type == "export_statement" else node
        if inner is None:
            continue
        if inner.type == "lexical_declaration":
            kind = inner.child_by_field_name("kind")
            declared |= {
                each.name: "const" if kind and kind.type == "const" else "let" for each in declarations(inner, tree.raw)
            }
        elif inner.type in CLASSES:
            declared |= {each.name: "class" for each in declarations(inner, tree.raw)}
        elif inner.type in FUNCTIONS:
            declared |= {each.name: "function" for each in declarations(inner, tree.raw)}
        else:
            declared |= {tree.value(name): "var" for name in nested_names(inner, is_strict=True)}
    imported = {each.local for each in statements.imports}
    both = imported & declared.keys()
    if both:
        raise ScriptSyntaxError(f"it declares {min(both)}, which it imports")
    wanted = {each.local for each in statements.exports if each.local}
    for name in wanted:
        if name not in declared and name not in imported:
            raise ScriptSyntaxError(f"it exports {name}, which it does not declare")
    return {name: declared[name] for name in wanted if name in declared}


def _with_assignments(facts: ModuleFacts, tree: Tree) -> ModuleFacts:
    """Return *facts* with the assignments to variables that are exported, and to those that are imported."""
    imported = {each.local for each in facts.statements.imports}
    wanted = imported | {name for name, kind in facts.kinds.items() if kind != "const"}
    if not wanted:
        return facts
    targets = [
        (node, target)
        for node in tree.captures(_ASSIGNMENTS).get("assignment", [])
        for target in _targets(node)
        if tree.value(target) in wanted
    ]
    sure: dict[str, set[int]] = {}
    assigned: list[Assigned] = []
    heads: set[str] = set()
    imports: set[str] = set()
    for node, target in targets:
        name = tree.value(target)
        if name not in sure:
            sure[name] = {each.id for each in references(tree, name)}
        if target.id not in sure[name]:
            continue
        if name in imported:
            imports.add(name)
        elif node.type == "for_in_statement":
            heads.add(name)
        else:
            assigned.append(Assigned(node.start_byte, node.end_byte, name, _ends_statement(node)))
    return replace(facts, assigned=assigned, heads=sorted(heads), assigned_imports=sorted(imports))


def _ends_statement(node: Node) -> bool:
    """Tell whether a statement ends with *node*, and has no semicolon: only a line end parts it from the next."""
    for outer in around(node):
        if outer.end_byte != node.end_byte or outer.type == "program":
            return False
        if outer.type.endswith(("_statement", "_declaration", "_definition")) and outer.type != "export_statement":
            return True
    return False


def _targets(node: Node) -> Iterator[Node]:
    """Yield the names that an assignment, or the head of a loop that declares nothing, assigns to."""
    if node.type == "for_in_statement" and node.child_by_field_name("kind") is not None:
        return
    waiting = [node.child_by_field_name(_ASSIGNED.get(node.type, "left"))]
    while waiting:
        each = waiting.pop()
        if each is None:
            continue
        if each.type in _PATTERN_NAMES:
            yield each
        elif each.type in ("assignment_pattern", "object_assignment_pattern"):
            waiting.append(each.child_by_field_name("left"))
        elif each.type == "pair_pattern":
            waiting.append(each.child_by_field_name("value"))
        elif each.type in ("object_pattern", "array_pattern", "rest_pattern", "parenthesized_expression"):
            waiting += each.named_children


def _with_meta(facts: ModuleFacts, tree: Tree) -> ModuleFacts:
    """Return *facts* with all that the module does with ``import()`` and ``import.meta``."""
    dynamic: list[Dynamic] = []
    metas: list[Span] = []
    reads_meta, resolves = True, False
    for node in tree.find(_IMPORT, (b"import",)):
        if node.type == "import":
            call = node.parent
            found = _dynamic(tree, call) if call is not None else None
            if found is None:
                raise UnusualModuleError(
                    "it has an import() without an argument, or with a spread", tree.position(node)
                )
            dynamic.append(found)
        elif node.type == "meta_property":
            member = node.parent
            is_read = (
                member is not None
                and member.type == "member_expression"
                and member.child_by_field_name("object") == node
            )
            name = member.child_by_field_name("property") if is_read and member is not None else None
            reads_meta &= name is not None and name.type == "property_identifier"
            resolves |= name is not None and tree.value(name) == "resolve"
            metas.append(Span(node.start_byte, node.end_byte, tree.value(name) if name is not None else ""))
        elif node.type in ("string_fragment", "string", "template_string") and _EVALUATES.search(tree.raw):
            raise UnusualModuleError("it may evaluate a text with an import()", tree.position(node))
        elif node.type not in _INERT and node.type not in ("import_statement", "property_identifier"):
            raise UnusualModuleError("it has an import of an unknown form", tree.position(node))
    if not reads_meta:
        raise UnusualModuleError("it hands on import.meta as a whole", (1, 1))
    return replace(facts, dynamic=dynamic, metas=metas, resolves=resolves)


def _dynamic(tree: Tree, call: Node) -> Dynamic | None:
    arguments = call.child_by_field_name("arguments")
    given = [each for each in arguments.named_children if each.type != "comment"] if arguments is not None else []
    if call.type != "call_expression" or not given or any(each.type == "spread_element" for each in given):
        return None
    first = given[0]
    is_literal = first.type == "string" and "\\" not in tree.text(first) and len(given) == 1
    return Dynamic(first.start_byte, first.end_byte, tree.value(first) if is_literal else None)

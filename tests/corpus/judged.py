"""What Pressmark and what acorn make of each script of the corpus: as it is, minified, and isolated."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pressmark.filters.minify import MinifyJs
from pressmark.model import Asset
from pressmark.scripts.joining import Script
from pressmark.scripts.script_reading import read_script
from pressmark.stores.memory import MemoryStore
from pressmark.syntax.js_refusals import ScriptSyntaxError
from pressmark.syntax.js_tree import Tree, parse
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.placement import UnmovableError
from tests.packages.installed import node

_ACORN = Path(__file__).with_name("acorn.cjs")


@dataclass(frozen=True)
class Judgement:
    """What acorn found; *tree* is a digest of the syntax tree without positions, all is empty if it does not parse."""

    parses: bool
    error: str = ""
    is_strict: bool = False
    functions: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    lexical: frozenset[str] = frozenset()
    tree: str = ""

    @property
    def declares(self) -> frozenset[str]:
        """The names that become members of the window."""
        return self.functions | self.variables


@dataclass(frozen=True)
class Judged:
    """A script: acorn's judgements, *minified* and *isolated* where Pressmark moves it, and what Pressmark found."""

    plain: Judgement
    minified: Judgement | None
    isolated: Judgement | None
    ours: Judgement


@dataclass
class Texts:
    """The texts that Pressmark makes of the scripts, by name, and which it could not make smaller."""

    minified: dict[str, str] = field(default_factory=dict)
    isolated: dict[str, str] = field(default_factory=dict)
    unminified: list[str] = field(default_factory=list)
    raised: dict[str, str] = field(default_factory=dict)


def judge(scripts: dict[str, Path], directory: Path) -> tuple[dict[str, Judged], Texts]:
    """Return the judgements by name; texts are left for acorn in *directory*."""
    with ThreadPoolExecutor(1) as other:
        plain = other.submit(ask_acorn, scripts)
        texts = _texts(scripts)
        minified = other.submit(ask_acorn, _written(texts.minified, directory / "minified"))
        isolated = other.submit(ask_acorn, _written(texts.isolated, directory / "isolated"))
        ours = {name: our_judgement(path) for name, path in scripts.items()}
        found = {
            name: Judged(plain.result()[name], minified.result().get(name), isolated.result().get(name), ours[name])
            for name in scripts
        }
    return found, texts


def ask_acorn(scripts: dict[str, Path]) -> dict[str, Judgement]:
    answers = node(_ACORN, [str(path) for path in scripts.values()])
    return {name: _judgement(answer) for name, answer in zip(scripts, answers, strict=True)}


def _judgement(answer: dict[str, object]) -> Judgement:
    values = {name: frozenset(value) if isinstance(value, list) else value for name, value in answer.items()}
    return Judgement(**values)  # type: ignore[arg-type]


def our_judgement(path: Path) -> Judgement:
    try:
        tree: Tree = parse(path.read_bytes().decode("utf-8-sig"))
    except ScriptSyntaxError as error:
        return Judgement(parses=False, error=str(error))
    functions = frozenset(function.name for function in tree.functions)
    lexical = frozenset(declared.name for declared in tree.lexical)
    return Judgement(True, "", tree.is_strict, functions, tree.variables, lexical)


def _texts(scripts: dict[str, Path]) -> Texts:
    """Return what a bundle would hold of each script. What fails otherwise than it may is noted."""
    texts, analyses, minify = Texts(), Analyses(MemoryStore()), MinifyJs()
    unminified = _Unminified()
    logging.getLogger("pressmark").addHandler(unminified)
    for name, path in scripts.items():
        asset = Asset(name, "text/javascript", path.read_bytes(), charset="utf-8")
        try:
            script: Script = read_script(asset, analyses)
            ready = Asset(name, "text/javascript", script.text.encode("utf-8"))
            texts.minified[name] = minify(ready).content.decode("utf-8")
        except UnmovableError:
            continue
        except Exception as error:  # a bug, of which there shall be none
            texts.raised[name] = repr(error)
            continue
        if (isolated := script.isolated) is not None:
            texts.isolated[name] = isolated.text
    logging.getLogger("pressmark").removeHandler(unminified)
    texts.unminified = unminified.names
    return texts


class _Unminified(logging.Handler):
    """Collects the files of which a warning says that they are bundled unminified."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.names: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if "is bundled unminified" in record.msg and isinstance(record.args, tuple):
            self.names.append(str(record.args[0]))


def _written(texts: dict[str, str], directory: Path) -> dict[str, Path]:
    paths = {name: directory / name for name in texts}
    for name, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[name], encoding="utf-8", newline="")
    return paths

"""Chromium finds in the minified stylesheets of well-known packages the rules that it finds in the stylesheets."""

import logging
from dataclasses import dataclass
from itertools import groupby

import pytest
import tinycss2

from pressmark.filters.minify import MinifyCss
from pressmark.model import Asset
from pressmark.stylesheets.sheet_reading import read_sheet
from pressmark.syntax.charsets import decode_css
from pressmark.syntax.css_tokens import preprocess
from pressmark.verdicts.placement import UnmovableError
from tests.corpus.cssom import compare
from tests.corpus.files import stylesheets

LEAST = 50


@dataclass(frozen=True)
class Corpus:
    """The stylesheets by name: as they are, minified, and which of them raised what they should not."""

    plain: dict[str, str]
    minified: dict[str, str]
    raised: dict[str, str]
    warnings: list[str]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Read and minify every stylesheet once."""
    found = Corpus({}, {}, {}, [])
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.warnings.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("pressmark").addHandler(handler)
    for name, path in stylesheets().items():
        asset = Asset(f"/{name}", "text/css", path.read_bytes(), charset="utf-8")
        try:
            read_sheet(asset, lambda *_: None)
        except UnmovableError:
            pass
        except Exception as error:  # a bug, of which there shall be none
            found.raised[name] = repr(error)
        found.plain[name] = preprocess(decode_css(asset.content, "utf-8"))
        ready = Asset(f"/{name}", "text/css", found.plain[name].encode("utf-8"))
        found.minified[name] = MinifyCss()(ready).content.decode("utf-8")
    logging.getLogger("pressmark").removeHandler(handler)
    return found


def test_there_are_many_stylesheets(corpus: Corpus) -> None:
    assert len(corpus.plain) >= LEAST


def test_reading_raises_nothing(corpus: Corpus) -> None:
    assert corpus.raised == {}


def test_every_stylesheet_can_be_minified(corpus: Corpus) -> None:
    assert corpus.warnings == []


def test_minified_stylesheets_have_the_rules_that_they_had(corpus: Corpus) -> None:
    names = list(corpus.plain)
    found = dict(zip(names, compare([(corpus.plain[name], corpus.minified[name]) for name in names]), strict=True))

    assert {name: difference for name, (_, difference) in found.items() if difference} == {}
    assert sum(count for count, _ in found.values()) > 100 * LEAST


def test_minified_stylesheets_have_the_tokens_that_they_had(corpus: Corpus) -> None:
    """What Chromium does not know, as hacks for other browsers, is kept too."""
    changed = [name for name, text in corpus.plain.items() if _tokens(text) != _tokens(corpus.minified[name])]

    assert changed == []


def _tokens(text: str) -> list[object]:
    """Return the tokens that another tokenizer reads, but for white space, comments and a last ";" of a block."""
    return _significant(tinycss2.parse_component_value_list(text, skip_comments=True))


def _significant(nodes: list[tinycss2.ast.Node]) -> list[object]:
    found: list[object] = []
    for node in nodes:
        if node.type == "whitespace":
            continue
        inner = getattr(node, "content", getattr(node, "arguments", None))
        if inner is not None:
            found.append((node.type, getattr(node, "lower_name", ""), _without_end(_significant(inner))))
        else:
            found.append((node.type, getattr(node, "representation", getattr(node, "value", None)), node.serialize()))
    return [key for key, group in groupby(found) for _ in range(1 if _is_semicolon(key) else len(list(group)))]


def _without_end(values: list[object]) -> list[object]:
    return values[:-1] if values and _is_semicolon(values[-1]) else values


def _is_semicolon(value: object) -> bool:
    return value == ("literal", ";", ";")

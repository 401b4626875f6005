"""What real compilers make is followed to where somebody wrote it, through their own source maps and ours."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pressmark.bundling.builder import Builder
from pressmark.bundling.options import PlanOptions
from pressmark.filters.minify import MinifyCss
from pressmark.model import MEDIA_TYPES, Asset, Bundle, Element, Group, Kind, Page
from pressmark.page.context import read_context
from pressmark.protocols import Filter, Read
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses
from tests.bundling.sources import planned
from tests.packages.installed import node, packages

COMPILE = Path(__file__).with_name("compile.cjs")
FOLLOW = Path(__file__).with_name("places.cjs")


@dataclass
class Compiler:
    """A filter that has one of the compilers do its work on the file at *path*."""

    tool: str
    path: Callable[[str], Path]
    key: str = "compiler"

    def __call__(self, asset: Asset) -> Asset:
        question = {"tool": self.tool, "path": str(self.path(asset.url)), "text": asset.content.decode()}
        found = node(COMPILE, question)
        return replace(asset, content=found["text"].encode(), source_map=found["map"])


def bundle(kind: Kind, names: list[str], read: Read, filters: tuple[Filter, ...]) -> Bundle:
    """Return the bundle of *names* below /static/."""
    analyses = Analyses(MemoryStore())
    pieces = [
        Element("link", (("rel", "stylesheet"), ("href", f"/static/{name}")), "", b"")
        if kind == "css"
        else Element("script", (("src", f"/static/{name}"),), "", b"")
        for name in names
    ]
    context = read_context(Page("", "/", charset="utf-8"), ())
    [group] = planned(pieces, context, read, analyses, PlanOptions(kind, is_traced=True)).parts
    assert isinstance(group, Group)
    return Builder({kind: filters}, analyses, "../map/").build(group)


def places(found: Bundle, folder: Path, patterns: list[str]) -> list[str]:
    """Return "source:line:text from there" for where each of *patterns*, which stand in the bundle, was written."""
    text = found.content.decode()
    assert found.source_map is not None
    (folder / "map").write_bytes(found.source_map.content)
    asked = []
    for pattern in patterns:
        before = text[: text.index(pattern)]
        asked.append([before.count("\n"), len(before) - before.rfind("\n") - 1])
    answers = node(FOLLOW, [str(folder / "map"), asked])
    sources = json.loads(found.source_map.content)
    texts = dict(zip(sources["sources"], sources["sourcesContent"], strict=True))
    return [
        f"{source.rpartition('/')[2]}:{line}:{texts[source].splitlines()[line - 1][column:]}"
        for source, line, column in answers
    ]


SASS = {
    "site.scss": """@use "colors";

.menu {
  width: 1px;

  &:hover {
    color: colors.$main;
  }
}
@include colors.rule;
""",
    "_colors.scss": """$main: red;

@mixin rule {
  .rule {
    margin: 0;
  }
}
""",
    "other.scss": "\n\n.other { top: 0 }\n",
}


@pytest.mark.parametrize("filters", [(), (MinifyCss(),)], ids=["compiled", "compiled and minified"])
def test_a_stylesheet_of_sass_is_followed_to_its_files(filters: tuple[Filter, ...], tmp_path: Path) -> None:
    for name, text in SASS.items():
        (tmp_path / name).write_text(text)

    def read(url: str, media_type: str | None = None) -> Asset:
        return Asset(url, "text/css", (tmp_path / Path(url).name).read_bytes())

    sass = Compiler("sass", lambda url: tmp_path / Path(url).name)
    found = bundle("css", ["site.scss", "other.scss"], read, (sass, *filters))

    assert places(found, tmp_path, [".menu", ".menu:hover", "color", ".rule", "margin", ".other", "top"]) == [
        "site.scss:3:.menu {",
        "site.scss:6:&:hover {",
        "site.scss:7:color: colors.$main;",
        "_colors.scss:4:.rule {",
        "_colors.scss:5:margin: 0;",
        "other.scss:3:.other { top: 0 }",
        "other.scss:3:top: 0 }",
    ]


def test_a_script_whose_names_were_shortened_is_followed_as_its_compiler_says(tmp_path: Path) -> None:
    def read(url: str, media_type: str | None = None) -> Asset:
        return Asset(url, MEDIA_TYPES["js"], (packages() / url.removeprefix("/static/")).read_bytes())

    name = "backbone/backbone.js"
    terser = Compiler("terser", lambda url: packages() / url.removeprefix("/static/"))
    found = bundle("js", [name], read, (terser,))
    assert found.source_map is not None
    (tmp_path / "ours").write_bytes(found.source_map.content)
    (tmp_path / "theirs").write_text(str(terser(read(f"/static/{name}")).source_map))
    words = [[0, match.start()] for match in re.finditer(r"\w+", found.content.decode().splitlines()[0])]
    ours, theirs = (node(FOLLOW, [str(tmp_path / which), words]) for which in ("ours", "theirs"))

    assert len(words) > 1000
    assert [place[1:] for place in ours] == [place[1:] for place in theirs]
    assert {place[0] for place in ours} == {f"/static/{name}"}


@pytest.mark.parametrize(
    "source_map", ["", "{}", '{"sources": ["a"], "mappings": "!"}', '{"sources": ["a"], "mappings": "ACAA"}', "[]"]
)
def test_a_source_map_that_is_none_is_one_warning(source_map: str, caplog: pytest.LogCaptureFixture) -> None:
    class Wrong:
        key = "wrong"

        def __call__(self, asset: Asset) -> Asset:
            return replace(asset, content=b"b{c:d}", source_map=source_map)

    def read(url: str, media_type: str | None = None) -> Asset:
        return Asset(url, "text/css", b"a{}")

    found = bundle("css", ["a.css"], read, (Wrong(),))

    assert found.source_map is not None
    assert json.loads(found.source_map.content)["mappings"].strip(";") == ""
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "'/static/a.css' is bundled without its source map"
    ]

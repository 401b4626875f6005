"""A linked file has a source map to the files that people have written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pressmark.syntax.mappings import SOURCE_ENDS, Lines, read_mappings
from tests.compilers.test_node import project
from tests.conftest import Write
from tests.site import Site

__all__ = ["project"]

PAGE = b'<!-- compress js app -->\n<script type="module" src="/static/%s"></script>\n<!-- endcompress -->'
FILES = {
    "app.js": "// ä😀\nimport { twice as by } from './lib.js';\nimport './cycle.js';\n\ntell(by(first), second);\n",
    "lib.js": "/* a\n */\nexport let count = 0\nexport function twice(amount) {\n  count++;\n  return amount * 2\n}\n",
    "cycle.js": "import { twice } from './lib.js';\nimport './app.js';\nexport const late = () => twice(third);\n",
}


def mapped(site: Site) -> tuple[str, dict[str, Any]]:
    """Return the linked file of the page, and its source map."""
    body = site.get().body
    (url,) = (each.decode() for each in re.findall(rb'modulepreload" href="([^"]*/app\.[^"]*)"', body))
    text = site.get(url).body.decode()
    (name,) = re.findall(r"\n//# sourceMappingURL=(\S+)\n\Z", text)
    answer = site.get(str(Path(url).parent / name).replace("/js/../", "/"))
    assert answer.status == 200
    return text, json.loads(answer.body)


def origin(text: str, found: dict[str, Any], word: str) -> tuple[str, str]:
    """Return the file from which the first *word* in *text* comes, and what stands there."""
    line, column = Lines(text, re.compile("\n")).line_and_column(text.index(word))
    before = [each for each in read_mappings(found["mappings"]) if (each.line, each.column) <= (line, column)]
    last = before[-1]
    assert (last.line, last.column) == (line, column)
    source = found["sourcesContent"][last.source]
    offset = Lines(source, SOURCE_ENDS).offset(last.source_line, last.source_column)
    return found["sources"][last.source], source[offset : offset + len(word)]


@pytest.mark.parametrize("minify", [True, False])
def test_each_word_leads_to_its_own(static: Path, write: Write, minify: bool) -> None:
    for name, text in FILES.items():
        write(name, text)
    text, found = mapped(Site(static, PAGE % b"app.js", {"source_maps": True, "minify": minify}))

    assert dict(zip(found["sources"], found["sourcesContent"], strict=True)) == {
        f"/static/{name}": text for name, text in FILES.items()
    }
    assert origin(text, found, "second") == ("/static/app.js", "second")
    assert origin(text, found, "amount") == ("/static/lib.js", "amount")
    assert origin(text, found, "count++") == ("/static/lib.js", "count++")
    assert origin(text, found, "third") == ("/static/cycle.js", "third")


@pytest.mark.npm
def test_a_line_of_typescript_is_found(project: Path, static: Path, write: Write) -> None:
    head = "interface A { n: number }\n\nimport { h } from './h.js';\nimport './i.js';\n"
    write("app.ts", f"{head}const props: A = {{ n: 1 }};\nh(props);\n")
    write("h.js", "export const h = log;\n")
    write("i.js", "log(1);\n")
    text, found = mapped(Site(static, PAGE % b"app.ts", {"source_maps": True}))

    name, word = origin(text, found, "props")
    assert (name.endswith("app.ts"), word) == (True, "props")

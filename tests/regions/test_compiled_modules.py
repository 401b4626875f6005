"""Modules of TypeScript and JSX are compiled one by one, and linked or named as any other."""

import json
import logging
import re
from pathlib import Path

import pytest

from tests.compilers.test_node import project
from tests.conftest import Write
from tests.site import Site

pytestmark = pytest.mark.npm

__all__ = ["project"]

PAGE = b"""<!-- compress js -->
<script type="module" src="/static/app.ts"></script>
<!-- endcompress -->"""


@pytest.fixture(autouse=True)
def sources(project: Path, write: Write) -> None:
    write(
        "app.ts", "import { view, type Props } from './view.jsx';\nconst props: Props = { n: 1 };\ntell(view(props));\n"
    )
    write("view.jsx", "import { h } from './h.js';\nexport const view = ({ n }) => <b>{n}</b>;\n/** @jsx h */\n")
    write("h.js", "export const h = (...all) => all;\n")


def served(site: Site) -> list[str]:
    """Return the texts of all files that the import map names, and of those that are asked for first."""
    body = site.get().body
    found = re.search(rb'importmap">(.*?)</script>', body)
    urls = list(json.loads(found[1])["imports"].values()) if found else []
    urls += [url.decode() for url in re.findall(rb'modulepreload" href="([^"]+)', body)]
    return [site.get(url).body.decode() for url in dict.fromkeys(urls)]


def test_they_are_linked(static: Path) -> None:
    (linked,) = (text for text in served(Site(static, PAGE)) if "props" in text)

    assert "const props={n:1};" in linked
    assert 'h("b",null,n)' in linked
    assert "Props" not in linked


def test_they_are_named(static: Path) -> None:
    texts = served(Site(static, PAGE, {"modules": "named"}))

    assert [text for text in texts if 'from"/static/view.jsx"' in text]
    assert len(texts) == 3


def test_they_are_never_preloaded_as_they_are(static: Path) -> None:
    body = Site(static, PAGE, {"modules": "preload"}).get().body

    assert b'modulepreload" href="/static/app.ts' not in body
    assert b'src="/static/app.ts"' in body


def test_a_change_of_one_is_seen(static: Path, write: Write) -> None:
    site = Site(static, PAGE, {"refresh": 0})
    before = site.get().body
    write("view.jsx", "export const view = () => <i/>;\n")

    assert site.get().body != before


def test_an_error_in_one_leaves_the_page_and_is_told_with_its_line(
    static: Path, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "pressmark")
    write("view.jsx", "export const ok = 1;\nexport const = 2;\n")

    assert Site(static, PAGE).get().body == PAGE
    assert any("view.jsx:2" in message for message in caplog.messages)

"""Modules are built ahead, shipped, exported and published as any bundle is, and old pages keep theirs."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pressmark import Bundle, assembly
from pressmark.cli.main import main
from pressmark.offline.manifest import write_manifest
from pressmark.offline.output import outputs_of, write_outputs
from pressmark.offline.recorder import Recorder
from pressmark.settings import Settings
from tests.conftest import Write
from tests.site import Site

PAGE = b"""<!DOCTYPE html><html><body>
<!-- compress js app -->
<script type="module" src="/static/app.js"></script>
<!-- endcompress -->
</body></html>"""
MAP = re.compile(rb'<script type="importmap">(.*?)</script>')


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("app.js", 'import { b } from "./b.js";\nimport "./c.js";\nlog.push(b);\nimport("./late.js");\n')
    write("b.js", "export const b = 1;\n")
    write("c.js", "export let c = 2;\nc++;\n")
    write("late.js", "export const late = 'one';\n")


def named_by(body: bytes) -> list[str]:
    """Return the addresses of all generated files that a page names."""
    found = MAP.search(body)
    targets = json.loads(found[1])["imports"].values() if found else []
    preloads = re.findall(rb'modulepreload" href="([^"]+)', body)
    return list(dict.fromkeys([*targets, *(url.decode() for url in preloads)]))


@pytest.mark.parametrize("modules", [True, "named"])
def test_a_page_is_the_same_on_a_server_without_sources(
    recorder: Recorder, tmp_path: Path, static: Path, modules: Any
) -> None:
    manifest = tmp_path / "built" / "manifest.json"
    site = Site(static, PAGE, {"modules": modules})
    built = site.get()
    recorder.end()
    write_manifest(manifest, {place: entry.fields() for place, entry in recorder.entries.items()})
    outputs = outputs_of(recorder.entries.values())
    list(write_outputs(manifest.parent, outputs, recorder.read))
    shutil.rmtree(static)
    options = {"manifest": manifest, "on_missing": "error", "modules": modules, "cache_dir": tmp_path / "other"}
    server = Site(static, PAGE, options)

    assert server.get().body == built.body
    assert len(named_by(built.body)) >= 4
    for url in named_by(built.body):
        assert server.get(url).body == site.get(url).body
        assert (manifest.parent / url.removeprefix("/pressmark/")).read_bytes() == site.get(url).body


def test_an_export_has_every_module(static: Path, tmp_path: Path) -> None:
    site = Site(static, PAGE)
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "index.html").write_bytes(site.get().body)
    result = CliRunner().invoke(main, ["export", str(folder), "--cache", str(tmp_path / "cache")])

    assert result.exit_code == 0, result.output
    for url in named_by(site.get().body):
        assert (folder / url.lstrip("/")).read_bytes() == site.get(url).body


def test_each_module_is_published_under_its_own_name(static: Path, tmp_path: Path) -> None:
    published: dict[str, bytes] = {}

    def publish(bundle: Bundle) -> None:
        published[f"{bundle.kind}/{bundle.name}.{bundle.kind}"] = bundle.content

    site = Site(static, PAGE)
    settings = Settings(static={"/static/": str(static)}, cache_dir=str(tmp_path / "cache2"), build_wait=None)
    site.app._core = assembly.assemble(settings, publish)
    body = site.get().body

    assert {url.removeprefix("/pressmark/") for url in named_by(body)} <= published.keys()


def test_a_page_that_is_open_imports_late_what_its_own_release_has(static: Path, write: Write) -> None:
    site = Site(static, PAGE, {"refresh": 0})
    opened = site.get().body
    first = {url: site.get(url).body for url in named_by(opened)}
    for release in ("two", "three"):
        write("late.js", f"export const late = '{release}';\n")
        write("b.js", f"export const b = '{release}';\n")
        assert site.get().body != opened

    again = Site(static, PAGE)  # of the next process
    assert {url: again.get(url).body for url in first} == first
    assert any(b"'one'" in body for body in first.values())


def test_a_change_of_one_module_changes_one_file_of_named_modules(static: Path, write: Write) -> None:
    site = Site(static, PAGE, {"refresh": 0, "modules": "named"})
    before = set(named_by(site.get().body))
    write("b.js", "export const b = 5;\n")

    assert len(set(named_by(site.get().body)) - before) == 1


def test_a_module_that_was_missing_counts_when_it_comes(static: Path, write: Write) -> None:
    (static / "c.js").unlink()
    site = Site(static, PAGE, {"refresh": 0})
    assert b"importmap" not in site.get().body
    write("c.js", "export let c = 2;\n")

    assert b"importmap" in site.get().body

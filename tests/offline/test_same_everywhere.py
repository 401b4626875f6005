"""A build is the same to the byte wherever, whenever and in whatever order its pages are rendered."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pressmark.offline.manifest import read_pointer
from tests.sources import ROOT, python_path

APP = """
import os
from pressmark import WSGIMiddleware

PREFIX = os.environ["PREFIX"]
PAGE = (
    '<meta charset=utf-8><!-- compress css -->'
    '<link rel="stylesheet" href="{0}css/a.css"><link rel="stylesheet" href="{0}css/b.css">'
    '<link rel="stylesheet" type="text/x-upper" href="{0}u.upper"><style>p {{ color: red }}</style><!-- endcompress -->'
    '<!-- compress js main --><script src="{0}a.js"></script><script src="{0}b.js"></script><!-- endcompress -->'
    '<!-- compress js -->\\n<script src="{0}a.js"></script>\\n<!-- endcompress -->'
)

def site(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    page = PAGE.format(PREFIX)
    if environ["PATH_INFO"] == "/other":
        page = page.replace("b.", "c.").replace("\\n", " ")
    return [page.encode()]

app = WSGIMiddleware(
    site, static={PREFIX: "files"}, cache_dir="cache", public_url=PREFIX + "pressmark/",
    css_hash="content", precompilers={"text/x-upper": ["cat", "{infile}"]},
)
"""
FILES = {
    "css/a.css": "@import 'i.css'; a { background: url(../i/a.png) }",
    "css/i.css": "i { background: url(../i/a.png) }",
    "css/b.css": "b { content: 'é' }",
    "css/c.css": "c { color: red }",
    "u.upper": "u { color: red }",
    "i/a.png": "png",
    "a.js": "let a = 1;",
    "b.js": "function b() { return a }",
    "c.js": "'use strict'; var c = 1;",
}


def build(folder: Path, *urls: str, prefix: str = "/static/", time_s: int = 0, **environ: str) -> dict[str, bytes]:
    """Return the files of a build in a *folder* of its own, whose sources were written at *time_s*."""
    for name, text in FILES.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (time_s, time_s))
    (folder / "site_app.py").write_text(APP, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pressmark", "build", "site_app:app", *urls, "--output", "out"],
        cwd=folder, check=True, capture_output=True, timeout=120,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": python_path(folder), "PREFIX": prefix, **environ},
    )  # fmt: skip
    return {str(each.relative_to(folder / "out")): each.read_bytes() for each in (folder / "out").rglob("*.*")}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a build."""
    return build(tmp_path_factory.mktemp("a"), "/", "/other", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")


def test_another_machine_makes_the_same_files(first: dict[str, bytes], tmp_path: Path) -> None:
    deep = tmp_path / "quite" / "an other" / "place"
    other = build(deep, "/other", "/", time_s=10**9, PYTHONHASHSEED="2", TZ="Pacific/Auckland", LC_ALL="C")

    assert len(first) > 12
    assert other == first


@pytest.mark.parametrize("prefix", ["/assets/v2/", "https://cdn.example/s/"])
def test_another_static_prefix_makes_the_same_files(first: dict[str, bytes], tmp_path: Path, prefix: str) -> None:
    other = build(tmp_path, "/", "/other", prefix=prefix)

    def named(files: dict[str, bytes]) -> list[str]:
        return sorted(name for name in files if not name.startswith("manifest"))

    assert named(other) == named(first)


def test_a_build_that_was_half_done_is_completed(first: dict[str, bytes], tmp_path: Path) -> None:
    build(tmp_path, "/", "/other")
    for number, path in enumerate(sorted((tmp_path / "out").rglob("*.*"))):
        if number % 3 == 0:
            path.unlink()
    shutil.rmtree(tmp_path / "cache")

    assert build(tmp_path, "/", "/other") == first


def test_a_build_that_is_killed_leaves_the_earlier_one_whole_and_the_next_completes_it(tmp_path: Path) -> None:
    build(tmp_path, "/", "/other")
    (tmp_path / "files" / "a.js").write_text("let a = 2;")
    (tmp_path / "files" / "css" / "a.css").write_text("a { color: blue }")
    done = subprocess.run(
        [sys.executable, "-m", "tests.offline.killed_builds", "out", "50"],
        cwd=tmp_path, check=True, capture_output=True, text=True, timeout=120,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": python_path(ROOT, tmp_path), "PREFIX": "/static/"},
    )  # fmt: skip
    result = json.loads(done.stdout)

    assert result == {"killed": 50, "faults": [], "finished": 50}


def test_two_builds_at_once_into_one_folder_are_both_there(tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(tmp_path / name, "/")
    (tmp_path / "two" / "files" / "a.js").write_text("let a = 2;")
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "pressmark", "build", "site_app:app", "/", "--output", str(tmp_path / "out")],
            cwd=tmp_path / name, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": python_path(tmp_path / name), "PREFIX": "/static/"},
        )
        for name in ("one", "two")
    ]  # fmt: skip

    told = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    assert len(read_pointer(tmp_path / "out" / "manifest.json")) == 2

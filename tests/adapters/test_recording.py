"""A project's own test suite makes the manifest: runs in parallel and over several days add up."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import python_path

SITE = """
from pressmark import WSGIMiddleware

def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    name = environ["PATH_INFO"].strip("/")
    return [f'<!-- compress css --><link rel="stylesheet" href="/static/{name}.css"><!-- endcompress -->'.encode()]

app = WSGIMiddleware(page, static={"/static/": "static"}, cache_dir="cache", build_wait=0)
"""
TESTS = """
import pytest
from site_app import app

@pytest.mark.parametrize("name", ["a", "b", "c", "d"], ids="one two three four".split())
def test_page(name):
    body = b"".join(app({"REQUEST_METHOD": "GET", "PATH_INFO": f"/{name}/"}, lambda *_: None))
    assert b"pressmark/css" in body
"""
DJANGO = """
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="x", ROOT_URLCONF="django_site", ALLOWED_HOSTS=["*"], STATIC_URL="/static/", STATIC_ROOT="static",
    INSTALLED_APPS=["pressmark_django"], MIDDLEWARE=["pressmark_django.middleware.PressmarkMiddleware"],
    PRESSMARK={"cache_dir": "cache", "build_wait": 0}, DATABASES={},
)
django.setup()
from django.http import HttpResponse
from django.test import SimpleTestCase
from django.test.runner import DiscoverRunner
from django.urls import path
from pressmark_django.testing import RecordMixin

def page(request, name):
    link = f'<link rel="stylesheet" href="/static/{name}.css">'
    return HttpResponse(f"<!-- compress css -->{link}<!-- endcompress -->")

urlpatterns = [path("<name>/", page)]

class Pages(SimpleTestCase):
    def test_pages(self):
        for name in "ab":
            self.assertContains(self.client.get(f"/{name}/"), "/pressmark/css/")

class Runner(RecordMixin, DiscoverRunner):
    pass

def run_tests():
    raise SystemExit(Runner(verbosity=0).run_tests(["django_site"]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    for name in "abcd":
        (tmp_path / "static" / f"{name}.css").write_text(f"{name} {{ color: red }}")
    (tmp_path / "site_app.py").write_text(SITE)
    (tmp_path / "test_site.py").write_text(TESTS)
    (tmp_path / "django_site.py").write_text(DJANGO)
    return tmp_path


def run(project: Path, *arguments: str, **environ: str) -> str:
    """Return what a Python process prints that has to end well."""
    done = subprocess.run(
        [sys.executable, *arguments], check=False, cwd=project, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": python_path(project), **environ},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pressmark_pytest"}
"""Without the many plug-ins of these tests, which take seconds to load."""


def places_in(file: Path) -> set[str]:
    return {json.loads(line)["place"] for line in file.read_bytes().splitlines()}


def test_processes_in_parallel_record_into_one_file_which_a_build_takes(project: Path) -> None:
    printed = run(project, *PYTEST, "-n", "2", "--pressmark-record", "met.jsonl")
    built = run(project, "-m", "pressmark", "build", "--recorded", "met.jsonl", "--cache", "cache", "--output", "out")

    assert f"4 regions of 4 pages recorded in {project / 'met.jsonl'}" in printed
    assert len(places_in(project / "met.jsonl")) == 4
    assert "4 regions, 4 bundles" in built
    assert len(list((project / "out" / "css").glob("*.css"))) == 4


def test_bundles_that_lie_in_the_folder_of_an_earlier_build_need_no_cache(project: Path) -> None:
    """A machine may keep what it has shipped, and begin each release with an empty cache."""
    (project / "site_app.py").write_text(SITE.replace("build_wait", 'manifest="out/manifest.json", build_wait'))
    for number in range(2):
        run(project, *PYTEST, "--pressmark-record", f"{number}.jsonl", **ALONE)
        run(project, "-m", "pressmark", "build", "--recorded", f"{number}.jsonl", "--cache", "cache", "--output", "out")
        shutil.rmtree(project / "cache")

    assert len(list((project / "out" / "css").glob("*.css"))) == 4


def test_a_later_run_adds_to_the_file(project: Path) -> None:
    run(project, *PYTEST, "-k", "one or two", PRESSMARK_RECORD="met.jsonl", **ALONE)
    before = places_in(project / "met.jsonl")
    run(project, *PYTEST, "-k", "two or three", PRESSMARK_RECORD="met.jsonl", **ALONE)

    assert len(before) == 2
    assert len(places_in(project / "met.jsonl")) == 3


def test_a_run_that_meets_no_page_says_so(project: Path) -> None:
    (project / "test_site.py").write_text("def test_nothing(): pass")

    assert "no region was met" in run(project, *PYTEST, "--pressmark-record", "met.jsonl", **ALONE)


def test_a_run_without_the_option_says_nothing(project: Path) -> None:
    (project / "test_site.py").write_text("def test_nothing(): pass")

    assert "pressmark" not in run(project, *PYTEST, **ALONE)


def test_a_runner_of_django_says_what_it_has_recorded(project: Path) -> None:
    printed = run(project, "-c", "import django_site; django_site.run_tests()")

    assert f"2 regions of 2 pages recorded in {project / 'pressmark.jsonl'}" in printed
    assert len(places_in(project / "pressmark.jsonl")) == 2

"""A django-compressor project runs after a change of its INSTALLED_APPS and MIDDLEWARE lines, and of nothing else."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sources import python_path

PROJECT = Path(__file__).parent / "compressor_project"
CHANGED = {
    'INSTALLED_APPS = ["django.contrib.staticfiles", "sekizai", "compressor"]': (
        'INSTALLED_APPS = ["django.contrib.staticfiles", "sekizai", "pressmark_django"]'
    ),
    '"django.middleware.common.CommonMiddleware"]': (
        '"django.middleware.common.CommonMiddleware", "pressmark_django.middleware.PressmarkMiddleware"]'
    ),
}
HASH = hashlib.sha256(b"\x89PNG").hexdigest()[:12]
# Another package that needs django-compressor keeps it installed: its own tag must not come back so.
OLD = {
    "__init__.py": "",
    "contrib/__init__.py": "",
    "contrib/jinja2ext.py": "raise RuntimeError('the old extension')",
    "contrib/sekizai.py": "raise RuntimeError('the old postprocessor')",
    "css.py": "class CssCompressor:\n    pass\n",
    "finders.py": "raise RuntimeError('the old finder')",
    "templatetags/__init__.py": "",
    "templatetags/compress.py": "raise RuntimeError('the old tag')",
    "signals.py": "raise RuntimeError('the old signal')",
    "filters/__init__.py": "from compressor.filters.base import FilterBase",
    "filters/base.py": "class FilterBase:\n"
    "    def __init__(self, content, attrs=None, filter_type=None, filename=None, charset=None):\n"
    "        self.content = content\n"
    "    def output(self, **kwargs):\n"
    "        raise NotImplementedError\n",
}


@pytest.fixture(scope="module", params=["not installed", "installed"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what became of the project, with django-compressor installed beside Pressmark and without it."""
    site = tmp_path_factory.mktemp("project") / "site"
    shutil.copytree(PROJECT / "site", site)
    settings = (site / "settings.py").read_text()
    for before, after in CHANGED.items():
        assert settings.count(before) == 1
        settings = settings.replace(before, after)
    (site / "settings.py").write_text(settings)
    if request.param == "installed":
        for name, text in OLD.items():
            (site / "compressor" / name).parent.mkdir(parents=True, exist_ok=True)
            (site / "compressor" / name).write_text(text)
    arguments = [] if request.param == "installed" else ["hidden"]
    run = subprocess.run(
        [sys.executable, PROJECT / "probe.py", *arguments],
        cwd=site,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": python_path()},
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    return dict(json.loads(run.stdout))


def test_a_page_of_templates_is_bundled_with_its_filters_and_precompilers(found: dict[str, Any]) -> None:
    page = found["pages"]["page"]

    assert page["bundles"] == [
        f'a{{background:url("../../static/a.png?{HASH}")}}\nb{{color:#f00}}\nc{{color:red}}',
        "/*! shouted */f();",
    ]
    assert re.search(r'src="/pressmark/js/main\.[0-9a-f]{32}\.js"', page["body"])


def test_a_block_of_sekizai_is_bundled(found: dict[str, Any]) -> None:
    assert found["pages"]["sekizai"]["bundles"] == [f'a{{background:url("../../static/a.png?{HASH}")}}\nc{{color:red}}']


def test_a_page_of_jinja_is_bundled(found: dict[str, Any]) -> None:
    page = found["pages"]["jinja"]

    assert page["bundles"] == [f'a{{background:url("../../static/a.png?{HASH}")}}', "/*! shouted */f();"]
    assert re.search(r'href="/pressmark/css/main\.[0-9a-f]{32}\.css"', page["body"])


def test_a_library_that_asks_for_the_app_has_the_tag(found: dict[str, Any]) -> None:
    assert found["pages"]["shadowed"]["bundles"] == [f'a{{background:url("../../static/a.png?{HASH}")}}']


def test_the_other_modes_are_understood(found: dict[str, Any]) -> None:
    page = found["pages"]["modes"]

    assert f'<style>a{{background:url("/static/a.png?{HASH}")}}</style>' in page["body"]
    assert '<link rel="preload" href="/pressmark/js/' in page["body"]
    assert '.js" defer></script>' in page["body"]


def test_the_debug_toggle_shows_the_page_as_it_was(found: dict[str, Any]) -> None:
    assert '<link rel="stylesheet" href="/static/a.css">' in found["pages"]["page"]["toggled"]


def test_the_signal_tells_of_each_bundle(found: dict[str, Any]) -> None:
    assert ["css", "file", "", True] in found["seen"]
    assert ["js", "file", "main", True] in found["seen"]
    assert ["css", "inline", "", False] in found["seen"]
    assert found["seen"].count("sheet") == len([each for each in found["seen"] if each[0] == "css"]) > 0


def test_the_checks_have_no_error_and_say_what_may_go(found: dict[str, Any]) -> None:
    told = sorted(message.split(" is ")[0] for message in found["messages"])

    assert told == ["pressmark.I001 COMPRESS_OUTPUT_DIR"]

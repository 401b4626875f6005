"""The project of a content management system builds its templates as it did by django-compressor.

Its settings name the contexts by a generator. These have functions, and objects that templates ask by methods, as those
of Mezzanine and Widgy do. Developers have compression off; who deploys gives --force.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sources import python_path

PROJECT = Path(__file__).with_name("cms_project")
CHANGED = {
    '"cms", "compressor"]': '"cms", "pressmark_django"]',
    'CommonMiddleware"]': 'CommonMiddleware", "pressmark_django.middleware.PressmarkMiddleware"]',
}
"""What a project changes in its settings, as docs/migrating.md tells."""
PAGES = [f"{host}/{name}/" for host in ("news.example", "shop.example") for name in ("home", "article", "landing")]


def run(site: Path, *arguments: str | Path) -> str:
    """Return what a Python process of the project prints."""
    done = subprocess.run(
        [sys.executable, *arguments], check=False, cwd=site, capture_output=True, text=True, timeout=120,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": python_path()},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project after the changes, with a template in a directory that a link names."""
    folder: Path = tmp_path_factory.mktemp("cms") / "site"
    shutil.copytree(PROJECT / "site", folder)
    settings = (folder / "settings.py").read_text()
    for before, after in CHANGED.items():
        assert settings.count(before) == 1
        settings = settings.replace(before, after)
    (folder / "settings.py").write_text(settings)
    (folder / "templates" / "theme").symlink_to(folder / "theme")
    return folder


@pytest.fixture(scope="module")
def printed(site: Path) -> str:
    """Return what the commands of a deployment print, after which the sources are gone."""
    run(site, "manage.py", "collectstatic", "--no-input")
    told = run(site, "manage.py", "compress", "--force", "--follow-links", "--extension", "html", "--engine", "django")
    for path in [site / "static", *(each for each in (site / "collected").iterdir() if each.name != "CACHE")]:
        shutil.rmtree(path)
    return told


@pytest.fixture(scope="module")
def found(site: Path, printed: str) -> dict[str, Any]:
    """Return the files that the pages of the live site name, with their content."""
    return dict(json.loads(run(site, PROJECT / "probe.py")))


def test_each_template_is_rendered_for_each_site(printed: str) -> None:
    assert "\n10 pages, 12 regions, " in printed


@pytest.mark.parametrize("page", PAGES)
def test_live_pages_name_bundles_alone(found: dict[str, Any], page: str) -> None:
    assert [url.rpartition("/")[0] for url in found["pages"][page]] == [
        "/pressmark/css",
        "/pressmark/js",
        "/pressmark/js",
    ]
    assert found["told"] == ""


@pytest.mark.parametrize(
    ("page", "accent", "own"),
    [
        ("news.example/article/", "#c00", "article"),
        ("shop.example/article/", "#080", "article"),
        ("shop.example/landing/", "#080", "landing"),
    ],
)
def test_a_page_has_what_its_template_asked_the_site_and_the_settings_for(
    found: dict[str, Any], page: str, accent: str, own: str
) -> None:
    sheet, editor, script = found["pages"][page].values()

    assert sheet.splitlines() == [
        ".base{color:red}",
        ".widget{color:#c00}",
        f".accent{{color:{accent}}}",
        ".comments{color:red}",
        f".{own}{{color:red}}",
    ]
    assert editor == "var editor=1;"
    assert f'var home="https://{page.partition("/")[0]}/",title="Widgets"' in script

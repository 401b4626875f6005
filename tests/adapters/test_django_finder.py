"""`collectstatic` takes the bundles of a build, and the web server of static files serves them."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters import django_project

django_project.configure()

from django.contrib.staticfiles import finders  # noqa: E402  # Django is configured now
from django.core import checks  # noqa: E402
from django.core.exceptions import SuspiciousFileOperation  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from pressmark_django.finders import BundleFinder  # noqa: E402

FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "pressmark_django.finders.BundleFinder",
]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Return Pressmark's settings of a project whose bundles are collected with its static files."""
    ours = {"manifest": tmp_path / "bundles" / "manifest.json", "public_url": "/static/pressmark/"}
    with override_settings(
        PRESSMARK=ours | {"cache_dir": tmp_path / "cache"}, STATICFILES_FINDERS=FINDERS, STATIC_ROOT=tmp_path / "root"
    ):
        yield ours


def test_generate_collect_and_serve(tmp_path: Path, settings: dict[str, Any]) -> None:
    call_command("compress", "/", "--output", str(tmp_path / "bundles"), stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    page = Client().get("/").content.decode()
    [name] = [path.name for path in (tmp_path / "root" / "pressmark" / "css").glob("*.css")]

    assert f'href="/static/pressmark/css/{name}"' in page
    assert (tmp_path / "root" / "pressmark" / "css" / f"{name}.br").exists()
    assert not list((tmp_path / "root" / "pressmark").glob("*.json"))
    assert finders.find(f"pressmark/css/{name}") == str(tmp_path / "bundles" / "css" / name)
    assert finders.find("pressmark/css/none.css") is None
    with pytest.raises(SuspiciousFileOperation):
        finders.find("pressmark/../secret")


def test_before_the_first_build_there_is_nothing_to_collect(tmp_path: Path, settings: dict[str, Any]) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)

    assert not (tmp_path / "root" / "pressmark").exists()


def test_a_finder_without_a_manifest_is_an_error_of_the_checks() -> None:
    with override_settings(PRESSMARK={}):
        [error] = BundleFinder().check()

    assert error.id == "pressmark.E002"
    assert 'PRESSMARK = {"manifest":' in (error.hint or "")


def test_what_is_private_is_no_static_file(tmp_path: Path, settings: dict[str, Any]) -> None:
    """Manifests name pages, and source maps hold sources."""
    with override_settings(
        PRESSMARK={**settings, "source_maps": "https://testserver/maps/", "cache_dir": tmp_path / "cache"}
    ):
        call_command("compress", "/", "--output", str(tmp_path / "bundles"), stdout=io.StringIO())
        call_command("collectstatic", interactive=False, verbosity=0)
        [map_] = (tmp_path / "bundles" / "map").glob("*.map")
        private = [f"pressmark/map/{map_.name}", "pressmark/manifest.json"]

        assert [BundleFinder().find(path) for path in private] == [[], []]
        assert {path.suffix for path in (tmp_path / "root" / "pressmark").rglob("*.*")} == {
            ".css",
            ".br",
            ".gz",
            ".zst",
        }
    with override_settings(PRESSMARK={**settings, "source_maps": True}):
        assert BundleFinder().find(private[0]) == str(map_)


def test_a_wrong_setting_is_told_by_its_own_check() -> None:
    with override_settings(PRESSMARK={"on_missing": "kep"}):
        errors = checks.run_checks()

    assert [error.id for error in errors if "on_missing" in error.msg] == ["pressmark.E001"]

"""Other packages ask Django's finders, and so django-compressor's, for files that were collected."""

from pathlib import Path

import pytest

from tests.adapters import django_project

django_project.configure()

from django.conf import settings  # noqa: E402  # Django is configured now
from django.contrib.staticfiles import finders  # noqa: E402
from django.test import override_settings  # noqa: E402

from pressmark_django.compressor.old_api import CompressorFinder  # noqa: E402


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "site.css").write_text("a{}")
    return tmp_path


@pytest.mark.parametrize("setting", ["COMPRESS_ROOT", "STATIC_ROOT"])
def test_the_finder_finds_what_was_collected(collected: Path, setting: str) -> None:
    with override_settings(**{setting: str(collected)}):
        finder = CompressorFinder()
        path = str(collected / "css" / "site.css")

        assert finder.find("css/site.css") == path
        assert finder.find("css/site.css", True) == [path]
        assert finder.find("css/none.css", True) == finder.find("css/none.css") == []


def test_the_finder_gives_collectstatic_nothing_to_collect(collected: Path) -> None:
    with override_settings(STATIC_ROOT=str(collected)):
        assert list(CompressorFinder().list([])) == []


def test_the_finder_finds_nothing_without_a_directory(tmp_path: Path) -> None:
    (tmp_path / "upload.css").write_text("a{}")
    with override_settings(STATIC_ROOT=None, MEDIA_ROOT=str(tmp_path)):
        assert CompressorFinder().find("upload.css", True) == []


def test_the_finder_leaves_its_directory_on_no_path(collected: Path) -> None:
    (collected / "secret.css").write_text("a{}")
    with override_settings(STATIC_ROOT=str(collected / "css")):
        assert CompressorFinder().find("../secret.css", True) == []


def test_static_files_are_looked_for_by_it(collected: Path) -> None:
    names = [*settings.STATICFILES_FINDERS, "compressor.finders.CompressorFinder"]
    with override_settings(STATICFILES_FINDERS=names, STATIC_ROOT=str(collected)):
        finders.get_finder.cache_clear()

        assert finders.find("css/site.css") == str(collected / "css" / "site.css")

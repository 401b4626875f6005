"""Other packages read django-compressor's settings, which the project need not have set."""

from pathlib import Path

import pytest

from tests.adapters import django_project
from tests.adapters.test_compress_settings import ALL

django_project.configure()

from django.conf import settings  # noqa: E402  # Django is configured now
from django.test import override_settings  # noqa: E402

from pressmark_django.checks import check_configuration  # noqa: E402
from pressmark_django.compressor.defaults import set_defaults  # noqa: E402
from pressmark_django.configuration import read_old_settings, static_roots  # noqa: E402

NEWER = {"SRI_HASHES", "SRI_CROSSORIGIN"}
"""Settings that the last release of django-compressor does not have."""
FUNCTION = {"JINJA2_GET_ENVIRONMENT"}


@pytest.mark.parametrize("name", sorted({*ALL} - NEWER - FUNCTION))
def test_a_setting_that_the_project_has_not_set_can_be_read(name: str) -> None:
    assert hasattr(settings, f"COMPRESS_{name}")
    assert not settings.is_overridden(f"COMPRESS_{name}")


@pytest.mark.parametrize(
    ("name", "value"),
    [("URL", "/static/"), ("ROOT", None), ("OFFLINE", False), ("CACHE_BACKEND", "default"), ("OUTPUT_DIR", "CACHE")],
)
def test_it_has_the_value_that_django_compressor_gives(name: str, value: object) -> None:
    assert getattr(settings, f"COMPRESS_{name}") == value


def test_enabled_says_what_pressmark_does_in_debug_mode_too() -> None:
    assert settings.DEBUG
    assert settings.COMPRESS_ENABLED is True


def test_what_the_project_has_set_stays() -> None:
    with override_settings(COMPRESS_ENABLED=False, COMPRESS_ROOT="/srv/static"):
        set_defaults()

        assert (settings.COMPRESS_ENABLED, settings.COMPRESS_ROOT) == (False, "/srv/static")


def test_defaults_are_no_settings_of_the_project() -> None:
    found = read_old_settings()

    assert (found.options, found.remarks) == ({}, [])
    assert "pressmark.I001" not in {message.id for message in check_configuration(None)}


def test_a_default_directory_adds_none_to_those_that_are_looked_in(tmp_path: Path) -> None:
    with override_settings(DEBUG=False, STATIC_ROOT=str(tmp_path)):
        assert static_roots() == {"/static/": (str(tmp_path),)}


def test_a_relative_static_url_is_still_read_in_a_request() -> None:
    with override_settings(STATIC_URL="files/"):
        set_defaults()

        assert "STATIC_URL" not in vars(settings)

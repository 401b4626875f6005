"""Other packages ask whether django-compressor is installed, and import its tag and its settings."""

import importlib
from typing import Any

import pytest

from tests.adapters import django_project

django_project.configure()

from django.conf import settings  # noqa: E402  # Django is configured now
from django.template import Context, Engine  # noqa: E402
from django.test import override_settings  # noqa: E402

from pressmark_django.compressor.presence import claim_presence, is_in_use  # noqa: E402
from pressmark_django.templatetags import compress as tag  # noqa: E402


def test_packages_that_ask_for_the_app_are_told_that_it_is_there() -> None:
    assert "compressor" in settings.INSTALLED_APPS
    assert "compressors" not in settings.INSTALLED_APPS
    assert "pressmark_django" in settings.INSTALLED_APPS


def test_django_does_not_load_it() -> None:
    assert "compressor" not in list(settings.INSTALLED_APPS)
    assert not is_in_use()


@pytest.mark.parametrize("kind", [list, tuple])
def test_apps_can_be_added_to_the_settings_as_before(kind: Any) -> None:
    with override_settings():
        settings.INSTALLED_APPS = kind(["pressmark_django"])
        claim_presence()

        assert "compressor" in settings.INSTALLED_APPS
        assert settings.INSTALLED_APPS + kind(["blog"]) == kind(["pressmark_django", "blog"])


def test_tests_with_other_apps_are_told_the_same() -> None:
    with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, "django.contrib.humanize"]):
        assert "compressor" in settings.INSTALLED_APPS


def test_a_project_that_does_not_have_pressmark_claims_nothing() -> None:
    with override_settings():
        settings.INSTALLED_APPS = ["blog"]
        claim_presence()

        assert "compressor" not in settings.INSTALLED_APPS


def test_the_tag_is_ours_by_its_old_name() -> None:
    module = importlib.import_module("compressor.templatetags.compress")

    assert module.compress is tag.compress
    assert module.register is tag.register


def test_its_settings_are_those_of_django() -> None:
    assert importlib.import_module("compressor.conf").settings is settings


def test_the_old_tag_library_can_be_loaded() -> None:
    engine = Engine(libraries={"compress": "compressor.templatetags.compress"})
    html = engine.from_string("{% load compress %}{% compress js inline %}<script>f( )</script>{% endcompress %}")

    assert html.render(Context()) == "<script>f()</script>"

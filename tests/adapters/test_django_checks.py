"""``manage.py check`` tells what would keep regions as they are written."""

from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.adapters import django_project

django_project.configure()

from django.conf import settings  # noqa: E402  # Django must be configured first
from django.core import checks  # noqa: E402
from django.test import override_settings  # noqa: E402

from pressmark_django.checks import MIDDLEWARE, check_configuration  # noqa: E402

GZIP = "django.middleware.gzip.GZipMiddleware"


def found(**changed: Any) -> list[tuple[str, str]]:
    """Return id and text of what is said of the project with *changed* settings."""
    with override_settings(**changed):
        messages = check_configuration(None)
    assert all(message.hint for message in messages)
    return [(str(message.id), message.msg) for message in messages]


def test_a_project_in_order_is_told_nothing(tmp_path: Path) -> None:
    assert found(MIDDLEWARE=[GZIP, MIDDLEWARE], PRESSMARK={"cache_dir": tmp_path / "cache"}) == []


def test_the_checks_are_djangos_own() -> None:
    assert check_configuration in checks.registry.registry.get_checks()


def test_a_wrong_setting_is_an_error() -> None:
    [(name, text)] = found(PRESSMARK={"cache_dri": "x"})

    assert (name, text) == ("pressmark.E001", "unknown setting 'cache_dri'; did you mean 'cache_dir'?")


def test_a_middleware_that_is_not_there_is_missed(tmp_path: Path) -> None:
    [(name, text)] = found(MIDDLEWARE=[GZIP], PRESSMARK={"cache_dir": tmp_path})

    assert name == "pressmark.W001"
    assert "regions stay as they are written" in text


@pytest.mark.parametrize(
    "inside", [GZIP, "compression_middleware.middleware.CompressionMiddleware", "x.BrotliMiddleware"]
)
def test_what_compresses_must_stand_outside(inside: str, tmp_path: Path) -> None:
    [(name, text)] = found(MIDDLEWARE=[MIDDLEWARE, inside], PRESSMARK={"cache_dir": tmp_path})

    assert name == "pressmark.W002"
    assert text.startswith(f"{inside} stands after")


@pytest.mark.parametrize(
    "inside",
    [
        "htmlmin.middleware.HtmlMinifyMiddleware",
        "django_minify_html.middleware.MinifyHtmlMiddleware",
        "hmin.middleware.MinMiddleware",
        "site.middleware.HTMLMinMiddleware",
        "site.middleware.ProjectMinifyHtmlMiddleware",
        "site.middleware.minify_html",
        "site.StripCommentsMiddleware",
    ],
)
def test_what_removes_comments_must_stand_outside(inside: str, tmp_path: Path) -> None:
    [(name, text)] = found(MIDDLEWARE=[MIDDLEWARE, inside], PRESSMARK={"cache_dir": tmp_path})

    assert name == "pressmark.W013"
    assert text.startswith(f"{inside} stands after")
    assert found(MIDDLEWARE=[inside, MIDDLEWARE], PRESSMARK={"cache_dir": tmp_path}) == []


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("htmlmin.middleware.MarkRequestMiddleware", id="it only marks requests"),
        pytest.param("pipeline.middleware.MinifyHTMLMiddleware", id="it removes white space alone"),
        pytest.param("site.SpacelessMiddleware", id="so does this one"),
        pytest.param("django_minify_html.other.LogMiddleware", id="the package has other middleware"),
        pytest.param("site.MinifyCssMiddleware", id="it minifies no pages"),
    ],
)
def test_what_keeps_comments_may_stand_inside(inside: str, tmp_path: Path) -> None:
    assert found(MIDDLEWARE=[MIDDLEWARE, inside], PRESSMARK={"cache_dir": tmp_path}) == []


class KeepingMinifyHtmlMiddleware:
    """Minifies as a subclass of django-minify-html's middleware does that keeps comments."""

    minify_args: ClassVar = {"minify_css": True, "keep_comments": True}


@pytest.mark.parametrize(
    ("inside", "settings"),
    [
        ("htmlmin.middleware.HtmlMinifyMiddleware", {"KEEP_COMMENTS_ON_MINIFYING": True}),
        (f"{__name__}.KeepingMinifyHtmlMiddleware", {}),
    ],
)
def test_a_minifier_that_is_set_to_keep_comments_may_stand_inside(
    inside: str, settings: dict[str, Any], tmp_path: Path
) -> None:
    assert found(MIDDLEWARE=[MIDDLEWARE, inside], PRESSMARK={"cache_dir": tmp_path}, **settings) == []


def test_a_collected_link_that_leads_to_no_known_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "vendor").mkdir()
    known = {"STATIC_ROOT": str(tmp_path / "static"), "STATICFILES_DIRS": [tmp_path / "vendor"]}
    (tmp_path / "static" / "pkg").symlink_to(tmp_path / "vendor")
    assert found(**known, DEBUG=False) == []

    (tmp_path / "static" / "stray").symlink_to(tmp_path)
    [(name, text)] = found(**known, DEBUG=False)

    assert name == "pressmark.W012"
    assert repr(str(tmp_path / "static" / "stray")) in text


def test_the_hint_at_a_link_names_the_directory_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "other" / "pkg").mkdir(parents=True)
    (tmp_path / "static" / "pkg").symlink_to(tmp_path / "other" / "pkg")
    known = {"STATIC_ROOT": str(tmp_path / "static"), "DEBUG": False}

    with override_settings(**known):
        [message] = check_configuration(None)
    assert f"[STATIC_ROOT, {str(tmp_path / 'other' / 'pkg')!r}]" in str(message.hint)

    named = {settings.STATIC_URL: [known["STATIC_ROOT"], tmp_path / "other" / "pkg"]}
    assert found(**known, PRESSMARK={"cache_dir": tmp_path / "cache", "static": named}) == []


def test_a_collected_link_to_a_file_names_its_directory(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "a.css").touch()
    (tmp_path / "static" / "a.css").symlink_to(tmp_path / "a.css")

    with override_settings(STATIC_ROOT=str(tmp_path / "static"), DEBUG=False):
        [message] = check_configuration(None)

    assert f"[STATIC_ROOT, {str(tmp_path)!r}]" in str(message.hint)


@pytest.mark.parametrize(("on_missing", "names"), [("build", ["pressmark.W010"]), ("keep", []), ("error", [])])
def test_a_server_that_builds_nothing_needs_no_static_files(tmp_path: Path, on_missing: str, names: list[str]) -> None:
    ours = {"cache_dir": tmp_path / "cache", "manifest": tmp_path / "manifest.json", "on_missing": on_missing}

    assert [name for name, _ in found(DEBUG=False, STATIC_ROOT=str(tmp_path / "none"), PRESSMARK=ours)] == names


def test_without_static_files_there_is_nothing_to_bundle(tmp_path: Path) -> None:
    changed = {"INSTALLED_APPS": ["pressmark_django"], "MIDDLEWARE": [MIDDLEWARE]}

    assert [name for name, _ in found(**changed, PRESSMARK={"cache_dir": tmp_path})] == ["pressmark.W003"]
    assert found(**changed, PRESSMARK={"cache_dir": tmp_path, "static": {"/s/": tmp_path}}) == []


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A superuser can write anywhere, so the system's answer is replaced.
    monkeypatch.setattr("pressmark_django.checks.os.access", lambda path, mode: False)
    [(name, text)] = found(MIDDLEWARE=[MIDDLEWARE], PRESSMARK={"cache_dir": tmp_path / "a" / "b"})

    assert name == "pressmark.W004"
    assert repr(str(tmp_path / "a" / "b")) in text
    assert "regions stay as they are written if the server has several processes" in text


def test_a_cache_among_static_files_is_public(tmp_path: Path) -> None:
    changed = {"STATIC_ROOT": tmp_path, "MIDDLEWARE": [MIDDLEWARE], "PRESSMARK": {"cache_dir": tmp_path / "cache"}}

    assert [name for name, _ in found(**changed)] == ["pressmark.W005"]
    assert tmp_path != settings.STATIC_ROOT

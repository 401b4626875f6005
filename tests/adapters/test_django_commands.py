"""The commands that projects call after a deployment go on working."""

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tests.adapters import django_project

django_project.configure()

from django.core.management import CommandError, call_command  # noqa: E402  # Django is configured now
from django.test import Client, override_settings  # noqa: E402

from tests.site import TAG  # noqa: E402


def call(name: str, *arguments: str, **settings: Any) -> str:
    out = io.StringIO()
    with override_settings(**settings):
        call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_bundles_are_there_before_a_visitor_comes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    ours = {"cache_dir": tmp_path}
    printed = call("compress", "/", "/long-page/", PRESSMARK=ours)
    built = [record.getMessage() for record in caplog.records]
    with override_settings(PRESSMARK=ours):
        [url] = TAG.findall(Client().get("/").content)
        status = Client().get(url.decode()).status_code

    assert status == 200
    assert len(built) == 1
    assert [record.getMessage() for record in caplog.records] == built
    assert printed.splitlines()[-2:] == [
        "2 pages, 1 region, 1 bundle",
        "no manifest: give --manifest FILE or --output DIRECTORY, or set `manifest`, to take the result elsewhere",
    ]


def test_a_page_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not every URL is a page: /none/: its status is 404"):
        call("compress", "/", "/none/", PRESSMARK={"cache_dir": tmp_path})


def test_a_site_that_redirects_to_https_is_asked_by_it(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "SECURE_SSL_REDIRECT": True,
        "ALLOWED_HOSTS": [".example.com"],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "pressmark_django.middleware.PressmarkMiddleware",
        ],
    }

    assert "1 bundle" in call("compress", "/", PRESSMARK={"cache_dir": tmp_path}, **settings)


def test_the_settings_are_put_back_as_they_were(tmp_path: Path) -> None:
    from django.conf import settings  # noqa: PLC0415

    before = settings.PRESSMARK
    call("compress", "/", PRESSMARK={"cache_dir": tmp_path})

    assert settings.PRESSMARK is before


@pytest.mark.parametrize(
    "arguments",
    [["--force"], ["-f", "-e", "html,txt", "--follow-links"], ["--extension=html", "--engine", "jinja2", "-v", "0"]],
)
def test_the_options_of_django_compressor_are_no_errors(tmp_path: Path, arguments: list[str]) -> None:
    assert "1 bundle" in call("compress", "/", *arguments, PRESSMARK={"cache_dir": tmp_path})


@pytest.mark.parametrize("arguments", [["--add"], ["--clean", "-i", "*.txt", "--no-default-ignore"]])
def test_there_are_no_times_of_files_to_keep(arguments: list[str]) -> None:
    assert call("mtime_cache", *arguments).startswith("There is nothing to do")


# Pages of a project


def result_of(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    """Return the result of a build as JSON."""
    found: dict[str, Any] = json.loads(
        call("compress", *arguments, "--json", "--output", str(tmp_path / "out"), PRESSMARK={"cache_dir": tmp_path})
    )
    return found


def test_without_a_path_all_routes_without_parameters_are_rendered(tmp_path: Path) -> None:
    pages = {page["path"]: page["status"] for page in result_of(tmp_path)["pages"]}

    assert pages["/"] == 200
    assert pages["/long-page/"] == 200


def test_a_project_where_bundling_is_off_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"COMPRESS_ENABLED or PRESSMARK\['enabled'\] is False: .* --force"):
        call("compress", "/", COMPRESS_ENABLED=False, PRESSMARK={"cache_dir": tmp_path})


@pytest.mark.parametrize("off", [{"COMPRESS_ENABLED": False}, {"PRESSMARK": {"enabled": False}}], ids=["old", "ours"])
def test_force_builds_for_servers_where_it_is_on(tmp_path: Path, off: dict[str, Any]) -> None:
    """As with django-compressor, whose projects are off where their developers are."""
    call("compress", "/", "--force", "--output", str(tmp_path / "out"), **off)
    ours = {"manifest": tmp_path / "out" / "manifest.json", "on_missing": "error", "cache_dir": tmp_path / "cache"}
    with override_settings(PRESSMARK=ours):
        assert len(TAG.findall(Client().get("/").content)) == 1


def test_force_writes_where_servers_look_with_the_settings_of_django_compressor(tmp_path: Path) -> None:
    ours = {"cache_dir": tmp_path / "cache"}
    call("compress", "/", "--force", COMPRESS_OFFLINE=False, COMPRESS_ROOT=tmp_path / "static", PRESSMARK=ours)

    assert (tmp_path / "static" / "CACHE" / "pressmark-manifest.json").exists()


def test_an_exclusion_that_is_no_regular_expression_is_an_error() -> None:
    with pytest.raises(CommandError, match=r"'\(' is no regular expression: missing \), unterminated subpattern"):
        call("compress", "/", "--exclude", "(")

"""Settings are checked when they are built, and say what would have worked."""

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from pressmark import ASGIMiddleware, Settings, WSGIMiddleware
from pressmark.errors import SettingsError


def test_the_defaults_are_valid() -> None:
    assert Settings().static == {}


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().enabled = False  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("cache_dri", "'cache_dir'"),
        ("Endpoint", "'endpoint'"),
        ("CACHE_DIR", "'cache_dir'"),
        ("xyz", "the settings are static"),
    ],
)
def test_an_unknown_name_is_told_the_nearest(name: str, suggestion: str) -> None:
    with pytest.raises(SettingsError, match="unknown setting") as raised:
        Settings.from_mapping({name: 1})

    assert suggestion in str(raised.value)


@pytest.mark.parametrize(("endpoint", "prefix"), [("/static/", "/static/"), ("/a/", "/a/b/")])
def test_an_endpoint_may_not_hide_static_files(endpoint: str, prefix: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="a path that hides no static files"):
        Settings(endpoint=endpoint, static={prefix: tmp_path})


def test_beside_a_cdn_a_prefix_for_source_maps_needs_a_host() -> None:
    with pytest.raises(SettingsError, match="beside public_url, a whole URL of this site"):
        Settings(source_maps="/maps/", public_url="https://cdn.example/")


def test_source_maps_may_not_hide_static_files(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="setting 'source_maps' is '/static/'; it must be a path that hides no"):
        Settings(source_maps="/static/", static={"/static/js/": tmp_path})


@pytest.mark.parametrize(("endpoint", "prefix"), [("/static/p/", "/static/"), ("/a/", "/ab/"), ("/a/", "/")])
def test_an_endpoint_may_lie_below_static_files(endpoint: str, prefix: str, tmp_path: Path) -> None:
    assert Settings(endpoint=endpoint, static={prefix: tmp_path}).endpoint == endpoint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enabled", 1),
        ("strict", "yes"),
        ("integrity", "sha384"),
        ("minify", None),
        ("filters", ["rcssmin"]),
        ("filters", {"html": []}),
        ("filters", {"css": "rcssmin"}),
        ("filters", {"css": [1]}),
        ("early_hints", "103"),
        ("early_hints", None),
        ("source_maps", None),
        ("source_maps", 1),
        ("source_maps", "maps"),
        ("source_maps", "/"),
        ("source_maps", "/pressmark/"),
        ("source_maps", "https://maps.example/"),
        ("source_maps", "/pressmark/css/"),
        ("source_maps", "/pressmark/js/x/"),
        ("endpoint", "pressmark"),
        ("endpoint", "/pressmark"),
        ("endpoint", "/"),
        ("endpoint", "/a b/"),
        ("public_url", "https://cdn.example"),
        ("public_url", "cdn.example/"),
        ("public_url", "ftp://cdn.example/"),
        ("public_url", 'https://cdn.example/"/'),
        ("cache_dir", ""),
        ("cache_dir", 1),
        ("cache_size", 0),
        ("cache_size", 1.5),
        ("cache_size", True),
        ("retention", -1),
        ("retention", None),
        ("retention", float("nan")),
        ("refresh", -1),
        ("refresh", "1"),
        ("build_wait", -0.1),
        ("build_wait", float("inf")),
        ("refresh", float("nan")),
        ("fidelity", "best"),
        ("fidelity", None),
        ("trust", "/static/*"),
        ("trust", ["static/a.js"]),
        ("trust", ["/static/vendor/"]),
        ("trust", [1]),
        ("join_media", "no"),
        ("debug_toggle", ""),
        ("debug_toggle", "a=b"),
        ("static", ["static"]),
        ("static", {"static/": "."}),
        ("static", {"/static": "."}),
        ("static", {"/static/": []}),
        ("static", {"/static/": 1}),
        ("static", {"/static/": "no such directory"}),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"setting '{name}'"):
        Settings.from_mapping({name: value})


def test_static_takes_one_directory_or_several(tmp_path: Path) -> None:
    settings = Settings(static={"/a/": tmp_path, "/a/b/": [str(tmp_path), tmp_path]})

    assert settings.roots == (("/a/b/", (str(tmp_path), str(tmp_path))), ("/a/", (str(tmp_path),)))


def test_relative_directories_are_those_of_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").mkdir()
    monkeypatch.chdir(tmp_path)
    settings = Settings(static={"/static/": "static"}, cache_dir="cache")
    monkeypatch.chdir("/")

    assert settings.roots == (("/static/", (str(tmp_path / "static"),)),)
    assert settings.cache_dir == str(tmp_path / "cache")


@pytest.mark.parametrize("middleware", [ASGIMiddleware, WSGIMiddleware])
def test_a_middleware_refuses_wrong_settings_at_start(middleware: Any) -> None:
    with pytest.raises(SettingsError, match="did you mean 'static'"):
        middleware(lambda *_: None, statik={})


@pytest.mark.parametrize("middleware", [ASGIMiddleware, WSGIMiddleware])
def test_settings_are_given_in_one_way(middleware: Any) -> None:
    with pytest.raises(SettingsError, match="either a Settings object or keyword arguments"):
        middleware(lambda *_: None, settings=Settings(), enabled=False)


@pytest.mark.parametrize("settings", [{"refresh": 1}, "cache"], ids=["a dictionary", "a string"])
def test_settings_that_are_no_settings_are_named_with_the_way_to_make_some(settings: Any) -> None:
    with pytest.raises(SettingsError, match=r"settings is a (dict|str); .* Settings\.from_mapping makes one"):
        WSGIMiddleware(lambda *_: [], settings=settings)


@pytest.mark.parametrize("options", [None, [("refresh", 1)], {1: 2}], ids=["nothing", "a list", "a number"])
def test_options_that_are_no_mapping_of_names_are_refused(options: Any) -> None:
    with pytest.raises(SettingsError, match=r"must be a mapping|unknown setting 1"):
        Settings.from_mapping(options)


@pytest.mark.parametrize("options", [{"secret": "hunter2"}, {"store": "redis:/:hunter2@h"}])
def test_no_message_shows_a_password(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(**options)

    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Settings(secret="hunter2" * 4, store="redis://:hunter2@10.0.0.1/0"))

"""Pressmark as a Flask extension."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response

from pressmark.errors import SettingsError
from pressmark_flask import Pressmark, read_settings
from pressmark_flask.site import MAX_MOUNTS, Site, static_folders
from tests.conftest import Write
from tests.site import TAG, css_region

CONFIG = {"PRESSMARK_BUILD_WAIT": None}
PAGE = (
    '<!-- compress css --><link rel="stylesheet" href="{base}static/a.css">'
    '<link rel="stylesheet" href="{base}shop/files/b.css"><!-- endcompress -->'
)


@pytest.fixture
def app(static: Path, write: Write, tmp_path: Path) -> Flask:
    write("a.css", "a{b:url(a.png)}")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "b.css").write_text("b{}")
    app = Flask("site", static_folder=str(static))
    app.config.update(CONFIG, PRESSMARK_CACHE_DIR=tmp_path / "cache")

    @app.route("/")
    def page() -> str:
        from flask import url_for  # noqa: PLC0415

        return PAGE.format(base=url_for("page"))

    return app


def add_shop(app: Flask, tmp_path: Path) -> None:
    shop = Blueprint(
        "shop", __name__, url_prefix="/shop", static_folder=str(tmp_path / "shop"), static_url_path="/files"
    )
    app.register_blueprint(shop)


def test_one_line_attaches_it(app: Flask, tmp_path: Path) -> None:
    add_shop(app, tmp_path)
    Pressmark(app)
    body = app.test_client().get("/").data

    (url,) = TAG.findall(body)
    assert app.test_client().get(url.decode()).data == b'a{b:url("../../static/a.png")}\nb{}'


def test_init_app_serves_application_factories(app: Flask, tmp_path: Path) -> None:
    extension = Pressmark()
    extension.init_app(app)
    add_shop(app, tmp_path)

    assert app.extensions["pressmark"] is extension
    assert len(TAG.findall(app.test_client().get("/").data)) == 1


def test_static_folders_of_blueprints_are_found_wherever_they_are_mounted(app: Flask, tmp_path: Path) -> None:
    inner = Blueprint("inner", __name__, static_folder=str(tmp_path / "shop"))
    outer = Blueprint("outer", __name__)
    outer.register_blueprint(inner, url_prefix="/in")
    app.register_blueprint(outer, url_prefix="/out")
    add_shop(app, tmp_path)

    assert dict(static_folders(app)) == {
        "/static/": (str(tmp_path / "static"),),
        "/shop/files/": (str(tmp_path / "shop"),),
        "/out/in/shop/": (str(tmp_path / "shop"),),
    }


def test_a_folder_whose_url_needs_escapes_is_found(app: Flask, tmp_path: Path) -> None:
    files = Blueprint("files", __name__, static_folder=str(tmp_path / "shop"), static_url_path="/my files")
    app.register_blueprint(files)

    assert dict(static_folders(app))["/my%20files/"] == (str(tmp_path / "shop"),)


def test_a_mounted_application_links_below_its_mount(app: Flask, tmp_path: Path) -> None:
    add_shop(app, tmp_path)
    Pressmark(app)
    body = app.test_client().get("/", base_url="http://localhost/mnt").data

    assert TAG.findall(body)[0].startswith(b"/mnt/pressmark/css/")


@pytest.mark.parametrize("first", ["", "/mnt", "/other"])
def test_an_application_is_bundled_wherever_it_is_mounted_at_once(app: Flask, first: str, tmp_path: Path) -> None:
    add_shop(app, tmp_path)
    Pressmark(app)
    client = app.test_client()
    client.get("/nowhere", environ_overrides={"SCRIPT_NAME": first})

    for mount in ("", "/mnt", ""):
        [url] = TAG.findall(client.get("/", base_url=f"http://localhost{mount}").data)
        assert url.startswith(f"{mount}/pressmark/css/".encode())
        assert client.get(url.decode().removeprefix(mount), base_url=f"http://localhost{mount}").status_code == 200


def test_there_are_only_so_many_mounts(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    Pressmark(app)
    pages = [
        app.test_client().get("/", environ_overrides={"SCRIPT_NAME": f"/{number}"}).data
        for number in range(MAX_MOUNTS + 2)
    ]

    assert [len(TAG.findall(page.replace(b"/%d/" % n, b"/"))) for n, page in enumerate(pages)] == [
        *[1] * MAX_MOUNTS, 0, 0,
    ]  # fmt: skip
    assert [record.getMessage() for record in caplog.records if "mounts" in record.getMessage()] == [
        f"requests have come for {MAX_MOUNTS} mounts (SCRIPT_NAME) of one application; pages at others are not bundled"
    ]


def test_a_mounted_application_leaves_another_ones_files_alone(app: Flask) -> None:
    """The main site may have a file of the same path, with other content."""
    page = '<!-- compress css --><link rel="stylesheet" href="/static/a.css"><!-- endcompress -->'
    app.add_url_rule("/other", view_func=lambda: page, endpoint="other")
    Pressmark(app)

    assert TAG.findall(app.test_client().get("/other", environ_overrides={"SCRIPT_NAME": "/admin"}).data) == []
    ours = app.test_client().get("/", environ_overrides={"SCRIPT_NAME": "/admin"}).data
    assert len(TAG.findall(ours.replace(b"/admin/pressmark", b"/pressmark"))) == 1


def test_an_unknown_key_is_refused_at_start(app: Flask) -> None:
    app.config["PRESSMARK_CACHE_DRI"] = "x"

    with pytest.raises(SettingsError, match="did you mean 'PRESSMARK_CACHE_DIR'"):
        Pressmark(app)


def test_a_dictionary_as_django_has_it_is_refused_at_start(app: Flask) -> None:
    app.config["PRESSMARK"] = {"refresh": 0}

    with pytest.raises(SettingsError, match=r"'PRESSMARK' in app\.config; each setting has a key of its own"):
        Pressmark(app)


def test_attaching_twice_is_an_error(app: Flask) -> None:
    Pressmark(app)

    with pytest.raises(SettingsError, match="attached to the application 'site' already"):
        Pressmark(app)


def test_two_applications_have_settings_of_their_own(app: Flask, tmp_path: Path) -> None:
    other = Flask("other")
    other.config.update(CONFIG, PRESSMARK_ENABLED=False)
    add_shop(app, tmp_path)
    extension = Pressmark(app)
    extension.init_app(other)
    other.add_url_rule("/", view_func=lambda: PAGE.format(base="/"))

    assert len(TAG.findall(app.test_client().get("/").data)) == 1
    assert b"endcompress" in other.test_client().get("/").data


@pytest.mark.parametrize(("debug", "config", "is_seen"), [(True, {}, True), (True, {"PRESSMARK_REFRESH": 3600}, False)])
def test_in_debug_mode_a_change_shows_at_once(
    app: Flask, write: Write, config: dict[str, int], *, debug: bool, is_seen: bool
) -> None:
    app.config |= config
    Pressmark(app)
    app.debug = debug
    before = app.test_client().get("/").data
    write("a.css", "changed{}")

    assert (app.test_client().get("/").data != before) is is_seen


@pytest.mark.parametrize(
    ("debug", "config", "seconds"), [(True, {}, None), (True, {"PRESSMARK_BUILD_WAIT": 3}, 3), (False, {}, 2)]
)
def test_in_debug_mode_a_page_waits_for_its_bundles(
    app: Flask, config: dict[str, int], *, debug: bool, seconds: float | None
) -> None:
    app.debug = debug
    del app.config["PRESSMARK_BUILD_WAIT"]
    app.config |= config

    assert Site(app, read_settings(app.config)).settings().build_wait == seconds


# The commands


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that runs ``flask pressmark`` with arguments."""
    add_shop(app, tmp_path)
    app.add_url_rule("/none", "none", lambda: ("gone", 404))
    app.add_url_rule("/data", "data", lambda: {"a": 1})
    Pressmark(app)
    return lambda *arguments: app.test_cli_runner().invoke(args=["pressmark", *arguments])


def test_bundles_are_built_before_a_visitor_comes(run: Callable[..., Any], app: Flask) -> None:
    printed = run("build").output

    assert "1 region, 1 bundle" in printed
    assert "/none" not in printed  # nobody named it
    assert len(TAG.findall(app.test_client().get("/").data)) == 1


def test_a_page_that_is_none_is_an_error(run: Callable[..., Any]) -> None:
    result = run("build", "/", "/none")

    assert result.exit_code == 1
    assert "/none: its status is 404" in result.output


def test_a_page_is_explained_as_it_was_written(run: Callable[..., Any]) -> None:
    assert "css file region: 2 of 2 elements in 1 bundle" in run("explain", "/").output


def test_what_views_make_is_asked_for_to_be_explained(app: Flask) -> None:
    app.config["PRESSMARK_RESOLVE"] = "app"
    app.add_url_rule("/themed", "themed", lambda: css_region("t.css").replace(b"/static/", b"/").decode())
    app.add_url_rule("/t.css", "theme", lambda: Response("a{}", mimetype="text/css"))
    Pressmark(app)
    printed = app.test_cli_runner().invoke(args=["pressmark", "explain", "/themed"]).output

    assert "css file region: 1 of 1 element in 1 bundle" in printed


@pytest.mark.parametrize(("path", "told"), [("/none", "has no region"), ("/data", "is no page that may change")])
def test_what_is_no_page_is_not_explained(run: Callable[..., Any], path: str, told: str) -> None:
    result = run("explain", path)

    assert result.exit_code == 1
    assert told in result.output


def test_the_cache_is_that_of_the_application(run: Callable[..., Any]) -> None:
    run("build", "/")

    assert "stylesheets" in run("cache").output
    assert ".css" in run("cache", "--bundles").output


def test_bundles_are_built_for_where_the_application_is_mounted(
    run: Callable[..., Any], app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    app.config["APPLICATION_ROOT"] = "/app"
    run("build", "/")
    built = [record.getMessage() for record in caplog.records]
    page = app.test_client().get("/", environ_overrides={"SCRIPT_NAME": "/app"})

    assert len(TAG.findall(page.data)) == 1
    assert len(built) == 1
    assert [record.getMessage() for record in caplog.records] == built


def test_routes_that_end_a_session_are_left_out(run: Callable[..., Any], app: Flask) -> None:
    app.add_url_rule("/logout", "logout", lambda: "out")
    printed = run("build", "--json").output

    assert '"/"' in printed
    assert "logout" not in printed

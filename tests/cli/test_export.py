"""``pressmark export`` writes the bundles that exported pages name beside them."""

import logging
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask_frozen import Freezer

from pressmark.cli.main import main
from pressmark_flask import Pressmark
from tests.conftest import Write
from tests.site import Site, css_region, js_region

PAGE = css_region("a.css", "b.css") + js_region("a.js")


def export(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["export", *map(str, arguments)])


@pytest.fixture
def site(static: Path, write: Write) -> Site:
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    write("a.js", "one()")
    return Site(static, PAGE)


@pytest.fixture
def exported(site: Site, tmp_path: Path) -> Path:
    """Return a folder with two pages as an exporter saves them."""
    folder = tmp_path / "build"
    (folder / "about").mkdir(parents=True)
    for name in ("index.html", "about/index.html"):
        (folder / name).write_bytes(site.get().body)
    return folder


def test_the_files_that_pages_name_lie_where_they_are_asked_for(site: Site, exported: Path, tmp_path: Path) -> None:
    result = export(exported, "--cache", tmp_path / "cache")

    assert result.exit_code == 0
    for url in site.get().bundles:
        assert (exported / url.lstrip("/")).read_bytes() == site.get(url).body


def test_each_is_listed_with_its_size_and_the_number_of_its_pages(exported: Path, tmp_path: Path) -> None:
    lines = export(exported, "--cache", tmp_path / "cache", "--list").stdout.splitlines()

    assert [line.split()[1:] for line in lines[1:3]] == [["25", "2"], ["5", "2"]]
    assert lines[3] == "2 files, 30 bytes"
    assert not (exported / "pressmark").exists()


def test_named_bundles_and_source_maps_are_written(site: Site, tmp_path: Path) -> None:
    traced = Site(site.static, css_region("a.css", marker="compress css file main"), {"source_maps": True})
    (tmp_path / "build").mkdir()
    (tmp_path / "build/page.html").write_bytes(traced.get().body)
    result = export(tmp_path / "build", "--cache", tmp_path / "cache")

    names = sorted(path.relative_to(tmp_path / "build/pressmark").as_posix() for path in _files(tmp_path / "build"))
    assert result.exit_code == 0
    assert re.fullmatch(r"css/main\.[0-9a-f]{32}\.css map/[0-9a-f]{32}\.map", " ".join(names))


@pytest.mark.parametrize(
    ("after", "is_named"),
    [
        pytest.param('"', True, id="the end of a value"),
        pytest.param("#x", True, id="a fragment"),
        pytest.param("&quot;]'", True, id="a quote in a value"),
        pytest.param('\\"', True, id="a quote in a string of a script"),
        pytest.param(", x 2x", True, id="a list"),
        pytest.param(")", True, id="a url() of a stylesheet"),
        pytest.param("", True, id="the end of the file"),
        pytest.param("-old", False, id="a longer name with a dash"),
        pytest.param("_old", False, id="a longer name with an underscore"),
        pytest.param("2", False, id="a longer ending"),
        pytest.param(".map", False, id="a second ending"),
        pytest.param("%20", False, id="a longer name with an escape"),
    ],
)
def test_a_bundles_whole_url_is_read(exported: Path, tmp_path: Path, after: str, is_named: bool) -> None:
    url = "/pressmark/css/" + "0" * 32 + ".css"
    (exported / "page.html").write_text(f'<a data-x="{url}{after}')

    assert (url.lstrip("/") in export(exported, "--cache", tmp_path / "cache", "--list").stdout) is is_named


def test_a_recipe_in_a_url_is_taken_out_where_nobody_follows_it(static: Path, site: Site, tmp_path: Path) -> None:
    site = Site(static, PAGE, {"secret": "a secret of all hosts"})
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "index.html").write_bytes(site.get().body)
    plain = Site(static, PAGE, {"cache_dir": tmp_path / "other"}).get()

    assert export(folder, "--cache", tmp_path / "cache").exit_code == 0
    assert (folder / "index.html").read_bytes() == plain.body
    assert all((folder / url.lstrip("/")).is_file() for url in plain.bundles)


def test_what_is_there_already_is_left(exported: Path, tmp_path: Path) -> None:
    for _ in range(2):
        export(exported, "--cache", tmp_path / "cache")
        times = [path.stat().st_mtime_ns for path in _files(exported)]

    assert times == [path.stat().st_mtime_ns for path in _files(exported)]


def test_another_endpoint_can_be_named(site: Site, tmp_path: Path) -> None:
    other = Site(site.static, PAGE, {"endpoint": "/assets/all/"})
    (tmp_path / "page.html").write_bytes(other.get().body)
    export(tmp_path, "--cache", tmp_path / "cache", "--endpoint", "/assets/all/")

    assert all((tmp_path / url.lstrip("/")).is_file() for url in other.get().bundles)


def test_a_bundle_that_the_cache_lacks_is_an_error(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    result = export(exported, "--cache", tmp_path / "other")

    assert result.exit_code == 1
    assert "does not hold css/" in result.stderr
    assert "missing" in result.stdout


def test_a_page_that_was_not_bundled_is_told(exported: Path, tmp_path: Path) -> None:
    (exported / "late.html").write_bytes(PAGE)

    assert "1 of the pages hold a region as it was written" in export(exported, "--cache", tmp_path / "cache").stderr


def test_pages_without_an_ending_are_read(site: Site, tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "about").write_bytes(site.get().body)
    (tmp_path / "build" / "data").write_bytes(b"\0\xff")

    assert export(tmp_path / "build", "--cache", tmp_path / "cache").exit_code == 0
    assert len(_files(tmp_path / "build")) == 2


def test_pages_that_name_nothing_below_the_endpoint_are_an_error(exported: Path, tmp_path: Path) -> None:
    result = export(exported, "--cache", tmp_path / "cache", "--endpoint", "assets")

    assert (result.exit_code, "names a file below '/assets/'" in result.stderr) == (1, True)


def test_a_folder_without_pages_is_an_error(tmp_path: Path) -> None:
    result = export(tmp_path, "--cache", tmp_path)

    assert (result.exit_code, "holds no page" in result.stderr) == (1, True)


def freeze(site: Site, tmp_path: Path, **config: object) -> None:
    """Have Frozen-Flask export a page into a folder."""
    app = Flask("frozen", static_folder=str(site.static))
    app.config |= {"PRESSMARK_CACHE_DIR": tmp_path / "frozen", "FREEZER_DESTINATION": str(tmp_path / "frozen-pages")}
    app.config |= config
    Pressmark(app)
    app.add_url_rule("/", "page", PAGE.decode)
    Freezer(app).freeze()


def test_frozen_flask_is_told_of_it(site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    freeze(site, tmp_path, PRESSMARK_BUILD_WAIT=None)

    [warning] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "run 'pressmark export FOLDER' afterwards" in warning.getMessage()
    assert "BUILD_WAIT" not in warning.getMessage()
    assert export(tmp_path / "frozen-pages", "--cache", tmp_path / "frozen").exit_code == 0
    assert len(list((tmp_path / "frozen-pages/pressmark").rglob("*.css"))) == 1


def test_frozen_flask_must_wait_for_builds(site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    freeze(site, tmp_path)

    assert "set PRESSMARK_BUILD_WAIT to None meanwhile, and run 'pressmark export FOLDER'" in caplog.text


def test_a_test_client_is_no_exporter(site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("tested", static_folder=str(site.static))
    app.config["PRESSMARK_CACHE_DIR"] = tmp_path / "tested"
    Pressmark(app)
    app.test_client().get("/")

    assert caplog.records == []


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "pressmark").rglob("*") if path.is_file())

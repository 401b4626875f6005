"""``pressmark cache`` shows what a cache holds, and cleans it."""

import os
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pressmark.cli.main import main
from tests.conftest import Write
from tests.site import Site, css_region, wait_for_background
from tests.stores.test_retention import age


@pytest.fixture
def directory(static: Path, write: Write) -> Path:
    """Return a cache with one bundle, asked for as Brotli, and a file that was never finished."""
    write("a.css", "a { color: red }\n" * 100)
    site = Site(static, css_region("a.css"))
    [url] = site.get().bundles
    site.get(url, HTTP_ACCEPT_ENCODING="br")
    cache = static.parent / "cache"
    wait_for_background(site.app)
    orphan = next(cache.rglob("*.css")).with_name("a.tmp")
    orphan.write_bytes(b"x" * 1000)
    os.utime(orphan, (time.time() - 7200,) * 2)
    return cache


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["cache", *arguments])


def rows(result: Result) -> dict[str, list[str]]:
    """Return the cells of each line by its first words."""
    lines = [line.split("  ") for line in result.stdout.splitlines() if line.strip()]
    return {line[0]: [cell.strip() for cell in line[1:] if cell.strip()] for line in lines}


def test_it_shows_what_is_there_and_when_it_was_used(directory: Path) -> None:
    table = rows(run(str(directory)))
    today = time.strftime("%Y-%m-%d", time.gmtime())

    assert table["stylesheets"][0] == "1"
    assert table["stylesheets"][2:] == [today, today]
    assert table["scripts"] == ["0", "0"]
    assert table["compressed forms"][0] == "1"
    assert table["unfinished files"] == ["1", "1,000"]
    assert int(table["on the disk, in all"][0].replace(",", "")) > 1000


def test_it_lists_each_bundle(directory: Path) -> None:
    listed = rows(run(str(directory), "--bundles"))
    [name] = [name for name in listed if name.endswith(".css")]

    assert re.fullmatch(r"[0-9a-f]{32}\.css", name)
    assert listed[name][1] == time.strftime("%Y-%m-%d", time.gmtime())


def test_it_cleans_what_is_not_used_any_more(directory: Path) -> None:
    kept = run(str(directory), "--clean")
    assert "Removed 0 entries and 1 unfinished files." in kept.stderr
    assert rows(kept)["stylesheets"][0] == "1"

    age(directory, 12)
    gone = run(str(directory), "--clean", "--days", "10")
    assert rows(gone)["stylesheets"][0] == "0"


@pytest.mark.parametrize("days", ["-1", "x"])
def test_a_number_of_days_is_one(directory: Path, days: str) -> None:
    assert run(str(directory), "--days", days).exit_code == 2


def test_a_directory_without_a_cache_is_told(tmp_path: Path) -> None:
    result = run(str(tmp_path))

    assert result.exit_code == 1
    assert "holds no cache" in result.stderr


def test_a_site_goes_on_while_its_cache_is_cleaned(static: Path, directory: Path) -> None:
    site = Site(static, css_region("a.css"), {"refresh": 0})
    [url] = site.get().bundles
    age(directory, 30)
    assert rows(run(str(directory), "--clean", "--days", "0"))["stylesheets"][0] == "0"

    assert site.get(url).status == 200
    assert site.get().bundles == [url]

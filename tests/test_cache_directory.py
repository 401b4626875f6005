"""A site that names no cache directory gets one that it can write, and all its processes get the same."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pressmark.cache_directory import default_cache_directory
from pressmark.settings import Settings
from tests.sources import python_path


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the folder of a site."""
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def locked(site: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list of folders that nobody may write; the site's own is the first. The tests may run as root."""
    folders = [site]
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) not in folders and real(path, mode))
    return folders


def test_it_lies_in_the_working_directory(site: Path) -> None:
    assert default_cache_directory({}) == str(site / ".pressmark_cache")
    assert Settings().cache_dir == str(site / ".pressmark_cache")


def test_that_of_a_service_comes_first(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    environment = {"CACHE_DIRECTORY": f"{tmp_path / 'service'}:/other"}

    assert default_cache_directory(environment) == str(tmp_path / "service" / "pressmark")


@pytest.mark.parametrize("given", ["", "relative", "\0"])
def test_one_of_a_service_that_is_none_counts_for_nothing(site: Path, given: str) -> None:
    assert default_cache_directory({"CACHE_DIRECTORY": given}) == str(site / ".pressmark_cache")


@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "HOME"])
def test_the_user_s_cache_takes_the_place_of_one_that_cannot_be_written(
    tmp_path: Path, locked: list[Path], name: str
) -> None:
    caches = tmp_path if name == "XDG_CACHE_HOME" else tmp_path / ".cache"
    found = Path(default_cache_directory({name: str(tmp_path)}))

    assert found.parent == caches / "pressmark"
    assert not found.exists()


def test_one_that_others_can_write_is_left_to_them(tmp_path: Path, site: Path) -> None:
    (site / ".pressmark_cache").mkdir()
    assert default_cache_directory({"HOME": str(tmp_path)}) == str(site / ".pressmark_cache")
    (site / ".pressmark_cache").chmod(0o777)

    assert default_cache_directory({"HOME": str(tmp_path)}).startswith(str(tmp_path / ".cache"))


def test_sites_of_one_user_have_different_ones(
    tmp_path: Path, locked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = default_cache_directory({"HOME": str(tmp_path)})
    (tmp_path / "other").mkdir()
    locked.append(tmp_path / "other")
    monkeypatch.chdir(tmp_path / "other")

    assert default_cache_directory({"HOME": str(tmp_path)}) != first


@pytest.mark.parametrize("home", [None, "", "relative", "/proc/nowhere"])
def test_without_a_home_it_lies_in_the_temporary_directory(
    locked: list[Path], monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    locked.append(Path("/proc"))
    found = default_cache_directory({"HOME": home} if home is not None else {})

    assert found.startswith(os.path.join(tempfile.gettempdir(), f"pressmark-{os.getuid()}-"))


def test_if_nothing_can_be_written_it_is_told_of_the_usual_one(
    site: Path, locked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    locked.append(Path(tempfile.gettempdir()))

    assert default_cache_directory({}) == str(site / ".pressmark_cache")


def test_two_processes_find_the_same(site: Path) -> None:
    code = "from pressmark.settings import Settings; print(Settings().cache_dir)"
    environment = {"PYTHONPATH": python_path(), "HOME": "/nowhere"}
    found = {
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }

    assert found == {f"{site / '.pressmark_cache'}\n"}


def test_without_any_temporary_directory_there_is_still_one_to_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose file system can only be read."""

    def fail() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", fail)
    monkeypatch.setattr("pressmark.cache_directory._is_writable", lambda path: False)

    assert default_cache_directory({}) == os.path.abspath(".pressmark_cache")

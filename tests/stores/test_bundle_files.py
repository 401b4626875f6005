"""A bundle lies at one place, however many pages name it, and a bad copy of it never lasts."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from pressmark.model import Bundle
from pressmark.stores.bundle_files import BundleFiles
from pressmark.stores.disk import DiskStore

CONTENT = b"a { color: red }"
BUNDLE = Bundle(sha256(CONTENT).hexdigest()[:32], "css", CONTENT)
ONE, TWO = ("/",), ("/", "/other/")
named_by = pytest.mark.parametrize("paths", [ONE, TWO], ids=["one page", "two pages"])
needs_modes = pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes: there no bundle is of one page")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def store_in(directory: Path) -> DiskStore:
    """Return a store as another process would have it."""
    return DiskStore(str(directory), 2**30)


def name_by(store: DiskStore, paths: tuple[str, ...]) -> None:
    store.put(BUNDLE)
    for path in paths:
        store.use("css", BUNDLE.name, path)


def marks(directory: Path) -> list[bool]:
    """Tell of each bundle whether one page alone has named it, as far as is known."""
    return [each.is_of_one_page for each in BundleFiles(str(directory / "bundles")).list()]


@named_by
def test_a_damaged_bundle_is_replaced_for_all_processes(directory: Path, paths: tuple[str, ...]) -> None:
    name_by(store_in(directory), paths)
    before = marks(directory)
    for path in directory.rglob("*.css"):
        path.write_bytes(b"A" + CONTENT[1:])
    store_in(directory).put(BUNDLE)

    assert store_in(directory).get("css", BUNDLE.name) == CONTENT
    assert marks(directory) == before


@named_by
def test_a_bundle_lies_where_older_caches_have_it(directory: Path, paths: tuple[str, ...]) -> None:
    name_by(store_in(directory), paths)

    assert [*directory.rglob("*.css")] == [directory / "bundles" / "css" / BUNDLE.name[:2] / f"{BUNDLE.name}.css"]


@needs_modes
def test_the_second_page_takes_the_mark_of_one_page(directory: Path) -> None:
    store = store_in(directory)
    name_by(store, ONE)
    assert marks(directory) == [True]

    store.use("css", BUNDLE.name, "/other/")
    assert marks(directory) == [False]


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_bundle_of_an_older_cache_counts_as_named_by_several(directory: Path, mode: int) -> None:
    name_by(store_in(directory), ONE)
    [path] = directory.rglob("*.css")
    path.chmod(mode)

    assert marks(directory) == [False]


@needs_modes
def test_a_bundle_that_was_lost_and_built_again_can_be_settled_again(directory: Path) -> None:
    store = store_in(directory)
    name_by(store, TWO)
    for path in directory.rglob("*.css"):
        path.unlink()
    name_by(store, ONE)
    assert marks(directory) == [True]

    name_by(store, TWO)
    assert marks(directory) == [False]


def test_a_file_that_is_finished_while_all_are_listed_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "css" / "ab"
    folder.mkdir(parents=True)
    for name in ("a", "b"):
        (folder / f"{name}.tmp").touch()
    found = BundleFiles(str(tmp_path)).list_unfinished()
    first = next(found)
    for path in folder.iterdir():
        path.unlink()

    assert [first, *found] == [first]

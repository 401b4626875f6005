"""A full cache makes room from what a stranger may have filled it with, and no page names what was removed."""

import os
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from pressmark.errors import StoreFullError
from pressmark.model import Bundle
from pressmark.stores.disk import DiskStore
from pressmark.stores.layered import LayeredStore
from pressmark.stores.memory import MemoryStore
from tests.conftest import Write
from tests.site import Site, css_region

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes: there no bundle is of one page")


def bundle(content: bytes) -> Bundle:
    return Bundle(sha256(content).hexdigest()[:32], "css", content)


LARGE = bundle(b"a{}" * 50_000)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def is_kept(directory: Path, *bundles: Bundle) -> list[bool]:
    """Tell which bundles another process finds."""
    store = DiskStore(str(directory), 2**30)
    return [store.get("css", each.name) is not None for each in bundles]


def name_twice(store: DiskStore, bundle: Bundle) -> None:
    for path in ("/", "/other/"):
        store.use(bundle.kind, bundle.name, path)


def flood(count: int) -> Iterator[Bundle]:
    """Yield so many bundles that no other page will name."""
    for number in range(count):
        yield bundle(b"%d{}" % number * 10_000)


def test_what_only_one_page_has_named_goes_first_when_room_is_needed(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = DiskStore(str(directory), 1_000_000)
    store.put(LARGE)
    name_twice(store, LARGE)
    strange = list(flood(20))
    for number, each in enumerate(strange):
        store.put(each)
        store.use("css", each.name, "/strange/")
        [path] = directory.rglob(f"{each.name}.css")
        os.utime(path, (number, number))
    store.put(bundle(b"new{}" * 60_000))

    assert is_kept(directory, LARGE) == [True]
    kept = is_kept(directory, *strange)
    assert kept == sorted(kept, reverse=True)  # those used last have gone: a flood is newer than a site
    assert 0 < kept.count(True) < len(kept)
    assert "was full" in caplog.text


def test_a_bundle_too_large_for_the_cache_makes_no_room(directory: Path) -> None:
    store = DiskStore(str(directory), 250_000)
    store.put(LARGE)
    before = store.generation()

    with pytest.raises(StoreFullError):
        store.put(bundle(b"b{}" * 500_000))
    assert is_kept(directory, LARGE) == [True]
    assert store.generation() == before


def test_who_has_named_a_removed_bundle_is_told(directory: Path) -> None:
    first, second = DiskStore(str(directory), 400_000), DiskStore(str(directory), 400_000)
    for each in flood(10):
        first.put(each)
    before = second.generation()
    first.put(LARGE)

    assert second.generation() != before


def test_what_memory_alone_has_is_shared_again_before_a_page_names_it(directory: Path) -> None:
    disk = DiskStore(str(directory), 2**30)
    store = LayeredStore(MemoryStore(), disk)
    store.put(bundle(b"first"))
    store.generation()
    store.put(LARGE)
    for path in directory.rglob("*.css"):
        path.unlink()
    os.utime(directory / ".gitignore")
    store.generation()
    store.use("css", LARGE.name, "/")

    assert is_kept(directory, LARGE) == [True]


@pytest.mark.parametrize("is_newest", [False, True], ids=["a page of before", "a page of last"])
def test_all_workers_serve_a_page_and_its_bundles_after_a_flood(static: Path, write: Write, is_newest: bool) -> None:
    """The page has the only path that names its bundle, and so has each page of the flood."""
    write("a.css", "a { color: red }\n" * 20_000)
    options = {"cache_size": 3_000_000, "refresh": 0, "minify": False}
    workers = [Site(static, css_region("a.css"), options) for _ in range(2)]
    assert [len(worker.get("/checkout/").bundles) for worker in workers] == [1, 1]
    strange, generations = Site(static, b"", options), {generation_of(static)}
    for number in range(12):
        write(f"{number}.css", f"b {{ top: {number}px }}\n" * 20_000)
        strange.page = css_region(f"{number}.css")
        for url in strange.get(f"/strange/{number}/").bundles:
            age(static, url, number if is_newest else time.time() + number)
        generations.add(generation_of(static))

        urls = {url for worker in workers for url in worker.get("/checkout/").bundles}
        assert len(urls) == 1
        for url in urls:
            assert [each.get(url).status for each in (*workers, Site(static, b"", options))] == [200] * 3
    assert len(generations) > 1


def age(static: Path, url: str, used_at: float) -> None:
    [path] = (static.parent / "cache" / "bundles").rglob(f"*{url[-36:]}")
    os.utime(path, (used_at, used_at))


def generation_of(static: Path) -> object:
    return DiskStore(str(static.parent / "cache"), 2**30).generation()

"""A warm page, and what makes it cold again."""

import logging
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Write
from tests.site import Site, css_region, js_region

NAMES = [f"{number}.css" for number in range(12)]


@pytest.fixture
def site(static: Path, write: Write) -> Site:
    for name in NAMES:
        write(name, f".a{name[:-4]} {{ color: red }}")
    return Site(static, b"<!doctype html><title>x</title>" + css_region(*NAMES), {"refresh": 0})


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Return a list that grows by every file that this process opens."""
    seen: list[str] = []
    watching = [True]

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if watching and event in ("open", "sqlite3.connect", "fcntl.flock", "subprocess.Popen"):
            seen.append(f"{event} {args[0]}")

    sys.addaudithook(hook)
    yield seen
    watching.clear()


def locks_below(root: object) -> list[Any]:
    """Return every lock that can be reached from *root* through Pressmark's own objects."""
    found, seen, queue = [], set[int](), [root]
    while queue:
        thing = queue.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, type(threading.Lock())):
            found.append(thing)
        elif isinstance(thing, list | tuple | set):
            queue += thing
        elif isinstance(thing, dict):
            queue += thing.values()
        elif type(thing).__module__.startswith("pressmark"):
            queue += vars(thing).values() if hasattr(thing, "__dict__") else ()
            queue += [getattr(thing, name) for name in getattr(thing, "__slots__", ())]
    return found


def test_the_second_request_for_twelve_files_opens_no_file(static: Path, site: Site, opened: list[str]) -> None:
    site = Site(static, site.page, {"refresh": 60})
    first = site.get()
    opened.clear()

    second = site.get()

    assert second.body == first.body
    assert len(second.bundles) == 1
    assert opened == []


def test_the_second_request_builds_nothing(static: Path, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pressmark")

    urls = [site.get().bundles[0] for _ in range(3)]

    assert len([r for r in caplog.records if r.getMessage().split()[1] in urls[0]]) == 1


def test_the_second_request_takes_no_lock(static: Path, site: Site) -> None:
    site = Site(static, site.page, {"refresh": 60})
    first = site.get()
    locks = locks_below(site.app)
    bodies: list[bytes] = []
    thread = threading.Thread(target=lambda: bodies.append(site.get().body), daemon=True)
    for lock in locks:
        lock.acquire()

    thread.start()
    thread.join(timeout=10)
    for lock in locks:
        lock.release()

    assert len(locks) >= 4
    assert bodies == [first.body]


def test_a_changed_source_shows_under_a_new_url(site: Site, write: Write) -> None:
    before = site.get().bundles
    write("3.css", ".a3 { color: blue }")

    after = site.get().bundles

    assert after != before
    assert "blue" in site.get(after[0]).body.decode()
    assert site.get(before[0]).status == 200


def test_a_change_that_keeps_size_and_modification_time_shows_too(site: Site, static: Path) -> None:
    before = site.get().bundles
    status = (static / "3.css").stat()
    (static / "3.css").write_text(".a3 { color: tan }")
    os.utime(static / "3.css", ns=(status.st_atime_ns, status.st_mtime_ns))

    assert site.get().bundles != before


def test_a_touched_source_changes_no_url(site: Site, static: Path) -> None:
    before = site.get().bundles
    os.utime(static / "3.css")

    assert site.get().bundles == before


def test_sources_count_as_unchanged_for_as_long_as_refresh_says(static: Path, site: Site, write: Write) -> None:
    site = Site(static, site.page, {"refresh": 3600})
    before = site.get().bundles
    write("3.css", ".a3 { color: blue }")

    assert site.get().bundles == before


@pytest.mark.parametrize(("seconds", "is_seen"), [(0.9, False), (1.1, True)])
def test_a_change_shows_after_a_second_unless_told_otherwise(
    static: Path, site: Site, write: Write, seconds: float, is_seen: bool
) -> None:
    now = [0.0]
    site = Site(static, site.page)
    site.app._core.pipeline._freshness.now = lambda: now[0]
    before = site.get().bundles
    write("3.css", ".a3 { color: blue }")
    now[0] += seconds

    assert (site.get().bundles != before) is is_seen


def test_a_source_that_never_is_looked_at_again_stays(static: Path, site: Site, write: Write) -> None:
    site = Site(static, site.page, {"refresh": None})
    before = site.get().bundles
    write("3.css", ".a3 { color: blue }")

    assert site.get().bundles == before


def test_an_imported_file_counts_as_a_source(static: Path, write: Write) -> None:
    write("inner.css", "a { color: red }")
    write("outer.css", '@import "inner.css";')
    site = Site(static, css_region("outer.css"), {"refresh": 0})
    before = site.get().bundles
    write("inner.css", "a { color: blue }")

    after = site.get().bundles

    assert after != before
    assert site.get(after[0]).body == b"a{color:blue}"


def test_a_file_that_comes_to_lie_in_an_earlier_directory_takes_over(static: Path, write: Write) -> None:
    early = static.parent / "early"
    early.mkdir()
    write("a.css", "a { color: red }")
    site = Site(static, css_region("a.css"), {"refresh": 0, "static": {"/static/": [str(early), str(static)]}})
    site.get()
    (early / "a.css").write_text("a { color: blue }")

    assert "blue" in site.bundle()


def test_a_deleted_cache_directory_costs_a_rebuild_and_nothing_else(
    site: Site, static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = site.get()
    shutil.rmtree(static.parent / "cache")

    after = site.get()

    assert after.body == before.body
    assert site.get(after.bundles[0]).status == 200
    assert (static.parent / "cache" / "cache.db").exists()
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_a_process_that_knows_a_region_builds_its_lost_bundle_again(site: Site) -> None:
    url = site.get().bundles[0]
    content = site.get(url).body
    site.lose_bundles()

    assert site.get(url).body == content


def test_a_deleted_source_leaves_its_region_as_written_with_one_warning(
    site: Site, static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.get()
    (static / "3.css").unlink()

    bodies = {site.get().body for _ in range(5)}

    assert bodies == {site.page}
    assert [r.levelname for r in caplog.records if r.name == "pressmark"] == ["WARNING"]
    assert "'/static/3.css' is missing: no such file in" in caplog.text


def test_a_source_that_comes_back_is_bundled_again(site: Site, static: Path, write: Write) -> None:
    before = site.get().body
    (static / "3.css").rename(static / "3.bak")
    site.get()
    (static / "3.bak").rename(static / "3.css")

    assert site.get().body == before


def test_a_second_process_of_the_same_cache_builds_nothing(
    static: Path, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    first = site.get()
    caplog.set_level(logging.INFO, "pressmark")

    second = Site(static, site.page)

    assert second.get().body == first.body
    assert second.get(first.bundles[0]).status == 200
    assert caplog.records == []


def test_a_bundle_that_was_tampered_with_is_not_served(static: Path, site: Site) -> None:
    url = site.get().bundles[0]
    (kept,) = (static.parent / "cache").rglob("*.css")
    kept.write_bytes(b"body{display:none}")
    other = Site(static, site.page)

    assert other.get(url).status == 404


def test_regions_of_both_kinds_are_bundled_on_one_page(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }")
    write("a.js", "var a = 1;")
    site = Site(static, css_region("a.css") + b"<p>" + js_region("a.js"))

    assert [url.split("/")[2] for url in site.get().bundles] == ["css", "js"]

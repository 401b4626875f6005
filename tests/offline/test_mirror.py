"""Servers whose manifest lies in a bucket go from release to release with its pointer, and need nothing else."""

import threading
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pressmark import SettingsError
from pressmark.adapters import Settings, check_plugins
from pressmark.offline import mirror
from pressmark.offline.destinations import find_destination
from pressmark.offline.object_destination import ObjectDestination
from pressmark.offline.releases import Releases
from tests.offline.three_releases import PAGE, Sources, put
from tests.site import Answer, Site
from tests.stores.engines import Engine

pytestmark = pytest.mark.server


@pytest.fixture
def there(bucket: Engine, tmp_path: Path) -> str:
    """Return the URL of an empty folder of the bucket."""
    return bucket.url.replace("/site?", f"/{tmp_path.name}?")


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "LOOK_S", 0.05)


def server(there: str, folder: Path, **options: Any) -> Site:
    """Return a server without static files, which has nothing but *folder*."""
    manifest = there.replace("?", "/pressmark/manifest.json?")
    settings: dict[str, Any] = {"manifest": manifest, "on_missing": "error", "refresh": 0, "source_maps": True}
    settings["cache_dir"] = folder / "cache"
    return Site(folder / "none", PAGE.encode(), settings | options)


def are_served(site: Site, bundles: list[str]) -> list[bool]:
    answers = [(url, site.get(url)) for url in bundles]
    return [answer.status == 200 and sha256(answer.body).hexdigest()[:32] in url for url, answer in answers]


def test_a_server_names_and_serves_what_was_deployed(there: str, tmp_path: Path, built: dict[str, Sources]) -> None:
    put(find_destination(there), built["one"])
    site = server(there, tmp_path)
    bundles = site.get().bundles

    assert len(bundles) == 2
    assert are_served(site, bundles) == [True, True]
    assert all((built["one"][1][0] / url.removeprefix("/pressmark/")).is_file() for url in bundles)


def test_servers_follow_deployments_and_rollbacks_under_load_without_an_error(
    there: str, tmp_path: Path, built: dict[str, Sources]
) -> None:
    destination = find_destination(there)
    put(destination, built["one"], "one")
    servers = [server(there, tmp_path / str(number)) for number in range(2)]
    faults: list[object] = []
    seen: list[tuple[str, ...]] = []
    is_over = threading.Event()

    def visit(number: int) -> None:
        while not is_over.is_set():
            answer = servers[number % 2].get()
            seen.append(tuple(answer.bundles))
            if len(answer.bundles) != 2 or not all(are_served(servers[(number + 1) % 2], answer.bundles)):
                faults.append(answer)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for name in ("two", "three"):
        put(destination, built[name], name)
        is_over.wait(1)
    for name in ("one", "three", "one"):
        Releases(destination).roll_back_to(name)
        is_over.wait(1)
    is_over.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len({url for bundles in seen for url in bundles}) == 6
    assert seen[-1] == seen[0]


@pytest.mark.parametrize("on_missing", ["error", "keep"])
def test_all_first_pages_of_a_server_wait_for_the_manifest(
    there: str, tmp_path: Path, built: dict[str, Sources], monkeypatch: pytest.MonkeyPatch, on_missing: str
) -> None:
    put(find_destination(there), built["one"])
    read = ObjectDestination.read

    def slow_read(self: ObjectDestination, path: str) -> bytes | None:
        time.sleep(0.2)
        return read(self, path)

    monkeypatch.setattr(ObjectDestination, "read", slow_read)
    site = server(there, tmp_path, on_missing=on_missing)
    pages: list[Answer] = []
    threads = [threading.Thread(target=lambda: pages.append(site.get())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(page.bundles) for page in pages] == [2] * 6


def test_a_bundle_comes_from_the_bucket_while_the_store_of_the_hosts_is_down(
    there: str, tmp_path: Path, built: dict[str, Sources]
) -> None:
    put(find_destination(there), built["one"])
    site = server(there, tmp_path, store="redis://127.0.0.1:1/0")
    bundles = server(there, tmp_path / "other").get().bundles
    site.get()  # reads the manifest

    assert are_served(site, bundles) == [True, True]


def test_a_bucket_that_is_down_is_left_alone(
    there: str, tmp_path: Path, built: dict[str, Sources], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(find_destination(there), built["one"])
    site = server(there, tmp_path)
    site.get()
    calls: list[str] = []

    def fail(self: ObjectDestination, path: str) -> bytes | None:
        calls.append(path)
        raise OSError("it is down")

    monkeypatch.setattr(ObjectDestination, "read", fail)
    for number in range(50):
        site.get(f"/pressmark/css/{number:032x}.css")

    assert len(calls) <= 3


def test_a_new_server_needs_no_manifest_that_was_pruned(there: str, tmp_path: Path, built: dict[str, Sources]) -> None:
    destination = find_destination(there)
    for name in ("one", "two"):
        put(destination, built[name], name)
    pointer = Releases(destination).pointer("pressmark/manifest.json")
    destination.remove([f"pressmark/{pointer.manifests[1]}"])
    site = server(there, tmp_path)

    assert are_served(site, site.get().bundles) == [True, True]


def test_a_server_starts_while_the_bucket_is_down_with_what_it_read_before(
    there: str, tmp_path: Path, built: dict[str, Sources], bucket: Engine
) -> None:
    put(find_destination(there), built["one"])
    site = server(there, tmp_path)
    before = site.get()
    assert are_served(site, before.bundles) == [True, True]
    nowhere = there.replace("endpoint=http://127.0.0.1:", "endpoint=http://127.0.0.1:1&was=")
    folder = mirror.folder_for(there.replace("?", "/pressmark/manifest.json?"), str(tmp_path / "cache"))
    folder.rename(mirror.folder_for(nowhere.replace("?", "/pressmark/manifest.json?"), str(tmp_path / "cache")))
    restarted = server(nowhere, tmp_path)

    assert restarted.get().body == before.body
    assert are_served(restarted, before.bundles) == [True, True]


def test_without_the_bucket_and_without_a_copy_regions_stay_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = server("s3://bucket/site?endpoint=http://127.0.0.1:1&region=x&access_key_id=x&secret_access_key=y", tmp_path,
                  on_missing="keep")  # fmt: skip

    assert site.get().body == PAGE.encode()
    told = "no newer manifest is read; what was read before is used: "
    assert any(told in record.getMessage() for record in caplog.records)


def test_a_bundle_that_is_not_what_its_name_says_is_not_served(
    there: str, tmp_path: Path, built: dict[str, Sources]
) -> None:
    destination = find_destination(there)
    put(destination, built["one"])
    (name,) = [path for path in destination.listed() if path.startswith("pressmark/css/") and path.endswith(".css")]
    destination.write(name, b"evil {}", {})
    site = server(there, tmp_path, on_missing="keep")

    assert b"/pressmark/css/" not in site.get().body
    assert site.get(f"/{name}").status == 404


def test_bundles_that_no_manifest_names_are_hardly_asked_for(
    there: str, tmp_path: Path, built: dict[str, Sources], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(find_destination(there), built["one"])
    site = server(there, tmp_path)
    bundles = site.get().bundles
    monkeypatch.setattr(mirror, "LOOK_S", 3600)
    monkeypatch.setattr(mirror, "MISSED_S", 3600)
    asked: list[str] = []
    read = ObjectDestination.read

    def note(self: ObjectDestination, path: str) -> bytes | None:
        asked.append(path)
        return read(self, path)

    monkeypatch.setattr(ObjectDestination, "read", note)

    assert [site.get(f"/pressmark/css/{number:032x}.css").status for number in range(99)] == [404] * 99
    assert len([path for path in asked if path.startswith("css/0000")]) == mirror.MOST_MISSED
    assert are_served(site, bundles) == [True, True]


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ("s3://bucket/site/", "its path must end in a name such as /manifest.json"),
        ("ftp://host/manifest.json", "there is no destination of the scheme 'ftp'"),
    ],
)
def test_what_is_no_url_of_a_manifest_is_told_at_start(manifest: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        check_plugins(Settings(manifest=manifest))

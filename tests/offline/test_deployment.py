"""Releases at a directory and at a real object store: only what is missing is sent, and no step breaks an older one."""

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
import pytest

from demo.shared import STATIC
from pressmark.errors import DeploymentError
from pressmark.offline.destinations import Destination, Directory, Stored, find_destination
from pressmark.offline.packing import FOR_A_WHILE, FOR_EVER, Parcel, pack
from pressmark.offline.pruning import plan_pruning, prune
from pressmark.offline.releases import FOLDER, LOCK, Releases
from tests.offline.machines import Machine
from tests.offline.three_releases import PAGE, put
from tests.site import Site
from tests.stores.engines import BUCKET, KEY, SECRET, Engine

pytestmark = pytest.mark.server

POINTER = "pressmark/manifest.json"
INTERRUPTIONS = 50


@pytest.fixture(params=["directory", "bucket"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the path or URL of an empty destination."""
    if request.param == "directory":
        return str(tmp_path / "there")
    engine: Engine = request.getfixturevalue("bucket")
    return engine.url.replace("/site?", f"/{tmp_path.name}?")


def lost(destination: Destination, parcel: Parcel) -> list[str]:
    """Return the files of *parcel* that the destination has not, or has with another content."""
    return [file.path for file in parcel.files if destination.read(file.path) != file.source.read_bytes()]


def test_all_files_are_there_and_the_second_time_none_is_sent(where: str, built: Any) -> None:
    destination, parcel = find_destination(where), pack(built["one"])
    first, again = put(destination, parcel), put(destination, parcel, "r2")

    assert first.sent == len(parcel.files) > 15
    assert lost(destination, parcel) == []
    assert (again.sent, again.is_new, again.release.name) == (0, False, "r1")
    assert [release.name for release in Releases(destination).all()] == ["r1"]


def test_a_release_sends_only_what_others_lack(where: str, built: Any) -> None:
    destination, one, two = find_destination(where), pack(built["one"]), pack(built["two"])
    put(destination, one)
    deployed = put(destination, two, "r2")
    contents = {file.path: file.source.read_bytes() for file in one.files}
    new = [file.path for file in two.files if contents.get(file.path) != file.source.read_bytes()]

    assert deployed.sent == len(new)
    assert deployed.replaced == ("shop.css", "site.js")
    assert lost(destination, two) == []
    assert [path for path in lost(destination, one) if path not in deployed.replaced] == []
    assert Releases(destination).pointer(POINTER).manifests == (two.manifests[0], one.manifests[0])


def test_a_new_place_gets_the_bundles_of_earlier_builds_too(where: str, built: Any) -> None:
    """A folder of builds holds all of them; pages of the older ones may be in caches."""
    destination, two = find_destination(where), pack(built["two"])
    put(destination, two, "r2")
    three = pack(built["three"])
    put(destination, three, "r3")

    assert {file.path for file in two.earlier_files} >= {f"pressmark/{pack(built['one']).manifests[0]}"}
    assert lost(destination, replace(two, files=two.earlier_files)) == []
    assert {file.path for file in three.earlier_files} > {file.path for file in two.earlier_files}
    pointer = Releases(destination).pointer(POINTER)
    assert set(pointer.manifests) == {pack(built[name]).manifests[0] for name in built}
    assert put(destination, three, "r4").is_new is False


def test_a_file_that_is_lost_or_damaged_there_is_sent_again(where: str, built: Any) -> None:
    destination, parcel = find_destination(where), pack(built["one"])
    put(destination, parcel)
    destination.remove(["images/1.png"])
    destination.write("images/2.png", b"other", {})
    deployed = put(destination, parcel)

    assert (deployed.sent, deployed.is_new) == (2, False)
    assert lost(destination, parcel) == []


class Interrupted:
    """A *destination* at which the write of that *number* is the last one; in every second case it still arrives."""

    def __init__(self, destination: Destination, number: int) -> None:
        self._destination, self._number, self.name = destination, number, destination.name
        self.waits_natively = destination.waits_natively
        self._lock, self._writes = threading.Lock(), 0

    def listed(self, folder: str = "") -> dict[str, Stored]:
        return self._destination.listed(folder)

    def read(self, path: str) -> bytes | None:
        return self._destination.read(path)

    def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
        with self._lock:
            self._writes += 1
            if self._writes > self._number or (self._writes == self._number and self._number % 2):
                raise ConnectionError("the machine was switched off")
            tag = self._destination.write(path, content, headers)
            if self._writes == self._number:
                raise ConnectionError("the machine was switched off")
            return tag

    def create(self, path: str, content: bytes) -> bool:
        return self._destination.create(path, content)

    def remove(self, paths: Sequence[str]) -> None:
        self._destination.remove(paths)


def test_whatever_is_interrupted_leaves_the_release_before_whole_and_is_completed(where: str, built: Any) -> None:
    """Fifty deployments are interrupted at random writes, and done again."""
    one, two = pack(built["one"]), pack(built["two"])
    chance = random.Random(5)
    for number in range(INTERRUPTIONS):
        destination = find_destination(where.replace("?", f"/{number}?") if "?" in where else f"{where}/{number}")
        put(destination, one)
        with pytest.raises(ConnectionError):
            put(Interrupted(destination, chance.randint(1, 12)), two, "r2")
        pointer = Releases(destination).pointer(POINTER)

        assert pointer.release in ("r1", "r2")
        whole = one if pointer.release == "r1" else two
        kept_names = {"shop.css", "site.js"} if whole is one else set[str]()
        assert set(lost(destination, whole)) <= kept_names
        if lost(destination, whole):  # they change last
            assert set(lost(destination, two)) <= kept_names
        assert pointer.manifests[0] == whole.manifests[0]

        deployed = put(destination, two, "r3")
        assert deployed.release.name in ("r2", "r3")
        assert lost(destination, two) == []
        assert Releases(destination).pointer(POINTER).manifests[0] == two.manifests[0]


def test_a_rollback_writes_the_pointer_alone(where: str, built: Any) -> None:
    destination = find_destination(where)
    for name in ("one", "two"):
        put(destination, built[name], name)
    before = destination.listed()
    Releases(destination).roll_back_to("one")
    after = destination.listed()

    assert {path for path in after if after[path] != before.get(path)} == {POINTER}
    assert after.keys() == before.keys()
    pointer = Releases(destination).pointer(POINTER)
    assert (pointer.release, pointer.manifests[0]) == ("one", pack(built["one"]).manifests[0])


def test_a_release_that_is_unknown_or_has_lost_files_is_not_rolled_back_to(where: str, built: Any) -> None:
    destination = find_destination(where)
    for name in ("one", "two"):
        put(destination, built[name], name)
    destination.remove(["images/1.png"])

    with pytest.raises(DeploymentError, match="has no release 'three'; there are two, one"):
        Releases(destination).roll_back_to("three")
    with pytest.raises(DeploymentError, match=r"lacks 1 of its files, such as images/1\.png"):
        Releases(destination).roll_back_to("one")


def test_servers_go_from_release_to_release_under_load_without_an_error(tmp_path: Path, built: Any) -> None:
    """Two servers name and serve bundles from the directory, while releases come and are taken back."""
    there = tmp_path / "there"
    destination = Directory(there)
    put(destination, built["one"], "one")
    options = {"manifest": there / POINTER, "on_missing": "error", "refresh": 0.01, "source_maps": True}
    servers = [
        Site(tmp_path / f"none{number}", PAGE.encode(), {**options, "cache_dir": tmp_path / f"cache{number}"})
        for number in range(2)
    ]
    faults: list[object] = []
    seen: set[str] = set()
    is_over = threading.Event()

    def visit(number: int) -> None:
        while not is_over.is_set():
            answer = servers[number % 2].get()
            if answer.status != 200 or len(answer.bundles) != 2:
                faults.append(answer)
            for url in answer.bundles:
                seen.add(url)
                reply = servers[(number + 1) % 2].get(url)
                if reply.status != 200 or sha256(reply.body).hexdigest()[:32] not in url:
                    faults.append(reply)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for name in ("two", "three"):
        put(destination, built[name], name)
        is_over.wait(0.5)
    for name in ("one", "three", "two", "one"):
        Releases(destination).roll_back_to(name)
        is_over.wait(0.5)
    is_over.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(seen) == 6
    assert servers[0].get().bundles == servers[1].get().bundles


@pytest.fixture
def three(where: str, built: Any, monkeypatch: pytest.MonkeyPatch) -> Destination:
    """Return a destination with three releases, which were deployed 100, 50 and 0 days ago."""
    destination = find_destination(where)
    for name, days in (("one", 100), ("two", 50), ("three", 0)):
        moved(monkeypatch, days)
        put(destination, built[name], name)
    return destination


def moved(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Have it *days* ago."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) - timedelta(days=days)

    for module in ("deployment", "releases"):
        monkeypatch.setattr(f"pressmark.offline.{module}.datetime", Clock)


def names(destination: Destination) -> list[str]:
    return [release.name for release in Releases(destination).all()]


def test_what_no_kept_release_has_is_removed_and_nothing_else(three: Destination, built: Any) -> None:
    three.write("of/another.txt", b"mine", {})
    planned = plan_pruning(three, 1, 0)
    prune(three, planned, lambda count: None)

    assert names(three) == ["three"]
    assert lost(three, pack(built["three"])) == []
    assert Releases(three).pointer(POINTER).manifests == (pack(built["three"]).manifests[0],)
    kept = {*(file.path for file in pack(built["three"]).files), POINTER, f"{FOLDER}three.json", "of/another.txt"}
    assert three.listed().keys() == kept


@pytest.mark.parametrize(
    ("keep", "days", "expected"),
    [(3, 0, ["three", "two", "one"]), (2, 30, ["three", "two"]), (1, 49, ["three", "two"]),
     (1, 60, ["three", "two", "one"])],
)  # fmt: skip
def test_a_release_stays_while_it_is_new_enough_or_pages_of_it_may_be_about(
    three: Destination, keep: int, days: float, expected: list[str]
) -> None:
    """Release one was current until 50 days ago, and two until just now."""
    prune(three, plan_pruning(three, keep, days), lambda count: None)

    assert names(three) == expected


def test_the_current_release_stays_however_old_it_is(three: Destination, built: Any) -> None:
    Releases(three).roll_back_to("one")
    prune(three, plan_pruning(three, 1, 0), lambda count: None)

    assert names(three) == ["three", "one"]
    assert [path for path in lost(three, pack(built["one"])) if path not in ("shop.css", "site.js")] == []


def test_a_release_that_comes_meanwhile_keeps_its_files(three: Destination, built: Any) -> None:
    planned = plan_pruning(three, 1, 0)
    put(three, built["one"], "one again")
    prune(three, planned, lambda count: None)

    assert names(three) == ["one again", "three"]
    assert lost(three, pack(built["one"])) == []


def test_a_release_that_becomes_current_meanwhile_is_not_removed(three: Destination, built: Any) -> None:
    planned = plan_pruning(three, 1, 0)
    Releases(three).roll_back_to("two")

    with pytest.raises(DeploymentError, match="the release two has become the current one meanwhile"):
        prune(three, planned, lambda count: None)
    assert [path for path in lost(three, pack(built["two"])) if path not in ("shop.css", "site.js")] == []


def test_the_record_of_a_release_that_is_current_again_stays(three: Destination, built: Any) -> None:
    """Even if it has no file of its own that could still be removed."""
    planned = replace(plan_pruning(three, 1, 0), files={})
    Releases(three).roll_back_to("two")

    with pytest.raises(DeploymentError, match="the release two has become the current one meanwhile"):
        prune(three, planned, lambda count: None)
    assert "two" in names(three)
    assert len(Releases(three).pointer(POINTER).manifests) == 3


def test_objects_have_the_headers_that_browsers_and_caches_need(bucket: Engine, built: Any) -> None:
    put(find_destination(bucket.url.replace("/site?", "/headers?")), built["one"])
    endpoint = bucket.url.partition("endpoint=")[2].partition("&")[0]
    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )

    def headers(path: str) -> tuple[str, ...]:
        found = client.head_object(Bucket=BUCKET, Key=f"headers/{path}")
        return found["ContentType"], found["CacheControl"], found.get("ContentEncoding", "")

    paths = [file.path for file in pack(built["one"]).files]
    bundle = next(path for path in paths if path.startswith("pressmark/css/") and path.endswith(".css"))
    hashed = next(path for path in paths if path.startswith("hashed."))
    assert headers(bundle) == ("text/css; charset=utf-8", FOR_EVER, "")
    assert headers(f"{bundle}.br") == ("text/css; charset=utf-8", FOR_EVER, "br")
    assert headers(f"{bundle}.gz") == ("text/css; charset=utf-8", FOR_EVER, "gzip")
    assert headers(f"{bundle}.zst") == ("text/css; charset=utf-8", FOR_EVER, "zstd")
    assert headers("images/1.png") == ("image/png", FOR_A_WHILE, "")
    assert headers("site.css") == ("text/css", FOR_A_WHILE, "")
    assert headers(hashed) == ("text/plain", FOR_EVER, "")
    assert headers(POINTER) == ("application/json", "no-cache", "")


def test_another_tool_finds_nothing_to_do(bucket: Engine, built: Any) -> None:
    put(find_destination(bucket.url.replace("/site?", "/synced?")), built["one"])
    host = bucket.url.partition("endpoint=http://")[2].partition("&")[0]
    command = [
        str(Path(sys.executable).with_name("s3cmd")), "--no-ssl", f"--host={host}", f"--host-bucket={host}",
        f"--access_key={KEY}", f"--secret_key={SECRET}", "--config=/dev/null", "sync", "--dry-run", "--exclude=.*",
    ]  # fmt: skip
    for folder, prefix in built["one"]:
        done = subprocess.run(
            [*command, f"{folder}/", f"s3://{BUCKET}/synced/{prefix}"], capture_output=True, text=True, check=True
        )
        told = [line for line in (done.stdout + done.stderr).splitlines() if "upload:" in line]
        assert [line for line in told if POINTER not in line] == []


def test_a_file_that_changes_while_it_is_sent_is_told(tmp_path: Path, built: Any) -> None:
    parcel = pack([(Path(shutil.copytree(folder, tmp_path / prefix / "x")), prefix) for folder, prefix in built["one"]])

    class Changing(Directory):
        def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
            (tmp_path / "x" / "site.css").write_text("other")
            return super().write(path, content, headers)

    with pytest.raises(DeploymentError, match=r"site\.css' has changed meanwhile: deploy again"):
        put(Changing(tmp_path / "there"), parcel)


def test_a_name_that_tells_its_content_keeps_it(where: str, tmp_path: Path, built: Any) -> None:
    """What browsers and older releases have under it must not change."""
    static = Path(shutil.copytree(built["one"][0][0], tmp_path / "static"))
    (static / "app.0123456789ab.js").write_text("one()")
    (static / "lib.20240101.js").write_text("one()")  # a date, which tells nothing
    destination = find_destination(where)
    put(destination, [(static, ""), built["one"][1]])
    (static / "lib.20240101.js").write_text("two()")

    assert put(destination, [(static, ""), built["one"][1]], "r2").replaced == ("lib.20240101.js",)
    (static / "app.0123456789ab.js").write_text("two()")
    with pytest.raises(DeploymentError, match=r"'app\.0123456789ab\.js' is there with another content"):
        put(destination, [(static, ""), built["one"][1]], "r3")
    assert destination.read("app.0123456789ab.js") == b"one()"
    assert Releases(destination).pointer(POINTER).release == "r2"


def test_deployments_at_once_lose_no_release(where: str, built: Any) -> None:
    """Of files that keep their names there is one content only, and who has lost is told; bundles are all there."""
    threads = [threading.Thread(target=put, args=(find_destination(where), built[name][1:], name)) for name in built]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    destination = find_destination(where)
    pointer = Releases(destination).pointer(POINTER)

    assert {name for name, _ in pointer.history} == {"one", "two", "three"}
    assert set(pointer.manifests) == {pack(built[name]).manifests[0] for name in built}
    assert destination.read(LOCK) is None


def test_a_lock_of_a_command_that_was_killed_is_taken(where: str, built: Any) -> None:
    destination = find_destination(where)
    destination.create(LOCK, b"1000000000")

    assert put(destination, built["one"]).is_new


def test_a_lock_that_is_about_to_be_written_is_not_taken(
    where: str, built: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is empty for a moment; one that stays so was left by a command that was killed just then."""
    destination = find_destination(where)
    destination.create(LOCK, b"")
    monkeypatch.setattr("pressmark.offline.releases.LOCK_WAIT_S", 1.0)
    began = time.monotonic()

    assert put(destination, built["one"]).is_new
    assert time.monotonic() - began >= 1.0


def test_what_is_told_of_files_that_a_rollback_does_not_bring_back(where: str, built: Any) -> None:
    destination = find_destination(where)
    for name in ("one", "two"):
        put(destination, built[name], name)

    assert Releases(destination).roll_back_to("one")[1] == ["shop.css", "site.js"]


class Untold(Interrupted):
    """A destination whose tags are no hashes, as those of Azure and of encrypted buckets."""

    def listed(self, folder: str = "") -> dict[str, Stored]:
        return {path: Stored(each.size, f"0x{each.tag}") for path, each in super().listed(folder).items()}

    def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
        return f"0x{super().write(path, content, headers)}"


def test_where_tags_are_no_hashes_only_what_is_missing_is_sent_too(where: str, built: Any) -> None:
    one, two = pack(built["one"]), pack(built["two"])
    destination = find_destination(where)
    put(Untold(destination, 10**9), one, "one")
    with pytest.raises(ConnectionError):
        put(Untold(destination, 3), two, "two")

    before = {file.path: file.source.read_bytes() for file in one.files}
    new = [file for file in two.files if before.get(file.path) != file.source.read_bytes()]
    assert put(Untold(destination, 10**9), two, "three").sent == len(new) < len(two.files)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Parcel:
    machine = Machine(tmp_path_factory.mktemp("demo") / "machine")
    machine.run("-m", "pressmark", "build", "demo.wsgi:app", "--output", "dist")
    return pack([(STATIC, ""), (machine.folder / "dist", "pressmark/")])


def test_the_demo_is_deployed_once(where: str, demo: Parcel) -> None:
    destination, parcel = find_destination(where), demo
    first, again = put(destination, parcel), put(destination, parcel)

    assert first.sent == len(parcel.files) > 30
    assert (again.sent, again.is_new) == (0, False)
    assert lost(destination, parcel) == []

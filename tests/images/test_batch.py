"""Many images are crushed at once, each but once, and each file is replaced as a whole or not at all."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pressmark.images import batch as module
from pressmark.images.batch import Batch, Result, find_images, replace_file
from pressmark.images.crushing import Crushed, crush
from pressmark.images.pictures import difference
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses
from tests.images.samples import DRAWING, gif, jpeg, png

SAMPLES = {"a.png": png(), "deep/b.JPG": jpeg(), "c.gif": gif(), "d.svg": DRAWING.encode(), "e.txt": b"no image"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of images."""
    return filled(tmp_path / "images")


def filled(folder: Path) -> Path:
    for name, content in SAMPLES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def run(folder: Path, analyses: Analyses | None = None, jobs: int = 2) -> list[Result]:
    batch = Batch(analyses or Analyses(MemoryStore()), replace_file, jobs)
    return sorted(batch.run(list(find_images([folder]))))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_all_images_of_a_folder_are_replaced_by_smaller_ones_that_show_the_same(folder: Path) -> None:
    results = run(folder)

    assert [each.path.name for each in results] == ["a.png", "c.gif", "d.svg", "b.JPG"]
    for result in results:
        assert result.path.stat().st_size == result.after < result.before
        if result.kind != "SVG":
            assert difference(SAMPLES[str(result.path.relative_to(folder))], result.path.read_bytes()) == ""
    assert contents(folder).keys() == SAMPLES.keys()


def test_what_was_done_is_not_done_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analyses = Analyses(MemoryStore())
    run(folder, analyses)
    monkeypatch.setattr(module, "_in_parallel", lambda waiting, jobs, strips: pytest.fail("again") if waiting else ())

    assert all(each.before == each.after for each in run(folder, analyses))


def test_a_reason_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no")
    analyses = Analyses(MemoryStore())
    [first], [second] = run(tmp_path, analyses), run(tmp_path, analyses)

    assert first.reason.startswith("it is no PNG") or first.reason
    assert first == second


def test_the_result_is_the_same_however_many_work_on_it(folder: Path, tmp_path: Path) -> None:
    other = filled(tmp_path / "other")
    run(folder, jobs=1)
    run(other, jobs=3)

    assert contents(folder) == contents(other)


def test_an_image_that_ends_a_tools_process_stops_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What the processes run is found by its name: this one ends at the first image of its kind.
    monkeypatch.setattr(module, "_crush", ending_at_gifs)
    results = {each.path.name: each for each in run(folder)}

    assert results["c.gif"].reason == "it has ended the tool's process"
    assert contents(folder)["c.gif"] == SAMPLES["c.gif"]
    assert all(results[name].after < results[name].before for name in ("a.png", "b.JPG", "d.svg"))


def ending_at_gifs(content: bytes, ending: str, strips: bool) -> Crushed:
    if ending == ".gif":
        os.kill(os.getpid(), signal.SIGKILL)
    return crush(content, ending, strips=strips)


def test_links_hidden_folders_and_packages_are_passed_over(tmp_path: Path) -> None:
    for name in ("a.png", ".git/b.png", "node_modules/c.png", ".d.png", "e.webp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(png())
    (tmp_path / "f.png").symlink_to(tmp_path / "a.png")

    assert [each.path.name for each in find_images([tmp_path])] == ["a.png"]


def test_an_image_that_is_named_twice_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())

    assert len(list(find_images([tmp_path, tmp_path / "a.png", tmp_path]))) == 1


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "a.png").chmod(0o640)
    run(tmp_path)

    assert (tmp_path / "a.png").stat().st_mode & 0o777 == 0o640


def test_a_file_that_was_written_meanwhile_stays(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    [image] = find_images([tmp_path])
    image.path.write_bytes(b"newer")

    with pytest.raises(OSError, match="was written meanwhile"):
        replace_file(image, png(), b"small")
    assert contents(tmp_path) == {"a.png": b"newer"}


def test_a_disk_that_is_full_leaves_the_image_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_file: int) -> None:
        raise OSError("No space left on device")

    (tmp_path / "a.png").write_bytes(png())
    monkeypatch.setattr(os, "fsync", fail)
    [result] = run(tmp_path)

    assert result.reason == "No space left on device"
    assert contents(tmp_path) == {"a.png": png()}


def test_what_a_killed_run_has_left_is_removed_when_it_is_old(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    old, young = tmp_path / ".123-0123abcd.pressmark", tmp_path / ".124-0123abcd.pressmark"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert len(list(find_images([tmp_path]))) == 1
    assert old.exists()
    run(tmp_path)

    assert not old.exists()
    assert young.exists()


def test_an_image_that_goes_meanwhile_stops_no_other(folder: Path) -> None:
    images = list(find_images([folder]))
    (folder / "a.png").unlink()
    results = {each.path.name: each for each in Batch(Analyses(MemoryStore()), replace_file, 1).run(images)}

    assert "No such file" in results["a.png"].reason
    assert results["c.gif"].after < results["c.gif"].before


def test_what_only_looks_like_an_image_by_its_name_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")

    assert list(find_images([tmp_path])) == []


def test_a_run_that_is_killed_at_any_point_loses_nothing_and_the_next_completes_it(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.png").write_bytes(png())
        (folder / f"{number}.jpg").write_bytes(jpeg())
    before = contents(folder)
    command = [sys.executable, "-m", "pressmark", "images", str(folder), "--cache", str(tmp_path / "cache")]
    chance = random.Random(1)
    for _ in range(6):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(0.5 + 1.5 * chance.random())
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        now = contents(folder)
        for name, content in before.items():
            assert now[name] == content or difference(content, now[name]) == ""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    now = contents(folder)
    assert all(len(now[name]) < len(content) for name, content in before.items())

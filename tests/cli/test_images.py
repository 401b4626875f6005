"""``pressmark images`` tells what it saves, and writes nothing where it shall not."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pressmark.cli.main import main
from tests.images.samples import jpeg, png, told
from tests.images.test_batch import SAMPLES, contents, filled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of images in the working directory."""
    monkeypatch.chdir(tmp_path)
    return filled(tmp_path / "images")


def images(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["images", "--cache", "cache", *arguments])


@pytest.mark.usefixtures("folder")
def test_a_table_tells_kinds_and_what_was_saved_most() -> None:
    told = images("images").output

    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines[0] == "files smaller before after saved"
    assert [line.split()[0] for line in lines[1:5]] == ["GIF", "JPEG", "PNG", "SVG"]
    assert lines[5].startswith("in all 4 4 ")
    assert "saved most before after" in lines
    assert any(line.startswith("images/a.png ") for line in lines)


def test_a_dry_run_writes_nothing_and_tells_the_same(folder: Path) -> None:
    told = images("images", "--dry-run")

    assert contents(folder) == SAMPLES
    assert told.output.replace("would be smaller", "saved most").split() == images("images").output.split()


def test_a_check_fails_as_long_as_an_image_could_be_smaller(folder: Path) -> None:
    failed = images("images", "--check")
    assert (failed.exit_code, contents(folder)) == (1, SAMPLES)

    images("images")
    assert images("images", "--check").exit_code == 0


def test_a_copy_leaves_the_images_and_has_all_of_them(folder: Path) -> None:
    (folder / "small.png").write_bytes(b"no image")
    assert images("images", "--output", "out").exit_code == 0

    copied = contents(Path("out"))
    assert {name: content for name, content in contents(folder).items() if name != "small.png"} == SAMPLES
    assert copied.keys() == {"a.png", "deep/b.JPG", "c.gif", "d.svg", "small.png"}
    assert copied["small.png"] == b"no image"
    assert all(len(copied[name]) < len(SAMPLES[name]) for name in copied if name != "small.png")


def test_what_was_left_alone_is_told_with_its_reason(folder: Path) -> None:
    (folder / "broken.png").write_bytes(b"no image")

    assert "images/broken.png" in images("images").output.partition("left alone")[2]


def test_metadata_goes_on_request(folder: Path) -> None:
    (folder / "a.png").write_bytes(png(pnginfo=told("(c) Example")))
    images("images", "--strip")

    assert b"(c) Example" not in (folder / "a.png").read_bytes()


@pytest.mark.usefixtures("folder")
def test_programs_can_read_the_results() -> None:
    found = json.loads(images("images", "--json").output)

    assert [each["kind"] for each in found] == ["PNG", "GIF", "SVG", "JPEG"]
    assert all(each["after"] < each["before"] for each in found)


def test_a_single_file_may_be_given(folder: Path) -> None:
    images("images/a.png")

    assert len(contents(folder)["a.png"]) < len(SAMPLES["a.png"])
    assert contents(folder)["deep/b.JPG"] == jpeg()


def test_a_file_that_is_no_image_is_an_error(folder: Path) -> None:
    told = images(str(folder / "e.txt"))

    assert told.exit_code == 2
    assert "e.txt is no .png, .jpg, .jpeg, .gif or .svg" in told.output


@pytest.mark.usefixtures("folder")
def test_without_its_packages_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pressmark.images.batch", None)

    told = images("images")
    assert told.exit_code == 1
    assert "pip install 'pressmark[images]'" in told.output


def test_images_that_would_take_each_others_place_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        filled(tmp_path / name)

    told = images("one", "two", "--output", "out")
    assert told.exit_code == 2
    assert "the same place below --output" in told.output
    assert not Path("out").exists()


def test_a_link_is_not_replaced_by_a_file(folder: Path) -> None:
    (folder / "link.png").symlink_to(folder / "a.png")

    told = images(str(folder / "link.png"))
    assert told.exit_code == 2
    assert "is a link; name the file" in told.output
    assert (folder / "link.png").is_symlink()


def test_a_copy_into_the_images_themselves_is_refused(folder: Path) -> None:
    for output in ("images", "images/small", "."):
        assert images("images", "--output", output).exit_code == 2
    assert contents(folder) == SAMPLES


def test_what_cannot_be_written_ends_with_a_status(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    told = images("images")
    assert told.exit_code == 1
    assert "No space left on device" in told.output


def test_a_very_long_name_is_no_hindrance(folder: Path) -> None:
    name = "x" * 240 + ".png"
    (folder / name).write_bytes(png())

    assert images(f"images/{name}").exit_code == 0
    assert len((folder / name).read_bytes()) < len(png())

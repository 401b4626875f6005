"""What is packed for a release, and what is no release."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressmark.errors import DeploymentError
from pressmark.offline.packing import pack


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda one: [one[0]], "there is no manifest: name the directory that `pressmark build --output` has written"),
        (lambda one: [*one, (one[1][0], "more/")], "there are 2 manifests of Pressmark"),
        (
            lambda one: [one[0], (one[0][0].parent.parent / "two" / "static", ""), one[1]],
            "both .* go to .*, and differ",
        ),
        (lambda one: [(Path("nowhere"), "")], "'nowhere' is no directory"),
    ],
)
def test_what_is_no_release_is_told(built: Any, change: Callable[[Any], list[tuple[Path, str]]], message: str) -> None:
    with pytest.raises(DeploymentError, match=message):
        pack(change(built["one"]))


def test_a_bundle_that_the_manifest_names_must_be_there(tmp_path: Path, built: Any) -> None:
    dist = Path(shutil.copytree(built["one"][1][0], tmp_path / "dist"))
    next(path for path in (dist / "css").iterdir() if path.suffix == ".css").unlink()

    with pytest.raises(DeploymentError, match=r"the manifest names 'css/.*' lacks it: write it by --output"):
        pack([(dist, "")])


def test_a_file_of_two_directories_may_be_the_same_in_both(built: Any) -> None:
    assert pack([built["one"][0], *built["one"]]).files == pack(built["one"]).files


def test_a_pipe_is_no_file(tmp_path: Path, built: Any) -> None:
    static = Path(shutil.copytree(built["one"][0][0], tmp_path / "static"))
    os.mkfifo(static / "pipe")

    with pytest.raises(DeploymentError, match="pipe' is no regular file"):
        pack([(static, ""), built["one"][1]])


def test_hidden_and_unfinished_files_stay_at_home(tmp_path: Path, built: Any) -> None:
    static = Path(shutil.copytree(built["one"][0][0], tmp_path / "static"))
    for name in (".env", "images/.DS_Store", "site.css.tmp"):
        (static / name).write_text("private")
    (static / ".git").mkdir()
    (static / ".git" / "config").write_text("private")
    parcel = pack([(static, ""), built["one"][1]])

    assert {file.path for file in parcel.files} == {file.path for file in pack(built["one"]).files}
    assert {Path(path).name for path in parcel.left_out} >= {".env", ".DS_Store"}

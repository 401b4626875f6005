"""What a source may include is found beside it and below."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pressmark.assets import partials as module
from pressmark.assets.partials import find_partials

OLD = 1_000_000_000


def tree(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        os.utime(path, (OLD, OLD))


def test_files_of_the_same_ending_and_their_folders_are_found(tmp_path: Path) -> None:
    tree(tmp_path, "a.scss", "_b.scss", "c/_d.scss", "c/e.css", ".git/f.scss", "node_modules/g.scss", ".h.scss")
    found = find_partials(str(tmp_path / "a.scss"))

    assert [os.path.relpath(source.path, tmp_path) for source in found] == [".", "_b.scss", "a.scss", "c", "c/_d.scss"]
    assert [source.digest for source in found if source.digest] == [f"{OLD}000000000 1"] * 3


def test_a_file_and_a_folder_just_written_are_not_to_be_trusted(tmp_path: Path) -> None:
    (tmp_path / "a.scss").write_text("x")

    assert [source.signature for source in find_partials(str(tmp_path / "a.scss"))] == [None, None]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "a/a.scss", "b/b.scss")
    (tmp_path / "a" / "round").symlink_to(tmp_path)

    assert [os.path.basename(source.path) for source in find_partials(str(tmp_path / "a" / "a.scss"))] == [
        "a",
        "a.scss",
    ]


def test_a_folder_without_end_is_not_walked_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, *(f"{number}/a.scss" for number in range(30)))
    monkeypatch.setattr(module, "MAX_FILES", 10)

    assert len(find_partials(str(tmp_path / "a.scss"))) <= 12


def test_a_folder_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert find_partials(str(tmp_path / "gone" / "a.scss")) == ()


def test_a_file_that_goes_while_it_is_looked_at_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Editors save by a file of another name, which is gone at once."""
    tree(tmp_path, "a.scss", "b.scss")
    entries = module._entries

    def losing(folder: str) -> "Iterator[os.DirEntry[str]]":
        for entry in list(entries(folder)):
            if entry.name == "b.scss":
                (tmp_path / "b.scss").unlink()
            yield entry

    monkeypatch.setattr(module, "_entries", losing)

    assert [os.path.basename(source.path) for source in find_partials(str(tmp_path / "a.scss"))][1:] == ["a.scss"]

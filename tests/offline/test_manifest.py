"""A manifest is added, never changed; one that cannot be trusted is told, and the last good one stays."""

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from pressmark.errors import ManifestError
from pressmark.offline.manifest import KEPT, Manifests, name_of, read_manifest, read_pointer, write_manifest


def entry(name: str) -> dict[str, Any]:
    """Return a region with nothing but text."""
    return {"parts": [name], "files": [], "members": []}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "built" / "manifest.json"


def text_at(manifests: Manifests, place: str) -> bytes | None:
    """Return what the region at *place* becomes."""
    manifests.generation()
    found = next(manifests.find((place,)), None)
    return found[0].parts[0] if found else None  # type: ignore[return-value]


def test_the_newest_manifest_counts_first_and_older_ones_for_what_it_lacks(path: Path) -> None:
    write_manifest(path, {"a": entry("old a"), "b": entry("old b")})
    manifests = Manifests(str(path))
    assert text_at(manifests, "a") == b"old a"

    write_manifest(path, {"a": entry("new a")})
    assert [text_at(manifests, place) for place in "abc"] == [b"new a", b"old b", None]


def test_a_release_may_name_its_own_manifest_which_counts_before_newer_ones(path: Path) -> None:
    name = write_manifest(path, {"a": entry("old a")})
    write_manifest(path, {"a": entry("new a"), "b": entry("new b")})
    pinned = Manifests(str(path.parent / name))

    assert [text_at(pinned, place) for place in "ab"] == [b"old a", b"new b"]


def test_a_release_that_comes_back_is_the_newest_again(path: Path) -> None:
    for text in ("one", "two", "one"):
        write_manifest(path, {"a": entry(text)})

    assert len(read_pointer(path)) == 2
    assert text_at(Manifests(str(path)), "a") == b"one"


def test_a_manifest_is_named_by_its_content_and_does_not_depend_on_an_order(tmp_path: Path) -> None:
    one = write_manifest(tmp_path / "1" / "m.json", {"a": entry("a"), "b": entry("b")})
    other = write_manifest(tmp_path / "2" / "m.json", {"b": entry("b"), "a": entry("a")})

    assert one == other
    assert (tmp_path / "1" / one).read_bytes() == (tmp_path / "2" / other).read_bytes()


def cut_off(raw: bytes) -> bytes:
    return raw[:-5]


def edited(raw: bytes) -> bytes:
    return raw.replace(b"new", b"bad")


@pytest.mark.parametrize("damage", [cut_off, edited])
def test_a_damaged_manifest_is_told_once_and_the_last_good_one_stays(
    path: Path, damage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    write_manifest(path, {"a": entry("old")})
    name = write_manifest(path, {"a": entry("new")})
    broken = path.parent / name
    broken.write_bytes(damage(broken.read_bytes()))
    manifests = Manifests(str(path))

    assert {text_at(manifests, "a") for _ in range(3)} == {b"old"}
    [told] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert told.startswith(f"a manifest is not used: {broken} was cut off or edited")


def test_a_manifest_that_comes_after_its_pointer_is_used_when_it_is_there(path: Path) -> None:
    name = write_manifest(path, {"a": entry("new")})
    raw = (path.parent / name).read_bytes()
    (path.parent / name).unlink()
    manifests = Manifests(str(path))
    before = text_at(manifests, "a")
    (path.parent / name).write_bytes(raw)

    assert (before, text_at(manifests, "a")) == (None, b"new")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "is no file of `pressmark build`"),
        (b"[]", "is no file of `pressmark build`"),
        (
            b'{"format": "pressmark manifests 2", "manifests": []}',
            "has the format 'pressmark manifests 2'; this version",
        ),
        (b'{"format": "pressmark manifests 1", "manifests": ["../m.json"]}', "lists no manifests"),
        (b'{"format": "pressmark manifests 1", "manifests": ["manifest-\\u0000"]}', "lists no manifests"),
        (b"[" * 200_000, "is no file of `pressmark build`"),
    ],
)
def test_a_pointer_that_is_none_is_told_and_what_was_read_before_stays(
    path: Path, content: bytes, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    write_manifest(path, {"a": entry("old")})
    manifests = Manifests(str(path))
    before = text_at(manifests, "a")
    path.write_bytes(content)

    assert (before, text_at(manifests, "a")) == (b"old", b"old")
    assert told in caplog.text
    with pytest.raises(ManifestError, match=r"manifest\.json"):
        write_manifest(path, {"a": entry("new")})
    assert path.read_bytes() == content


def test_a_manifest_of_a_newer_version_is_refused(path: Path) -> None:
    name = write_manifest(path, {})
    raw = (path.parent / name).read_bytes().replace(b"pressmark manifest 1", b"pressmark manifest 9")
    newer = path.parent / name_of(raw)
    newer.write_bytes(raw)

    with pytest.raises(ManifestError, match="has the format 'pressmark manifest 9'; this version of Pressmark"):
        read_manifest(newer)


def test_a_write_that_fails_leaves_everything_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_manifest(path, {"a": entry("old")})
    before = {each: each.read_bytes() for each in path.parent.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_manifest(path, {"a": entry("new")})

    assert {each: each.read_bytes() for each in path.parent.iterdir()} == before


def test_an_entry_that_is_none_counts_as_missing(path: Path) -> None:
    write_manifest(path, {"a": {"parts": 7}, "b": json.loads("null")})

    assert [text_at(Manifests(str(path)), place) for place in "ab"] == [None, None]


def test_a_pipe_in_the_place_of_a_manifest_stops_nothing(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir()
    os.mkfifo(path)

    assert text_at(Manifests(str(path)), "a") is None
    assert "is no regular file" in caplog.text


def test_the_generation_changes_when_a_late_manifest_comes(path: Path) -> None:
    """Regions that were cached before would keep their older bundles."""
    write_manifest(path, {"a": entry("old")})
    name = write_manifest(path, {"a": entry("new")})
    late = (path.parent / name).read_bytes()
    (path.parent / name).unlink()
    manifests = Manifests(str(path))
    before = manifests.generation()
    (path.parent / name).write_bytes(late)

    assert manifests.generation() != before
    assert text_at(manifests, "a") == b"new"


def test_only_the_last_releases_are_read(path: Path) -> None:
    for number in range(KEPT + 5):
        write_manifest(path, {str(number): entry("x")})
    manifests = Manifests(str(path))

    assert len(read_pointer(path)) == KEPT
    assert text_at(manifests, "4") is None
    assert text_at(manifests, "5") == b"x"


def test_the_manifest_of_one_build_takes_no_other(path: Path) -> None:
    name = write_manifest(path, {"a": entry("x")})

    with pytest.raises(ManifestError, match="is the manifest of one build: name the pointer beside it"):
        write_manifest(path.parent / name, {"b": entry("y")})

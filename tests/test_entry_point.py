"""Tests of what installed packages offer."""

from importlib.metadata import EntryPoints, entry_points
from pathlib import Path

import pytest

from pressmark import entry_point


def install(folder: Path, name: str) -> None:
    information = folder / f"{name}-1.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (information / "entry_points.txt").write_text(f"[pressmark.filters]\n{name} = {name}:work\n")


def test_a_package_on_the_path_of_imports_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = entry_point.names_of("pressmark.filters")
    install(tmp_path, "elsewhere")
    monkeypatch.syspath_prepend(tmp_path)

    assert entry_point.names_of("pressmark.filters") == sorted([*before, "elsewhere"])
    assert entry_point.points_of("pressmark.filters")["elsewhere"].value == "elsewhere:work"


def test_all_packages_are_asked_once_for_a_group(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    asked: list[str] = []

    def read(*, group: str) -> EntryPoints:
        asked.append(group)
        return entry_points(group=group)

    monkeypatch.setattr(entry_point, "entry_points", read)
    for group in ("pressmark.filters", "pressmark.precompilers", "pressmark.filters"):
        assert entry_point.points_of(group)

    assert asked == ["pressmark.filters", "pressmark.precompilers"]

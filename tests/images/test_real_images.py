"""Two hundred real images shrink by what the single tools reach, the same pixel for pixel and run for run."""

import shutil
from itertools import islice
from pathlib import Path

import pytest

from pressmark.images.batch import Batch, Result, find_images, replace_file
from pressmark.images.crushing import KINDS
from pressmark.images.drawings import _drawn
from pressmark.images.pictures import difference
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses
from tests.packages.installed import packages

pytestmark = pytest.mark.npm

WANTED = {".png": 80, ".gif": 30, ".jpg": 16, ".svg": 80}
MAX_BYTES = 20_000
"""Larger ones would take long, and show nothing more."""


@pytest.fixture(scope="module")
def originals() -> dict[str, bytes]:
    """Return images of the packages, of each kind as many as are wanted, spread over them."""
    found: dict[str, bytes] = {}
    for ending, count in WANTED.items():
        paths = sorted(path for path in packages().rglob(f"*{ending}") if 0 < path.stat().st_size <= MAX_BYTES)
        for number, path in enumerate(islice(paths, 0, None, max(1, len(paths) // count))):
            if number < count:
                found[f"{number}{ending}"] = path.read_bytes()
    return found


def crushed(originals: dict[str, bytes], folder: Path, jobs: int) -> tuple[list[Result], dict[str, bytes]]:
    """Return the results of a run over a new *folder*, and the images after it."""
    folder.mkdir()
    for name, content in originals.items():
        (folder / name).write_bytes(content)
    results = list(Batch(Analyses(MemoryStore()), replace_file, jobs).run(list(find_images([folder]))))
    return results, {path.name: path.read_bytes() for path in folder.iterdir()}


def test_two_hundred_real_images(originals: dict[str, bytes], tmp_path: Path) -> None:
    assert len(originals) == sum(WANTED.values())
    results, images = crushed(originals, tmp_path / "one", 2)

    left = {each.path.name: each.reason for each in results if each.reason}
    assert len(left) <= 0.05 * len(originals), left
    for name, content in originals.items():
        if images[name] == content:
            continue
        if name.endswith(".svg"):
            assert list(_drawn(images[name].decode())) == list(_drawn(content.decode("utf-8-sig")))
        else:
            assert difference(content, images[name]) == ""
    for ending in (".png", ".gif", ".jpg"):
        names = [name for name in originals if name.endswith(ending) and name not in left]
        alone = sum(min(len(originals[name]), len(KINDS[ending].crush(originals[name], False))) for name in names)
        assert sum(len(images[name]) for name in names) == alone

    shutil.rmtree(tmp_path / "one")
    assert crushed(originals, tmp_path / "one", 1)[1] == images

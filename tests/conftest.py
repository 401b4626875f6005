"""What tests of every floor share: a folder of static files that are old enough to be trusted."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str, str | bytes], Path]

OLD_S = 60.0


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """Return the directory that ``/static/`` stands for."""
    directory = tmp_path / "static"
    directory.mkdir()
    return directory


@pytest.fixture
def write(static: Path) -> Write:
    """Return a function that writes a static file whose time stamp lies a minute back."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = static / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        old = time.time() - OLD_S
        os.utime(path, (old, old))
        return path

    return write_file

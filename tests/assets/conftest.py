"""Fixtures of the tests that read static files."""

from pathlib import Path

import pytest

from pressmark.assets.from_directories import DirectoryResolver
from tests.assets.static_files import Write, make_static, writer


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file below the test's own directory, old enough for its time stamp to count."""
    return writer(tmp_path)


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """The directory behind /static/, with secrets around it and in it."""
    return make_static(tmp_path)


@pytest.fixture
def resolver(static: Path) -> DirectoryResolver:
    return DirectoryResolver((("/static/", (str(static),)),))

"""Fixtures of the protocol tests: the event loops, and a directory of static files."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.protocol.inner_asgi import BACKENDS
from tests.protocol.pages import write_files


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each event loop in turn."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory behind /static/."""
    directory = tmp_path_factory.mktemp("static")
    write_files(directory)
    return directory


@pytest.fixture(scope="session")
def serial() -> Iterator[int]:
    """Numbers for pages that no Pressmark has seen before."""
    return count(1)

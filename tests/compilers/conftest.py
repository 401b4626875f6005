"""Sources for compilers, each in a file of the site."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from pressmark.model import Asset, Source
from tests.conftest import Write

Given = Callable[..., Asset]


@pytest.fixture
def given(static: Path, write: Write) -> Given:
    """Return a function that writes a source and returns its asset."""

    def make(text: str, name: str = "scss/site.scss", media_type: str = "text/x-scss") -> Asset:
        write(name, text)
        digest = sha256(text.encode()).hexdigest()
        return Asset(f"/static/{name}", media_type, text.encode(), (Source(str(static / name), digest, None),))

    return make


def inline(text: str, media_type: str) -> Asset:
    """Return code that stands in a page."""
    return Asset("/page/", media_type, text.encode(), (), "utf-8")

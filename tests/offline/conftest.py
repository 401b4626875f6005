"""What the tests of building ahead share."""

from collections.abc import Iterator

import pytest

from pressmark import assembly
from pressmark.offline.recorder import Recorder


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Note the regions that sites meet from now on, until the test ends it."""
    recorder = Recorder()
    monkeypatch.setattr(assembly, "RECORDER", recorder)
    recorder.begin()
    yield recorder
    recorder.end()

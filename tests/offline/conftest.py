"""What the tests of building ahead share."""

from collections.abc import Iterator

import pytest

from pressmark import assembly
from pressmark.offline.recorder import Recorder
from tests.offline.three_releases import Sources, build_releases
from tests.stores.engines import Engine, seaweed_engine


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Note the regions that sites meet from now on, until the test ends it."""
    recorder = Recorder()
    monkeypatch.setattr(assembly, "RECORDER", recorder)
    recorder.begin()
    yield recorder
    recorder.end()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sources]:
    """Build three releases; return the directories of each."""
    return build_releases(tmp_path_factory.mktemp("sources") / "machine")


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Run an object store with a bucket."""
    with seaweed_engine(tmp_path_factory.mktemp("seaweed")) as engine:
        yield engine

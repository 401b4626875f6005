"""Bundles are written to another place, too, before any page names them, and again if that place has lost them."""

from dataclasses import dataclass, field

import pytest

from pressmark.bundling.builder import name_of
from pressmark.errors import StoreError
from pressmark.model import Bundle, FileKind
from pressmark.stores.memory import MemoryStore
from pressmark.stores.publishing import CHECK_S, PublishingStore

BUNDLE = Bundle(name_of(b"a{}"), "css", b"a{}")
MAP = Bundle(name_of(b"{}"), "map", b"{}")


@dataclass
class Place:
    """Another place, which may be gone."""

    is_gone: bool = False
    held: list[str] = field(default_factory=list)
    now: float = 0.0

    def publish(self, bundle: Bundle) -> None:
        if self.is_gone:
            raise OSError("gone")
        self.held.append(f"{bundle.kind}/{bundle.name}")

    def store(self, inner: MemoryStore, *kinds: FileKind) -> PublishingStore:
        return PublishingStore(inner, self.publish, kinds or ("css",), lambda: self.now)


@pytest.fixture
def place() -> Place:
    return Place()


def test_what_is_put_is_kept_and_published(place: Place) -> None:
    store = place.store(MemoryStore())
    store.put(BUNDLE)

    assert store.get("css", BUNDLE.name) == b"a{}"
    assert place.held == [f"css/{BUNDLE.name}"]


def test_what_another_process_has_kept_is_published_when_it_is_found(place: Place) -> None:
    inner = MemoryStore()
    inner.put(BUNDLE)
    store = place.store(inner)
    store.get("css", BUNDLE.name)
    store.get("css", BUNDLE.name)

    assert place.held == [f"css/{BUNDLE.name}"]


def test_only_what_is_for_everybody_is_published(place: Place) -> None:
    """Source maps may be for some visitors only."""
    store = place.store(MemoryStore(), "css", "js")
    store.put(MAP)

    assert store.get("map", MAP.name) == b"{}"
    assert place.held == []


def test_what_cannot_be_published_is_an_error(place: Place) -> None:
    place.is_gone = True

    with pytest.raises(StoreError, match=r"could not be published: OSError\('gone'\)"):
        place.store(MemoryStore()).put(BUNDLE)


def test_a_bundle_in_use_is_looked_for_again_after_a_while(place: Place) -> None:
    store = place.store(MemoryStore())
    store.put(BUNDLE)
    store.use("css", BUNDLE.name, "/")
    place.now += CHECK_S + 1
    store.use("css", BUNDLE.name, "/")
    store.use("css", BUNDLE.name, "/")

    assert place.held == [f"css/{BUNDLE.name}"] * 2


def test_a_place_that_is_gone_for_a_while_breaks_no_page_that_was_there(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    store = place.store(MemoryStore())
    store.put(BUNDLE)
    place.is_gone = True
    place.now += CHECK_S + 1
    store.use("css", BUNDLE.name, "/")

    assert "could not be published" in caplog.text

"""Bodies are compressed quickly for who waits, and best for all others."""

from collections.abc import Callable, Hashable
from hashlib import sha256

import pytest

from pressmark.errors import StoreError
from pressmark.model import FileKind
from pressmark.serve.bodies import Bodies, Body, Wanted
from pressmark.serve.content_codings import CODINGS
from pressmark.stores.memory import MemoryStore
from tests.serve.decoded import decoded

CONTENT = b"".join(b".a%d { color: #%06x }\n" % (n, n * 7919) for n in range(2000))
NAME = sha256(CONTENT).hexdigest()[:32]


class Shop:
    """Bodies with all that they stand on; what is to be done in the background waits."""

    def __init__(self, store: MemoryStore, content: bytes = CONTENT) -> None:
        self.loads = 0
        self.waiting: dict[Hashable, Callable[[], None]] = {}
        self.content = content
        self.bodies = Bodies(self.load, store, self.waiting.setdefault)

    def load(self, kind: FileKind, name: str, recipe: str) -> bytes | None:
        self.loads += 1
        return self.content if name == NAME else None

    def get(self, *codings: str) -> Body:
        body = self.bodies.get(Wanted("css", NAME, (*codings, "identity")))
        assert body is not None
        return body

    def work(self) -> None:
        while self.waiting:
            self.waiting.popitem()[1]()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(params=list(CODINGS))
def coding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_first_client_gets_the_quick_form_and_later_ones_the_smallest(store: MemoryStore, coding: str) -> None:
    shop = Shop(store)
    first = shop.get(coding)
    shop.work()
    second = shop.get(coding)

    assert first.content == CODINGS[coding].encode(CONTENT, CODINGS[coding].quick)
    assert second.content == CODINGS[coding].encode(CONTENT, CODINGS[coding].best)
    assert decoded(first.content, coding) == decoded(second.content, coding) == CONTENT
    assert first.tag != second.tag


def test_another_process_gets_the_smallest_form_from_the_store(store: MemoryStore, coding: str) -> None:
    first, second = Shop(store), Shop(store)
    first.get(coding)
    first.work()

    assert second.get(coding) == first.get(coding)
    assert second.waiting == {}


@pytest.mark.parametrize("planted", ["another", "longer", "shorter", "noise"])
def test_what_the_store_gives_is_no_more_trusted_than_the_store(store: MemoryStore, coding: str, planted: str) -> None:
    """A second member behind the first is read by browsers, though not by those who ask for one."""
    shop = Shop(store)
    encode = CODINGS[coding].encode
    encoded = encode(CONTENT, 5)
    store.write_record(
        f"encoded 1 {coding} css {NAME}",
        {
            "another": encode(CONTENT.replace(b"color", b"width"), 5),
            "longer": encoded + encode(b"b { color: red }", 5),
            "shorter": encoded[:-9],
            "noise": b"noise",
        }[planted],
    )

    assert decoded(shop.get(coding).content, coding) == CONTENT
    shop.work()
    assert Shop(store).get(coding) == shop.get(coding)


def test_the_smallest_form_is_made_once(store: MemoryStore) -> None:
    shop = Shop(store)
    for _ in range(3):
        shop.get("br")

    assert len(shop.waiting) == 1
    assert shop.loads == 1


def test_a_form_that_saves_nothing_is_passed_over_without_reading_again(store: MemoryStore) -> None:
    shop = Shop(store, b"a{}")

    assert [shop.get("br", "zstd", "gzip").coding for _ in range(3)] == ["identity"] * 3
    assert shop.loads == 1


def test_the_second_choice_is_taken_where_the_first_saves_nothing(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CODINGS, "br", CODINGS["br"].__class__(lambda raw, _: raw + b"!", lambda raw, _: raw, 1, 2))

    assert Shop(store).get("br", "gzip").coding == "gzip"


def test_a_file_that_is_not_there_is_none(store: MemoryStore) -> None:
    shop = Shop(store)

    assert shop.bodies.get(Wanted("css", "0" * 32, ("br", "identity"))) is None
    assert shop.waiting == {}


def test_a_store_that_fails_costs_other_processes_no_more_than_time(store: MemoryStore) -> None:
    def note(*_: object) -> None:
        raise StoreError("full")

    store.write_record = note  # type: ignore[assignment,method-assign]
    shop = Shop(store)
    shop.get("br")
    shop.work()

    assert shop.get("br").is_best


def test_without_a_thread_the_quick_form_will_do(store: MemoryStore) -> None:
    def background(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    bodies = Bodies(lambda kind, name, recipe: CONTENT, store, background)
    body = bodies.get(Wanted("css", NAME, ("br", "identity")))

    assert body is not None
    assert decoded(body.content, "br") == CONTENT


def test_memory_is_bounded(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.serve.bodies.MAX_MEMORY_BYTES", 3 * len(CONTENT))
    bodies = Bodies(lambda kind, name, recipe: CONTENT, store, lambda key, work: None)
    files = [Wanted("css", f"{number:032x}", ("identity",)) for number in range(5)]
    for file in files:
        bodies.get(file)

    assert [bodies.peek(file) is not None for file in files] == [False, False, True, True, True]

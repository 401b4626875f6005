"""A client that has an older file gets what differs from it, and in every doubtful case the whole."""

import base64
from hashlib import sha256
from typing import Any

import pytest

from pressmark.errors import StoreError
from pressmark.model import Bundle, Reply, Request
from pressmark.serve.bodies import Bodies
from pressmark.serve.content_codings import zstd
from pressmark.serve.dictionaries import offered, use_as
from pressmark.serve.endpoint import Endpoint
from pressmark.stores.memory import MemoryStore

OLD = b"".join(b".a%d { color: #%06x }\n" % (n, n * 7919) for n in range(2000))
NEW = OLD.replace(b".a77 { color", b".a77 { width")
ALL = "gzip, deflate, br, zstd, dcb, dcz"


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def available(content: bytes) -> str:
    return f":{base64.b64encode(sha256(content).digest()).decode()}:"


@pytest.fixture
def store() -> MemoryStore:
    """Return a store that has both files."""
    store = MemoryStore()
    for content in (OLD, NEW):
        store.put(Bundle(name_of(content), "css", content))
    return store


def serving(store: MemoryStore) -> Endpoint:
    load = store.get
    return Endpoint("/p/", Bodies(lambda kind, name, recipe: load(kind, name), store, lambda key, work: None))


def ask(endpoint: Endpoint, content: bytes = NEW, **headers: Any) -> Reply:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return endpoint.reply(Request("GET", f"/p/css/{name_of(content)}.css", fields))


def coding_of(reply: Reply) -> str | None:
    return dict(reply.headers).get("Content-Encoding")


def test_who_has_an_older_file_gets_the_difference(store: MemoryStore) -> None:
    reply = ask(serving(store), accept_encoding=ALL, available_dictionary=available(OLD))
    prefix = zstd.ZstdDict(OLD, is_raw=True).as_prefix

    assert coding_of(reply) == "dcz"
    assert reply.body[:40] == bytes.fromhex("5e2a4d1820000000") + sha256(OLD).digest()  # RFC 9842, 5
    assert zstd.decompress(reply.body[40:], zstd_dict=prefix) == NEW
    assert len(reply.body) < 100
    assert dict(reply.headers)["Vary"] == "Accept-Encoding, Available-Dictionary"


def test_the_difference_has_a_tag_of_its_own(store: MemoryStore) -> None:
    endpoint = serving(store)
    plain = dict(ask(endpoint, accept_encoding=ALL).headers)["ETag"]
    tag = dict(ask(endpoint, accept_encoding=ALL, available_dictionary=available(OLD)).headers)["ETag"]
    again = ask(endpoint, accept_encoding=ALL, available_dictionary=available(OLD), if_none_match=tag)

    assert tag != plain
    assert (again.status, dict(again.headers)["ETag"]) == (304, tag)
    assert ask(endpoint, accept_encoding="br", if_none_match=tag).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"accept_encoding": ALL}, id="no dictionary"),
        pytest.param({"accept_encoding": "br", "available_dictionary": available(OLD)}, id="dcz not accepted"),
        pytest.param({"accept_encoding": "br, *", "available_dictionary": available(OLD)}, id="dcz not named"),
        pytest.param({"accept_encoding": "br, dcb", "available_dictionary": available(OLD)}, id="only dcb accepted"),
        pytest.param({"accept_encoding": "br, dcz;q=0", "available_dictionary": available(OLD)}, id="dcz refused"),
        pytest.param({"accept_encoding": ALL, "available_dictionary": available(b"x")}, id="unknown dictionary"),
        pytest.param({"accept_encoding": ALL, "available_dictionary": available(OLD)[1:]}, id="malformed"),
        pytest.param({"accept_encoding": ALL, "available_dictionary": f"{available(OLD)};a=1"}, id="parameters"),
        pytest.param({"accept_encoding": ALL, "available_dictionary": ":" + "A" * 42 + "=:"}, id="too short a hash"),
        pytest.param({"accept_encoding": ALL, "available_dictionary": ""}, id="empty"),
    ],
)
def test_whoever_has_none_gets_the_whole(store: MemoryStore, headers: dict[str, Any]) -> None:
    assert coding_of(ask(serving(store), **headers)) == "br"


def test_a_part_is_one_of_the_whole(store: MemoryStore) -> None:
    reply = ask(serving(store), accept_encoding=ALL, available_dictionary=available(OLD), range="bytes=0-9")

    assert (reply.status, coding_of(reply)) == (206, "br")


def test_a_file_is_no_dictionary_of_another_kind(store: MemoryStore) -> None:
    script = b"var a;\n" * 1000
    store.put(Bundle(name_of(script), "js", script))

    assert coding_of(ask(serving(store), accept_encoding=ALL, available_dictionary=available(script))) == "br"


@pytest.mark.parametrize("tiny", [b"", b"a{}", b"a{b:c}a"])
def test_a_file_too_small_for_a_dictionary_is_none(store: MemoryStore, tiny: bytes) -> None:
    store.put(Bundle(name_of(tiny), "css", tiny))

    assert coding_of(ask(serving(store), accept_encoding=ALL, available_dictionary=available(tiny))) == "br"


def test_a_difference_longer_than_the_whole_is_not_sent(store: MemoryStore) -> None:
    small = b"a{}"
    store.put(Bundle(name_of(small), "css", small))
    endpoint = serving(store)

    for _ in range(2):
        assert coding_of(ask(endpoint, small, accept_encoding=ALL, available_dictionary=available(OLD))) is None


def test_a_store_that_fails_leaves_the_whole(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = serving(store)
    ask(endpoint, accept_encoding=ALL)

    def get(*_: object) -> None:
        raise StoreError("gone")

    monkeypatch.setattr(endpoint._bodies._store, "get", get)

    assert coding_of(ask(endpoint, accept_encoding=ALL, available_dictionary=available(OLD))) == "br"


def test_memory_gives_the_difference_only_once_it_is_made(store: MemoryStore) -> None:
    endpoint = serving(store)
    headers = (("accept-encoding", ALL), ("available-dictionary", available(OLD)))
    request = Request("GET", f"/p/css/{name_of(NEW)}.css", headers)
    ask(endpoint, accept_encoding=ALL)

    assert endpoint.peek(request) is None
    assert endpoint.reply(request) == endpoint.peek(request)


def test_of_dictionaries_that_are_not_ours_nothing_is_kept(store: MemoryStore) -> None:
    endpoint = serving(store)
    ask(endpoint, accept_encoding=ALL)
    before = len(endpoint._bodies._kept)
    for number in range(10):
        ask(endpoint, accept_encoding=ALL, available_dictionary=available(b"%d" % number))

    assert len(endpoint._bodies._kept) == before


def test_a_file_is_a_dictionary_for_later_ones_of_its_kind_and_name() -> None:
    assert use_as("css", "main") == 'match="main.*.css", match-dest=("style")'
    assert use_as("js", "") == 'match="*.js", match-dest=("script")'


def test_the_hash_is_read_as_a_byte_sequence() -> None:
    assert offered(available(OLD), ALL) == sha256(OLD).hexdigest()
    assert offered(f" {available(OLD)} ", "dcz") == sha256(OLD).hexdigest()

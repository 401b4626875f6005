"""What hosts share by a service: proved before it is used, brought back when it is lost, and never a reason to wait."""

import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import redis

from pressmark.errors import StoreError
from pressmark.model import Bundle
from pressmark.stores import breaker, losses, object_backend, shared
from pressmark.stores.disk import DiskStore
from pressmark.stores.find_backend import find_backend
from pressmark.stores.losses import Losses
from pressmark.stores.shared import SharedStore
from pressmark.stores.signing import Signer
from pressmark.stores.tiered import TieredStore
from tests.stores.engines import Engine, redis_engine, seaweed_engine

pytestmark = pytest.mark.server

DAY_S = 86400.0
SECRETS = ("one secret of the site", "its secret before that")


def bundle(content: bytes) -> Bundle:
    return Bundle(sha256(content).hexdigest()[:32], "css", content)


A, B = bundle(b"a{}"), bundle(b"b{}")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with redis_engine() as engine:
        yield engine


@pytest.fixture
def client(engine: Engine) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(engine.url)
    client.flushall()
    yield client
    client.close()


class Now:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


Host = Callable[..., TieredStore]


def store_of(folder: Path, engine: Engine, secrets: tuple[str, ...], now: Now) -> TieredStore:
    """Return the store of a host with *folder*, which looks for losses whenever its generation is read."""
    disk = DiskStore(str(folder), 1 << 26)
    behind = SharedStore(find_backend(engine.url), Signer(secrets), 10 * DAY_S, now)
    found = Losses(behind, disk, disk.names, now)
    return TieredStore(disk, behind, found, found.look, now)


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def host(engine: Engine, client: redis.Redis, tmp_path: Path, now: Now) -> Host:
    """Return a function that makes the store of another host, which looks for losses when its generation is read."""
    count = iter(range(100))

    def make(secrets: tuple[str, ...] = SECRETS[:1], name: str = "") -> TieredStore:
        return store_of(tmp_path / (name or f"host{next(count)}"), engine, secrets, now)

    return make


def key_of(kept: Bundle) -> str:
    return f"pressmark:css/{kept.name}"


def test_a_bundle_of_one_host_is_served_by_another_and_kept_there(host: Host, client: redis.Redis) -> None:
    one, other = host(), host()
    one.put(A)

    assert other.get("css", A.name) == A.content
    client.flushall()
    assert other.get("css", A.name) == A.content


def test_a_bundle_is_kept_for_the_retention_from_its_last_use_on(host: Host, client: redis.Redis, now: Now) -> None:
    one = host()
    one.put(A)
    client.expire(key_of(A), 5)
    one.use("css", A.name, "/")
    assert client.ttl(key_of(A)) == 5  # it was kept for longer a moment ago
    now.seconds += DAY_S
    one.use("css", A.name, "/")

    assert client.ttl(key_of(A)) > 10 * DAY_S


def test_a_bundle_that_no_page_names_ends(host: Host, client: redis.Redis, now: Now) -> None:
    one = host()
    one.put(A)
    one.use("css", A.name, "/")
    now.seconds += DAY_S
    client.expire(key_of(A), 5)
    one.generation()
    host().get("css", A.name)  # a browser that asks for it is no page

    assert client.ttl(key_of(A)) <= 5


def test_a_bundle_that_only_this_host_has_is_shared_before_a_page_names_it(
    host: Host, client: redis.Redis, now: Now
) -> None:
    one = host(name="same")
    one._local.put(A)  # by a process without the setting
    one.use("css", A.name, "/")
    assert client.get(key_of(A)) == A.content
    client.delete(key_of(A))
    now.seconds += DAY_S
    host(name="same").use("css", A.name, "/")

    assert client.get(key_of(A)) == A.content


def test_a_new_process_knows_what_an_earlier_one_has_shared(host: Host, engine: Engine, client: redis.Redis) -> None:
    host(name="same").put(A)
    client.config_resetstat()
    host(name="same").use("css", A.name, "/")

    assert client.info("commandstats").keys() <= {"cmdstat_info", "cmdstat_config|resetstat"}


def test_a_bundle_that_another_host_has_put_is_kept_for_longer(host: Host, client: redis.Redis) -> None:
    host().put(A)
    client.expire(key_of(A), 5)
    host().put(A)

    assert client.ttl(key_of(A)) > 10 * DAY_S


@pytest.mark.parametrize("value", [b"evil{}", b"", A.content[:-1]])
def test_a_damaged_bundle_is_never_given_out_and_is_replaced(host: Host, client: redis.Redis, value: bytes) -> None:
    client.set(key_of(A), value)
    assert host().get("css", A.name) is None
    client.set(key_of(A), value)
    host().put(A)

    assert client.get(key_of(A)) == A.content


def test_a_record_of_one_host_is_used_by_another(host: Host) -> None:
    host().write_record("recipe", b"record")

    assert host().read_record("recipe") == b"record"
    assert host().read_record("other") is None


def test_a_record_that_nobody_signed_is_none(host: Host, client: redis.Redis) -> None:
    """Whoever can write to the service would else write into pages."""
    host().write_record("recipe", b"record")
    [key] = client.keys("pressmark:record/*")
    signed = client.get(key)
    assert isinstance(signed, bytes)
    for forged in (signed[:32] + b"<script>", b"<script>", b"", bytes(32) + b"record", signed[:-1]):
        client.set(key, forged)
        assert host().read_record("recipe") is None
    client.set(key, signed)
    assert host().read_record("recipe") == b"record"


def test_a_record_counts_under_its_own_recipe_only(host: Host, client: redis.Redis) -> None:
    one = host()
    one.write_record("first", b"first")
    [first] = client.keys("pressmark:record/*")
    signed = client.get(first)
    assert isinstance(signed, bytes)
    one.write_record("second", b"second")
    for key in client.keys("pressmark:record/*"):
        client.set(key, signed)

    assert host().read_record("first") == b"first"
    assert host().read_record("second") is None


def test_secrets_can_be_changed_and_those_of_others_count_for_nothing(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    host(SECRETS[1:]).write_record("recipe", b"record")

    assert host(SECRETS).read_record("recipe") == b"record"
    assert caplog.records == []
    assert [host(SECRETS[:1]).read_record("recipe") for _ in range(2)] == [None, None]
    assert "records that were not signed with a secret of this host are ignored" in caplog.text


def test_without_a_secret_no_record_is_shared(host: Host, client: redis.Redis) -> None:
    one = host(())
    one.write_record("recipe", b"record")

    assert one.read_record("recipe") == b"record"
    assert client.keys("pressmark:record/*") == []
    assert host(()).read_record("recipe") is None


def test_of_two_hosts_one_works_at_a_time(host: Host) -> None:
    order: list[str] = []
    is_held = threading.Event()

    def work(store: TieredStore, name: str) -> None:
        with store.guard("key"):
            order.append(f"{name} begins")
            is_held.set()
            time.sleep(0.2)
            order.append(f"{name} ends")

    first = threading.Thread(target=work, args=(host(), "first"))
    first.start()
    is_held.wait(5)
    work(host(), "second")
    first.join()

    assert order == ["first begins", "first ends", "second begins", "second ends"]


def test_the_lock_of_a_host_that_is_gone_costs_a_second_build_at_most(
    host: Host, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "GUARD_WAIT_S", 0.3)
    client.set(f"pressmark:lock/{sha256(b'key').hexdigest()[:32]}", "another", px=60_000)
    with host().guard("key"):
        pass

    assert client.exists(f"pressmark:lock/{sha256(b'key').hexdigest()[:32]}") == 1


def test_what_is_in_use_is_brought_back_after_all_was_lost(
    host: Host, client: redis.Redis, now: Now, caplog: pytest.LogCaptureFixture
) -> None:
    one = host()
    one.generation()
    one.put(A)
    before = one.generation()
    client.flushall()
    one.generation()

    assert one.generation() != before
    assert client.get(key_of(A)) == A.content
    assert "has lost all bundles: this host puts its own there" in caplog.text


def test_a_single_bundle_that_was_thrown_away_is_brought_back(host: Host, client: redis.Redis, now: Now) -> None:
    one = host()
    one.generation()
    one.put(A)
    one.use("css", A.name, "/")
    client.delete(key_of(A))
    now.seconds += losses.TOUCH_S
    one.generation()

    assert client.get(key_of(A)) == A.content


def test_a_host_waits_for_a_bundle_that_another_brings_back(host: Host, client: redis.Redis, now: Now) -> None:
    one, other = host(), host()
    one.generation()
    other.generation()
    one.put(A)
    client.flushall()
    bringing = threading.Timer(0.5, one.generation)
    bringing.start()

    assert other.get("css", A.name) == A.content
    bringing.join()


def test_without_a_loss_nobody_waits_for_what_is_not_there(host: Host, now: Now) -> None:
    one = host()
    one.generation()
    began = time.monotonic()

    assert one.get("css", A.name) is None
    assert time.monotonic() - began < losses.WAIT_S / 2


def test_a_loss_is_noticed_by_a_process_that_was_not_there(host: Host, client: redis.Redis, now: Now) -> None:
    first = host(name="same")
    first.generation()
    first.put(A)
    client.flushall()
    host(name="same").generation()

    assert client.get(key_of(A)) == A.content


def test_what_is_put_back_has_a_limit_and_begins_with_what_pages_name(
    host: Host, client: redis.Redis, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "RESTORED_BYTES", len(A.content) + len(B.content))
    one = host()
    one.generation()
    for each in (A, bundle(b"c{}"), bundle(b"d{}"), B):
        one.put(each)
    for each in (A, B):
        one.use("css", each.name, "/")
    client.flushall()
    one.generation()

    assert sorted(client.keys("pressmark:css/*")) == sorted([key_of(A).encode(), key_of(B).encode()])


# Faults


def fill(store: TieredStore) -> None:
    for number in range(100):
        store.put(bundle(b"%d" % number * 100_000))


each_engine = pytest.mark.parametrize("broken", ["redis", "seaweed"], indirect=True)
SMALL = ("--maxmemory", "3mb", "--maxmemory-policy", "noeviction")


@pytest.fixture(params=["redis"])
def broken(request: pytest.FixtureRequest, tmp_path: Path, now: Now) -> Iterator[tuple[Engine, TieredStore]]:
    """Give an engine of its own, and the store of a host that has A in both."""
    with redis_engine(*SMALL) if request.param == "redis" else seaweed_engine(tmp_path / "seaweed") as engine:
        store = store_of(tmp_path / "broken", engine, SECRETS, now)
        store.put(A)
        yield engine, store


@each_engine
def test_a_bundle_that_the_service_does_not_take_is_named_by_no_page(broken: tuple[Engine, TieredStore]) -> None:
    engine, store = broken
    engine.stop()

    with pytest.raises(StoreError, match=r"the shared store \S+ failed: (ConnectionError|GenericError)"):
        store.put(B)
    assert store.get("css", A.name) == A.content
    store.use("css", A.name, "/")
    store.write_record("recipe", b"record")
    assert store.read_record("recipe") == b"record"


def test_what_was_shared_before_is_named_while_the_service_is_down(
    broken: tuple[Engine, TieredStore], now: Now
) -> None:
    engine, store = broken
    store._local.put(B)
    engine.stop()
    now.seconds += DAY_S
    store.use("css", A.name, "/")
    with pytest.raises(StoreError, match="failed"):
        store.use("css", B.name, "/")


@each_engine
def test_a_service_that_is_down_is_left_alone_and_then_tried_again(
    broken: tuple[Engine, TieredStore], now: Now
) -> None:
    engine, store = broken
    engine.stop()
    for _ in range(breaker.MOST_FAILURES):
        with pytest.raises(StoreError, match="failed"):
            store.put(B)
    with pytest.raises(StoreError, match=r"is not asked for 10 s, after (Connection|Generic)Error"):
        store.put(B)
    engine.restart()
    with pytest.raises(StoreError, match="is not asked"):
        store.put(B)
    now.seconds += breaker.OPEN_S
    store.put(B)

    assert store.get("css", B.name) == B.content


@each_engine
def test_a_service_that_does_not_answer_costs_a_second_and_then_nothing(broken: tuple[Engine, TieredStore]) -> None:
    engine, store = broken
    engine.pause()
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(StoreError):
            store.put(B)
    engine.go_on()

    assert time.monotonic() - began < breaker.MOST_FAILURES * object_backend.ANSWER_S + 10


def test_a_service_that_is_full_gives_what_it_has(broken: tuple[Engine, TieredStore], tmp_path: Path) -> None:
    engine, store = broken
    with pytest.raises(StoreError, match="OutOfMemoryError"):
        fill(store)

    assert store_of(tmp_path / "other", engine, SECRETS, Now()).get("css", A.name) == A.content


def test_a_service_that_takes_nothing_gives_what_it_has(broken: tuple[Engine, TieredStore]) -> None:
    engine, store = broken
    with redis.Redis.from_url(engine.url) as client:
        client.replicaof("127.0.0.1", "1")
        with pytest.raises(StoreError, match="ReadOnlyError"):
            store.put(B)

        assert store.get("css", A.name) == A.content
        client.replicaof("NO", "ONE")

"""What every service promises that hosts share, with real engines."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest
import redis

from pressmark.errors import SettingsError
from pressmark.protocols import Backend
from pressmark.stores.find_backend import find_backend
from pressmark.stores.object_store import OneProcess
from tests.servers.running import free_port
from tests.stores.engines import (
    Engine,
    cluster_engine,
    redis_engine,
    seaweed_engine,
    sentinel_engine,
    tls_engine,
    valkey_engine,
)

pytestmark = pytest.mark.server

LARGE = bytes(range(256)) * (8 << 12)
"""8 MiB, as much as a bundle may have."""


STARTS: dict[str, Callable[[Path], AbstractContextManager[Engine]]] = {
    "redis": lambda _: redis_engine(),
    "valkey": lambda _: valkey_engine(),
    "cluster": cluster_engine,
    "sentinel": sentinel_engine,
    "tls": tls_engine,
    "seaweed": seaweed_engine,
}


@pytest.fixture(scope="module", params=STARTS)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with STARTS[request.param](tmp_path_factory.mktemp("engine")) as engine:
        yield engine.url


@pytest.fixture
def backend(url: str) -> Backend:
    return find_backend(url)


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """Return a key that no other test uses."""
    return f"css/{abs(hash(request.node.nodeid)):x}"


def test_nothing_is_under_a_key_before(backend: Backend, key: str) -> None:
    assert backend.get(key) is None
    assert list(backend.touch([key], 60)) == [False]


@pytest.mark.parametrize("value", [b"", b"\0\r\n\xff", LARGE], ids=["empty", "any bytes", "large"])
def test_a_value_comes_back_byte_for_byte(backend: Backend, key: str, value: bytes) -> None:
    assert backend.create(key, value, 60)

    assert backend.get(key) == value
    assert list(backend.touch([key, f"{key}0"], 60)) == [True, False]


def test_what_is_there_is_created_once_and_can_be_replaced(backend: Backend, key: str) -> None:
    assert backend.create(key, b"first", 60)
    assert not backend.create(key, b"second", 60)
    assert backend.get(key) == b"first"
    backend.put(key, b"third", 60)
    assert backend.get(key) == b"third"


def test_of_many_that_create_at_once_one_wins(backend: Backend, key: str) -> None:
    """Others may wait for longer than they have time."""
    won: list[bytes] = []
    barrier = threading.Barrier(16)

    def create(number: int) -> None:
        barrier.wait()
        with suppress(Exception):
            if backend.create(key, b"%d" % number, 60):
                won.append(b"%d" % number)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert won == [backend.get(key)]


def test_a_lock_has_one_holder_and_only_that_gives_it_back(backend: Backend, key: str) -> None:
    lock = key.replace("css", "lock")
    assert backend.acquire(lock, b"mine", 60)
    assert not backend.acquire(lock, b"yours", 60)
    backend.release(lock, b"yours")
    assert not backend.acquire(lock, b"yours", 60)
    backend.release(lock, b"mine")
    assert backend.acquire(lock, b"yours", 60)


def test_the_lock_of_a_host_that_is_gone_ends(backend: Backend, key: str) -> None:
    lock = key.replace("css", "lock")
    assert backend.acquire(lock, b"gone", 1)
    deadline = time.monotonic() + 10
    while not backend.acquire(lock, b"next", 1):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_was_not_touched_for_long_is_removed(backend: Backend, key: str) -> None:
    backend.put(key, b"old", 1)
    time.sleep(2.1)
    backend.sweep(1)

    assert backend.get(key) is None


def test_a_server_may_listen_at_a_path(tmp_path: Path) -> None:
    with redis_engine("--unixsocket", str(tmp_path / "redis.sock")):
        backend = find_backend(f"unix://{tmp_path / 'redis.sock'}?prefix=site:")
        backend.put("css/a", b"a{}", 60)

        assert backend.get("css/a") == b"a{}"


def test_the_name_holds_no_password() -> None:
    assert find_backend("redis://ann:secret@10.0.0.1:1/0").name == "redis://10.0.0.1:1/0"
    assert find_backend("s3://bucket/a?access_key_id=key&secret_access_key=secret").name == "s3://bucket/a"


@pytest.mark.parametrize("sign", "/#?@")
def test_a_password_that_would_be_shown_is_refused(sign: str) -> None:
    with pytest.raises(SettingsError, match="must be written as %2F, %3F, %23 or %40") as caught:
        find_backend(f"redis://:pa{sign}hunter2@10.0.0.1/0@")

    assert "hunter2" not in str(caught.value)


def test_a_cluster_that_is_down_is_no_error_before_it_is_asked() -> None:
    backend = find_backend(f"redis+cluster://127.0.0.1:{free_port()}")

    with pytest.raises(redis.exceptions.RedisClusterException):
        backend.get("css/a")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("memcached://10.0.0.1", "is a URL of the scheme 'memcached'; there are az, gs, redis, "),
        ("redis://10.0.0.1:port/0", "names no Redis server: redis://10.0.0.1:port/0: Port could not be cast"),
        ("redis://10.0.0.1/0?prefx=a", "names no Redis server: redis://10.0.0.1/0: "),
        (
            "redis+cluster://10.0.0.1:1?prefx=a",
            "the query may name the prefix and options of TLS (ssl_…), and not 'prefx'",
        ),
        ("redis+sentinel://10.0.0.1:1/", "the path must name the service that the sentinels watch"),
        ("redis+sentinel://10.0.0.1/main", "each host needs a port"),
        ("redis+cluster://10.0.0.1", "each host needs a port"),
        ("s3://bucket/a?colour=red", "names no object store: s3://bucket/a: "),
    ],
)
def test_a_wrong_url_is_told_at_start(url: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        find_backend(url)

    assert told in str(caught.value)


def test_a_fork_of_a_process_that_used_an_object_store_is_told_and_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OneProcess, "first", 1)

    with pytest.raises(OSError, match="cannot be used by a process that was forked after its first use"):
        find_backend("s3://bucket").get("css/a")

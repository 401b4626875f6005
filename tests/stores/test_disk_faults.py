"""Whatever call of the operating system fails, a store raises nothing but a StoreError."""

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from pressmark.errors import StoreError
from pressmark.model import Bundle
from pressmark.stores.disk import DAY_S, DiskStore
from pressmark.stores.retention import SIGHTINGS

CALLS = ["os.stat", "os.lstat", "os.scandir", "os.open", "os.mkdir", "os.utime", "os.chmod", "os.replace",
         "os.unlink", "builtins.open", "io.open", "fcntl.flock", "os.close"]  # fmt: skip
MODULES = {"os": os, "builtins": builtins, "io": io, "fcntl": pytest.importorskip("fcntl")}


def bundle(content: bytes) -> Bundle:
    return Bundle(sha256(content).hexdigest()[:32], "css", content)


OLD, NEW = bundle(b"a{}"), bundle(b"b{}")


def guarded(store: DiskStore) -> None:
    with store.guard("key"):
        pass


def put_too_much(store: DiskStore) -> None:
    """Have room made."""
    store._quota._max_bytes = 1
    store.put(NEW)


def use_twice(store: DiskStore) -> None:
    for path in ("/", "/other/"):
        store.use("css", OLD.name, path)


METHODS: dict[str, Callable[[DiskStore], object]] = {
    "get": lambda store: store.get("css", OLD.name),
    "put": lambda store: store.put(NEW),
    "put into a full store": put_too_much,
    "use": use_twice,
    "read_record": lambda store: store.read_record("recipe"),
    "write_record": lambda store: store.write_record("recipe", b"new"),
    "guard": guarded,
    "sweep": lambda store: store.sweep(),
    "clean": lambda store: store.clean(),
    "generation": lambda store: store.generation(),
    "release": lambda store: store.release(),
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return a directory whose sweep removes a bundle, a record and an unfinished file."""
    found = tmp_path / "cache"
    store = DiskStore(str(found), 2**30, DAY_S)
    store.put(OLD)
    store.write_record("recipe", b"record")
    for _ in range(SIGHTINGS):
        store.sweep()
        make_old(found)
    return found


def make_old(directory: Path) -> None:
    [path] = directory.rglob(f"{OLD.name}.css")
    unfinished = path.with_suffix(".tmp")
    unfinished.touch()
    for each in (path, unfinished, directory / "locks" / "swept"):
        os.utime(each, (1e9, 1e9))


@contextmanager
def failing(call: str, number: int) -> Iterator[list[int]]:
    """Have the *number*-th call fail that this process makes meanwhile; give the list of those that failed."""
    module, name = call.split(".")
    real, failed, count = getattr(MODULES[module], name), [], iter(range(1, 10**9))

    def fake(*arguments: Any, **options: Any) -> Any:
        if next(count) == number:
            failed.append(number)
            raise OSError(errno.EIO, "Input/output error")
        return real(*arguments, **options)

    with mock.patch.object(MODULES[module], name, fake):
        yield failed


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_call_that_fails_leaves_the_store_as_a_store_error_or_not_at_all(
    directory: Path, method: Callable[[DiskStore], object], call: str
) -> None:
    found: list[str] = []
    for number in range(1, 100):
        store = DiskStore(str(directory), 2**30, DAY_S)
        make_old(directory)
        with failing(call, number) as failed:
            try:
                method(store)
            except StoreError:
                pass
            except Exception as error:
                found.append(f"call {number}: {error!r}")
        if not failed:
            break
        with suppress(FileNotFoundError):
            next(directory.rglob(f"{NEW.name}.css"), directory / "none").unlink()
        store = DiskStore(str(directory), 2**30, DAY_S)
        store.put(OLD)
        store.write_record("recipe", b"record")

    assert found == []

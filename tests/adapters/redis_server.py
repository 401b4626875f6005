"""A real Redis server on a free port."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from tests import needs
from tests.servers.running import free_port


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a server that keeps nothing on disk until the context ends; give its URL."""
    program = needs.found("server", shutil.which("redis-server"), needs.FROM_DEBIAN.format("redis-server"))
    port = free_port()
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait(url: str) -> None:
    client = redis.Redis.from_url(url)
    deadline = time.monotonic() + 20
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert time.monotonic() < deadline, "the Redis server did not answer"
            time.sleep(0.05)
    client.close()

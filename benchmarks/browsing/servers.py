"""Servers with HTTP/1.1 and HTTP/2 over TLS, each in a process of its own."""

import asyncio
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import trustme
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config
from whitenoise import WhiteNoise

from benchmarks.served import wait_for
from tests.servers.running import free_port


def make_certificate(folder: Path) -> str:
    """Write a certificate for the servers, and return the hash of its key, as Chromium takes it."""
    issued = trustme.CA().issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(str(folder / "key.pem"))
    raw = issued.cert_chain_pems[0].bytes()
    (folder / "certificate.pem").write_bytes(raw)
    public = load_pem_x509_certificate(raw).public_key()
    return b64encode(sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()).decode()


def trusting(key: str) -> list[str]:
    """Return the arguments by which Chromium trusts servers with the public key of that hash."""
    return [f"--ignore-certificate-errors-spki-list={key}", "--no-sandbox"]


def with_files(app: Any, folder: Path) -> Any:
    """Return *app* behind WhiteNoise, which sends the files of *folder* below ``/static/``, to be kept for ever."""
    return WhiteNoise(app, root=str(folder / "static"), prefix="static", immutable_file_test=lambda path, url: True)


def serve(app: Any, folder: Path, port: int) -> None:
    """Serve *app* until this process is ended, with the certificate in *folder*."""
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.certfile, config.keyfile = str(folder / "certificate.pem"), str(folder / "key.pem")
    asyncio.run(hypercorn_serve(app, config, mode="wsgi"))


@contextmanager
def serving(module: str, folder: Path, number: int) -> Iterator[int]:
    """Run ``python -m MODULE serve FOLDER NUMBER PORT``, which serves an application, and give its port."""
    port = free_port()
    command = [sys.executable, "-m", module, "serve", str(folder), str(number), str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()

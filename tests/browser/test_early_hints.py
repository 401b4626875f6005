"""A browser loads bundles while their page is still being made, over HTTP/2 as it comes from real servers."""

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from playwright.sync_api import Playwright, sync_playwright

from tests.browser.look import chromium
from tests.servers.running import START_TIMEOUT_S, free_port
from tests.sources import ROOT

pytestmark = pytest.mark.alone
TIMES = """
() => {
  const [visit] = performance.getEntriesByType('navigation');
  const resources = performance.getEntriesByType('resource');
  return [visit.firstInterimResponseStart, resources.map(each => each.initiatorType)];
}
"""
TLS = ("--certfile", "cert.pem", "--keyfile", "key.pem")
SERVERS = {
    "hypercorn": ["hypercorn", "-b", "{}", *TLS, "tests.browser.hinted:asgi"],
    "gunicorn": [
        "gunicorn", "-b", "{}", *TLS, "--worker-class", "gthread", "--threads", "4", "--http-protocols", "h2,h1",
        "tests.browser.hinted:wsgi",
    ],
}  # fmt: skip
MAKING_S = 1.0
VISITORS = 8


@dataclass(frozen=True)
class Site:
    """A running server; *key* is the hash of the public key that a browser is to trust."""

    port: int
    key: str


@pytest.fixture(params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("p { color: rgb(1, 2, 3) }")
    (tmp_path / "static" / "b.css").write_text("p { width: 10px }")
    (tmp_path / "static" / "a.js").write_text("var ran = true")
    certificate = trustme.CA().issue_cert("localhost")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    pem = certificate.cert_chain_pems[0].bytes()
    (tmp_path / "cert.pem").write_bytes(pem)
    public = load_pem_x509_certificate(pem).public_key()
    raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    port = free_port()
    command = [part.format(f"127.0.0.1:{port}") for part in SERVERS[request.param]]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MAKING_S": str(MAKING_S)}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait(port, tmp_path / "log")
        yield Site(port, base64.b64encode(sha256(raw).digest()).decode())
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait(port: int, log: Path) -> None:
    """Wait until something listens on *port*."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


@dataclass(frozen=True)
class Visit:
    """What a browser that has never been there saw; *hint* is in milliseconds from the start, 0 for none."""

    hint: float
    initiators: list[str]
    color: str
    console: list[str]


def visit(playwright: Playwright, site: Site, profile: Path) -> Visit:
    # A profile, and a key that it trusts: hints are heeded only where nothing is wrong with the certificate.
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=["--no-sandbox", f"--ignore-certificate-errors-spki-list={site.key}"],
    )
    page = context.new_page()
    console: list[str] = []
    page.goto(f"https://localhost:{site.port}/pressmark/")  # what has just been started may not cache yet
    page.on("console", lambda message: console.append(message.text))
    page.goto(f"https://localhost:{site.port}/", wait_until="networkidle")
    color = page.evaluate("getComputedStyle(document.querySelector('p')).color")
    hint, initiators = page.evaluate(TIMES)
    page.wait_for_timeout(3500)  # by then a browser complains of what it was told to load in vain
    context.close()
    return Visit(hint, initiators, color, console)


def test_bundles_are_loaded_while_the_page_is_made(site: Site, tmp_path: Path) -> None:
    """Chromium makes no use of one hint in five, however it comes, or late: then another browser goes there."""
    with sync_playwright() as playwright:
        first = visit(playwright, site, tmp_path / "first")
        for number in range(VISITORS):
            later = visit(playwright, site, tmp_path / str(number))
            if later.initiators != ["link", "link"] and later.hint < 1000 * MAKING_S / 2:
                break

    assert (first.hint, first.initiators) == (0, ["link", "link"])
    assert 0 < later.hint < 1000 * MAKING_S / 2
    assert later.initiators == ["early-hints", "early-hints"]
    assert later.color == "rgb(1, 2, 3)"
    assert first.console + later.console == []

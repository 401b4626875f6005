"""The demo under the servers that people run: every framework, both pages, and what they link."""

import gzip
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from tests.servers.running import free_port, running
from tests.site import TAG

PAGES = [f"/{name}/{page}/" for name in ("django", "flask", "starlette") for page in ("starter", "dashboard")]


def commands(port: int) -> dict[str, list[str]]:
    address = f"127.0.0.1:{port}"
    return {
        "uvicorn": ["uvicorn", "demo.asgi:app", "--port", str(port)],
        "hypercorn-trio": ["hypercorn", "--worker-class", "trio", "-b", address, "demo.asgi:app"],
        "gunicorn-sync": ["gunicorn", "-w", "2", "-b", address, "demo.wsgi:app"],
        "gunicorn-threads": ["gunicorn", "-w", "1", "--threads", "4", "-b", address, "demo.wsgi:app"],
        "waitress": ["waitress", f"--listen={address}", "demo.wsgi:app"],
    }


# Each server gets two of the pages, and each page two servers at least.
CASES = [(server, path) for number, server in enumerate(commands(0)) for path in PAGES[number % 3 :: 3]]


@pytest.fixture(scope="module")
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base URL of the demo under each server in turn."""
    port = free_port()
    cache: Path = tmp_path_factory.mktemp(request.param)
    with running(commands(port)[request.param], cache, port) as url:
        yield url


def fetch(url: str, **headers: str) -> tuple[bytes, Message]:
    request = urllib.request.Request(url, headers={key.replace("_", "-"): value for key, value in headers.items()})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read(), response.headers


@pytest.mark.parametrize(("base", "path"), CASES, indirect=["base"])
def test_a_page_names_bundles_that_are_served(base: str, path: str) -> None:
    page, headers = fetch(base + path)
    urls = [url.decode() for url in TAG.findall(page)]

    assert b"endcompress" not in page.replace(b"&lt;!-- endcompress", b"")
    assert len(page) == int(headers.get("Content-Length", len(page)))
    assert len(urls) >= 2
    for url in urls:
        content, bundle_headers = fetch(base + url, Accept_Encoding="gzip")
        assert "immutable" in bundle_headers["Cache-Control"]
        assert len(gzip.decompress(content)) > len(content)


@pytest.mark.parametrize(("base", "path"), CASES, indirect=["base"])
def test_a_page_is_the_same_but_for_its_regions(base: str, path: str) -> None:
    plain, _ = fetch(f"{base}{path}?plain")
    page, _ = fetch(base + path)
    head, _, rest = plain.partition(b"<!-- compress")
    tail = rest.rpartition(b"endcompress -->")[2]

    assert page.startswith(head)
    assert page.endswith(tail)

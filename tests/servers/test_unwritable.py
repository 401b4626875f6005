"""Workers that can write nowhere share nothing: no page names a bundle that another worker could not serve."""

import urllib.request
from pathlib import Path

import pytest

from tests.servers.running import free_port, running
from tests.site import TAG

SITE = "tests.servers.nowhere_site"
LOADS = 40
SEVERAL = {
    "gunicorn": f"gunicorn -w 3 -b 127.0.0.1:PORT {SITE}:wsgi",
    "gunicorn, preloaded": f"gunicorn -w 3 --preload -b 127.0.0.1:PORT {SITE}:wsgi",
    "gunicorn, for ASGI": f"gunicorn -w 3 -k asgi --asgi-lifespan off -b 127.0.0.1:PORT {SITE}:asgi",
    "uvicorn": f"uvicorn --workers 3 --lifespan off --port PORT {SITE}:asgi",
    "hypercorn": f"hypercorn --workers 3 -b 127.0.0.1:PORT {SITE}:asgi",
}
ALONE = {
    "gunicorn": f"gunicorn -w 1 -b 127.0.0.1:PORT {SITE}:wsgi",
    "uvicorn": f"uvicorn --lifespan off --port PORT {SITE}:asgi",
}


def get(url: str) -> bytes:
    body: bytes = urllib.request.urlopen(url, timeout=60).read()  # raises for a 404
    return body


def told_in(folder: Path) -> set[str]:
    """Return the lines that the log has of bundles: each process tells it once, of the page that it was asked for."""
    lines = (folder / "server.log").read_text().splitlines()
    return {line for line in lines if "memory only" in line or "was not bundled" in line}


@pytest.mark.parametrize("command", SEVERAL.values(), ids=SEVERAL)
def test_several_workers_leave_regions_as_they_were_written(command: str, tmp_path: Path) -> None:
    port = free_port()
    with running(command.replace("PORT", str(port)).split(), tmp_path, port) as base:
        named = {url for _ in range(LOADS) for url in TAG.findall(get(f"{base}/"))}

    assert named == set()
    told = told_in(tmp_path)
    assert told != set()
    assert all(
        "was not bundled: other processes could not serve its bundle: cannot write the cache" in line for line in told
    )


@pytest.mark.parametrize("command", SEVERAL.values(), ids=SEVERAL)
def test_several_workers_with_a_secret_build_what_another_has_named(command: str, tmp_path: Path) -> None:
    port = free_port()
    with running(f"{command}_with_secret".replace("PORT", str(port)).split(), tmp_path, port) as base:
        named = {url for _ in range(LOADS) for url in TAG.findall(get(f"{base}/"))}
        (url,) = named
        bodies = {get(base + url.decode()) for _ in range(LOADS)}

    assert bodies == {b"a{color:red}\na{color:red}"}
    assert told_in(tmp_path) == set()
    assert "workers build what others name by recipes in URLs: cannot write" in (tmp_path / "server.log").read_text()


@pytest.mark.parametrize("command", ALONE.values(), ids=ALONE)
def test_one_worker_serves_bundles_from_its_memory(command: str, tmp_path: Path) -> None:
    port = free_port()
    with running(command.replace("PORT", str(port)).split(), tmp_path, port) as base:
        (url,) = TAG.findall(get(f"{base}/"))

        assert get(base + url.decode()) == b"a{color:red}\na{color:red}"
    (told,) = told_in(tmp_path)
    assert "bundles are kept in this process's memory only, and lost with it: cannot write the cache" in told

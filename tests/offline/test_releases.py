"""Two releases side by side, with a page cache that both share: no page names a bundle that a server lacks."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from pressmark import WSGIMiddleware
from pressmark.offline.manifest import write_manifest
from pressmark.offline.output import outputs_of, write_outputs
from pressmark.offline.recorder import Recorder
from tests.site import Site, css_region, js_region
from tests.stores.engines import redis_engine

pytestmark = pytest.mark.server

VISITS = 2000
PATHS = [f"/{number}" for number in range(10)]
PAGES = {
    "old": b"<head>" + css_region("a.css", "b.css") + js_region("old.js"),
    "new": b"<head>" + css_region("a.css", "c.css") + js_region("new.js"),
}


@pytest.fixture(scope="module")
def cache() -> Iterator[redis.Redis]:
    with redis_engine() as engine:
        client = redis.Redis.from_url(engine.url)
        yield client
        client.close()


@pytest.fixture
def out(tmp_path: Path, static: Path, recorder: Recorder) -> Path:
    """Return the folder into which both releases were built, one after the other; no source is left."""
    folder = tmp_path / "out"
    for release, color in (("old", "red"), ("new", "blue")):
        for name in ("a", "b", "c"):
            (static / f"{name}.css").write_text(f"{name} {{ color: {color} }}")
            (static / f"{release}.js").write_text(f"var release = '{release}'")
        recorder.begin()
        Site(static, PAGES[release]).get()
        recorder.end()
        list(write_outputs(folder, outputs_of(recorder.entries.values()), recorder.read))
        write_manifest(folder / "manifest.json", {place: each.fields() for place, each in recorder.entries.items()})
    shutil.rmtree(static)
    return folder


class Server:
    """A server of a *release*, which keeps pages for all servers in *cache*: within Pressmark, or around it."""

    def __init__(self, release: str, out: Path, cache: redis.Redis, *, is_within: bool, **options: Any) -> None:
        self._page, self._cache = PAGES[release], cache
        settings: dict[str, Any] = {
            "static": {"/static/": "none"},
            "cache_dir": out.parent / f"cache-{release}",
            "refresh": 0,
        }
        inner = self._cached(self._answer) if is_within else self._answer
        ours = WSGIMiddleware(inner, **settings | options, manifest=out / "manifest.json")
        self.site = Site.__new__(Site)
        self.site.app = ours if is_within else self._cached(ours)  # type: ignore[assignment]

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [self._page]

    def _cached(self, app: Callable[..., Any]) -> Callable[..., Any]:
        def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            if environ["PATH_INFO"] not in PATHS:
                return list(app(environ, start_response))
            page: Any = self._cache.get(environ["PATH_INFO"])
            if page is None:
                page = b"".join(app(environ, lambda *_: None))
                self._cache.set(environ["PATH_INFO"], page, px=20)
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [page]

        return answer


@pytest.mark.parametrize("is_within", [True, False], ids=["within Pressmark", "around Pressmark"])
def test_no_page_is_broken_while_releases_meet(out: Path, cache: redis.Redis, *, is_within: bool) -> None:
    cache.flushall()
    servers = {release: Server(release, out, cache, is_within=is_within, on_missing="error").site for release in PAGES}
    chance = random.Random(7)
    weights = {"old": [1, 0], "both": [1, 1], "new": [0, 1], "rollback": [1, 1], "old again": [1, 0]}
    broken, seen = [], set()
    for number in range(VISITS):
        phase = list(weights)[number * len(weights) // VISITS]
        first, second = (servers[chance.choices(list(servers), weights[phase])[0]] for _ in range(2))
        page = first.get(chance.choice(PATHS))
        statuses = [second.get(url).status for url in page.bundles]
        seen.add(tuple(page.bundles))
        if b"/static/" in page.body or len(statuses) != 2 or set(statuses) != {200}:
            broken.append((phase, page.body, statuses))

    assert broken == []
    assert len(seen) == 2

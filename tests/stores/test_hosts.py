"""Three hosts behind a round-robin, with sources and caches of their own: any of them serves what another has named."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from pressmark.adapters import FrameworkSecrets
from pressmark.stores import losses
from tests.site import Answer, Site, css_region, js_region
from tests.stores.engines import Engine, redis_engine, seaweed_engine

pytestmark = pytest.mark.server

SECRET = "a secret that all hosts of the site have"
VISITS = 5_000
RELEASES = ("one", "two", "three", "two", "one")
PATHS = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with redis_engine() as engine:
        yield engine


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with seaweed_engine(tmp_path_factory.mktemp("seaweed")) as engine:
        yield engine


class Host(Site):
    """A host with a folder of its own, in which a *release* of the sources lies."""

    def __init__(self, folder: Path, url: str, **options: Any) -> None:
        self.folder, self.url, self.more = folder, url, options
        (folder / "static").mkdir(parents=True)
        self.deploy(RELEASES[0])
        self.start()

    def deploy(self, release: str) -> None:
        """Put the sources of a release in the place of those that are there."""
        for name in PATHS:
            (self.folder / "static" / f"{name}.css").write_text(f"{name} {{ --release: {release} }}")
            (self.folder / "static" / f"{name}.js").write_text(f"var {name} = '{release}'")

    def start(self) -> None:
        """Start a new process, which has only what is in its folder."""
        options = {"store": self.url, "secret": SECRET, "refresh": 0, **self.more}
        super().__init__(self.folder / "static", b"", options)

    def answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer with a page of the site."""
        name = environ["PATH_INFO"].strip("/")
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"<head>" + css_region("a.css", f"{name}.css") + js_region("a.js", f"{name}.js")]


def calls(client: redis.Redis) -> int:
    """Return the number of commands that a Redis server was sent, but for those of this function."""
    stats: Any = client.info("commandstats")
    return sum(
        each["calls"]
        for name, each in stats.items()
        if name.removeprefix("cmdstat_") in ("get", "set", "eval", "pexpire")
    )


def broken(page: Answer, host: Site) -> list[str]:
    """Return the bundles of *page* that *host* does not serve as they were named, or "as written" if it has none."""
    answers = {url: host.get(url) for url in page.bundles}
    return [f"{url}: {answer.status}" for url, answer in answers.items() if answer.status != 200] or (
        [] if len(page.bundles) == 2 else ["as written"]
    )


@pytest.mark.parametrize("service", ["engine", "bucket"])
def test_a_cold_region_that_another_host_has_built_is_built_no_more(
    tmp_path: Path, request: pytest.FixtureRequest, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine: Engine = request.getfixturevalue(service)
    one, other = (Host(tmp_path / name, engine.url) for name in ("one", "other"))
    page = one.get("/b")
    plans: list[object] = []
    monkeypatch.setattr(other.app._core.pipeline._renderer, "_plan", plans.append)

    assert other.get("/b").body == page.body
    assert plans == []
    assert broken(page, other) == []


def test_a_cold_region_of_another_host_costs_two_calls_and_a_warm_one_none(tmp_path: Path, engine: Engine) -> None:
    one, other = (Host(tmp_path / name, engine.url) for name in ("one", "other"))
    one.get("/c")
    with redis.Redis.from_url(engine.url) as client:
        other.get("/a")  # connects, and looks for losses
        before = calls(client)
        other.get("/c")
        cold = calls(client)
        for _ in range(100):
            other.get("/c")
        warm = calls(client)

    assert cold - before <= 2 * 3  # of two regions: a record, a bundle, and its longer life
    assert warm - cold <= 2  # looks for losses


def test_hosts_serve_one_another_while_they_restart_releases_roll_and_the_service_is_flushed(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "LOOK_S", 0.05)
    hosts = [Host(tmp_path / f"host{number}", engine.url) for number in range(3)]
    chance, kept, faults = random.Random(7), dict[str, Answer](), list[str]()
    release = [RELEASES[0]] * 3
    with redis.Redis.from_url(engine.url) as client:
        client.flushall()
        for number in range(VISITS):
            wanted = RELEASES[number * len(RELEASES) // VISITS]
            if number % 100 == 0:  # one host at a time
                host = chance.randrange(3)
                if release[host] != wanted:
                    hosts[host].deploy(wanted)
                    release[host] = wanted
                hosts[host].start()
            if number % 1500 == 1499:
                client.flushall()
            page = hosts[number % 3].get(f"/{chance.choice(PATHS)}")
            kept[" ".join(page.bundles)] = page
            for seen in (page, chance.choice(list(kept.values()))):
                faults += broken(seen, hosts[chance.randrange(3)])

    assert faults == []
    assert len(kept) >= 3 * len(PATHS)


def test_a_service_that_is_down_costs_bundling_and_no_page(tmp_path: Path) -> None:
    with redis_engine() as engine:
        host = Host(tmp_path / "host", engine.url, secret=FrameworkSecrets([SECRET]))
        before = host.get("/b")
        engine.stop()
        warm, cold = host.get("/b"), host.get("/c")
        host.start()
        restarted = host.get("/b")

    assert before.body == warm.body == restarted.body
    assert broken(restarted, host) == []
    assert cold.body == b"<head>" + css_region("a.css", "c.css") + js_region("a.js", "c.js")


def test_a_process_that_has_first_served_a_bundle_names_it_while_the_service_is_down(tmp_path: Path) -> None:
    with redis_engine() as engine:
        host = Host(tmp_path / "host", engine.url)
        before = host.get("/b")
        host.start()
        served = broken(before, host)
        engine.stop()
        after = host.get("/b")

    assert served == []
    assert after.body == before.body


def test_a_service_that_is_down_costs_nothing_where_urls_carry_recipes(tmp_path: Path) -> None:
    with redis_engine() as engine:
        one, other = (Host(tmp_path / name, engine.url) for name in ("one", "other"))
        one.get("/b")
        engine.stop()
        cold = one.get("/c")

        assert broken(cold, other) == []
        engine.restart()
        one.start()
        with redis.Redis.from_url(engine.url) as client:
            one.get("/c")
            shared = {key.decode().rpartition("/")[2] for key in client.keys("pressmark:css/*")}
        assert any(name in cold.bundles[0] for name in shared)  # what came meanwhile is shared then


def test_nothing_is_shared_with_those_who_do_not_know_the_secret(tmp_path: Path, engine: Engine) -> None:
    ours = Host(tmp_path / "ours", engine.url)
    ours.get("/d")
    with redis.Redis.from_url(engine.url) as client:
        for key in client.keys("pressmark:record/*"):
            client.set(key, b"0" * 32 + b'{"parts": ["<script>evil()</script>"], "files": [], "members": []}')
    other = Host(tmp_path / "other", engine.url)

    assert b"evil" not in other.get("/d").body
    assert broken(other.get("/d"), ours) == []


def test_a_host_without_a_disk_serves_what_others_have(tmp_path: Path, engine: Engine) -> None:
    one = Host(tmp_path / "one", engine.url)
    (tmp_path / "file").write_text("")
    without = Host(tmp_path / "without", engine.url, cache_dir=tmp_path / "file" / "cache")
    page = without.get("/b")

    assert broken(page, one) == []
    assert broken(one.get("/c"), without) == []
    assert not (tmp_path / "file" / "cache").exists()


def test_a_request_for_a_bundle_that_nobody_can_look_for_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with redis_engine() as engine:
        host = Host(tmp_path / "host", engine.url)
        engine.stop()
        statuses = [host.get(f"/pressmark/css/{number:032x}.css").status for number in range(30)]

    assert set(statuses) == {503}
    assert 0 < len(caplog.records) <= 20
    assert {record.exc_info for record in caplog.records} == {None}

"""A CDN before three hosts that share nothing but a secret: it keeps every bundle in every form, and no failure."""

import base64
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from pressmark.regions.rebuilding import RETRY_S
from pressmark.serve.content_codings import zstd
from tests.serve.decoded import decoded
from tests.servers.fleet import CODINGS, SECRET, Client, Fleet, Host, fleet, is_right
from tests.servers.proxies import nginx_cache, varnish
from tests.servers.running import free_port
from tests.site import Answer

pytestmark = pytest.mark.server

Cache = Callable[[Path, Sequence[str]], AbstractContextManager[str]]

ALL = "gzip, deflate, br, zstd, dcb, dcz"


def varnish_that_knows_brotli(folder: Path, hosts: Sequence[str]) -> AbstractContextManager[str]:
    """Run Varnish that does not take every Accept-Encoding for gzip."""
    return varnish(folder, hosts, "http_gzip_support=off")


CACHES: dict[str, Cache] = {"nginx": nginx_cache, "varnish": varnish, "varnish, br": varnish_that_knows_brotli}


@dataclass
class Site:
    """Hosts of release one behind a cache, which *cached* asks, and one of release two, which *ahead* asks."""

    hosts: Fleet
    cached: Client
    ahead: Client

    def arrived(self, url: str) -> int:
        """Return how often the hosts were asked for *url*."""
        return sum(host.asked_for(url) for host in self.hosts.hosts)

    def deploy(self) -> None:
        """Put the files of release two on all hosts."""
        for host in self.hosts.hosts:
            host.copy("two")


@pytest.fixture(scope="module", params=CACHES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    ahead = Host(folder / "ahead", f"127.0.0.5:{free_port()}", has_hashed_names=True, settings={"secret": SECRET})
    ahead.copy("two")
    ahead.switch("two")
    with fleet(folder, has_hashed_names=True, secret=SECRET) as hosts:
        try:
            ahead.start()
            with (
                CACHES[request.param](folder / "cdn", [host.address for host in hosts.hosts]) as base,
                Client(base) as cached,
                Client(f"http://{ahead.address}") as asked_ahead,
            ):
                yield Site(hosts, cached, asked_ahead)
        finally:
            ahead.stop()


def body_of(answer: Answer, dictionary: bytes | None) -> bytes:
    """Return what a browser reads, which has *dictionary*."""
    if answer.headers.get("Content-Encoding") != "dcz":
        return decoded(answer.body, answer.headers.get("Content-Encoding"))
    assert dictionary is not None
    assert answer.body[:40] == bytes.fromhex("5e2a4d1820000000") + sha256(dictionary).digest()  # RFC 9842, 5
    prefix = zstd.ZstdDict(dictionary, is_raw=True).as_prefix
    return zstd.decompress(answer.body[40:], zstd_dict=prefix)


def test_a_bundle_that_nobody_can_build_yet_is_there_once_they_can(site: Site) -> None:
    url = site.ahead.get("/a").bundles[0]
    before = [site.cached.get(url) for _ in range(6)]
    arrived = site.arrived(url)
    time.sleep(RETRY_S + 0.5)
    site.deploy()
    after = [site.cached.get(url) for _ in range(6)]

    assert {answer.status for answer in before} == {404}
    assert {answer.headers["Cache-Control"] for answer in before} == {"no-store"}
    assert arrived == 6
    assert [is_right(answer, url) for answer in after] == [True] * 6
    assert site.arrived(url) == arrived + 1


def test_a_bundle_is_kept_in_every_coding_that_is_asked_for(site: Site) -> None:
    for url in site.cached.get("/b").bundles:
        rounds = [[site.cached.get(url, Accept_Encoding=coding) for coding in (*CODINGS, ALL)] for _ in range(4)]
        arrived = site.arrived(url)
        again = [site.cached.get(url, Accept_Encoding=coding) for coding in (*CODINGS, ALL)]

        assert {answer.status for answers in (*rounds, again) for answer in answers} == {200}
        assert all(is_right(answer, url) for answers in (*rounds, again) for answer in answers)
        for coding, answer in zip(CODINGS, again, strict=False):
            assert answer.headers.get("Content-Encoding") in (None, coding)
        assert site.arrived(url) == arrived <= len(again)


@pytest.mark.parametrize("path", ["/c", "/d"])
def test_who_has_an_older_bundle_gets_what_is_right_for_it(site: Site, path: str) -> None:
    """A difference is for those who have what it differs from, and the whole is for all others."""
    old_url, new_url = site.cached.get(path).bundles[0], site.ahead.get(path).bundles[0]
    old, other = site.cached.get(old_url).body, b"a file that nobody has"
    site.deploy()
    wanted = site.ahead.get(new_url).body
    forms = []
    for dictionary in (None, old, other, old, None, other) * 4:
        headers = {"Accept_Encoding": ALL}
        if dictionary is not None:
            headers["Available_Dictionary"] = f":{base64.b64encode(sha256(dictionary).digest()).decode()}:"
        answer = site.cached.get(new_url, **headers)
        forms.append((dictionary is old, answer.headers.get("Content-Encoding")))

        assert body_of(answer, dictionary) == wanted

    assert (False, "dcz") not in forms
    assert site.arrived(new_url) <= 6

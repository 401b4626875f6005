"""Three hosts without a common disk serve what the others have named, while they restart and releases roll over them.

``PRESSMARK_VISITS=10000`` makes the visits more.
"""

import re
from pathlib import Path

import pytest
import redis

from tests.browser.look import browser
from tests.servers.fleet import (
    RELEASES,
    SECRET,
    VISITS,
    Client,
    Fleet,
    Outages,
    Visitors,
    drill,
    fleet,
    moves,
    shown,
)
from tests.servers.fleet_site import PATHS
from tests.servers.proxies import nginx
from tests.stores.engines import redis_engine, seaweed_engine

pytestmark = [pytest.mark.server, pytest.mark.browser]

FILES_ALONE, WITH_INLINE_CODE = 2, 3


def check(fleet: Fleet, visitors: Visitors) -> None:
    """Check that nobody has met a fault, and that Chromium shows each page of each release as it was."""
    tally = visitors.tally
    print(f"{fleet.restarts} restarts, {fleet.lost_caches} caches lost, {tally}")

    assert tally.faults == []
    assert tally.from_other_hosts > tally.bundles / 2
    # A page waits two seconds for a cold region, and a busy machine that starts servers may need longer for one.
    assert tally.as_written <= tally.visits * 0.02
    check_in_chromium(fleet.base, visitors)


def check_in_chromium(base: str, visitors: Visitors) -> None:
    """Open each kept page of each release; what its styles and scripts leave is that release's."""
    pages = {page.body.partition(b"<title>")[2].partition(b"<")[0].decode(): page for page in visitors.kept.values()}
    assert pages.keys() == {f"{release} {path}" for release in RELEASES for path in PATHS}

    with browser() as chromium:
        for title, page in pages.items():
            release, path = title.split()
            found = shown(chromium, base, page)
            base_, page_ = f"{release} base", f"{release} {path}"
            expected = {"base": base_, "page": page_, "base.js": base_, "page.js": page_, "mixed": "", "inline": ""}
            if len(page.bundles) == WITH_INLINE_CODE:
                expected |= {"mixed": f"{release} mixed", "inline": release}

            assert (found.state, found.complaints) == (expected, [])


def test_hosts_with_a_redis_that_is_flushed_serve_one_another(tmp_path: Path) -> None:
    every = min(VISITS // 6, 500)
    with (
        redis_engine() as engine,
        redis.Redis.from_url(engine.url) as store,
        fleet(tmp_path, store=engine.url, secret=SECRET) as hosts,
        Client(hosts.base) as client,
    ):
        visitors = Visitors(client, WITH_INLINE_CODE)
        drill(hosts, visitors, moves(), lambda number: number % every == every // 2 and store.flushall())

        check(hosts, visitors)


def test_hosts_with_a_bucket_that_fails_for_ten_seconds_serve_one_another(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    with seaweed_engine(tmp_path / "seaweed") as engine:
        (address,) = re.findall(r"endpoint=http://([^&]+)", engine.url)
        with (
            nginx(tmp_path / "failing", [address], f"if (-f {flag}) {{ return 503; }}") as failing,
            fleet(tmp_path, store=engine.url.replace(f"http://{address}", failing), secret=SECRET) as hosts,
            Client(hosts.base) as client,
        ):
            visitors = Visitors(client, WITH_INLINE_CODE)
            outages = Outages(hosts, visitors, flag, range(VISITS * 9 // 10, 0, -2000))
            drill(hosts, visitors, moves(), outages.happen)
            outages.end()

            check(hosts, visitors)


def test_hosts_that_share_nothing_but_a_secret_serve_one_another(tmp_path: Path) -> None:
    """Static files have hashed names, and those of a release are on all hosts before the first page names them."""
    with fleet(tmp_path, has_hashed_names=True, secret=SECRET) as hosts, Client(hosts.base) as client:
        visitors = Visitors(client, FILES_ALONE)
        drill(hosts, visitors, moves(lose_caches=True))

        check(hosts, visitors)

"""What no browser can read never leaves as it was written, if there is any other way."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pressmark import Settings
from pressmark.assembly import assemble
from pressmark.errors import FilterError, StoreFullError
from pressmark.model import Asset, Bundle
from pressmark.stores.memory import MemoryStore
from tests.conftest import Write
from tests.site import Site, css_region

PAGE = b'<meta charset="utf-8">' + css_region("a.less").replace(
    b'rel="stylesheet"', b'rel="stylesheet" type="text/less"'
)


def less(asset: Asset) -> Asset:
    """Compile a very small language."""
    if b"@oops" in asset.content:
        raise ValueError("@oops is no variable")
    return replace(asset, content=asset.content.replace(b"@red", b"#f00"))


@pytest.fixture
def make(static: Path, write: Write) -> Callable[..., Site]:
    write("a.less", "a { color: @red }")

    def make_site(page: bytes = PAGE, **options: Any) -> Site:
        defaults: dict[str, Any] = {"precompilers": {"text/less": less}, "refresh": 0}
        return Site(static, page, defaults | options)

    return make_site


Make = Callable[..., Site]


def with_parts(site: Site, **parts: Any) -> Site:
    """Return *site* with other parts than its settings name."""
    site.app._core = assemble(Settings.from_mapping(site.settings), **parts)
    return site


def test_a_page_waits_for_a_compiler_longer_than_for_any_other_build(make: Make) -> None:
    def slow(asset: Asset) -> Asset:
        time.sleep(0.3)
        return less(asset)

    answer = make(precompilers={"text/less": slow}, build_wait=0.01).get()

    assert len(answer.bundles) == 1


def test_while_the_compiler_fails_the_last_good_result_serves(
    make: Make, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    site = make()
    good = site.get().bundles
    write("a.less", "a { color: @oops }")

    assert site.get().bundles == good
    assert [line.partition(":")[0] for line in caplog.messages] == ["css region on / was not bundled"]
    write("a.less", "a { color: @red; top: 0 }")
    assert site.bundle() == "a{color:#f00;top:0}"


def test_the_last_good_result_outlives_the_process(make: Make, write: Write) -> None:
    good = make().get().bundles
    write("a.less", "a { color: @oops }")
    after_restart = make(minify=False)

    assert after_restart.get().bundles == good
    assert after_restart.get(good[0]).body == b"a{color:#f00}"


def test_a_missing_source_has_a_last_good_result_too(make: Make, static: Path) -> None:
    site = make()
    good = site.get().bundles
    (static / "a.less").unlink()

    assert site.get().bundles == good


def test_without_a_good_result_the_region_stays(make: Make, write: Write) -> None:
    write("a.less", "a { color: @oops }")

    assert make().get().body == PAGE


def test_another_place_has_another_last_good_result(make: Make, write: Write) -> None:
    site = make()
    site.get()
    write("a.less", "a { color: @oops }")
    site.page = PAGE.replace(b"<link", b'<link media="print"')

    assert site.get().body == site.page


def test_another_site_has_another_last_good_result(make: Make, static: Path, tmp_path: Path) -> None:
    """Its cache may be shared, and its files lie elsewhere."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.less").write_text("a { color: @oops }")
    make().get()
    site = make(PAGE.replace(b"/static/", b"/other/"), static={"/other/": str(other)})

    assert site.get().body == site.page


def test_strict_raises_all_the_same(make: Make, write: Write) -> None:
    site = make(strict=True)
    site.get()
    write("a.less", "a { color: @oops }")

    with pytest.raises(FilterError, match="@oops is no variable"):
        site.get()


def test_what_browsers_can_read_has_no_last_good_result(make: Make, write: Write) -> None:
    write("a.css", "a { color: red }")
    page = css_region("a.css")
    site = make(page, precompilers={"text/css": less})
    site.get()
    write("a.css", "a { color: @oops }")

    assert site.get().body == page


def test_while_publishing_fails_the_endpoint_serves(make: Make) -> None:
    is_down = True

    def publish(bundle: Bundle) -> None:
        if is_down:
            raise OSError("no bucket")

    site = with_parts(make(public_url="https://cdn.example/"), publish=publish)
    (url,) = site.get().bundles

    assert site.get(url).body == b"a{color:#f00}"
    again = with_parts(make(public_url="https://cdn.example/"), publish=publish)
    assert again.get().bundles == [url]
    is_down = False
    with_parts(site, publish=publish)
    assert b"https://cdn.example/css/" in site.get().body


class FullStore(MemoryStore):
    """A store that takes no bundle."""

    def put(self, bundle: Bundle) -> None:
        raise StoreFullError("full")


def test_while_nothing_can_be_kept_the_page_holds_the_result(make: Make) -> None:
    body = with_parts(make(), store=FullStore()).get().body

    assert b"<style>a{color:#f00}</style>" in body


def test_a_policy_that_may_forbid_that_is_heeded(make: Make) -> None:
    site = with_parts(make(), store=FullStore())
    site.page_headers.append(("Content-Security-Policy", "style-src 'self'"))

    assert site.get().body == PAGE

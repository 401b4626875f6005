"""Bundles name source maps, which are served as long as they are, to those who may see them."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest

from pressmark.stores.disk import DiskStore
from tests.conftest import Write
from tests.site import Answer, Site, css_region, js_region

COMMENT = re.compile(r"(?:/\*|//)# sourceMappingURL=(\S+)")
PUBLIC = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    write("a.js", "f ( )")


def map_url(site: Site, mount: str = "") -> str:
    """Return the URL of the map that the page's bundle names."""
    url = site.get(mount=mount).bundles[0]
    [reference] = COMMENT.findall(site.get(url.removeprefix(mount), mount=mount).body.decode())
    return urljoin(url, str(reference))


def get_map(site: Site, mount: str = "") -> Answer:
    """Return the map that the page's bundle names."""
    return site.get(map_url(site, mount).removeprefix(mount), mount=mount)


@pytest.mark.parametrize("region", [css_region("a.css", "b.css"), js_region("a.js")], ids=["css", "js"])
@pytest.mark.parametrize("mount", ["", "/app"])
@pytest.mark.parametrize(("source_maps", "prefix"), [(True, "/pressmark/map/"), ("/my/maps/", "/my/maps/")])
def test_a_bundle_leads_to_its_map_wherever_the_application_is(
    static: Path, region: bytes, mount: str, source_maps: bool | str, prefix: str
) -> None:
    site = Site(static, region.replace(b"/static/", mount.encode() + b"/static/"), {"source_maps": source_maps})
    answer = get_map(site, mount)

    assert map_url(site, mount).startswith(mount + prefix)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert json.loads(answer.body)["sources"][0].startswith(mount + "/static/a.")


def test_a_map_may_be_kept_for_ever_as_its_name_is_its_hash(static: Path) -> None:
    answer = get_map(Site(static, css_region("a.css"), {"source_maps": True}))

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Use-As-Dictionary" not in answer.headers
    assert PUBLIC.items() <= answer.headers.items()


def test_a_map_below_a_prefix_of_its_own_is_nothing_for_other_sites_nor_for_shared_caches(static: Path) -> None:
    site = Site(static, css_region("a.css"), {"source_maps": "/maps/"})
    answer = get_map(site)
    again = site.get(map_url(site), HTTP_IF_NONE_MATCH=answer.headers["ETag"])

    name = map_url(site)
    others = [site.get(name, method) for method in ("OPTIONS", "POST")]
    others += [site.get(name, HTTP_IF_MATCH='"x"'), site.get(name, HTTP_RANGE="bytes=9999999-"), site.get("/maps/x")]

    for each in others:
        assert not PUBLIC.keys() & each.headers.keys() - {"Cross-Origin-Resource-Policy"}
        assert each.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert [each.status for each in others] == [204, 405, 412, 416, 404]
    for each in (answer, again):
        assert each.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert "Access-Control-Allow-Origin" not in each.headers
        assert each.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (answer.status, again.status) == (200, 304)


def test_a_bundle_is_as_public_as_ever(static: Path) -> None:
    site = Site(static, css_region("a.css"), {"source_maps": "/maps/"})

    assert PUBLIC.items() <= site.get(site.get().bundles[0]).headers.items()


def test_without_source_maps_there_are_none(static: Path) -> None:
    url = map_url(Site(static, css_region("a.css"), {"source_maps": True}))
    site = Site(static, css_region("a.css"))

    assert COMMENT.search(site.bundle()) is None
    assert site.get(url).status == 404


@pytest.mark.parametrize(
    "path", ["/maps/", "/maps/x.map", "/maps/css/{}.css", "/pressmark/map/{}.map", "/maps/{}.map/", "/maps/{}.MAP"]
)
def test_only_the_names_of_maps_are_served_below_their_prefix(static: Path, path: str) -> None:
    site = Site(static, css_region("a.css"), {"source_maps": "/maps/"})
    name = map_url(site).removeprefix("/maps/").removesuffix(".map")

    assert site.get(path.format(name)).status == 404


def test_an_inline_bundle_names_no_map(static: Path) -> None:
    site = Site(static, b"<meta charset=utf-8>" + js_region("a.js", marker="compress js inline"), {"source_maps": True})

    assert b"<script>f()</script>" in site.get().body


def test_inline_code_is_in_the_map_and_the_page_is_not(static: Path) -> None:
    """Else another page would have another map, and so another bundle, of the same sources."""
    region = css_region("a.css").replace(b"<!-- end", b"<style>c{}</style><!-- end")
    site = Site(static, region, {"source_maps": True})

    first, second = json.loads(get_map(site).body)["sources"]
    assert (first, re.sub("[0-9a-f]{8}", "HASH", second)) == ("/static/a.css", "inline-HASH.css")
    assert site.get("/one").bundles == site.get("/other").bundles


def test_a_map_is_kept_as_long_as_its_bundle(static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []
    site = Site(static, css_region("a.css"), {"source_maps": True, "refresh": 0})
    site.get()
    monkeypatch.setattr(DiskStore, "use", lambda self, kind, name, path: used.append(kind))
    site.get()

    assert used == ["map", "css"]


def test_a_map_is_there_again_after_the_cache_was_deleted(static: Path) -> None:
    site = Site(static, css_region("a.css"), {"source_maps": True})
    url = map_url(site)
    shutil.rmtree(static.parent / "cache")

    assert site.get(url).status == 200
    assert map_url(Site(static, css_region("a.css"), {"source_maps": True})) == url


def test_another_prefix_makes_other_bundles(static: Path) -> None:
    """The same cache serves two settings, as in a rolling deployment."""
    first = Site(static, css_region("a.css"), {"source_maps": True})
    second = Site(static, css_region("a.css"), {"source_maps": "/maps/"})
    third = Site(static, css_region("a.css"))

    assert len({site.get().bundles[0] for site in (first, second, third)}) == 3


def test_beside_a_cdn_a_prefix_is_a_whole_url(static: Path) -> None:
    options = {"source_maps": "https://example.com/maps/", "public_url": "https://cdn.example/p/"}
    site = Site(static, css_region("a.css"), options)
    [name] = re.findall(rb"https://cdn.example/p/css/([0-9a-f]{32}).css", site.get().body)
    [reference] = COMMENT.findall(site.get(f"/pressmark/css/{name.decode()}.css").body.decode())

    assert reference.startswith("https://example.com/maps/")
    assert site.get(reference.removeprefix("https://example.com")).status == 200


def test_beside_a_cdn_public_maps_lie_there_too(static: Path) -> None:
    site = Site(static, css_region("a.css"), {"source_maps": True, "public_url": "https://cdn.example/p/"})
    [name] = re.findall(rb"https://cdn.example/p/css/([0-9a-f]{32}).css", site.get().body)
    [reference] = COMMENT.findall(site.get(f"/pressmark/css/{name.decode()}.css").body.decode())

    assert urljoin("https://cdn.example/p/css/x.css", reference).startswith("https://cdn.example/p/map/")

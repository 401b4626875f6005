"""A nonce that the elements of a region share goes onto the bundle's tag, and nowhere else."""

import logging
from pathlib import Path

import pytest

from pressmark.page.nonces import STAND_IN
from tests.conftest import Write
from tests.site import Site, css_region, js_region


@pytest.fixture(autouse=True)
def files(write: Write) -> None:
    for name in ("a", "b", "c"):
        write(f"{name}.js", f"var {name} = 1")
        write(f"{name}.css", f"{name} {{ color: red }}")


def nonced(region: bytes, nonce: str) -> bytes:
    return region.replace(b"<script ", f'<script nonce="{nonce}" '.encode()).replace(
        b"<link ", f'<link nonce="{nonce}" '.encode()
    )


@pytest.mark.parametrize("policy", ["script-src 'nonce-{n}'", "script-src 'self' 'nonce-{n}'", ""])
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_new_nonce_in_each_response_keeps_its_region_warm(
    static: Path, caplog: pytest.LogCaptureFixture, policy: str, place: str
) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    site = Site(static, b"", {"refresh": None})
    bundles = set()
    for number in range(5):
        said = policy.format(n=f"n{number}")
        meta = f'<meta http-equiv="Content-Security-Policy" content="{said}">'.encode() if place == "meta" else b""
        site.page = meta + nonced(js_region("a.js", "b.js"), f"n{number}")
        site.page_headers = [("Content-Security-Policy", said)] if said and place == "header" else []
        answer = site.get()
        bundles |= set(answer.bundles)

        assert answer.body.count(b' nonce="n%d"' % number) == 1
        assert STAND_IN.encode() not in answer.body
    assert len(bundles) == 1
    assert len(caplog.records) == 1


def test_where_only_the_nonce_lets_load_what_has_none_stays(static: Path) -> None:
    region = nonced(js_region("a.js", "b.js"), "n").replace(
        b'<script nonce="n" src="/static/b', b'<script src="/static/b'
    )
    site = Site(static, region, page_headers=[("Content-Security-Policy", "script-src 'nonce-n'")])
    answer = site.get()

    assert len(answer.bundles) == 1
    assert b'<script src="/static/b.js"></script>' in answer.body


@pytest.mark.parametrize("policy", ["script-src 'nonce-other'", "script-src 'none'", "default-src https://cdn.example"])
def test_a_nonce_that_the_policy_does_not_know_helps_nothing(static: Path, policy: str) -> None:
    site = Site(static, nonced(js_region("a.js"), "n"), page_headers=[("Content-Security-Policy", policy)])

    assert site.get().body == site.page


def test_elements_with_and_without_a_nonce_share_nothing(static: Path) -> None:
    region = nonced(js_region("a.js", "b.js", "c.js"), "n").replace(b' nonce="n" src="/static/c', b' src="/static/c')

    assert [len(Site(static, region).get().bundles)] == [2]


def test_two_nonces_in_one_region_stay(static: Path) -> None:
    region = nonced(js_region("a.js", "b.js"), "n").replace(b'nonce="n" src="/static/b', b'nonce="m" src="/static/b')
    site = Site(static, region)

    assert site.get().body == site.page


def test_regions_of_one_page_share_its_nonce(static: Path) -> None:
    page = nonced(css_region("a.css") + js_region("a.js") + css_region("b.css", marker="compress css preload"), "n")
    body = Site(static, page + nonced(js_region("b.js"), "m")).get().body

    assert body.count(b'nonce="n"') == 4
    assert b'<script nonce="m" src="/static/b.js"></script>' in body


def test_a_region_that_cannot_be_built_leaves_with_its_nonce(static: Path) -> None:
    site = Site(static, nonced(js_region("a.js", "missing.js"), "n"))

    assert [site.get().body for _ in range(2)] == [site.page] * 2


def test_inline_code_with_a_nonce_stays(static: Path) -> None:
    code = b'<script nonce="n">var inline = 1</script>'
    site = Site(static, nonced(js_region("a.js"), "n").replace(b"<!-- end", code + b"<!-- end"))

    assert code in site.get().body


def test_what_is_explained_names_the_page_s_own_nonce(static: Path) -> None:
    site = Site(static, nonced(js_region("a.js"), "n") + nonced(js_region("b.js"), "m"), {"debug_toggle": "plain"})

    assert STAND_IN.encode() not in site.get("/?plain=why").body

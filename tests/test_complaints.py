"""What users of other tools asked for, by the number of the thread where they did; each test is named after the wish.

``#N`` is https://github.com/django-compressor/django-compressor/issues/N.
"""

import logging
import shutil
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.site import Site, css_region, js_region


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    write("a.js", "f ( )")
    write("m.js", "import x from './x.js'")


def region(body: str, kind: str = "css", words: str = "") -> bytes:
    return f"<!-- compress {kind} {words} -->{body}<!-- endcompress -->".encode()


def link(name: str, attrs: str = "") -> str:
    return f'<link rel="stylesheet" href="/static/{name}"{attrs}>'


def script(name: str, attrs: str = "") -> str:
    return f'<script src="/static/{name}"{attrs}></script>'


def test_a_missing_file_breaks_no_page(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    """#585, #906: one stylesheet that is not there was a 500."""
    page = css_region("a.css", "gone.css")
    answer = Site(static, page + js_region("a.js")).get()

    assert answer.status == 200
    assert answer.body.startswith(page)
    assert len(answer.bundles) == 1
    [record] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "'/static/gone.css' is missing: no such file in" in record.getMessage()


@pytest.mark.parametrize("url", ["https://cdn.example/x.css", "//cdn.example/x.css"])
def test_a_remote_file_stays_where_it_is_and_the_local_ones_are_bundled_around_it(static: Path, url: str) -> None:
    """#188, #191, #293: it was an exception for the whole region."""
    remote = f'<link rel="stylesheet" href="{url}">'
    answer = Site(static, region(link("a.css") + remote + link("b.css"))).get()
    first, second = answer.bundles

    assert answer.body.index(first.encode()) < answer.body.index(remote.encode()) < answer.body.index(second.encode())


@pytest.mark.parametrize(
    "element",
    [
        script("m.js", ' type="module"'),
        '<script type="importmap">{"imports": {"x": "/static/x.js"}}</script>',
        '<script type="application/ld+json">{"@context": "https://schema.org"}</script>',
        '<script type="text/template"><b></b></script>',
        script("a.js", " nomodule"),
    ],
    ids=["module", "import map", "data", "template", "nomodule"],
)
def test_scripts_that_are_no_classic_scripts_stay_as_they_are(static: Path, element: str) -> None:
    """#1001, #1141, #1142, #829: they were pasted into the bundle, or an exception."""
    answer = Site(static, region(script("a.js") + element, "js")).get()

    assert element.encode() in answer.body
    assert len(answer.bundles) == 1


def test_a_nonce_is_kept_and_does_not_make_a_new_bundle_for_each_request(static: Path) -> None:
    """#946: it changed the cache key on every request, and was dropped."""
    site = Site(static, b"")
    bundles = set()
    for nonce in ("one", "two"):
        site.page_headers = [("Content-Security-Policy", f"script-src 'nonce-{nonce}'")]
        site.page = region(script("a.js", f' nonce="{nonce}"'), "js")
        answer = site.get()
        bundles.update(answer.bundles)
        assert f' nonce="{nonce}"></script>'.encode() in answer.body

    assert len(bundles) == 1


@pytest.mark.parametrize("attrs", [' id="x"', ' data-part="x"', ' crossorigin="anonymous"', " disabled"])
def test_no_attribute_is_lost(static: Path, attrs: str) -> None:
    """#690, #859, #955: all but media, async and defer were."""
    answer = Site(static, region(link("a.css", attrs) + link("b.css"))).get()

    assert link("a.css", attrs).encode() in answer.body
    assert len(answer.bundles) == 1


def test_equal_content_in_two_modes_has_each_its_own_tag(static: Path) -> None:
    """#961, #1245: offline both became the one that came last."""
    file, preload = region(link("a.css")), region(link("a.css"), words="preload")
    inline = region(link("a.css"), words="inline")
    head = b"<!doctype html><head>"
    body = Site(static, head + file + inline + preload + b"</head>").get().body

    assert body.count(b'rel="stylesheet"') == 2
    assert body.count(b'rel="preload"') == 1
    assert body.count(b"<style>") == 1


def test_equal_content_under_two_names_has_two_urls(static: Path) -> None:
    """Two block names shared whatever was cached first."""
    page = b"".join(region(link("a.css"), words=f"file {name}") for name in ("one", "two"))
    first, second = Site(static, page).get().bundles

    assert ("/one." in first, "/two." in second) == (True, True)


def test_a_wiped_cache_breaks_no_page(static: Path) -> None:
    """#158: pages named files that were gone until a source changed."""
    site = Site(static, css_region("a.css", "b.css"), {"refresh": 0})
    [url] = site.get().bundles
    shutil.rmtree(static.parent / "cache")

    assert site.get(url).status == 200
    assert site.get().bundles == [url]
    assert site.get(url).body == b"a{color:red}\nb{color:red}"


def test_media_parts_bundles_in_their_order_and_is_kept(static: Path) -> None:
    elements = link("a.css", ' media="print"') + link("b.css", ' media="print"') + link("a.css")
    answer = Site(static, region(elements), {"join_media": False}).get()

    assert len(answer.bundles) == 2
    assert answer.body.index(b'media="print"') < answer.body.rindex(b"<link")


def test_several_servers_give_the_same_names_whatever_the_times_of_their_files(
    static: Path, tmp_path: Path, write: Write
) -> None:
    """#1099, #1082, #105: names were made from the times of files, which differ."""
    page = css_region("a.css", "b.css")
    first = Site(static, page, {"cache_dir": tmp_path / "one"})
    [url] = first.get().bundles
    (static / "a.css").touch()
    second = Site(static, page, {"cache_dir": tmp_path / "two"})

    assert second.get().bundles == [url]
    assert second.get(url).body == first.get(url).body


def test_a_server_gives_out_what_another_has_built_in_a_directory_that_they_share(static: Path) -> None:
    """#1012, #1103: the page came from one server, and its bundle was asked of another."""
    page = css_region("a.css")
    [url] = Site(static, page).get().bundles

    assert Site(static, page).get(url).body == b"a{color:red}"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("\ufeffa{content:'é'}".encode(), "a{content:'é'}"),
        ('@charset "utf-8";a{content:"é"}'.encode(), 'a{content:"é"}'),
        ("a{content:'é'}".encode(), "a{content:'é'}"),
    ],
    ids=["byte order mark", "rule", "page"],
)
def test_letters_stay_what_they_are(static: Path, write: Write, content: bytes, text: str) -> None:
    """#495, #311: marks and rules in the middle of a bundle, and letters read in the wrong encoding."""
    write("e.css", content)

    assert Site(static, css_region("a.css", "e.css")).bundle() == f"a{{color:red}}\n{text}"


def test_a_file_in_an_encoding_that_nobody_tells_stays_where_it_is(static: Path, write: Write) -> None:
    write("e.css", b"a{content:'\xe9'}")
    page = css_region("e.css")
    site = Site(static, page, content_type="text/html; charset=iso-8859-1")

    assert site.get().body == page


def test_one_script_that_is_broken_does_not_take_the_others_with_it(static: Path, write: Write) -> None:
    """#1014: one syntax error was the end of the whole bundle."""
    write("broken.js", "f(")
    answer = Site(static, js_region("a.js", "broken.js", "a.js")).get()

    assert script("broken.js").encode() in answer.body
    assert len(answer.bundles) >= 1

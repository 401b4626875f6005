"""What becomes of a region, by its marker, its page and the settings."""

import base64
import logging
import re
import time
from hashlib import sha384
from pathlib import Path

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from pressmark.errors import AssetNotFoundError
from pressmark.scripts.joining import REPORT
from tests.conftest import Write
from tests.site import Site, css_region, js_region


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")
    write("b.css", "b { background: url(b.png) }")
    write("a.js", "var a = 1;")
    write("b.js", "var b = '</script>';")
    write("é.css", "a { content: 'é' }")


def test_a_region_becomes_one_tag(static: Path) -> None:
    site = Site(static, b"<title>t</title>" + css_region("a.css", "b.css") + b"<p></p>")
    answer = site.get()

    assert answer.body == (f'<title>t</title>\n<link rel="stylesheet" href="{answer.bundles[0]}">\n\n<p></p>'.encode())
    assert site.bundle() == 'a{color:red}\nb{background:url("../../static/b.png")}'


def test_in_the_body_the_number_of_siblings_stays(static: Path) -> None:
    """Selectors such as :nth-child() count every element, be it shown or not."""
    css = Site(static, b"<p></p>" + css_region("a.css", "b.css")).get()
    js = Site(static, b"<p></p>" + js_region("a.js", "b.js", "a.js")).get()

    assert css.body == f'<p></p>\n<link rel="stylesheet" href="{css.bundles[0]}">\n<link>\n'.encode()
    script = f'<script src="{js.bundles[0]}"></script>'
    assert js.body == f"<p></p>\n{script}\n<script></script>\n<script></script>\n".encode()


def test_exact_fidelity_counts_siblings_in_the_head_too(static: Path) -> None:
    answer = Site(static, css_region("a.css", "b.css"), {"fidelity": "exact"}).get()

    assert answer.body.endswith(b">\n<link>\n")


def test_scripts_become_one_tag(static: Path) -> None:
    site = Site(static, js_region("a.js", "b.js"))
    answer = site.get()

    assert f'<script src="{answer.bundles[0]}"></script>'.encode() in answer.body
    assert site.bundle() == f"try{{var a=1;}}{REPORT}\n;\nvar b='</script>';"


def test_a_name_stands_in_the_url(static: Path) -> None:
    url = Site(static, css_region("a.css", marker="compress css file main-1")).get().bundles[0]

    assert url.startswith("/pressmark/css/main-1.")


def test_two_names_are_two_urls_of_one_content(static: Path) -> None:
    site = Site(static, css_region("a.css", marker="compress css x") + css_region("a.css", marker="compress css y"))
    one, two = site.get().bundles

    assert one.replace("x.", "y.") == two
    assert site.get(one).body == site.get(two).body


def test_inline_mode_puts_the_text_into_the_page(static: Path) -> None:
    body = Site(static, css_region("a.css", "b.css", marker="compress css inline")).get().body

    assert body.strip() == b'<style>a{color:red}\nb{background:url("/static/b.png")}</style>'


def test_inline_mode_writes_strings_so_that_they_end_nothing(static: Path) -> None:
    body = Site(static, js_region("a.js", "b.js", marker="compress js inline")).get().body

    assert b"var b='\\x3c/script>';</script>" in body


def test_inline_mode_leaves_what_would_end_its_element(static: Path, write: Write) -> None:
    write("regex.js", "f(/<!--/)")
    page = js_region("a.js", "regex.js", marker="compress js inline")

    site = Site(static, page, {"debug_toggle": "plain"})

    assert site.get().body == page
    assert b"inline: would mean something else inside the page" in site.get("/?plain=why").body


def test_inline_mode_writes_in_the_pages_encoding(static: Path) -> None:
    page = '<!-- compress css inline --><style>a { content: "é" }</style><!-- endcompress -->'.encode("latin-1")
    site = Site(static, page, content_type="text/html; charset=iso-8859-1")

    assert site.get().body == '<style>a{content:"é"}</style>'.encode("latin-1")


def test_inline_mode_leaves_what_the_pages_encoding_lacks(static: Path, write: Write) -> None:
    write("bom.css", b"\xef\xbb\xbf" + "a { content: '→' }".encode())
    page = css_region("bom.css", marker="compress css inline")

    assert b"<link" in Site(static, page, content_type="text/html; charset=iso-8859-1").get().body


def test_preload_mode_asks_for_the_file_and_applies_it(static: Path) -> None:
    answer = Site(static, css_region("a.css", marker="compress css preload")).get()
    url = answer.bundles[0]

    assert answer.body.strip() == (
        f'<link rel="preload" href="{url}" as="style"><link rel="stylesheet" href="{url}">'.encode()
    )


@pytest.mark.parametrize("mode", ["", " preload"])
def test_integrity_is_that_of_the_bytes_that_are_served(static: Path, write: Write, mode: str) -> None:
    write("a.js", "f()")
    page = css_region("a.css", marker="compress css" + mode) + js_region("a.js", marker="compress js" + mode)
    site = Site(static, page, {"integrity": True})
    found = re.findall(rb'(?:href|src)="(/pressmark[^"]+)"[^>]* integrity="sha384-([^"]+)" crossorigin="anonymous"',
                       site.get().body)  # fmt: skip

    assert len(found) == (4 if mode else 2)
    for url, digest in found:
        assert base64.b64decode(digest) == sha384(site.get(url.decode()).body).digest()


def test_with_integrity_a_region_is_another_recipe(static: Path) -> None:
    pages = [Site(static, css_region("a.css"), {"integrity": value}).get().body for value in (False, True, False)]

    assert [b" integrity=" in page for page in pages] == [False, True, False]


def test_equal_content_in_two_modes_becomes_both(static: Path) -> None:
    page = css_region("a.css") + css_region("a.css", marker="compress css inline")
    body = Site(static, page).get().body

    assert (body.count(b"<link"), body.count(b"<style>")) == (1, 1)


def test_without_minify_files_are_only_joined(static: Path) -> None:
    assert Site(static, css_region("a.css"), {"minify": False}).bundle() == "a { color: red }"


def test_a_mounted_application_links_below_its_mount(static: Path) -> None:
    page = css_region("a.css", "b.css").replace(b"/static/", b"/app/static/")
    site = Site(static, page)
    url = site.get("/", mount="/app").bundles[0]

    assert url.startswith("/app/pressmark/css/")
    assert b'url("../../static/b.png")' in site.get(url.removeprefix("/app"), mount="/app").body


def test_a_public_url_stands_before_the_name(static: Path) -> None:
    body = Site(static, css_region("a.css"), {"public_url": "https://cdn.example/x/"}).get(mount="/app").body

    assert b'href="https://cdn.example/x/css/' in body


def test_another_endpoint_serves_and_links(static: Path) -> None:
    site = Site(static, css_region("a.css"), {"endpoint": "/assets/made/"})
    url = site.get().body.decode().split('href="')[1].split('"')[0]

    assert url.startswith("/assets/made/css/")
    assert site.get(url).status == 200


def test_when_not_enabled_the_page_is_the_applications_own(static: Path) -> None:
    site = Site(static, css_region("a.css"), {"enabled": False})

    assert site.get().body == site.page


@pytest.mark.parametrize(
    ("query", "is_left"),
    [("?plain", True), ("?plain=1", True), ("?a=1&plain", True), ("?plaint", False), ("?a=plain", False), ("", False)],
)
def test_the_debug_toggle_leaves_the_page_as_written(static: Path, query: str, is_left: bool) -> None:
    site = Site(static, css_region("a.css"), {"debug_toggle": "plain"})

    assert (site.get("/" + query).body == site.page) is is_left


def test_the_debug_toggle_can_ask_why(static: Path) -> None:
    site = Site(static, css_region("a.css", "b.css"), {"debug_toggle": "plain"})
    plain, explained = site.get("/").body, site.get("/?plain=why").body

    assert explained.endswith(plain)
    assert explained.startswith(b"<!-- pressmark: css file region: 2 of 2 elements in 1 bundle, ")
    assert site.get("/").body == plain


def test_a_region_that_cannot_be_built_says_why_in_the_page(static: Path) -> None:
    region = css_region("missing.css")
    body = Site(static, region, {"debug_toggle": "plain"}).get("/?plain=why").body

    assert body.startswith(b"<!-- pressmark: css file region was not bundled: '/static/missing.css' is not")
    assert body.endswith(region)


def test_without_a_debug_toggle_nothing_is_explained(static: Path) -> None:
    site = Site(static, css_region("a.css"))

    assert site.get("/?None=why").body == site.get("/").body


def test_strict_raises_what_otherwise_is_a_warning(static: Path) -> None:
    site = Site(static, css_region("missing.css"), {"strict": True})

    for _ in range(2):
        with pytest.raises(AssetNotFoundError, match=r"'/static/missing\.css' is missing: no such file in"):
            site.get()


@pytest.mark.parametrize(
    ("policy", "is_bundled"),
    [
        ("default-src 'self'", True),
        ("style-src 'self' 'unsafe-inline'", True),
        ("img-src 'none'", True),
        ("style-src *", True),
        ("default-src 'none'", False),
        ("style-src https://h", False),
        ("default-src 'self'; style-src 'none'", False),
        ("default-src 'self', style-src 'none'", False),
    ],
)
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_page_whose_policy_may_block_bundles_keeps_its_files(
    static: Path, policy: str, is_bundled: bool, place: str
) -> None:
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'.encode()
    headers = [("Content-Security-Policy", policy)] if place == "header" else []
    site = Site(static, (meta if place == "meta" else b"") + css_region("a.css"), page_headers=headers)

    assert bool(site.get().bundles) is is_bundled


def test_a_nonce_that_changes_with_each_request_keeps_a_region_warm(
    static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    site = Site(static, css_region("a.css"), {"refresh": None})
    for number in range(3):
        site.page_headers = [("Content-Security-Policy", f"style-src 'self' 'nonce-{number}'")]
        site.get()

    assert len(caplog.records) == 1


def test_the_log_says_at_debug_level_why_an_element_is_left_alone(
    static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "pressmark")
    site = Site(static, css_region("a.css", "b.css").replace(b"<link", b'<link title="x"', 1))
    site.get("/page/")
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG]

    link = '<link title="x" rel="stylesheet" href="/static/a.css">'
    assert told == [f"css region on /page/: {link} has the attribute title [loading]"]


def test_a_relative_reference_depends_on_the_page(static: Path) -> None:
    page = b'<!-- compress css --><link rel="stylesheet" href="../static/a.css"><!-- endcompress -->'
    site = Site(static, page, {"refresh": None})

    assert len(site.get("/x/").bundles) == 1
    assert site.get("/x/y/").bundles == []
    assert len(site.get("/z/").bundles) == 1


def test_a_base_before_the_region_counts(static: Path) -> None:
    region = b'<!-- compress css --><link rel="stylesheet" href="a.css"><!-- endcompress -->'

    assert len(Site(static, b'<base href="/static/">' + region).get("/x/").bundles) == 1
    assert Site(static, b'<!--<base href="/static/">-->' + region).get("/x/").bundles == []


def test_the_pages_own_host_is_local_and_in_no_url(static: Path) -> None:
    page = css_region("a.css").replace(b"/static/", b"http://site.example/static/")
    site = Site(static, page)

    assert site.get(HTTP_HOST="site.example").bundles[0].startswith("/pressmark/css/")
    assert site.get(HTTP_HOST="other.example").body == page


@pytest.mark.parametrize("href", ["http://SITE.example/static/a.css", "//site.example/static/a.css"])
def test_one_hosts_page_is_not_taken_for_anothers(static: Path, href: str) -> None:
    page = f'<!-- compress css --><link rel="stylesheet" href="{href}"><!-- endcompress -->'.encode()
    site = Site(static, page, {"refresh": None})

    assert [len(site.get(HTTP_HOST=host).bundles) for host in ("site.example", "other.example", "site.example")] == [
        1,
        0,
        1,
    ]


def test_a_base_on_another_host_leaves_what_would_be_asked_for_there(static: Path) -> None:
    page = b'<base href="https://h.example/x/">' + js_region("a.js").replace(
        b'"/static', b'"https://own.example/static'
    )
    site = Site(static, page, {"static": {"https://own.example/static/": str(static)}})

    assert site.get().body == page


@pytest.mark.parametrize(
    "other",
    [
        '<script src="/static/b.js" nonce="{n}!"></script>',
        '<script src="https://h/x.js?{n}"></script>',
        '<script type="application/json">{n}</script>',
        '<link rel="preload" href="/x?{n}">',
    ],
    ids=["what is no nonce", "time stamp", "data", "another element"],
)
def test_what_stays_in_the_page_may_differ_with_each_request(
    static: Path, caplog: pytest.LogCaptureFixture, other: str
) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    site = Site(static, b"")
    for number in range(30):
        element = other.replace("{n}", str(number)).encode()
        site.page = js_region("a.js").replace(b"<!-- end", element + b"<!-- end")

        assert element in site.get().body
    assert [r.levelname for r in caplog.records] == ["INFO"]


def test_a_query_after_a_sources_name_makes_no_new_bundle(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    site = Site(static, b"")
    urls = set()
    for number in range(5):
        site.page = css_region("a.css").replace(b"a.css", b"a.css?_=%d" % number)
        urls |= set(site.get().bundles)

    assert len(urls) == len(caplog.records) == 1


def test_a_style_without_references_is_the_same_on_every_path(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    site = Site(static, css_region("a.css").replace(b"<!-- end", b"<style>c { d: e }</style><!-- end"))

    assert len({site.get(f"/item/{number}").body for number in range(5)}) == 1
    assert len(caplog.records) == 1


def test_what_fails_on_one_path_does_well_on_another(static: Path) -> None:
    page = b'<!-- compress css --><link rel="stylesheet" href="a.css"><!-- endcompress -->'
    site = Site(static, page, {"refresh": 60})

    assert [len(site.get(path).bundles) for path in ("/static/", "/static/none/", "/static/")] == [1, 0, 1]


def test_code_that_stands_in_the_page_alone_stays_there(static: Path) -> None:
    """A file of its own would be one more request."""
    page = b"<!-- compress js --><script>f()</script><!-- endcompress -->"

    assert Site(static, page).get().body == page


@pytest.mark.parametrize("marker", ["compress js", "compress js inline"])
def test_what_stays_is_each_pages_own(static: Path, marker: str) -> None:
    site = Site(static, b"")
    for page in (
        f"<!-- {marker} --><{tag}>/<!--/</script><!-- endcompress -->" for tag in ("script", "SCRIPT ", "script\n")
    ):
        site.page = page.encode()

        assert site.get().body == site.page


def test_a_page_that_cannot_wait_gets_what_it_got_before(static: Path, write: Write) -> None:
    site = Site(static, css_region("a.css"), {"refresh": 0, "build_wait": 0})
    deadline = time.monotonic() + 30
    while not site.get().bundles and time.monotonic() < deadline:
        pass

    assert all(site.get().bundles for _ in range(20))


def test_a_file_name_beyond_ascii_is_found(static: Path) -> None:
    assert len(Site(static, css_region("é.css")).get().bundles) == 1


@pytest.mark.parametrize("charset", ["utf-16", "iso-2022-jp", "utf-7", "no-such-charset"])
def test_a_page_in_an_encoding_that_hides_its_bytes_is_left(static: Path, charset: str) -> None:
    site = Site(static, css_region("a.css"), content_type=f"text/html; charset={charset}")

    assert site.get().body == site.page


def test_inline_code_that_differs_for_each_visitor_stays_in_the_page(
    static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site(static, b"")

    def page(number: int) -> bytes:
        return js_region("a.js").replace(b"<!-- end", b"<script>var token = %d</script><!-- end" % number)

    bodies = []
    for number in range(25):
        site.page = page(number)
        bodies.append(site.get().body)

    assert b"var token" not in bodies[0]
    assert b"<script>var token = 24</script>" in bodies[24]
    assert b'src="/pressmark/js/' in bodies[24]
    assert [r.levelname for r in caplog.records] == ["WARNING"]


def test_a_bundle_over_the_quota_is_not_linked(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(static, css_region("a.css"), {"cache_size": 1})

    assert site.get().body == site.page
    assert "cache_size is 1" in caplog.text


def test_where_nothing_can_be_written_memory_serves(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    (static.parent / "cache").write_text("in the way")
    site = Site(static, css_region("a.css"))

    assert site.bundle() == "a{color:red}"
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == 1


def test_what_stays_may_change_what_others_may_share(static: Path, write: Write) -> None:
    """A name that one page's own script holds by let makes a script of another page fail as a whole."""
    write("var.js", "var taken")
    site = Site(static, b"")
    counts = []
    for code in ("var other", "let taken", "var other"):
        site.page = js_region("var.js", "a.js").replace(b"<script", f"<script id=x>{code}</script><script".encode(), 1)
        counts.append(len(site.get().bundles))

    assert counts == [1, 2, 1]


def test_a_dispatcher_inside_changes_nothing_about_where_bundles_are(static: Path) -> None:
    """It moves a part of the path to the mount point, in the very environ that the server gave."""
    site = Site(static, css_region("a.css"))
    inner = site.app.app
    site.app.app = DispatcherMiddleware(inner, {"/shop": inner})
    [url] = site.get("/shop/page/").bundles

    assert url.startswith("/pressmark/css/")
    assert site.get(url).status == 200


@pytest.mark.parametrize("path", ["//", "//x/y"])
def test_a_path_that_looks_like_a_host_is_a_path(static: Path, path: str) -> None:
    answer = Site(static, css_region("a.css", "b.css")).get(path)

    assert len(answer.bundles) == 1

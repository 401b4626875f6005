"""What no browser can read is made into what it can, by type, and whether or not Pressmark is enabled."""

import json
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pressmark import ASGIMiddleware, Settings, WSGIMiddleware
from pressmark.bundling import candidates
from pressmark.errors import FilterError, SettingsError
from pressmark.model import Asset
from tests.conftest import Write
from tests.packages.installed import packages
from tests.site import Site, css_region


def sass(*arguments: str) -> list[str]:
    """Return the command that runs real Sass."""
    return [str(Path(sys.executable).with_name("node")), str(packages() / "sass" / "sass.js"), *arguments]


def less(asset: Asset) -> Asset:
    """Compile a very small language."""
    return replace(asset, content=asset.content.replace(b"@red", b"#f00"))


def coffee(asset: Asset) -> Asset:
    return replace(asset, content=asset.content.replace(b"->", b"function () {}"))


def region(*elements: str, kind: str = "css", mode: str = "") -> bytes:
    return f"<!-- compress {kind} {mode} -->\n{''.join(elements)}<!-- endcompress -->".encode()


def link(name: str, type_: str = "text/less", attrs: str = "") -> str:
    return f'<link rel="stylesheet" type="{type_}" href="/static/{name}"{attrs}>'


def head(body: str) -> bytes:
    return f"<!doctype html><html><head>{body}</head></html>".encode()


def test_sources_are_compiled_by_what_is_found_though_pressmark_is_off(static: Path, write: Write) -> None:
    write("a.scss", "a { b { color: red } }")
    page = region('<link rel="stylesheet" type="text/x-scss" href="/static/a.scss">')
    site = Site(static, page, {"enabled": False})

    [url] = site.get().bundles
    assert site.get(url).body.split() == b"a b { color: red; }".split()


def test_a_source_whose_compiler_is_missing_is_told_with_the_way_to_get_it(
    static: Path, write: Write, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    candidates._uncompiled.cache_clear()
    write("a.less", "a { b { color: red } }")
    page = region('<link rel="stylesheet" type="text/less" href="/static/a.less">')
    site = Site(static, page)

    assert site.get().body == site.get().body == page
    assert caplog.text.count("'text/less' stay as they are written: their compiler is missing: ") == 1
    assert "npm install less" in caplog.text
    candidates._uncompiled.cache_clear()


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.less", "a { color: @red; background: url(i/a.png) }")
    write("b.css", "b { color: blue }")
    write("c.coffee", "c = ->")
    write("d.js", "d ( )")


@pytest.fixture
def make(static: Path) -> Callable[..., Site]:
    """Return a function that makes a site of a page, with precompilers for two small languages."""

    def make_site(page: bytes, **options: Any) -> Site:
        precompilers = {"text/less": less, "text/coffeescript": coffee}
        return Site(static, page, {"precompilers": precompilers, "refresh": 0} | options)

    return make_site


Make = Callable[..., Site]


def test_what_was_made_shares_a_bundle_with_its_neighbours(make: Make) -> None:
    site = make(region(link("a.less"), '<link rel="stylesheet" href="/static/b.css">'))

    assert site.bundle() == 'a{color:#f00;background:url("../../static/i/a.png")}\nb{color:blue}'


def test_scripts_are_made_too(make: Make) -> None:
    script = '<script type="text/coffeescript" src="/static/c.coffee"></script>'
    site = make(region(script, '<script src="/static/d.js"></script>', kind="js"))

    assert "c=function(){}" in site.bundle()
    assert "d()" in site.bundle()


@pytest.mark.parametrize("type_", ["text/less", "TEXT/Less", "text/less; charset=utf-8"])
def test_the_type_is_compared_as_media_types_are(make: Make, type_: str) -> None:
    assert "#f00" in make(region(link("a.less", type_))).bundle()


def test_inline_code_is_made_into_a_file_as_no_browser_could_read_it(make: Make) -> None:
    site = make(region('<style type="text/less">a { color: @red }</style>'))

    assert site.bundle() == "a{color:#f00}"


def test_in_inline_mode_it_stands_in_the_page(make: Make) -> None:
    site = make(head(region(link("a.less"), mode="inline").decode()))

    assert b'<style>a{color:#f00;background:url("/static/i/a.png")}</style>' in site.get().body


def test_a_type_without_a_precompiler_stays(make: Make) -> None:
    page = region(link("a.less", "text/stylus"))

    assert make(page).get().body == page


def test_media_is_kept(make: Make) -> None:
    assert b' media="print">' in make(region(link("a.less", attrs=' media="print"'))).get().body


def test_a_module_is_made_into_a_script_that_waits_for_the_page_too(make: Make, write: Write) -> None:
    write("m.js", "import x")

    def bundler(asset: Asset) -> Asset:
        return replace(asset, content=b"bundled()")

    page = region('<script type="module" src="/static/m.js"></script>', kind="js")
    site = make(page, precompilers={"module": bundler})

    assert b"defer" in site.get().body
    assert site.bundle() == "bundled()"


def test_plain_stylesheets_have_a_precompiler_if_their_type_does(make: Make) -> None:
    def prefixed(asset: Asset) -> Asset:
        return replace(asset, content=b"/*! x */" + asset.content)

    site = make(css_region("b.css"), precompilers={"text/css": prefixed})

    assert site.bundle() == "/*! x */b{color:blue}"


def test_a_script_that_would_stay_as_it_looks_at_itself_has_a_bundle_of_its_own(make: Make, write: Write) -> None:
    write("self.coffee", "x = document.currentScript")
    scripts = [f'<script type="text/coffeescript" src="/static/{name}.coffee"></script>' for name in ("c", "self", "c")]
    site = make(region(*scripts, kind="js"))

    assert [site.bundle(number=number).strip() for number in range(3)][1] == "x=document.currentScript"


def test_a_source_that_a_view_makes_is_compiled_from_a_file_too(tmp_path: Path) -> None:
    page = region('<link rel="stylesheet" type="text/less" href="/theme.less">').decode()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        is_page = environ["PATH_INFO"] == "/"
        start_response("200 OK", [("Content-Type", f"text/{'html' if is_page else 'less'}; charset=utf-8")])
        return [page.encode() if is_page else "a { b: 'é' }".encode()]

    shown = [sys.executable, "-c", "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())", "{infile}"]
    how: dict[str, Any] = {"resolve": "app", "precompilers": {"text/less": shown}, "build_wait": None}
    site = WSGIMiddleware(app, cache_dir=tmp_path, **how)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": ""}
    body = b"".join(site(environ, lambda *_: None)).decode()  # type: ignore[arg-type]

    assert "/pressmark/css/" in body


@pytest.mark.npm
def test_real_sass_finds_what_lies_beside_the_file(make: Make, write: Write) -> None:
    write("sass/_colours.scss", "$red: #f00;")
    write("sass/a.scss", "@use 'colours'; nav { a { color: colours.$red } }")
    site = make(region(link("sass/a.scss", "text/x-scss")), precompilers={"text/x-scss": sass("{infile}")})

    assert site.bundle() == "nav a{color:#f00}"


@pytest.mark.npm
def test_sass_by_standard_input_in_inline_code(make: Make) -> None:
    site = make(
        region('<style type="text/x-scss">a { b { color: red } }</style>'),
        precompilers={"text/x-scss": sass("--stdin")},
    )

    assert site.bundle() == "a b{color:red}"


@pytest.mark.npm
def test_the_map_that_a_command_leaves_in_its_output_is_followed(make: Make, write: Write) -> None:
    text = "nav {\n  a { color: red }\n}\n"
    write("a.scss", text)
    precompilers = {"text/x-scss": sass("--embed-source-map", "--embed-sources", "{infile}")}
    site = make(region(link("a.scss", "text/x-scss")), precompilers=precompilers, source_maps=True)
    bundle = site.bundle()
    url = bundle.rpartition("sourceMappingURL=")[2].split()[0]
    found = json.loads(site.get("/pressmark/map/" + url.rpartition("/")[2]).body)

    assert found["sourcesContent"] == [text]
    assert bundle.startswith("nav a{color:red}")
    assert found["sources"] == ["/static/a.scss"]


def test_a_change_of_the_file_shows_at_once(make: Make, write: Write) -> None:
    site = make(region(link("a.less")))
    before = site.bundle()
    write("a.less", "a { color: blue }")

    assert before != site.bundle() == "a{color:blue}"


@pytest.mark.npm
@pytest.mark.parametrize("name", ["_colours.scss", "deep/er/_colours.scss"])
def test_a_change_of_a_partial_shows_at_once_and_in_other_processes(make: Make, write: Write, name: str) -> None:
    write(f"sass/{name}", "$red: #f00;")
    write("sass/a.scss", f"@use '{name.replace('_', '').removesuffix('.scss')}'; a {{ color: colours.$red }}")
    page, how = region(link("sass/a.scss", "text/x-scss")), {"text/x-scss": sass("{infile}")}
    site = make(page, precompilers=how)
    before = site.bundle()
    write(f"sass/{name}", "$red: #00f;")

    assert (before, site.bundle()) == ("a{color:#f00}", "a{color:#00f}")
    assert make(page, precompilers=how).bundle() == "a{color:#00f}"


def test_a_source_that_was_touched_is_made_again(make: Make, static: Path) -> None:
    """What it includes from elsewhere may have changed, or its compiler."""
    made: list[str] = []

    def counted(asset: Asset) -> Asset:
        made.append(asset.url)
        return asset

    site = make(region(link("a.less")), precompilers={"text/less": counted})
    site.get()
    (static / "a.less").touch()
    site.get()

    assert made == ["/static/a.less"] * 2


def test_each_source_is_made_once(make: Make, write: Write) -> None:
    made: list[str] = []

    def counted(asset: Asset) -> Asset:
        made.append(asset.url)
        return asset

    site = make(region(link("a.less"), link("b.css")), precompilers={"text/less": counted})
    site.get()
    write("b.css", "b { color: green }")
    site.get()
    site.get()

    assert made == ["/static/a.less", "/static/b.css", "/static/b.css"]


def test_another_precompiler_makes_another_bundle(make: Make) -> None:
    first = make(region(link("a.less"))).get().bundles
    second = make(region(link("a.less")), precompilers={"text/less": lambda asset: replace(asset, content=b"x{}")})

    assert first != second.get().bundles


# Where Pressmark is off


@pytest.mark.parametrize("options", [{"enabled": False}, {"debug_toggle": "plain"}], ids=["disabled", "toggled"])
def test_each_element_stays_its_own_where_pressmark_is_off(make: Make, options: dict[str, Any]) -> None:
    elements = [
        link("a.less", attrs=' media="print"'),
        '<link rel="stylesheet" href="/static/b.css">',
        '<style type="text/less">a { color: @red }</style>',
    ]
    answer = make(head(region(*elements).decode()), **options).get("/?plain")
    [url] = answer.bundles

    assert answer.body == head(
        f'\n<link rel="stylesheet" href="{url}" media="print">{elements[1]}<style>a {{ color: #f00 }}</style>'
    )


def test_what_is_made_there_is_not_minified(make: Make) -> None:
    site = make(region(link("a.less")), enabled=False)

    assert site.bundle() == 'a { color: #f00; background: url("/static/i/a.png") }'


def test_a_page_is_left_alone_where_there_are_no_precompilers(make: Make) -> None:
    page = region(link("a.less"), '<link rel="stylesheet" href="/static/b.css">')

    assert make(page, enabled=False, precompilers={}).get().body == page


def test_a_page_with_the_toggle_is_not_taken_for_the_other(make: Make) -> None:
    site = make(region(link("a.less"), '<link rel="stylesheet" href="/static/b.css">'), debug_toggle="plain")

    assert site.get().body != site.get("/?plain").body
    assert len(site.get().bundles) == 1
    assert b"b.css" in site.get("/?plain").body
    assert b"b.css" not in site.get().body


def test_inline_code_becomes_a_file_where_a_policy_may_forbid_it(make: Make) -> None:
    site = make(head(region('<style type="text/less">a { color: @red }</style>').decode()), enabled=False)
    site.page_headers = [("Content-Security-Policy", "default-src 'self'")]

    assert len(site.get().bundles) == 1


# Faults


@pytest.mark.parametrize("enabled", [True, False])
def test_a_failure_leaves_the_region_and_says_why(
    make: Make, caplog: pytest.LogCaptureFixture, *, enabled: bool
) -> None:
    page = region(link("a.less"))
    command = [sys.executable, "-c", "import sys; sys.exit('line 3: no')"]
    site = make(page, precompilers={"text/less": command}, enabled=enabled)

    assert site.get().body == page
    [record] = caplog.records
    assert "failed on '/static/a.less': it ended with status 1: line 3: no" in record.getMessage()


def test_a_failure_raises_where_it_must(make: Make) -> None:
    with pytest.raises(FilterError, match="it made nothing"):
        make(
            region(link("a.less")),
            precompilers={"text/less": lambda asset: replace(asset, content=b"")},
            strict=True,
        ).get()


@pytest.mark.parametrize(
    ("made", "told"),
    [(b"", "it made nothing"), (b"\xff", "codec can't decode"), (None, "it returned NoneType, and must return")],
)
def test_what_is_no_text_is_refused(make: Make, caplog: pytest.LogCaptureFixture, made: Any, told: str) -> None:
    page = region(link("a.less"))
    site = make(
        page,
        precompilers={"text/less": lambda asset: made if made is None else replace(asset, content=made)},
    )

    assert site.get().body == page
    assert told in caplog.text


def test_a_failure_is_not_repeated_until_a_file_changes(make: Make, write: Write, static: Path) -> None:
    tried: list[bytes] = []

    def choosy(asset: Asset) -> Asset:
        tried.append(asset.content)
        if b"bad" in asset.content:
            raise ValueError("bad")
        return asset

    write("x.less", "bad")
    os.utime(static, (0, 0))  # a folder just written may be written to again
    site = make(region(link("x.less")), precompilers={"text/less": choosy})
    for _ in range(3):
        site.get()
    failed = list(tried)
    write("x.less", "x { color: red }")

    assert site.bundle() == "x{color:red}"
    assert failed == [b"bad"]


def test_a_program_that_goes_away_takes_no_page_with_it(make: Make, tmp_path: Path) -> None:
    program = tmp_path / "less"
    program.symlink_to(sys.executable)
    page = region(link("a.less"))
    site = make(page, precompilers={"text/less": [str(program), "-c", "print('x{}')"]})
    program.unlink()

    assert site.get().body == page


def test_a_script_that_is_none_stays(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    page = region('<script type="text/coffeescript" src="/static/a.less"></script>', kind="js")
    caplog.set_level(logging.DEBUG, "pressmark")

    assert make(page).get().body == page
    assert "is no script by itself" in caplog.text


@pytest.mark.parametrize("name", [".env", "%2eenv", ".git/config"])
def test_hidden_files_are_not_read(make: Make, write: Write, name: str) -> None:
    write(name.replace("%2e", "."), "SECRET=1")
    page = region(link(name))

    assert make(page).get().body == page


# Settings


@pytest.mark.parametrize("middleware", [WSGIMiddleware, ASGIMiddleware])
@pytest.mark.parametrize(
    ("precompilers", "error"),
    [
        (
            {"text/x-scss": ["no-such-sass", "{infile}"]},
            "for 'text/x-scss' has 'no-such-sass', which is not on the PATH",
        ),
        (
            {"text/x-scss": "sass {infile}"},
            r"names 'sass {infile}', .* a command is a list, such as \['sass', ",
        ),
        ({"text/x-scss": []}, "must be types mapped to commands or functions"),
        ({"text/x-scss": [1]}, "must be types mapped to commands or functions"),
        ({1: ["sass"]}, "must be types mapped to commands or functions"),
        ("sass", "must be types mapped to commands or functions"),
        ({"application/json": less}, "but for types of data"),
    ],
)
def test_what_is_no_precompiler_is_an_error_at_start(middleware: Any, precompilers: Any, error: str) -> None:
    with pytest.raises(SettingsError, match=error):
        middleware(None, precompilers=precompilers)


def test_types_are_written_in_any_case() -> None:
    assert list(Settings(precompilers={"Text/X-SCSS": less}).precompilers) == ["text/x-scss"]

"""Does every source, whatever its shape, cost time and memory in proportion to its size? ``python -m
benchmarks.hostile_sources [WORD …]`` builds a page with one source of each shape whose name holds one of the words.

The bars: twice the size takes at most 2.2 times the time, and the peak of memory above the idle process is at most 30
times the file. Every build is cold, in a process of its own; the two sizes take turns, and the best of a few rounds
counts. Seconds are those of the processor, as other programs may run. Linux only: the peak is read from ``/proc``.
"""

import logging
import multiprocessing
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.cold_build import Loaded
from pressmark.assembly import assemble_renderer
from pressmark.errors import RegionError
from pressmark.model import Page, Region, Rendered
from pressmark.page.scanner import Scanner
from pressmark.response.substitution import Substitution
from pressmark.settings import Settings

SIZE = 1 << 17
ROUNDS = 3
MAX_S = 20.0
"""Seconds after which a build is given up."""
MAX_TIMES = 2.2
MAX_MEMORY = 30.0
FIXED_BYTES = 1 << 19
"""Memory that a build takes for any file: the modules' own tables, the stack of the parser."""

DEFAULT = Settings()
ALL = Settings(fidelity="exact", css_hash="content", data_uri=1000, source_maps=True)
URLS = {"css": '<link rel="stylesheet" href="/%s">', "js": '<script src="/%s"></script>'}


@dataclass(frozen=True)
class Shape:
    """A source of *before*, then *again* many times, *end*, and *close* as many times. "§" becomes a number.

    *kind* "page" is the HTML of a region of scripts. *after* is a second source that follows it in the region.
    """

    kind: str
    again: str
    before: str = ""
    end: str = ""
    close: str = ""
    after: str = ""
    settings: Settings = DEFAULT
    share: int = 1  # the part of SIZE that is enough

    def text(self, size: int) -> str:
        """Return a source of about *size* bytes."""
        least = len((self.again + self.close).encode("utf-8"))
        count = size // least
        if "§" in self.again:
            count = size // (least + len(str(count)) - 2)
            middle = "".join(self.again.replace("§", str(number)) for number in range(count))
        else:
            middle = self.again * count
        return self.before + middle + self.end + self.close * count

    def files(self, size: int) -> dict[str, str]:
        """Return the files of the region, by their names."""
        files = {f"a.{self.kind}": self.text(size)}
        return {**files, f"b.{self.kind}": self.after or "b"} if self.kind == "js" else files


@dataclass(frozen=True)
class Imports:
    """Sheets that import each other, as many as *sheets* tells for a size. *text* is that of sheet number N of all."""

    text: Callable[[int, int], str]
    sheets: Callable[[int], int]
    kind: str = "css"
    settings: Settings = DEFAULT
    share: int = 1

    def files(self, size: int) -> dict[str, str]:
        """Return the files, the first of which the region names."""
        count = self.sheets(size)
        return {"a.css" if not n else f"{n}.css": self.text(n, count) for n in range(count)}


@dataclass(frozen=True)
class Copy(Shape):
    """A script twice."""

    kind: str = "js"
    again: str = ""

    def files(self, size: int) -> dict[str, str]:
        """Return the two files."""
        return dict.fromkeys(("a.js", "b.js"), self.text(size // 2))


def css(again: str, before: str = "", end: str = "", close: str = "", **more: object) -> Shape:
    """Return the shape of a stylesheet."""
    return Shape("css", again, before, end, close, **more)  # type: ignore[arg-type]


def js(again: str, before: str = "", end: str = "", close: str = "", **more: object) -> Shape:
    """Return the shape of a script."""
    return Shape("js", again, before, end, close, **more)  # type: ignore[arg-type]


def page(again: str, before: str = "", end: str = "", close: str = "", **more: object) -> Shape:
    """Return the shape of a region."""
    return Shape("page", again, before, end, close, **more)  # type: ignore[arg-type]


def _importing(urls: range, rest: str = "") -> str:
    return "".join(f'@import "/{n}.css"{rest};' for n in urls)


SHAPES: Mapping[str, Shape | Imports] = {
    # Stylesheets: long tokens
    "css: a quoted data URL": css("AAAA", 'a{b:url("data:font/woff2;base64,', '")}'),
    "css: a quoted URL without end": css("AAAA", 'a{b:url("data:,'),
    "css: an unquoted data URL": css("AAAA", "a{b:url(data:font/woff2;base64,", ")}"),
    "css: a url( with blanks": css(" ", "a{b:url(", ")}"),
    "css: a bad url": css("a'", "a{b:url(", ")}"),
    "css: a bad url of escapes": css("\\a'", "a{b:url(", ")}"),
    "css: many url(": css("url(", "a{b:"),
    "css: many url( with a blank": css("url( ", "a{b:", '"'),
    "css: a broken string": css("a", 'a{b:"', "\n}"),
    "css: a broken string of escapes": css("\\a ", 'a{b:"', "\n}"),
    "css: many broken strings": css('"\n', "a{b:"),
    "css: quotes": css("\"'", "a{b:"),
    "css: escapes in a string": css("\\a ", 'a{b:"', '"}'),
    "css: plain escapes in a string": css("\\z", 'a{b:"', '"}'),
    "css: line ends in a string": css("\\\n", 'a{b:"', '"}'),
    "css: escapes in a name": css("\\61 "),
    "css: plain escapes in a name": css("\\z"),
    "css: escapes in a hash": css("\\61 ", "#"),
    "css: escapes in a url": css("\\61 ", "a{b:url(/", ")}"),
    "css: backslashes at line ends": css("\\\n"),
    "css: a name": css("a"),
    "css: a name in capitals": css("A"),
    "css: a name beyond ASCII": css("é"),
    "css: a hash": css("a", "#"),
    "css: a custom name": css("a", "a{--", ":1}"),
    "css: a function's name": css("u", "a{b:", "(1)}"),
    "css: a number": css("1"),
    "css: a fraction": css("1", "1."),
    "css: numbers with a dot": css("1.", "a{b:"),
    "css: dimensions": css("1E", "a{b:"),
    "css: signs": css("+-", "a{b:"),
    "css: a comment": css("*", "/*", "*/"),
    "css: a kept comment": css("*", "/*!", "*/"),
    # Stylesheets: runs
    "css: nothing but {}": css("{}"),
    "css: a{}": css("a{}"),
    "css: ;": css(";"),
    "css: ; in a block": css(";", "a{", "}"),
    "css: @a;": css("@a;"),
    "css: blanks": css(" "),
    "css: line ends": css("\n"),
    "css: blanks between": css("a "),
    "css: commas": css(",", "a{b:"),
    "css: selectors": css("a,", "", "a{b:c}"),
    "css: other selectors": css(".a§,", "", "a{b:c}"),
    "css: comments": css("/**/"),
    "css: comments that open again": css("/* ", "a{}"),
    "css: selectors whose white space shows": css(".a§,", "", "b{white-space:pre}"),
    "css: white space that shows in many rules": css(".a,.b{white-space:pre}"),
    "css: comments in a rule": css("/**/", "a{", "}"),
    "css: kept comments": css("/*!*/"),
    "css: comments that name a map": css("/*#*/ "),
    "css: <!--": css("<!--"),
    "css: <": css("<"),
    "css: @": css("@"),
    "css: digits": css("1 ", "a{b:"),
    "css: other numbers": css("§ ", "a{b:"),
    "css: other names": css("a§ ", "a{b:"),
    "css: other rules": css(".a§{b:c§}"),
    "css: declarations": css("a:b;", "a{", "}"),
    "css: a: a: a:": css("a: ", "x{", "}"),
    "css: colons": css(": ", "x{", "}"),
    "css: !": css(" !", "x{a:", "}"),
    "css: moved URLs": css("a{b:url(c.png)}"),
    "css: moved URLs in one rule": css("b:url(c.png);", "a{", "}"),
    "css: a URL with many ..": css("a/../", "a{b:url(", "c)}"),
    "css: minified": css(".a§>b:hover{color:#fff;margin:0 auto;padding:1px 2px}"),
    # Stylesheets: nesting
    "css: nested (": css("(", "a{b:"),
    "css: nested [": css("[", "a{b:"),
    "css: nested {": css("{"),
    "css: nested a(": css("a(", "x{b:", close=")"),
    "css: nested rules": css("a{", close="}"),
    "css: nested a:b{": css("a: b{", close="}"),
    "css: nested @media": css("@media{", close="}"),
    "css: nested --a:{": css("--a:{", "x{", close="}"),
    "css: nested --a:(": css("--a:(", "x{", close=")"),
    "css: nested @function": css("@function --a(){", "", "result:1", close="}"),
    "css: nested @property": css("@property --a{", "", "", close="}"),
    "css: closed only": css("}", "a{"),
    "css: nested var(": css("var(--a,", "a{b:", close=")"),
    "css: var() deep in functions": css("a(", "x{b:", "var(--a)" * 2000, close=")"),
    # Stylesheets: custom properties
    "css: @property without block": css("@property ", "--a "),
    "css: @function without block": css("@function ", "--a "),
    "css: --a and var()": css("--a§:var(--a§);", "x{", "}"),
    "css: images by var()": css("background:var(--a§);", "x{", "}"),
    "css: images by var() in rules": css(".a{background:var(--a§)}"),
    "css: one property from many": css("--a:var(--b§);", "x{", "}"),
    "css: a chain of properties": css("--a§0:var(--a§);", "x{background:var(--a1);", "}"),
    "css: images by many var() in one": css("var(--a§) ", "x{background:", "}"),
    "css: properties with URLs": css("--a:url(/b);", "x{", "}"),
    "css: a property with many tokens": css("a ", "x{--a:", "}"),
    # Stylesheets: imports
    "css: one import many times": Imports(
        lambda n, count: "x{}" if n else '@import "/1.css";' * 4 * count, lambda size: size // 68
    ),
    "css: imports of nothing": css('@import "/x.css";'),
    "css: imports with conditions": Imports(
        lambda n, count: "x{}" * 10 if n else _importing(range(1, count), " layer(a) supports(b:c) print"),
        lambda size: size // 90,
    ),
    "css: layers before imports": css("@layer a;", "", '@import "/x.css";'),
    "css: a chain of imports": Imports(
        lambda n, count: _importing(range(n + 1, min(n + 2, count))) + "x{}" * 300, lambda size: 8 * size // SIZE
    ),
    "css: each imports the next twice": Imports(
        lambda n, count: _importing(range(n + 1, min(n + 2, count))) * 2 + "x{}" * 10, lambda size: 8 * size // SIZE
    ),
    "css: each imports all later ones": Imports(
        lambda n, count: _importing(range(n + 1, count)) + "x{}" * 10, lambda size: 8 * size // SIZE
    ),
    "css: sheets that import each other": Imports(
        lambda n, count: "".join(f'@import "/{m or "a"}.css";' for m in range(count) if m != n),
        lambda size: 4 * size // SIZE,
    ),
    # Scripts: long tokens
    "js: a string": js("a", 'a="', '"'),
    "js: escapes in a string": js("\\a", 'a="', '"'),
    "js: unicode escapes in a string": js("\\u0061", 'a="', '"'),
    "js: line ends in a string": js("\\\n", 'a="', '"'),
    "js: a template": js("a", "a=`", "`"),
    "js: escapes in a template": js("\\a", "a=`", "`"),
    "js: dollars in a template": js("$", "a=`", "`"),
    "js: bad escapes in a tagged template": js("\\u", "a`", "`"),
    "js: values in a template": js("${a}", "a=`", "`"),
    "js: a regular expression": js("a", "a=/", "/"),
    "js: escapes in a regular expression": js("\\.", "a=/", "/"),
    "js: a class in a regular expression": js("a", "a=/[", "]/"),
    "js: classes in a regular expression": js("[a]", "a=/", "/"),
    "js: groups in a regular expression": js("(", "a=/", "/", ")"),
    "js: regular expressions": js("/a/;"),
    "js: a comment": js("a", "/*", "*/"),
    "js: a line comment": js("a", "//"),
    "js: a kept comment": js("a", "/*!", "*/"),
    "js: a name": js("a"),
    "js: a name beyond ASCII": js("é"),
    "js: escapes in a name": js("\\u0061"),
    "js: a number": js("1"),
    "js: a big integer": js("1", "", "n", share=4),
    "js: flags": js("g", "a=/a/"),
    # Scripts: runs
    "js: ;": js(";"),
    "js: a;": js("a;"),
    "js: a line each": js("a\n"),
    "js: blanks": js(" "),
    "js: line ends": js("\n"),
    "js: {}": js("{}"),
    "js: comments": js("/**/"),
    "js: kept comments": js("/*!*/"),
    "js: comments that open again": js("/* ", "a;", "*/"),
    "js: one letter in many scopes": js("a(function(e){e.e=e(e)});"),
    "js: one letter in scopes in scopes": js("function(e){e.b;return ", "a=", "1", "}"),
    "js: a member of very many globals": js(
        "a§.foo(1);", "var o={};o.foo=function(){return document.currentScript};", share=8
    ),
    "js: the document in many variables": js("var e=document;e.write(e);"),
    "js: line comments": js("//\n"),
    "js: <!--": js("<!--\n"),
    "js: commas": js(",", "a=[", "]"),
    "js: digits": js("1,", "a=[", "]"),
    "js: other numbers": js("§,", "a=[", "]"),
    "js: strings": js("'',", "a=[", "]"),
    "js: other strings": js("'a§',", "a=[", "]"),
    "js: names": js("a,", "a=[", "]"),
    "js: other names": js("a§,", "a=[", "]"),
    "js: calls": js("a();"),
    "js: members": js("a.b=c;"),
    "js: objects": js("{a:1},", "a=[", "]"),
    "js: minified": js("function a§(e,t){return e?t(e.b,'c'):this.d[e]||(e.f=t&&!0)}", share=1),
    "js: var": js("var v§ = 1;"),
    "js: var on lines": js("var v§ = 1;\n"),
    "js: var in one": js("v§=1,", "var ", "v"),
    "js: let": js("let v§=1;"),
    "js: let on lines": js("let v§=1;\n"),
    "js: let in one": js("v§=1,", "let ", "v"),
    "js: the name let": js("let\n", "", ";"),
    "js: const in blocks": js("{const a=1}"),
    "js: classes": js("class A§{}"),
    "js: class members": js("a§(){}", "class A{", "}"),
    "js: private members": js("#a§;", "class A{", "}"),
    "js: private members that are used": js("#a§;b§=this.#a§;", "class A{", "}"),
    "js: functions": js("function f(){}"),
    "js: other functions": js("function f§(){}"),
    "js: other functions on lines": js("function f§(){}\n"),
    "js: functions in functions": js("function f§(){}", "!function(){", "}()"),
    "js: variables in a function": js("var v§=1;", "!function(){", "}()"),
    "js: closures": js("x(function(){a})\n;", "!function(a){", "}()"),
    "js: closed over": js("x(function(){v§});", "", ""),
    "js: labels": js("a:for(;;)break a;"),
    "js: labeled functions": js("a:function f§(){}"),
    "js: cases": js("case §:", "switch(a){", "}"),
    "js: arrows": js("a=>a;"),
    "js: if": js("if(a)b;"),
    "js: destructured": js("v§,", "var [", "]=a"),
    "js: parameters": js("v§,", "function a(", "){}"),
    "js: arguments": js("a,", "a(", ")"),
    "js: directives": js('"a";'),
    "js: astral characters": js("😀", 'a="', '"'),
    "js: CR": js("\r"),
    # Scripts: nesting and chains
    "js: nested (": js("(", "a=", "1", ")"),
    "js: nested [": js("[", "a=", "1", "]"),
    "js: nested {": js("{", close="}"),
    "js: nested functions": js("function a(){", close="}"),
    "js: nested calls": js("a(", close=")"),
    "js: nested arrows": js("a=>", "a=", "a"),
    "js: nested ternaries": js("a?b:", "a=", "a"),
    "js: nested templates": js("`${", "a=", "a", "}`"),
    "js: nested objects": js("{a:", "a=", "a", "}"),
    "js: nested classes": js("class A{a=", "a=", "a", "}"),
    "js: nested if": js("if(a)", "", "a"),
    "js: else if": js("if(a)b;else ", "", "a"),
    "js: !": js("!", "a=", "a"),
    "js: assignments": js("a=", "", "a"),
    "js: binary chain": js("a+", "a=", "a"),
    "js: string chain": js("'a'+", "a=", "a"),
    "js: logical chain": js("a||", "a=", "a"),
    "js: member chain": js("a.", "", "a"),
    "js: call chain": js("a().", "", "a"),
    "js: index chain": js("[a]", "a"),
    "js: comma chain": js("a,", "", "a"),
    # Scripts: words at which a rule may fire
    "js: src": js("a.src=b;"),
    "js: src on lines": js("a.src=b\n"),
    "js: src as arguments": js("a.src,", "f(", ")"),
    "js: src as nested arguments": js("a.src.b(", "", "", ")"),
    "js: src in a chain": js("a.src+", "a=", "a"),
    "js: write": js("a.write(b);"),
    "js: write in a chain": js("write(b).", "a.", "a"),
    "js: write in a sum": js("a.write(b)+", "c=", "a"),
    "js: stack": js("a.stack.slice(1);"),
    "js: document": js("document,", "a.write(b);f(", ")"),
    "js: document in a chain": js("document||", "a.write(b);c=", "a"),
    "js: document in calls": js("f(document);", "a.write(b);"),
    "js: document in nested calls": js("f(document,", "a.write(b);", "1", ")"),
    "js: document in parentheses": js("(", "a.write(b);c=", "document", ")"),
    "js: '$('": js("$('a');"),
    "js: '$(' nested": js("$('a'+", "", "b", ")"),
    "js: '$(' with many arguments": js("'a',", "$(", "b)"),
    "js: script": js("a='script';", "$(b);"),
    "js: querySelector in a chain": js("find('a').", "a.", "a"),
    "js: querySelector of a chain": js("'a'+", "a.find(", "b)"),
    "js: import": js("import_,", "f(", ")"),
    "js: using in a comment": js("using/*", "//", "\na"),
    "js: named maps": js("//#sourceMappingURL=", "", "'\na"),
    "js: sourceURL": js("//#sourceURL\n"),
    "js: Promise": js("Promise;"),
    # Scripts: two of them
    "js: names that the second declares": js(
        "f§();", after="".join(f"function f{n}(){{}}" for n in range(10_000)), share=2
    ),
    "js: many functions in the second": js("a;", after="".join(f"function f{n}(){{}}" for n in range(10_000))),
    "js: the functions of a copy": Copy(again="function f§(){}"),
    "js: the name in many functions": js("function a§(b){return b}", after="function b(){}"),
    "js: the name deep in blocks": js("{", "", "b;" * 1000, "}", after="function b(){}"),
    "js: the name in a chain": js("b+", "a=", "b", after="function b(){}"),
    "js: the name in a member chain": js("b().", "", "b()", after="function b(){}"),
    "js: the name as arguments": js("b,", "f(", "b)", after="function b(){}"),
    "js: the name in statements": js("b;", after="function b(){}"),
    # Regions
    "page: data blocks": page('<script type="application/json">{}</script>'),
    "page: data blocks without end": page(
        "<script>", '<script type="application/json">0</script><script>', "<!-- --></script></script>"
    ),
    "page: a data block": page('{"a":1},', '<script type="application/json">[', "0]</script>"),
    "page: a data block with <": page('{"a":"<b>"},', '<script type="application/json">[', "0]</script>"),
    "page: an inline script": page("a;", "<script>", "</script>"),
    "page: an inline script with <": page("a<b;", "<script>", "</script>"),
    "page: an inline script of <": page("<", "<script>a='", "'</script>"),
    "page: an inline script of NUL": page("\0", "<script>a='", "'</script>"),
    "page: an inline script of CR": page("\r", "<script>", "</script>"),
    "page: an inline script of -": page("-", "<script><!--\n", "\n--></script>"),
    "page: an inline style with <": page("a>b{c:'<'}", "<style>", "</style>"),
    "page: an inline script beyond ASCII": page("é", "<script>a='", "'</script>"),
    "page: attributes": page("a§ ", "<script ", "></script>"),
    "page: attributes of one name": page("a ", "<script ", "></script>"),
    "page: attributes without end": page("a§ ", "<script "),
    "page: an attribute": page("a", '<script src="', '"></script>'),
    "page: an attribute of entities": page("&amp;", '<script src="', '"></script>'),
    "page: an attribute of &": page("&", '<script src="', '"></script>'),
    "page: an attribute of NUL": page("\0", '<script src="', '"></script>'),
    "page: attributes of a tag": page("a§ ", "<p ", ">"),
    "page: text": page("a"),
    "page: text of <": page("< "),
    "page: blanks": page(" "),
    "page: comments": page("<!---->", '<script src="/a.js"></script>'),
    "page: comments on lines": page("<!-- -->\n", '<script src="/a.js"></script>'),
    "page: a comment": page("-", "<!-- ", "-->"),
    "page: tags": page("<p>"),
    "page: <meta in a <meta>": page("<meta ", "<script src=/a.js></script>", ">"),
    "page: <meta in a <meta> in a table": page("<meta ", "<table>", ">"),
    "page: <meta> in a table": page("<meta>", "<table>"),
    "page: scripts in it": page("<script>a</script>"),
    "page: scripts without end": page("<script>", "<script>"),
    "page: an iframe without end": page("</iframe ", "<iframe>"),
    "page: bogus comments": page("<!>"),
    "page: <!": page("<!", "<p>"),
}


def region_of(shape: Shape | Imports, files: Mapping[str, str]) -> tuple[Region | None, Loaded]:
    """Return the region of a page with the *files* of *shape*, and a resolver of them."""
    loaded = Loaded({f"/{name}": text.encode("utf-8") for name, text in files.items()})
    kind, body = ("js", files["a.page"]) if shape.kind == "page" else (shape.kind, "")
    names = [name for name in files if name[0] in "ab" and shape.kind != "page"]
    markup = "\n".join(URLS[kind] % name for name in names) + body
    scanner = Scanner()
    raw = f"<!doctype html><meta charset=utf-8><!-- compress {kind} -->{markup}<!-- endcompress -->".encode()
    found = [event for event in (*scanner.feed(raw), *scanner.finish()) if isinstance(event, Region)]
    return (found[0] if found else None), loaded


def peak_bytes() -> int:
    """Return the peak of this process's memory since it was last reset."""
    return _status("VmHWM:")


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(field))


def build(name: str, size: int, told: Connection) -> None:
    """Build a page with a source of that shape and size; tell the seconds, the bytes of memory, and the end of it."""
    logging.disable()
    shape = SHAPES[name]
    region, loaded = region_of(shape, shape.files(size))
    if region is None:
        told.send((float("inf"), 0, "the scanner found no region"))
        return
    renderer, substitution = assemble_renderer(shape.settings, loaded), Substitution(Page("", "/", charset="utf-8"))
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    idle = _status("VmRSS:")
    started = time.process_time()
    stood_in = substitution.take_out(region)
    try:
        rendered = renderer.render(stood_in, substitution.page)
        end = f"{rendered.html.count(b'/pressmark/')} bundles"
    except RegionError as error:
        rendered, end = Rendered(stood_in.raw), str(error)
    substitution.put_back(stood_in, rendered)
    told.send((time.process_time() - started, max(peak_bytes() - idle - FIXED_BYTES, 0), end[:60]))


def measured(name: str, size: int) -> tuple[float, int, str]:
    """Return what ``build`` tells, from a process of its own."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=build, args=(name, size, there), daemon=True)
    process.start()
    there.close()
    try:
        return here.recv() if here.poll(MAX_S) else (float("inf"), 0, "given up")
    except EOFError:
        return float("inf"), 0, "the process died"
    finally:
        process.kill()
        process.join()


def line_of(name: str) -> str:
    """Return the line of the table for a shape."""
    sizes = [number * SIZE // SHAPES[name].share for number in (1, 2)]
    best, memory, end = [float("inf")] * 2, 0, ""
    for _ in range(ROUNDS):
        for number, size in enumerate(sizes):
            seconds, peak, end = measured(name, size)
            best[number], memory = min(best[number], seconds), max(memory, peak)
        if max(best) == float("inf"):
            break
    total = sum(len(text.encode("utf-8")) for text in SHAPES[name].files(sizes[1]).values())
    times, multiple = best[1] / max(best[0], 1e-6) if max(best) < float("inf") else float("inf"), memory / total
    # In a few milliseconds the fixed costs are the larger part, and the clock is too coarse.
    is_slow, is_large = times > MAX_TIMES and best[1] > 0.05, multiple > MAX_MEMORY
    flags = f"{'TIME' if is_slow else '':5}{'MEMORY' if is_large else '':7}"
    return f"{name:44}{total >> 10:6} KB{best[1]:9.3f} s{times:7.2f} x{multiple:8.1f} x  {flags} {end}"


def main() -> None:
    """Print a line for each shape that the arguments name, or for all."""
    words = sys.argv[1:]
    for name in SHAPES:
        if not words or any(word in name for word in words):
            sys.stdout.write(line_of(name) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

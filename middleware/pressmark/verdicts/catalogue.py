"""The rules by which an element stays or is parted from its neighbours, each with the harm that it prevents."""

from enum import StrEnum


class Rule(StrEnum):
    """A rule, as the name that people read. *meaning* and *change* are Markdown, for the documentation.

    *change* is what an author may do so that the element joins, "" if there is nothing.
    """

    meaning: str
    change: str

    def __new__(cls, name: str, meaning: str = "", change: str = "") -> "Rule":  # one is found by its name alone
        rule = str.__new__(cls, name)
        rule._value_, rule.meaning, rule.change = name, meaning, change
        return rule

    ATTRIBUTE = (
        "attribute",
        "An attribute that a bundle's tag could not carry, as scripts and selectors may look for it: an `id`, a "
        "`class`, `data-…` that others of the region do not share. An `id` and data that the script alone reads are "
        "no reason.",
        'add `data-pressmark="join"` to the tag, if nothing looks for the attribute',
    )
    LOADING = (
        "loading",
        "An attribute that changes how the file is loaded, or whether it is: `async`, `nomodule`, a `title`, an "
        "`integrity` that is not the file's, a `nonce` that others of the region do not share.",
        "take the attribute away, if it need not be",
    )
    AUTHOR = (
        "author",
        'The author says so: `data-pressmark="alone"`. Any other word there than `join` counts as that.',
        "take `data-pressmark` away",
    )
    REL = (
        "rel",
        "A `rel` other than `stylesheet`, such as `alternate stylesheet`.",
        "move it to an end of the region",
    )
    TYPE = (
        "type",
        "A `type` that browsers do not take for a stylesheet or classic script.",
        "move it to an end of the region",
    )
    MODULE = (
        "module",
        "An ES module, or the page's import map: its element stays, and what it loads is served as "
        "[modules](modules.md) are: linked, named, preloaded, or as it is.",
    )
    NO_URL = (
        "no-url",
        "No address, or an empty one.",
        "take it away, or give it an address",
    )
    OTHER = (
        "other",
        "Text, markup or an element of another kind between the elements, or a comment that is no plain words: a "
        "server, a tool or a script may put something in its place.",
        "move it to an end of the region",
    )
    PRELOADED = (
        "preloaded",
        "A file that the page preloads, by a `<link>` in its head or by a `Link` header: from a bundle it would be "
        "loaded twice. Take the preload away, or write it by the region's mode `preload`.",
        "take the preload away, or write `preload` into the marker",
    )
    FOREIGN = (
        "foreign",
        "Nothing under your static prefixes: another site, a `data:` URL, a file made by the application.",
        'serve a copy below a static prefix, or set `resolve="app"` for what the application makes',
    )
    ANSWER = (
        "answer",
        'With `resolve="app"`: the application\'s answer is no such file, or not the same for everybody: another '
        "status than 200, a cookie, `Vary`, `Cache-Control: private`.",
        "answer 200 without `Set-Cookie`, `Vary` and `private`",
    )
    MEDIA_TYPE = (
        "media-type",
        "A file that static servers would not send as a stylesheet or script.",
        "name the file `.css` or `.js`",
    )
    ENCODING = (
        "encoding",
        "Characters that would be read otherwise in a bundle, which is UTF-8.",
        "save the file as UTF-8",
    )
    POLICY = (
        "policy",
        "Inline code on a page with a Content Security Policy, which may forbid it or know it by its hash; or a "
        "file without the nonce that the policy asks for.",
        "move the code into a file, or give the tag the policy's nonce",
    )
    VARIES = (
        "varies",
        "Inline code that has shown too many texts to be the same for all visitors.",
        'put what differs into `<script type="application/json">`, and read it from there',
    )
    INLINE_ONLY = (
        "inline-only",
        "Inline code alone: a file would be one more request.",
    )
    MINIFIED = (
        "minified",
        "A file that shares no bundle and is minified already: a bundle of it would be no smaller. It has one with a "
        "NAME in the marker, `public_url` or `integrity`.",
    )
    INLINE = (
        "inline",
        "In inline mode: a text that an HTML parser would take for markup, or that the page's encoding lacks.",
    )
    SIBLINGS = (
        "siblings",
        "A `<link>` in the body in inline mode: `:nth-of-type()` would notice that it became a `<style>`.",
        "move the region into the `<head>`",
    )
    ATTRIBUTES = (
        "attributes",
        "Another `media` or `defer` than that of the element before it: a bundle of its own.",
        "give neighbours the same `media`, `defer` and `data-…`",
    )
    ALONE = (
        "alone",
        "The source before it has a bundle to itself.",
        "move it in front of that source",
    )
    DISABLED = (
        "disabled",
        "Pressmark is off (`enabled`, `debug_toggle`): only what a browser cannot read is made, each alone.",
    )
    URL = (
        "url",
        "A URL with a scheme and no host, which only the page's own address completes.",
        "write the host, or an absolute path",
    )
    CUSTOM_PROPERTY_URL = (
        "custom-property-url",
        "A relative `url()` in a custom property: it is relative to the sheet that uses it.",
        "write the URL as an absolute path: `url(/static/…)`",
    )
    IMPORT = (
        "import",
        "An `@import` that stays one, as its target is elsewhere or missing: it must come first.",
        "put the sheet first, or link the imported sheet in its place",
    )
    NAMESPACE = (
        "namespace",
        "An `@namespace`, which governs all selectors of its file.",
        "move the `@namespace` rules into a sheet of their own",
    )
    BAD_TOKEN = (
        "bad-token",
        "A broken string, URL or escape, which would swallow other parts of a bundle than of its own file.",
        "mend the string, URL or escape",
    )
    SYNTAX = (
        "syntax",
        "No classic script by itself: it fails alone, and must not take others with it.",
        'mend the script, or mark a module as `type="module"`',
    )
    BUDGET = (
        "budget",
        "A file that would take too much time or memory: more than 2 MiB, a script of more than 524,288 signs or "
        "10,000 names, a stylesheet with more than 1,000 imports or 4 MiB of them, with declarations nested "
        "deeply, or with more than 256 open brackets.",
        "divide the file",
    )
    RECIPE = (
        "recipe",
        "With `secret` and without a store, or in workers that can write to no directory: inline code, an answer of "
        "the application, or more files than the URL of a bundle can name. No other process could build it.",
        "move the code into a file, or set `store`",
    )
    STRICTNESS = (
        "strictness",
        'A strict script beside a sloppy one, `"use strict"` would govern both, or none, and it cannot be wrapped: it '
        "takes values apart in a top-level `var`, names `arguments`, or has a function with default values.",
        'put the script into a function: `(function () { "use strict"; … })()`',
    )
    LEXICAL_NAMES = (
        "lexical-names",
        "A top-level `let`, `const` or `class` of a name that another script declares, too: it fails as a whole.",
        "give the names other names, or put the script into a function: `(() => { … })()`",
    )
    WINDOW_NAMES = (
        "window-names",
        "A name of a fixed member of the window, declared as a function or by `let`, `const` or `class`: it fails as "
        "a whole.",
        "give it another name",
    )
    HOISTING = (
        "hoisting",
        "A function that a script before it would already find, or a `let`, `const` or `class` that it would ask for "
        "too early: declarations move to the start of a bundle. Code that only runs later, and would fail without the "
        "name, is no reason.",
        'put the script that declares it first, or add `data-pressmark="join"` to the tag',
    )
    EXCEPTIONS = (
        "exceptions",
        "The script before it cannot be kept from ending the bundle by an exception: it has a top-level `let`, `const` "
        "or `class` whose value may fail, or behind what may.",
        "put the script before it last, or into a function: `(() => { … })()`",
    )
    MICROTASKS = (
        "microtasks",
        'With `fidelity="exact"`: the script before it may leave promises to be kept first.',
        'set `fidelity="safe"`',
    )
    CURRENT_SCRIPT = (
        "current-script",
        "It looks at `document.currentScript` while it loads, for more than attributes that its bundle has too, or "
        "calls a function that does.",
        'add `data-pressmark="join"` to the tag, if it does not matter which script it finds',
    )
    SCRIPT_ELEMENTS = (
        "script-elements",
        "It looks for script elements, or for one by its file name.",
        'add `data-pressmark="join"` to the tag, if it does not matter which scripts it finds',
    )
    NAMED = (
        "named",
        "Another script of the region, or code in the page before it, names its file or an attribute of it: it may "
        "look for its element, or load it by itself.",
        'add `data-pressmark="join"` to the tag, if that script does not look for it',
    )
    STACK_TRACE = (
        "stack-trace",
        "It takes a stack trace apart, which names its URL.",
        'add `data-pressmark="join"` to the tag, if the trace is only shown',
    )
    DYNAMIC_IMPORT = (
        "dynamic-import",
        "It uses `import()`, which resolves against its URL.",
        "let it import by an absolute path, in a module",
    )
    SOURCE_URL = (
        "source-url",
        "It names itself with `sourceURL`.",
        'add `data-pressmark="join"` to the tag, or take the comment away',
    )
    DOCUMENT_WRITE = (
        "document-write",
        "It may call `document.write()` while it loads, which writes behind its element; or it comes after one that "
        "may have written the start of a comment.",
        'add `data-pressmark="join"` to the tag, if it writes nothing while the page is parsed',
    )


POSSIBLE = frozenset(
    (
        Rule.ATTRIBUTE,
        Rule.CURRENT_SCRIPT,
        Rule.DOCUMENT_WRITE,
        Rule.EXCEPTIONS,
        Rule.HOISTING,
        Rule.NAMED,
        Rule.SCRIPT_ELEMENTS,
        Rule.SOURCE_URL,
        Rule.STACK_TRACE,
    )
)
"""The rules that see a possibility of harm: for an element that its author trusts they do not hold."""

"""The rules by which an element stays or is parted from its neighbours, each with the harm that it prevents."""

from enum import StrEnum


class Rule(StrEnum):
    """A rule, as the name that people read. *meaning* is Markdown, for the documentation."""

    meaning: str

    def __new__(cls, name: str, meaning: str = "") -> "Rule":  # one that is there is found by its name alone
        rule = str.__new__(cls, name)
        rule._value_, rule.meaning = name, meaning
        return rule

    ATTRIBUTE = (
        "attribute",
        "An attribute that a bundle's tag could not carry, as scripts and selectors may look for it or it changes "
        "how the file is loaded: `async`, `integrity`, `id`, `data-…`, a `nonce` that others of the region do not "
        "share.",
    )
    REL = (
        "rel",
        "A `rel` other than `stylesheet`, such as `alternate stylesheet`.",
    )
    TYPE = (
        "type",
        "A `type` that browsers do not take for a stylesheet or classic script, such as `module`.",
    )
    NO_URL = (
        "no-url",
        "No address, or an empty one.",
    )
    OTHER = (
        "other",
        "Text, markup or an element of another kind between the elements, or a comment that is no plain words: a "
        "server, a tool or a script may put something in its place.",
    )
    PRELOADED = (
        "preloaded",
        "A file that the page preloads, by a `<link>` in its head or by a `Link` header: from a bundle it would be "
        "loaded twice. Take the preload away, or write it by the region's mode `preload`.",
    )
    FOREIGN = (
        "foreign",
        "Nothing under your static prefixes: another site, a `data:` URL, a file made by the application.",
    )
    ANSWER = (
        "answer",
        'With `resolve="app"`: the application\'s answer is no such file, or not the same for everybody: another '
        "status than 200, a cookie, `Vary`, `Cache-Control: private`.",
    )
    MEDIA_TYPE = (
        "media-type",
        "A file that static servers would not send as a stylesheet or script.",
    )
    ENCODING = (
        "encoding",
        "Characters that would be read otherwise in a bundle, which is UTF-8.",
    )
    POLICY = (
        "policy",
        "Inline code on a page with a Content Security Policy, which may forbid it or know it by its hash; or a "
        "file without the nonce that the policy asks for.",
    )
    VARIES = (
        "varies",
        "Inline code that has shown too many texts to be the same for all visitors.",
    )
    INLINE_ONLY = (
        "inline-only",
        "Inline code alone: a file would be one more request.",
    )
    INLINE = (
        "inline",
        "In inline mode: a text that an HTML parser would take for markup, or that the page's encoding lacks.",
    )
    SIBLINGS = (
        "siblings",
        "A `<link>` in the body in inline mode: `:nth-of-type()` would notice that it became a `<style>`.",
    )
    ATTRIBUTES = (
        "attributes",
        "Another `media` or `defer` than that of the element before it: a bundle of its own.",
    )
    ALONE = (
        "alone",
        "The source before it has a bundle to itself.",
    )
    DISABLED = (
        "disabled",
        "Pressmark is off (`enabled`, `debug_toggle`): only what a browser cannot read is made, each alone.",
    )
    URL = (
        "url",
        "A URL with a scheme and no host, which only the page's own address completes.",
    )
    CUSTOM_PROPERTY_URL = (
        "custom-property-url",
        "A relative `url()` in a custom property: it is relative to the sheet that uses it.",
    )
    IMPORT = (
        "import",
        "An `@import` that stays one, as its target is elsewhere or missing: it must come first.",
    )
    NAMESPACE = (
        "namespace",
        "An `@namespace`, which governs all selectors of its file.",
    )
    BAD_TOKEN = (
        "bad-token",
        "A broken string, URL or escape, which would swallow other parts of a bundle than of its own file.",
    )
    SYNTAX = (
        "syntax",
        "No classic script by itself: it fails alone, and must not take others with it.",
    )
    BUDGET = (
        "budget",
        "A file that would take too much time or memory: a script of more than 1 MiB, 524,288 signs or 10,000 names; "
        "a stylesheet of more than 2 MiB, with more than 1,000 imports or 4 MiB of them, with declarations nested "
        "deeply, or with more than 256 open brackets.",
    )
    RECIPE = (
        "recipe",
        "With `secret` and without a store, or in workers that can write to no directory: inline code, an answer of "
        "the application, or more files than the URL of a bundle can name. No other process could build it.",
    )
    STRICTNESS = (
        "strictness",
        'A strict script beside a sloppy one, `"use strict"` would govern both, or none, and it cannot be wrapped: it '
        "takes values apart in a top-level `var`, names `arguments`, or has a function with default values.",
    )
    LEXICAL_NAMES = (
        "lexical-names",
        "A top-level `let`, `const` or `class` of a name that another script declares, too: it fails as a whole.",
    )
    WINDOW_NAMES = (
        "window-names",
        "A name of a fixed member of the window, declared as a function or by `let`, `const` or `class`: it fails as "
        "a whole.",
    )
    HOISTING = (
        "hoisting",
        "A function that a script before it would already find, or a `let`, `const` or `class` that it would ask for "
        "too early: declarations move to the start of a bundle.",
    )
    EXCEPTIONS = (
        "exceptions",
        "The script before it cannot be kept from ending the bundle by an exception: it has a top-level `let`, `const` "
        "or `class`, and does more than to declare.",
    )
    MICROTASKS = (
        "microtasks",
        'With `fidelity="exact"`: the script before it may leave promises to be kept first.',
    )
    CURRENT_SCRIPT = (
        "current-script",
        "It looks at `document.currentScript`.",
    )
    SCRIPT_ELEMENTS = (
        "script-elements",
        "It looks for script elements, or for one by its file name.",
    )
    NAMED = (
        "named",
        "Another script of the region names its file: it may look for its element, or load it by itself.",
    )
    STACK_TRACE = (
        "stack-trace",
        "It takes a stack trace apart, which names its URL.",
    )
    DYNAMIC_IMPORT = (
        "dynamic-import",
        "It uses `import()`, which resolves against its URL.",
    )
    SOURCE_URL = (
        "source-url",
        "It names itself with `sourceURL`.",
    )
    DOCUMENT_WRITE = (
        "document-write",
        "It may call `document.write()`, which writes right behind its own element; or it comes after one that "
        "may have written the start of a comment.",
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

"""The rules by which a source is not joined with its neighbours, each with what it keeps from breaking."""

RULES = {
    "attribute": "An attribute that a bundle's tag could not carry, as scripts and selectors may look for it or it "
    "changes how the file is loaded: `async`, `integrity`, `id`, `data-…`, a `nonce` that others of the region do not "
    "share.",
    "rel": "A `rel` other than `stylesheet`, such as `alternate stylesheet`.",
    "type": "A `type` that browsers do not take for a stylesheet or classic script, such as `module`.",
    "no-url": "No address, or an empty one.",
    "other": "Text, markup or an element of another kind between the elements.",
    "foreign": "Nothing under your static prefixes: another site, a `data:` URL, a file made by the application.",
    "answer": 'With `resolve="app"`: what the application answers is no such file, or not the same for everybody: '
    "another status than 200, a cookie, `Vary`, `Cache-Control: private`.",
    "media-type": "A file that static servers would not send as a stylesheet or script.",
    "encoding": "Characters that would be read otherwise in a bundle, which is UTF-8.",
    "policy": "Inline code on a page with a Content Security Policy, which may forbid it or know it by its hash; or a "
    "file without the nonce that the policy asks for.",
    "varies": "Inline code that has shown too many texts to be the same for all visitors.",
    "inline-only": "Inline code alone: a file would be one more request.",
    "inline": "In inline mode: a text that an HTML parser would take for markup, or that the page's encoding lacks.",
    "siblings": "A `<link>` in the body in inline mode: `:nth-of-type()` would notice that it became a `<style>`.",
    "attributes": "Another `media` or `defer` than that of the element before it: a bundle of its own.",
    "alone": "The source before it has a bundle to itself.",
    "disabled": "Pressmark is off (`enabled`, `debug_toggle`): only what a browser cannot read is made, each alone.",
    "url": "A URL with a scheme and no host, which only the page's own address completes.",
    "custom-property-url": "A relative `url()` in a custom property: it is relative to the sheet that uses it.",
    "import": "An `@import` that stays one, as its target is elsewhere or missing: it must come first.",
    "namespace": "An `@namespace`, which governs all selectors of its file.",
    "bad-token": "A broken string, URL or escape, which would swallow other parts of a bundle than of its own file.",
    "syntax": "No classic script by itself: it fails alone, and must not take others with it.",
    "strictness": 'A strict script beside a sloppy one: `"use strict"` would govern both, or none.',
    "lexical-names": "A top-level `let`, `const` or `class`: declared twice, it fails as a whole.",
    "window-names": "A function with the name of a fixed member of the window, which fails as a whole.",
    "hoisting": "A function that the script before it would already find: declarations move to the start of a bundle.",
    "exceptions": "The script before it cannot be kept from ending the bundle by an exception.",
    "microtasks": 'With `fidelity="exact"`: the script before it may leave promises to be kept first.',
    "current-script": "It looks at `document.currentScript`.",
    "script-elements": "It looks for script elements, or for one by its file name.",
    "stack-trace": "It takes a stack trace apart, which names its URL.",
    "dynamic-import": "It uses `import()`, which resolves against its URL.",
    "source-url": "It names itself with `sourceURL`.",
    "document-write": "It may call `document.write()`, which writes right behind its own element; or it comes after "
    "one that may have written the start of a comment.",
}

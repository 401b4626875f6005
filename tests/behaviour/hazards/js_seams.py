"""Where one file ends and the next begins no statement may span both (ECMAScript, 12.10 and B.1.1)."""

from tests.behaviour.hazard import js

HAZARDS = (
    js(
        "an array at the start of a file is no index into the value before it",
        "var a = [1, 2, 3]",
        "[4, 5].forEach(function (n) { log.push(n) })",
        bundles=1,
    ),
    js(
        "a template at the start of a file is not tagged by the function before it",
        'var tag = function () { log.push("tagged"); return [] }',
        "`x y`.split(' ').forEach(function (word) { log.push(word) })",
        bundles=1,
    ),
    js(
        "a regular expression at the start of a file divides nothing",
        "var g = 2, b = 4, c = b",
        '/b/g.test("b") && log.push("matched")',
        bundles=1,
    ),
    js(
        "a plus at the start of a file adds to nothing",
        "var n = 1",
        "+function () { log.push(n) }()",
        bundles=1,
    ),
    js(
        "a minus at the start of a file takes from nothing",
        "var n = 7",
        "-function () { log.push(n) }()",
        bundles=1,
    ),
    js(
        "the body of an arrow function ends with its file",
        'log.push("before"); var f = x => x',
        '(function () { log.push("called") })()',
        bundles=1,
    ),
    js(
        "what is made with new gets no arguments from the next file",
        'function Made() { log.push("made with " + arguments.length) }\nvar made = new Made',
        '(function () { log.push("called") })()',
        bundles=1,
    ),
    js(
        "the operand of typeof ends with its file",
        "var kind = typeof window",
        "[kind].forEach(function (word) { log.push(word) })",
        bundles=1,
    ),
    js(
        "an assigned object is not called from the next file",
        "window.settings = { dark: true }",
        '(() => log.push("called", settings.dark))()',
        bundles=1,
    ),
    js(
        "a variable called let declares nothing in the next file",
        "var let = 1; let",
        'kept = 2; log.push("kept" in window)',
        bundles=1,
    ),
    js(
        "a file of one name does not call what the next file has in parentheses",
        'function later() { log.push("called by mistake") }\nlater',
        '("string"); log.push("next")',
        bundles=1,
    ),
    js(
        "a comment without a line end ends with its file",
        "var first = [1] // the first",
        "[0].forEach(function (n) { log.push(first[n]) })",
        bundles=1,
    ),
    js(
        "a line of interpreter at the start of the second file is a comment",
        "log.push(1)",
        "#!/usr/bin/env node\nlog.push(2)",
        "log.push(3)",
        bundles=1,
    ),
    js(
        "a byte order mark before a line of interpreter is none of it",
        "log.push(1)",
        b"\xef\xbb\xbf#!/usr/bin/env node\nlog.push(2)",
        bundles=1,
    ),
    js(
        "a line of interpreter after a space is a mistake",
        "log.push(1)",
        " #!/usr/bin/env node\nlog.push(2)",
        "log.push(3)",
        bundles=2,
    ),
    js(
        "an arrow that closes a comment at the start of a file is a comment",
        "var n = 1; log.push(n); n",
        "--> 0; log.push('not this')\nlog.push(2)",
        bundles=1,
    ),
    js(
        "a dash that opens a comment in the last line ends with its file",
        "log.push(1); var list = [1] <!-- the end",
        "[0].map(function (n) { log.push(list[n]) })",
        bundles=1,
    ),
    js(
        "two decrements and a greater sign within a line compare",
        "var n = 2; while (n --> 0) log.push(n)\nvar f = function () { log.push('end') }",
        "(function () { log.push('own') })()",
        bundles=1,
    ),
)

"""A directive makes its own script strict and no other (ECMAScript, 11.2.1 and 11.2.2)."""

from tests.behaviour.hazard import Hazard, js

STRICT = '"use strict"; '
THIS = "log.push(typeof (function () { return this })())"


def is_sloppy(claim: str, opening: str) -> Hazard:
    """Return a page whose first file opens with what only looks like a directive."""
    return js(claim, f"{opening}\nlog.push('one')", THIS, bundles=1)


def stays_sloppy(claim: str, script: str) -> Hazard:
    """Return a page with *script* after a strict one."""
    return js(claim, f"{STRICT}log.push('strict')", script, bundles=1)


def is_strict(claim: str, opening: str) -> Hazard:
    """Return a page whose second file is strict by its *opening*."""
    return js(claim, "log.push('sloppy')", f"{opening}\n{THIS}", bundles=1)


HAZARDS = (
    is_strict("a strict script after a sloppy one is strict", '"use strict";'),
    is_strict("a directive in single quotes counts", "'use strict';"),
    is_strict("a directive after comments counts", "/* one */ // two\n\n<!-- three\n'use strict';"),
    is_strict("a directive after another counts", '"use asm"; "use strict";'),
    is_strict("a directive after three others on lines of their own counts", "'a'\n'b'\n\"c\"\n'use strict'"),
    is_strict("a directive without a semicolon counts", '"use strict"'),
    is_strict("a directive that a comment follows counts", '"use strict" /* always\n */'),
    is_strict("a directive before a prefix operator counts", '"use strict"\n++log.length; --log.length;'),
    is_strict("a directive after a byte order mark counts", '\ufeff"use strict";'),
    is_strict("a directive after a line of interpreter counts", '#! node\n"use strict";'),
    is_sloppy("a directive with an escape in it is none", '"use\\x20strict";'),
    is_sloppy("a directive that goes on over a line end is none", '"use str\\\nict";'),
    is_sloppy("a string that an operator follows on the next line is no directive", '"use strict"\n+ 1;'),
    js(
        "a sloppy script is told apart from two strict ones",
        f"{STRICT}log.push('one')",
        f"{STRICT}{THIS}",
        THIS,
        bundles=1,
    ),
    js(
        "a strict script between two sloppy ones stays strict",
        f"{THIS}",
        f"{STRICT}{THIS}",
        f"{THIS}; log.push('end')",
        bundles=1,
    ),
    js(
        "a strict script whose sloppy neighbour is code in the page stays strict",
        elements=f"<script>{THIS}</script><script src='1.js'></script>",
        files={"1.js": STRICT + THIS},
        bundles=1,
    ),
    js(
        "code in the page after a strict file stays sloppy",
        elements=f"<script src='1.js'></script><script>{THIS}</script>",
        files={"1.js": STRICT + THIS},
        bundles=1,
    ),
    js(
        "a strict function makes nothing after it strict",
        f"(function () {{ 'use strict'; {THIS} }})()\nvar f = function () {{ log.push('called') }}",
        f"({THIS})",
        bundles=1,
    ),
    js(
        "two strict files of which the first throws are both strict",
        f"{STRICT}{THIS}; throw new Error('one')",
        f"{STRICT}{THIS}",
        bundles=1,
    ),
    js(
        "a strict script may not write to what cannot be written",
        "undefined = 1; log.push('silent')",
        "'use strict'; try { undefined = 1; log.push('silent') } catch (error) { log.push(error.name) }",
        bundles=1,
    ),
    js(
        "what eval declares in a strict script stays in it",
        "eval('var loose = 1'); log.push(typeof loose)",
        f"{STRICT}eval('var kept = 1'); log.push(typeof kept)",
        bundles=1,
    ),
    stays_sloppy("an octal number after a strict script is a number", "log.push(010)"),
    stays_sloppy("an octal escape after a strict script is a character", "log.push('\\101')"),
    stays_sloppy("a with statement after a strict script is one", "with (log) { push('with') }"),
    stays_sloppy("a name may be deleted after a strict script", "var kept = 1; log.push(delete kept)"),
    stays_sloppy(
        "two parameters may share a name after a strict script", "log.push((function (a, a) { return a })(1, 2))"
    ),
    stays_sloppy(
        "a function knows its arguments' callee after a strict script",
        "(function () { log.push(typeof arguments.callee) })()",
    ),
    stays_sloppy(
        "a function in a block is seen outside of it after a strict script",
        "{ function inner() {} }\nlog.push(typeof inner)",
    ),
    stays_sloppy(
        "a name reserved in strict scripts is a name after one", "var package = 'name', static = 1; log.push(package)"
    ),
    stays_sloppy(
        "a write to a frozen object is silent after a strict script", "Object.freeze(log.x = {}).y = 1; log.push('on')"
    ),
    stays_sloppy(
        "arguments mirror their names after a strict script", "(function (a) { a = 2; log.push(arguments[0]) })(1)"
    ),
)

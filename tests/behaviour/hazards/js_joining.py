"""Scripts that are joined are still scripts of their own (ECMAScript, 16.1)."""

from tests.behaviour.hazard import js

HAZARDS = (
    js(
        "a call at the end is not called by what follows",
        "var f = function () { log.push(1) }",
        "(function () { log.push(2) })()",
    ),
    js("an exception ends only its own script", 'log.push(1); throw new Error("boom")', "log.push(2)", bundles=1),
    js("a strict script makes no other strict", '"use strict"; log.push(1)', "undeclared = 1; log.push(undeclared)"),
)

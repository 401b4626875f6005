"""Scripts that have no turn among others part none: they run when they have come, or when the page is parsed.

Each rule is shown from both sides: a script that is passed over, and what looks like one and has its place.
"""

from tests.behaviour.hazard import Hazard, js

FILES = {"1.js": "log.push(1); throw new Error('x')", "2.js": "log.push(2)"}


def between(claim: str, element: str, *, bundles: int, seen: str = "", **files: str) -> Hazard:
    """Return a page of two scripts with *element* between them."""
    elements = f"<script src=1.js></script>{element}<script src=2.js></script>"
    more = {f"{name}.js": text for name, text in files.items()}
    return js(claim, elements=elements, files=FILES | more, bundles=bundles, seen=seen)


HAZARDS = (
    between(
        "an async script may come at any time",
        "<script src=a.js async></script>",
        bundles=1,
        seen="window.a",
        a="a = 1",
    ),
    between(
        "an async script that defers, too, may come at any time",
        "<script src=a.js async defer></script>",
        bundles=1,
        seen="window.a",
        a="a = 1",
    ),
    between(
        "a module runs when the page is parsed", "<script type=module src=a.js></script>", bundles=1, a="log.push('a')"
    ),
    between("a module in the page runs when it is parsed", "<script type=module>log.push('m')</script>", bundles=1),
    between(
        "two modules run in their order",
        "<script type=module>log.push('m')</script><script type=module src=a.js></script>",
        bundles=1,
        a="log.push('a')",
    ),
    between(
        "an async script that writes writes nothing",
        "<script src=a.js async></script>",
        bundles=1,
        a="document.write('x')",
    ),
    between(
        "the script behind an async one counts among its siblings",
        "<script src=a.js async></script>",
        bundles=1,
        seen="document.querySelectorAll('script').length - document.querySelectorAll('script:nth-of-type(1)').length",
        a="a = 2",
    ),
    js(
        "a module between deferred scripts has its turn",
        elements="<script defer src=1.js></script><script type=module>log.push('m')</script>"
        "<script defer src=2.js></script>",
        files=FILES,
        bundles=2,
    ),
    js(
        "an async script between deferred ones has no turn",
        elements="<script defer src=1.js></script><script async src=a.js></script><script defer src=2.js></script>",
        files=FILES | {"a.js": "a = 1"},
        seen="window.a",
        bundles=1,
    ),
    between(
        "an async script that is to be alone keeps its place",
        "<script src=a.js async data-pressmark=alone></script>",
        bundles=2,
        seen="window.a",
        a="a = 3",
    ),
    between("async code in the page has its turn", "<script async>log.push('i')</script>", bundles=2),
    between(
        "a script for old browsers is not run", "<script nomodule src=a.js></script>", bundles=2, a="log.push('a')"
    ),
    between(
        "data between scripts is there for the next",
        "<script type=application/json id=data>[7]</script>",
        bundles=2,
    ),
    js(
        "data between scripts is read by the next",
        elements="<script src=1.js></script><script type=application/json id=d>[7]</script><script src=2.js></script>",
        files={"1.js": "log.push(1)", "2.js": "log.push(JSON.parse(document.getElementById('d').text)[0])"},
        bundles=2,
    ),
    between(
        "an import map stands before the modules that need it",
        '<script type=importmap>{"imports": {"a": "./a.js"}}</script><script type=module>import "a"</script>',
        bundles=2,
        a="log.push('a')",
    ),
    between("a deferred script has its turn", "<script defer src=a.js></script>", bundles=3, a="log.push('a')"),
    between(
        "an async script that tells when it has come stays where it is",
        "<script async src=a.js onload='a = 2'></script>",
        bundles=1,
        seen="window.a",
        a="a = 1",
    ),
)

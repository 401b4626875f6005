"""Random graphs of modules: cycles, stars, re-exports, waits, throws, dynamic imports, several entries, outsiders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

KINDS = ("let", "const", "function", "class", "var")
DEFAULTS = (
    "export default function () { return 'd%d' }",
    "export default class {}",
    "export default %d + 1",
    "export default (() => %d)",
)
CHANGES = ("{0}++;", "{0} += 2;", "[{0}] = [{0} + 5];", "({{a: {0}}} = {{a: 7}});", "")

# ``L`` logs a value or the kind of an error, ``D`` asks for a module once the page is loaded, one after the other.
HEAD = """<!DOCTYPE html><html><head><script>
var log = [], late = [], waiting = 0;
function L(what, value) {
  try {
    const found = value();
    log.push(what + " = " + (typeof found === "function" ? found.name : found));
  } catch (error) {
    log.push(what + " ! " + error.name);
  }
}
var chain = new Promise(resolve => addEventListener("load", () => setTimeout(resolve, 20)));
function D(what, ask) {
  waiting++;
  chain = chain.then(ask)
    .then(space => late.push(what + " " + Object.keys(space)), error => late.push(what + " ! " + error.message))
    .then(() => waiting--);
}
addEventListener("error", event =>
  log.push(event.target.localName === "script" ? "error event" : "error: " + event.message), true);
addEventListener("unhandledrejection", () => log.push("rejected"));
</script></head><body>
"""
TAIL = """<script>
addEventListener("load", () => {
  let quiet = 0;
  const timer = setInterval(() => {
    quiet = waiting ? 0 : quiet + 1;
    if (quiet > 3) { clearInterval(timer); parent.postMessage([NUMBER, JSON.stringify([log, late.sort()])], "*") }
  }, 50);
});
</script></body></html>
"""


@dataclass(frozen=True)
class Graph:
    """Modules by their names, the *entries* in the region of a page, and those that a module outside asks for."""

    files: Mapping[str, str]
    entries: tuple[str, ...]
    outsiders: tuple[str, ...]

    def page(self, number: int) -> str:
        """Return the page, which tells its parent what it has logged under that *number*."""
        elements = "".join(f'<script type="module" src="{name}"></script>\n' for name in self.entries)
        outside = "".join(
            f'<script type="module">import * as all from "./{name}"; log.push("outsider " + Object.keys(all) + " " + '
            'Object.values(all).map(each => typeof each === "function" ? each.name : each))</script>\n'
            for name in self.outsiders
        )
        region = f"<!-- compress js -->\n{elements}<!-- endcompress -->\n"
        return HEAD + region + outside + TAIL.replace("NUMBER", str(number))


def graph(seed: int) -> Graph:
    """Return the graph of that *seed*."""
    random = Random(seed)
    count = random.randint(2, 12)
    shape = random.choice(("tree", "cycles", "star"))
    exports = [
        {f"{kind}{number}": kind for kind in random.sample(KINDS, random.randint(1, 4))} for number in range(count)
    ]
    files = {
        f"m{number}.js": "\n".join(_module(random, number, list(_requests(random, number, count, shape)), exports))
        for number in range(count)
    }
    others = [f"m{random.randrange(count)}.js"] if count > 2 and random.random() < 0.5 else []
    outsiders = (f"m{random.randrange(count)}.js",) if random.random() < 0.5 else ()
    return Graph(files, ("m0.js", *others), outsiders)


def _requests(random: Random, number: int, count: int, shape: str) -> Iterator[int]:
    asked = random.randint(int(number == 0), 3)
    for _ in range(asked):
        if shape == "cycles":
            yield random.randrange(count)
        elif shape == "star":
            yield random.choice((0, count - 1, random.randrange(count)))
        elif number + 1 < count:
            yield random.randint(number + 1, count - 1)


def _module(random: Random, number: int, requests: list[int], exports: list[dict[str, str]]) -> list[str]:
    name = f"m{number}"
    head: list[str] = []
    body = [f"var state = {number};"]
    for place, other in enumerate(requests):
        statement, uses = _import(random, f"{number}_{place}", name, other, exports[other])
        head.append(statement)
        body += uses
    for variable, kind in exports[number].items():
        body += _export(random, number, variable, kind)
    if random.random() < 0.4:
        body.append(random.choice(DEFAULTS).replace("%d", str(number)))
    if random.random() < 0.08:
        body.append(f'throw new Error("from {name}");')
    if random.random() < 0.08:
        body.append(random.choice(("await 0;", "await Promise.resolve();")))
    random.shuffle(body)
    late = [
        f'D("{name} {other}", () => import("./m{other}.js"));'
        for other in range(len(exports))
        if random.random() < 0.06
    ]
    start = f'log.push("start {name} " + (globalThis.n_{name} = (globalThis.n_{name} || 0) + 1));'
    return [*head, start, *body, f'log.push("end {name}");', *late]


def _import(random: Random, place: str, name: str, other: int, exports: dict[str, str]) -> tuple[str, list[str]]:
    """Return a statement that asks for the module *other*, and what is done with it."""
    specifier = f'"./m{other}.js"'
    one = random.choice(list(exports))
    form = random.random()
    if form < 0.15:
        return f"import {specifier};", []
    if form < 0.3:
        return f"import * as all{place} from {specifier};", [f'L("{name} all.{one}", () => all{place}.{one});']
    if form < 0.45:
        return f"export * from {specifier};", []
    if form < 0.55:
        return f"export {{{one} as passed{place}}} from {specifier};", []
    parts, uses = [], []
    for variable in random.sample(list(exports), random.randint(1, len(exports))):
        local = f"{variable}_{place}"
        parts.append(f"{variable} as {local}")
        if exports[variable] in ("function", "class") and random.random() < 0.7:
            call = f"new {local}().v" if exports[variable] == "class" else f"{local}()"
            uses.append(f'L("{name} calls {variable}", () => {call});')
        uses.append(f'L("{name} {variable}", () => {local});')
    return f"import {{{', '.join(parts)}}} from {specifier};", uses


def _export(random: Random, number: int, variable: str, kind: str) -> list[str]:
    if kind == "let":
        change = random.choice(CHANGES).format(variable)
        more = [f"export function more{number}() {{ return {variable}++ }}"] if random.random() < 0.5 else []
        return [f"export let {variable} = {number};", *([change] if change else []), *more]
    if kind == "const":
        return [f"export const {variable} = {{v: {number}}}.v;"]
    if kind == "var":
        return [f"export var {variable} = {number * 10};"]
    if kind == "class":
        return [f'export class {variable} {{ v = "c{number}" + {variable}.name }}']
    changing = random.choice(("1", "state++"))
    return [f'export function {variable}() {{ return "f{number} " + {variable}.name + {changing} }}']

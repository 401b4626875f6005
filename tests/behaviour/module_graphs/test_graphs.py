"""Random graphs of modules run the same at each level, in Chromium: each module once, and with the same effects.

``python -m tests.behaviour.module_graphs.test_graphs COUNT [FIRST]`` looks at more, and prints those that differ.
"""

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from pressmark import WSGIMiddleware
from tests.behaviour.look import ARGUMENTS
from tests.behaviour.module_graphs.graphs import Graph, graph
from tests.behaviour.sites import App, served
from tests.browser.look import chromium
from tests.profiles import IS_ALL

COUNT = 15
AT_ONCE = 20
PATIENCE_MS = 120_000
FORMS = ("native", "named", "linked")
FRAMES = """<!DOCTYPE html><script>
var got = {};
addEventListener("message", event => { got[event.data[0]] = event.data[1] });
</script>"""

Found = dict[tuple[int, str], Any]


class Graphs:
    """The application: ``/s/NUMBER/page`` is the page of a graph, and beside it are its modules."""

    def __init__(self, graphs: dict[int, Graph], root: Path) -> None:
        self._graphs, self._root = graphs, root
        for number, each in graphs.items():
            folder = root / str(number)
            folder.mkdir(parents=True)
            for name, text in each.files.items():
                (folder / name).write_text(text, encoding="utf-8")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as a plain site does; ``/frames/FIRST/LAST`` shows several pages at once."""
        parts = environ["PATH_INFO"].split("/")[1:]
        kind = "text/html; charset=utf-8"
        if parts[0] == "frames":
            numbers = list(self._graphs)[int(parts[1]) : int(parts[2])]
            body = FRAMES + "".join(f'<iframe src="/s/{number}/page"></iframe>' for number in numbers)
        elif parts[-1] == "page":
            body = self._graphs[int(parts[1])].page(int(parts[1]))
        else:
            kind = "text/javascript"
            body = self._graphs[int(parts[1])].files[parts[2]] if parts[0] == "s" else ""
        raw = body.encode()
        start_response(
            "200 OK" if body else "404 Not Found", [("Content-Type", kind), ("Content-Length", str(len(raw)))]
        )
        return [raw]


def look_at(numbers: list[int], directory: Path) -> Found:
    """Return the logs of the graphs of these *numbers* in each form."""
    graphs = {number: graph(number) for number in numbers}
    root = directory / "static"
    inner = Graphs(graphs, root)
    apps: dict[str, App] = {"native": inner}
    for form, modules in (("named", "named"), ("linked", True)):
        apps[form] = WSGIMiddleware(
            inner, static={"/s/": str(root)}, cache_dir=str(directory / form), build_wait=None,
            modules=modules, refresh=None,  # type: ignore[arg-type]
        )  # fmt: skip
    found: Found = {}
    with served(apps) as bases, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        for form in FORMS:
            for first in range(0, len(numbers), AT_ONCE):
                for number, logs in _frames(page, bases[form], first, min(first + AT_ONCE, len(numbers))):
                    found[number, form] = logs
        browser.close()
    return found


def _frames(page: Page, base: str, first: int, last: int) -> Iterator[tuple[int, Any]]:
    page.goto(f"{base}/frames/{first}/{last}", wait_until="commit")
    page.wait_for_function(f"Object.keys(got).length >= {last - first}", timeout=PATIENCE_MS)
    for number, logs in page.evaluate("got").items():
        yield int(number), json.loads(logs)


def differences(found: Found) -> list[tuple[int, str, Any, Any]]:
    """Return the graphs that differ in a form, with what they log natively and there."""
    return [
        (number, form, found[number, "native"], logs)
        for (number, form), logs in found.items()
        if logs != found[number, "native"]
    ]


def test_random_graphs_run_the_same_at_each_level(tmp_path: Path) -> None:
    found = look_at(list(range(COUNT * 15 if IS_ALL else COUNT)), tmp_path)

    assert differences(found) == []


def _main(count: int, first: int) -> None:
    for start in range(first, first + count, 500):
        numbers = list(range(start, min(start + 500, first + count)))
        with tempfile.TemporaryDirectory() as directory:
            found = differences(look_at(numbers, Path(directory)))
        print(f"{numbers[0]} to {numbers[-1]}: {len(found)} differ", flush=True)
        for number, form, native, logs in found:
            print(number, form, next(pair for pair in zip(native, logs, strict=True) if pair[0] != pair[1]), flush=True)


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0)

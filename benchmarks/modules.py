"""How long a browser takes to run an application of ES modules: ``python -m benchmarks.modules``.

Applications without a build, visited by Chromium over HTTP/2 with TLS and slow lines (see the benchmark ``visits``): as
written, preloaded, named and linked by Pressmark, and as bundles of esbuild, which WhiteNoise sends as it does the
modules. Each visit is the first of a new context, and the forms take turns in another order in each round. Printed are
medians of the time until the last statement of the application's own module has run, and the requests and bytes of the
scripts' bodies, in Brotli. Then the goals, each with what all applications have reached: ratios of the medians, the
import map in gzip, what a visit loads after a change of one line, and the CPU time that pages take in the server.

A number as its argument is that of the rounds.
"""

import asyncio
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, BrowserContext, async_playwright

from benchmarks.browsing.servers import make_certificate, serve, serving, trusting
from benchmarks.browsing.slow_line import slow_line
from benchmarks.module_apps.costs import Costs, change, changed, costs_of
from benchmarks.module_apps.site import FORMS, LEVELS, NAMES, ModuleApp, application, make_site, path_of
from benchmarks.report.tables import Table, publish

ROUNDS = 7
ROUND_TRIPS_MS = (40, 150)
SECONDS_IDLE = 15  # until what the first visits have started is done, such as Brotli at its best

_SEEN = """() => [
    performance.getEntriesByName("done")[0]?.startTime,
    performance.getEntriesByType("resource").filter(each => /[.]m?js$/.test(each.name))
        .map(each => [each.name, each.encodedBodySize]),
]"""


class Visit(NamedTuple):
    """The milliseconds until the application has run, and the bytes of each script that was loaded."""

    milliseconds: float
    scripts: Mapping[str, int]


Visits = dict[tuple[str, str, int], list[Visit]]
"""Application, form and round trip -> visits."""


class Delta(NamedTuple):
    """The bytes of the linked file, and what was loaded after a change."""

    whole: int
    loaded: int


async def visited(context: BrowserContext, url: str) -> Visit:
    """Return a visit of *url*."""
    page = await context.new_page()
    await page.goto(url, wait_until="load")
    milliseconds, scripts = await page.evaluate(_SEEN)
    await page.close()
    if milliseconds is None:
        raise RuntimeError(f"{url} did not run")
    return Visit(milliseconds, dict(scripts))


async def first_visit(browser: Browser, url: str) -> Visit:
    """Return a visit of *url* with nothing kept."""
    context = await browser.new_context()
    visit = await visited(context, url)
    await context.close()
    return visit


async def timed(browser: Browser, ports: Mapping[str, int], apps: Sequence[ModuleApp], rounds: int) -> Visits:
    """Return all visits over slow lines."""
    found: Visits = {}
    order = random.Random(0)
    for _ in range(rounds):
        for trip in ROUND_TRIPS_MS:
            async with AsyncExitStack() as stack:
                lines = {level: await stack.enter_async_context(slow_line(ports[level], trip)) for level in ports}
                for app in apps:
                    for form in order.sample(FORMS, len(FORMS)):
                        url = f"https://127.0.0.1:{lines.get(form, lines['native'])}{path_of(app.name, form)}"
                        found.setdefault((app.name, form, trip), []).append(await first_visit(browser, url))
    return found


async def after_change(browser: Browser, port: int, app: ModuleApp, static: Path) -> Delta:
    """Return what a browser loads of *app* that was there before a change of one line."""
    url = f"https://127.0.0.1:{port}{path_of(app.name, 'linked')}"
    contexts = [await browser.new_context() for _ in range(2)]
    before = [await visited(context, url) for context in contexts]
    change(static / changed(app, static))
    await asyncio.sleep(2)  # files are looked at each second
    await visited(contexts[0], url)  # the first visitor ever gets a larger form
    await asyncio.sleep(2)
    after = await visited(contexts[1], url)
    for context in contexts:
        await context.close()
    loaded = sum(size for name, size in after.scripts.items() if name not in before[1].scripts)
    return Delta(max(before[1].scripts.values()), loaded)


async def measured(
    ports: Mapping[str, int], apps: Sequence[ModuleApp], folder: Path, key: str, rounds: int
) -> tuple[Visits, dict[str, Delta]]:
    """Return all visits, and those after a change. *key* is the hash of the servers' public key."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=trusting(key))
        for app in apps:
            for form in FORMS:
                await first_visit(
                    browser, f"https://127.0.0.1:{ports.get(form, ports['native'])}{path_of(app.name, form)}"
                )
        await asyncio.sleep(SECONDS_IDLE)
        visits = await timed(browser, ports, apps, rounds)
        static = folder / "static"
        deltas = {app.name: await after_change(browser, ports["linked"], app, static) for app in apps}
        await browser.close()
    return visits, deltas


class Results(NamedTuple):
    """All that was measured, by the names of the applications."""

    visits: Visits
    deltas: dict[str, Delta]
    costs: dict[str, Costs]
    counts: dict[str, int]

    def time(self, name: str, form: str, trip: int) -> float:
        """Return the median time of an application in a form."""
        return statistics.median(visit.milliseconds for visit in self.visits[name, form, trip])

    def scripts(self, name: str, form: str) -> Mapping[str, int]:
        """Return the bytes of each script of an application, as the last visit had them."""
        return self.visits[name, form, ROUND_TRIPS_MS[-1]][-1].scripts

    def bytes(self, name: str, form: str) -> int:
        """Return the bytes of all scripts of an application."""
        return sum(self.scripts(name, form).values())

    def ratio(self, name: str, form: str, other: str, trip: int) -> float:
        """Return the time in one form in percent of that in an *other*."""
        return 100 * self.time(name, form, trip) / self.time(name, other, trip)


def results(rounds: int) -> Results:
    """Measure all."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        apps = make_site(folder)
        costs_of(apps[NAMES.index("lit")], folder / "static")  # once, so that everything is imported
        costs = {app.name: costs_of(app, folder / "static") for app in apps}
        key = make_certificate(folder)
        ports = {
            level: stack.enter_context(serving("benchmarks.modules", folder, number))
            for number, level in enumerate(LEVELS)
        }
        visits, deltas = asyncio.run(measured(ports, apps, folder, key, rounds))
    return Results(visits, deltas, costs, {app.name: len(app.modules) for app in apps})


def visits_table(name: str, found: Results) -> Table:
    """Return what an application takes in each form."""
    rows: dict[str, list[float | None]] = {}
    for form in FORMS:
        scripts = found.scripts(name, form)
        times = [found.time(name, form, trip) for trip in ROUND_TRIPS_MS]
        ratios = [found.ratio(name, form, other, trip) for other in ("native", "esbuild") for trip in ROUND_TRIPS_MS]
        rows[form] = [len(scripts), sum(scripts.values()), *times, *ratios]
    times_of = [f"{trip} ms" for trip in ROUND_TRIPS_MS]
    ratios_of = [f"% of {other}, {trip} ms" for other in ("native", "esbuild") for trip in ROUND_TRIPS_MS]
    about = "The scripts of an application without a build, and the time until it has run, for each round trip."
    title = f"{name}, {found.counts[name]} modules of {found.costs[name].megabytes:.2f} MB"
    return Table(title, about, "milliseconds", ["requests", "bytes", *times_of, *ratios_of], rows)


def goals_of(name: str, found: Results) -> dict[str, tuple[float | None, float]]:
    """Return each goal with the most that it may be, if there is one, and what an application has reached."""
    goals: dict[str, tuple[float | None, float]] = {}
    for trip in ROUND_TRIPS_MS:
        goals[f"linked, % of esbuild, {trip} ms"] = (110, found.ratio(name, "linked", "esbuild", trip))
        most = 60 if trip == ROUND_TRIPS_MS[-1] else None
        goals[f"linked, % of native, {trip} ms"] = (most, found.ratio(name, "linked", "native", trip))
        goals[f"named, % of preloaded, {trip} ms"] = (100, found.ratio(name, "named", "preloaded", trip))
        goals[f"preloaded, % of native, {trip} ms"] = (100, found.ratio(name, "preloaded", "native", trip))
    costs, delta = found.costs[name], found.deltas[name]
    return goals | {
        "linked, requests": (2, len(found.scripts(name, "linked"))),
        "linked, bytes, % of esbuild's": (None, 100 * found.bytes(name, "linked") / found.bytes(name, "esbuild")),
        "linked, bytes, % with all kept": (
            112,
            100 * found.bytes(name, "linked") / found.bytes(name, "esbuild, all kept"),
        ),
        # Beyond the map that the page has itself, which names packages.
        "import map, bytes a module": (12, (costs.map_bytes - costs.own_map_bytes) / found.counts[name]),
        "one line changed, bytes": (None, delta.loaded),
        "one line changed, % of the linked file": (2, 100 * delta.loaded / delta.whole),
        "one line changed, CPU ms": (150, costs.relinking),
        "one line of the largest, CPU ms": (None, costs.relinking_largest),
        "linked cold, CPU ms": (1500, costs.linking),
        "preloaded cold, CPU ms": (None, costs.reading),
        "preloaded cold, CPU ms a MB": (None, costs.reading / costs.megabytes),
    }


def goals_table(found: Results) -> Table:
    """Return the goals with what each application has reached."""
    reached = {name: goals_of(name, found) for name in found.counts}
    first = next(iter(reached.values()))
    rows = {goal: [most, *(each[goal][1] for each in reached.values())] for goal, (most, _) in first.items()}
    about = "What is measured of each application, and the most that it may be."
    return Table("Goals", about, "by their names", ["at most", *reached], rows)


def missed(goals: Table) -> list[str]:
    """Return a line for each goal that an application misses."""
    lines = []
    for goal, (most, *reached) in goals.rows.items():
        pairs = zip(goals.columns[1:], reached, strict=True)
        late = [f"{name} {value:.1f}" for name, value in pairs if most is not None and (value or 0) > most]
        if late:
            lines.append(f"missed: {goal}, at most {most:.0f}: {', '.join(late)}")
    return lines


def main(rounds: int) -> None:
    """Print the tables, and which goals are missed."""
    found = results(rounds)
    goals = goals_table(found)
    publish(*(visits_table(name, found) for name in found.counts), goals)
    print("\n".join(missed(goals)) or "all goals are reached")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", folder, number, port]:
            serve(application(Path(folder), list(LEVELS)[int(number)]), Path(folder), int(port))
        case [rounds]:
            main(int(rounds))
        case _:
            main(ROUNDS)

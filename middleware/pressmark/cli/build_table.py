"""The result of a build as a table, for people."""

from collections.abc import Iterator
from os.path import abspath

from pressmark.offline.building import Built, Plan, Written
from pressmark.report.text_table import aligned, counted, shortened

MAX_NAME = 60
"""The signs of a name that a column has."""


def table_of(built: Built, plan: Plan, written: Written) -> Iterator[str]:
    """Yield the lines of the result: pages that were left out, then regions, then what was written."""
    faults = [page for page in built.pages if page.is_failure or (page.fault and page.is_wanted)]
    left_out = [(shortened(page.path, MAX_NAME), str(page.status or ""), page.fault) for page in faults]
    if left_out:
        yield from (*aligned([("page", "status", "why it was left out"), *left_out], (1,)), "")
    rows = [tuple(f"{cell:,}" if isinstance(cell, int) else shortened(cell, MAX_NAME) for cell in row)
            for row in built.rows()]  # fmt: skip
    yield from aligned([("region", "bytes", "built", "files", "bundles", "stays"), *rows], (1, 2, 3, 4))
    yield from ("", *(f"not built: {failure}" for failure in built.failures)) if built.failures else ()
    pages = sum(page.is_page for page in built.pages)
    yield f"{counted(pages, 'page')}, {counted(built.region_count, 'region')}, {counted(built.bundle_count, 'bundle')}"
    if others := sum(bool(page.fault) for page in built.pages) - len(faults):
        yield f"{counted(others, 'path')} that nobody named led to no page"
    if plan.manifest is None:
        yield "no manifest: give --manifest FILE or --output DIRECTORY, or set `manifest`, to take the result elsewhere"
    if plan.manifest is not None and written.manifest_name and not plan.only_checks:
        yield f"manifest {abspath(plan.manifest)}: {written.manifest_name}"
    if plan.output is not None and not plan.only_checks:
        yield f"{abspath(plan.output)}: {written.new_files} of {counted(len(built.outputs), 'file')} new"

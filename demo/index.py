"""The demo's first page: what is shown, links to all pages, and the measured table."""

from http import HTTPStatus

from jinja2 import Environment, FileSystemLoader

from demo.measure import BROTLI_QUALITY, GZIP_LEVEL, MeasureError, Measurements
from demo.shared import FRAMEWORKS, LEVELS, MORE, PAGES, TEMPLATES


def render(measurements: Measurements) -> tuple[HTTPStatus, str]:
    """Return the page with its status: without the numbers, and saying why, when they cannot be measured."""
    template = _environment.get_template("index.html")
    try:
        report = measurements.report()
    except MeasureError as error:
        return HTTPStatus.INTERNAL_SERVER_ERROR, template.render(report=None, error=str(error))
    return HTTPStatus.OK, template.render(report=report)


def kilobytes(size: int) -> str:
    """Return the size in kB with one digit behind the point."""
    return f"{size / 1000:.1f}"


def saving(before: int, after: int) -> str:
    """Return the change from *before* to *after* in percent, with its sign."""
    change = round((after - before) / before * 100) if before else 0
    sign = {-1: "\N{MINUS SIGN}", 0: "\N{PLUS-MINUS SIGN}", 1: "+"}[(change > 0) - (change < 0)]
    return f"{sign}{abs(change)}\N{NO-BREAK SPACE}%"


_environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_environment.globals.update(
    frameworks=FRAMEWORKS,
    pages=PAGES,
    more=MORE,
    levels=LEVELS,
    gzip_level=GZIP_LEVEL,
    brotli_quality=BROTLI_QUALITY,
    string=str,
    kilobytes=kilobytes,
    saving=saving,
)

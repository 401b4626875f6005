"""The pages of the documentation hang together: their tables are generated, and their links lead somewhere."""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.report import BENCHMARKS
from pressmark.settings import Settings
from tests.documentation import DOCS, PAGES, README, anchors_of, links_in, name_of
from tests.sources import ROOT
from tools.docs_tables import PAGES as TABLE_PAGES
from tools.docs_tables import updated

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def _leads_nowhere(link: str, page: Path) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or (anchor != "" and anchor not in anchors_of(target))


@every_page
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    links = [link for link in links_in(page.read_text(encoding="utf-8")) if not link.startswith("https://")]

    assert [link for link in links if _leads_nowhere(link, page)] == []


@every_page
def test_a_page_begins_with_its_title(page: Path) -> None:
    assert re.match(r"# \S.*\n\n", page.read_text(encoding="utf-8"))


def test_the_index_lists_every_page() -> None:
    listed = set(links_in((DOCS / "README.md").read_text(encoding="utf-8")))

    assert {page.name for page in DOCS.glob("*.md")} - listed == {"README.md"}


@pytest.mark.parametrize("name", TABLE_PAGES)
def test_a_table_is_generated(name: str) -> None:
    page = TABLE_PAGES[name].read_text(encoding="utf-8")

    assert updated(name, page) == page, "run: python -m tools.docs_tables"


def test_the_defaults_are_the_defaults() -> None:
    written = dict(re.findall(r"^\| `(\w+)` \| `(.*?)` \|", (DOCS / "settings.md").read_text(), re.MULTILINE))
    del written["cache_dir"]  # which becomes absolute

    assert {name: eval(default) for name, default in written.items()} == {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in ((name, getattr(Settings(), name)) for name in written)
    }


@every_page
def test_every_benchmark_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"python -m (benchmarks\.[a-z_]+)", page.read_text(encoding="utf-8"))

    assert [name for name in named if find_spec(name) is None] == []


def test_every_benchmark_is_described() -> None:
    described = re.findall(
        r"^\| (?:\*\*)?`(\w+)`(?:\*\*)? \|", (DOCS / "speed.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert set(described) == {path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py")}


def test_the_report_has_the_benchmarks_that_are_in_bold() -> None:
    bold = re.findall(r"^\| \*\*`(\w+)`", (DOCS / "speed.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(bold) == set(BENCHMARKS)


def test_the_readme_has_the_numbers_of_the_benchmark_report() -> None:
    report, readme = ((page).read_text(encoding="utf-8") for page in (DOCS / "benchmark-report.md", README))
    loaded = report.partition("## Bytes that a browser loads")[2].partition("\n## ")[0]
    rows = {
        name: [int(cell.replace(",", "")) for cell in cells.strip(" |").split("|")]
        for name, cells in re.findall(
            r"^\| (WhiteNoise|django-compressor|Pressmark)\b[^|]*\|(.*)$", loaded, re.MULTILINE
        )
    }
    files, (_, _, whole, _), (bundles, requests, difference, _) = rows.values()

    assert f"The {files[1]} stylesheets and scripts" in readme
    assert f"{round(files[0] / 1000)} KB with Brotli" in readme
    assert f"{requests} bundles, {round(bundles / 1000)} KB in all" in " ".join(readme.split())
    assert f"{difference} bytes, not {round(whole / 1000)} KB" in readme


def test_the_changelog_knows_every_setting() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert [name for name in Settings.__dataclass_fields__ if f"`{name}`" not in changelog] == []

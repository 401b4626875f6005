"""What becomes of the files that stand in the regions of the real pages; ``python -m`` prints what joins no other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from unittest.mock import patch

from pressmark import assembly
from pressmark.model import Kind, Page, Region
from pressmark.page.scanner import Scanner
from pressmark.report.explanation import Note
from pressmark.settings import Settings
from pressmark.stores.disk import DiskStore
from tests.behaviour.real.frameworks.pages import PAGES
from tests.behaviour.real.site import NAMES, analyses, page_text, static

COLUMNS = "{:24} {:60} {:18} {}"


@dataclass(frozen=True)
class Explained:
    """One region of a page: a note on each of its elements."""

    page: str
    kind: Kind
    notes: tuple[Note, ...]

    @property
    def files(self) -> list[Note]:
        """The notes on local files, those too that an attribute keeps from being read."""
        return [note for note in self.notes if note.url or (_address(note) and not _is_elsewhere(note))]

    @property
    def lonely(self) -> list[Note]:
        """The notes on local files that share no bundle with another file."""
        sizes = Counter(note.group for note in self.files if note.group is not None)
        return [note for note in self.files if note.group is None or sizes[note.group] < 2]

    @property
    def requests(self) -> int:
        """How many bundles and files are asked for afterwards."""
        bundles = {note.group for note in self.notes if note.group is not None}
        return len(bundles) + sum(note.group is None and bool(_address(note)) for note in self.notes)

    @property
    def elements_left(self) -> int:
        """How many elements stand in the region afterwards: those of code written in the page too."""
        bundles = {note.group for note in self.notes if note.group is not None}
        return len(bundles) + sum(note.group is None for note in self.notes)


def _address(note: Note) -> str:
    """Return the address of a stylesheet or script, empty for all else, as icons among the stylesheets."""
    attributes = dict(note.element.attrs)
    if note.element.tag == "script":
        return attributes.get("src", "")
    is_sheet = "stylesheet" in attributes.get("rel", "").lower().split()
    return attributes.get("href", "") if is_sheet else ""


def _is_elsewhere(note: Note) -> bool:
    return _address(note).startswith(("http:", "https:", "//"))


def explain_all(names: Sequence[str] = NAMES) -> list[Explained]:
    """Return what becomes of every region, with default settings."""
    settings = Settings(static=static(has_frameworks=not PAGES.keys().isdisjoint(names)), cache_dir=analyses())
    with patch.object(
        assembly, "MemoryStore", lambda: DiskStore(settings.cache_directory, settings.cache_size, settings.retention)
    ):
        renderer = assembly.assemble_renderer(settings)  # to analyse every file costs minutes
    found = []
    for name in names:
        page = Page(mount="", path=f"/s/{name}/page", charset="utf-8")
        scanner = Scanner()
        events = [*scanner.feed(page_text(name)), *scanner.finish()]
        for region in (event for event in events if isinstance(event, Region)):
            found.append(Explained(name, region.kind, renderer.explain(region, page).notes))
    return found


def share_joined(explained: list[Explained], kind: Kind, *, least: int = 2) -> float:
    """Return the part of the local files that share a bundle, in regions of at least *least* of them."""
    regions = [each for each in explained if each.kind == kind and len(each.files) >= least]
    return 1 - sum(len(each.lonely) for each in regions) / sum(len(each.files) for each in regions)


def requests_of_pages(explained: list[Explained]) -> dict[str, int]:
    """Return how many stylesheets and scripts the regions of each page ask for afterwards."""
    counts: Counter[str] = Counter()
    for each in explained:
        counts[each.page] += each.requests
    return dict(counts)


def median_left(explained: list[Explained]) -> float:
    """Return how many elements the median region holds afterwards."""
    return median(each.elements_left for each in explained)


def table(explained: list[Explained]) -> str:
    """Return the files that share no bundle, and where one ends before its region does, with the rule."""
    lines = [COLUMNS.format("page", "file", "rule", "why")]
    for each in explained:
        for note in each.notes:
            if note.reason:
                at = f" ({note.reason.at[0]}:{note.reason.at[1]})" if note.reason.at else ""
                why = _fate(note, each) + note.reason.text + at
                lines.append(COLUMNS.format(each.page, _name(note), note.reason.rule, why))
            elif note in each.lonely:
                lines.append(COLUMNS.format(each.page, _name(note), "", "alone: no neighbour may join it"))
    return "\n".join(lines)


def _name(note: Note) -> str:
    return (_address(note) or note.name)[-60:]


def _fate(note: Note, explained: Explained) -> str:
    if note not in explained.files:
        return "inline: "
    return "alone: " if note in explained.lonely else "parts: "


def rules(explained: list[Explained]) -> str:
    """Return how many elements each rule keeps from their neighbours: alone, at the start of a bundle, inline code."""
    counts = Counter(
        (each.kind, note.reason.rule, _fate(note, each)) for each in explained for note in each.notes if note.reason
    )
    return "\n".join(f"{count:5} {kind:4} {fate:9} {rule}" for (kind, rule, fate), count in counts.most_common())


def summary(explained: list[Explained]) -> str:
    """Return the shares and the requests of each page, the most first."""
    counts = requests_of_pages(explained)
    pages = ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return (
        f"stylesheets {share_joined(explained, 'css'):.1%}, scripts {share_joined(explained, 'js'):.1%};"
        f" with files that stand alone in their region {share_joined(explained, 'css', least=1):.1%},"
        f" {share_joined(explained, 'js', least=1):.1%}\n"
        f"{len(counts)} pages; the median page asks for {median(counts.values()):g} file(s),"
        f" the median region becomes {median_left(explained):g} element(s)\n{pages}"
    )


if __name__ == "__main__":
    everything = explain_all()
    print(table(everything), rules(everything), summary(everything), sep="\n\n")

"""What becomes of the files that stand in the regions of the real pages; ``python -m`` prints what joins no other."""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from pressmark.assembly import assemble_renderer
from pressmark.model import Kind, Page, Region
from pressmark.page.scanner import Scanner
from pressmark.report.explanation import Note
from pressmark.settings import Settings
from tests.behaviour.real.site import FOLDER, NAMES, static

COLUMNS = "{:15} {:60} {:18} {}"


@dataclass(frozen=True)
class Explained:
    """One region of a page: a note on each of its elements."""

    page: str
    kind: Kind
    notes: tuple[Note, ...]

    @property
    def files(self) -> list[Note]:
        """The notes on local files."""
        return [note for note in self.notes if note.url]

    @property
    def lonely(self) -> list[Note]:
        """The notes on local files that share no bundle with another file."""
        sizes = Counter(note.group for note in self.files if note.group is not None)
        return [note for note in self.files if note.group is None or sizes[note.group] < 2]

    @property
    def elements_left(self) -> int:
        """How many elements stand in the region afterwards."""
        bundles = {note.group for note in self.notes if note.group is not None}
        return len(bundles) + sum(note.group is None for note in self.notes)


def explain_all() -> list[Explained]:
    """Return what becomes of every region, with default settings."""
    renderer = assemble_renderer(Settings(static=static()))
    found = []
    for name in NAMES:
        page = Page(mount="", path=f"/s/{name}/page", charset="utf-8")
        scanner = Scanner()
        events = [*scanner.feed((FOLDER / name / "page.html").read_bytes()), *scanner.finish()]
        for region in (event for event in events if isinstance(event, Region)):
            found.append(Explained(name, region.kind, renderer.explain(region, page).notes))
    return found


def share_joined(explained: list[Explained], kind: Kind) -> float:
    """Return the part of the local files that share a bundle."""
    regions = [each for each in explained if each.kind == kind]
    return 1 - sum(len(each.lonely) for each in regions) / sum(len(each.files) for each in regions)


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
                alone = "alone: " if note in each.lonely else "parts: " if note.url else "inline: "
                lines.append(
                    COLUMNS.format(each.page, note.name[-60:], note.reason.rule, alone + note.reason.text + at)
                )
            elif note in each.lonely:
                lines.append(COLUMNS.format(each.page, note.name[-60:], "", "alone: no neighbour may join it"))
    return "\n".join(lines)


if __name__ == "__main__":
    everything = explain_all()
    print(table(everything))
    print(f"stylesheets {share_joined(everything, 'css'):.0%}, scripts {share_joined(everything, 'js'):.0%}")
    print(f"the median region becomes {median_left(everything):g} element(s)")

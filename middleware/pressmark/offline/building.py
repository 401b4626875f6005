"""A build ahead of time: what the visited pages have, where that goes, and what became of it, for people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pressmark.model import FileKind
from pressmark.offline.manifest import Manifests, write_manifest
from pressmark.offline.output import Output, outputs_of, write_outputs
from pressmark.offline.recorder import Entry
from pressmark.offline.visiting import Visited
from pressmark.regions.built_ahead import ReadFile
from pressmark.regions.record import Loading

MAX_STAYS = 3
"""The elements that stay which a line names."""


def _lost(kind: FileKind, name: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a build goes: the *manifest* to add to, and a directory for *output*; nowhere if it *only_checks*."""

    manifest: Path | None
    output: Path | None
    only_checks: bool = False


class Written(NamedTuple):
    """What was written: the manifest's name, and the number of new files. A check tells what is *missing* instead."""

    manifest_name: str = ""
    new_files: int = 0
    missing: tuple[str, ...] = ()


class Row(NamedTuple):
    """A region in the result: bytes *before* and *after*, and the names of the elements that stay, with their rules."""

    name: str
    before: int
    after: int
    files: int
    bundles: int
    stays: str


@dataclass(frozen=True, slots=True)
class Built:
    """What *pages* have: *entries* of their regions by place, and *failures* of others; *read* gives the files."""

    pages: tuple[Visited, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    read: ReadFile = _lost

    @property
    def outputs(self) -> list[Output]:
        """The files that pages may ask for."""
        return outputs_of(self.entries.values())

    @property
    def bundle_count(self) -> int:
        """The number of bundles, each counted once."""
        return len({file for entry in self.entries.values() for file in entry.record.files if file[0] != "map"})

    @property
    def region_count(self) -> int:
        """The number of different regions."""
        return sum(entry.joins_inline for entry in self.entries.values())

    def rows(self) -> Iterator[Row]:
        """Yield a row for each region, once for all pages."""
        shown = (entry for entry in self.entries.values() if entry.joins_inline)
        for entry in sorted(shown, key=lambda each: (each.path, each.kind)):
            record = entry.record
            bundled = [member for member in record.members if member.group is not None]
            left = [f"{member.name} ({member.rule})" for member in record.members if member.group is None]
            more = f" and {len(left) - MAX_STAYS} more" if len(left) > MAX_STAYS else ""
            yield Row(
                f"{entry.kind} {entry.name or entry.mode} on {entry.path}",
                sum(member.size for member in bundled),
                sum(part.size for part in record.parts if isinstance(part, Loading)),
                len(bundled),
                len({member.group for member in bundled}),
                ", ".join(left[:MAX_STAYS]) + more,
            )

    def faults(self, plan: Plan, written: Written, *, is_strict: bool) -> Iterator[str]:
        """Yield what is wrong with the build, for its exit status."""
        bad = [page for page in self.pages if page.is_wanted and page.fault]
        if bad:
            yield f"not every URL is a page: {bad[0].path}: {bad[0].fault}"
        if not self.entries:
            nothing = "no page has <!-- compress css --> … <!-- endcompress -->, or passes Pressmark"
            yield "no region was built" if self.failures else f"no region was met: {nothing}"
        if written.missing:
            first = written.missing[0]
            yield f"the manifest lacks {len(written.missing)} of {len(self.entries)} regions, such as {first}"
        failed = [page for page in self.pages if is_strict and page.is_failure]
        if failed and failed[0] not in bad:
            yield f"{failed[0].path}: {failed[0].fault}"
        if is_strict and self.failures:
            yield f"{len(self.failures)} regions were not built, such as the {self.failures[0]}"
        if plan.only_checks and plan.manifest is None:
            yield "there is no manifest to check: give --manifest FILE, or set `manifest`"

    def fields(self, written: Written) -> dict[str, Any]:
        """Return the result as values for JSON."""
        return {
            "pages": [{"path": page.path, "status": page.status, "fault": page.fault} for page in self.pages],
            "regions": [row._asdict() for row in self.rows()],
            "not_built": list(self.failures),
            "missing": written.missing,
            "manifest": written.manifest_name,
            "new_files": written.new_files,
        }


def write_build(built: Built, plan: Plan, on_written: Callable[[], object]) -> Written:
    """Write the files, then the manifest that names them, so that no manifest is ahead of its files.

    *on_written* is called after each file. Raises OSError, StoreError and ManifestError.
    """
    if plan.only_checks:
        return Written(missing=tuple(_missing(built, plan.manifest)) if plan.manifest is not None else ())
    new_files = 0
    if plan.output is not None:
        for _, _, is_new in write_outputs(plan.output, built.outputs, built.read):
            new_files += is_new
            on_written()
    if plan.manifest is None or not built.entries:
        return Written("", new_files)
    fields = {place: entry.fields() for place, entry in built.entries.items()}
    return Written(write_manifest(plan.manifest, fields), new_files)


def _missing(built: Built, manifest: Path) -> Iterator[str]:
    """Yield the regions that the newest manifest lacks, has as they were before, or without their bundles."""
    known = Manifests(str(manifest))
    known.generation()
    has_bundles = any((manifest.parent / kind).is_dir() for kind in ("css", "js"))
    for place, entry in built.entries.items():
        where = f"the {entry.kind} region on {entry.path}"
        files = next((record.files for record, is_newest in known.find((place,)) if is_newest), None)
        if files is None:
            yield where
        elif files != entry.record.files:
            yield f"{where}, which has changed"
        elif has_bundles and not all((manifest.parent / kind / f"{name}.{kind}").is_file() for kind, name in files):
            yield f"the bundle of {where}"

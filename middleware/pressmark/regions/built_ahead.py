"""Find the records of regions that were built ahead, and note those of this process for other machines.

With a manifest a region is looked up by its place alone: no source is read, and no compiler needed. Inline code that
was not there when the manifest was made leaves the rest of its region bundled, if it may not be built.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal, Protocol

from pressmark.errors import OfflineGenerationError, RegionError, StoreError
from pressmark.model import FileKind
from pressmark.protocols import Store
from pressmark.regions.job import Job
from pressmark.regions.place import place_of
from pressmark.regions.record import Record

OnMissing = Literal["build", "keep", "error"]
ReadFile = Callable[[FileKind, str], bytes | None]
"""Gives the content of a generated file, ``None`` if it is gone. Raises StoreError."""


class Manifest(Protocol):
    """The records that were built ahead."""

    def find(self, place: str) -> Record | None:
        """Return the record of the region at *place*, ``None`` if there is none. Never blocks."""

    def generation(self) -> object:
        """Return a value that changes with the manifest, and read it again if it has changed. Blocks."""


class Recorder(Protocol):
    """Notes the records of regions. Raises nothing."""

    @property
    def is_on(self) -> bool:
        """Tell whether anybody wants them."""

    def note(self, place: str, job: Job, record: Record, read: ReadFile) -> None:
        """Note the *record* of the region of *job* at *place*; *read* gives its generated files."""

    def note_failure(self, job: Job, error: RegionError) -> None:
        """Note the *error* for which the region of *job* was not built."""


class BuiltAhead:
    """Looks regions up in *manifest*, if there is one, by the rule *on_missing*; tells *recorder* of those it met.

    Bundles are in *store*; those that *are_published* are served by somebody else, and not looked for.
    """

    def __init__(
        self,
        manifest: Manifest | None,
        on_missing: OnMissing,
        recorder: Recorder,
        store: Store,
        *,
        are_published: bool,
    ) -> None:
        self._manifest, self._on_missing, self._recorder = manifest, on_missing, recorder
        self._store, self._are_published = store, are_published

    @property
    def is_used(self) -> bool:
        """Tell whether regions are looked up first."""
        return self._manifest is not None and not self._recorder.is_on

    @property
    def is_noted(self) -> bool:
        """Tell whether the records of regions are noted."""
        return self._recorder.is_on

    def find(self, job: Job) -> tuple[Record, Job] | None:
        """Return the record of the region of *job*, and the job that it is for; ``None`` if that is to be built.

        Raises OfflineGenerationError or RegionError if there is no record, and nothing is built.
        """
        for each in self._jobs(job):
            for is_bound in (False, True):
                record = self._manifest.find(place_of(each, is_bound=is_bound)) if self._manifest else None
                if record is not None and record.fits(len(each.said)) and self._is_served(record):
                    return record, each
        if self._on_missing == "build":
            return None
        kind = OfflineGenerationError if self._on_missing == "error" else RegionError
        raise kind(
            "the manifest lacks it: build the manifest of this release with a page that has it, or let on_missing be "
            "'build'"
        )

    def note(self, job: Job, record: Record) -> None:
        """Note the *record* of the region of *job*."""
        self._recorder.note(place_of(job, is_bound=self._is_bound(job, record)), job, record, self._store.get)

    def note_failure(self, job: Job, error: RegionError) -> None:
        """Note the *error* for which the region of *job* was not built."""
        self._recorder.note_failure(job, error)

    def _jobs(self, job: Job) -> Iterator[Job]:
        yield job
        if self._on_missing != "build" and any(candidate.is_inline for candidate in job.candidates):
            yield without_inline(job)

    def _is_served(self, record: Record) -> bool:
        try:
            return self._are_published or all(self._store.get(*file) is not None for file in record.files)
        except StoreError:
            return False

    def _is_bound(self, job: Job, record: Record) -> bool:
        """Tell whether a bundle of *record*, or its map, writes URLs below the static prefixes."""
        if job.options.is_traced:
            return True
        texts = [part for part in record.parts if isinstance(part, bytes)]
        texts += [self._store.get(kind, name) or b"" for kind, name in record.files if kind == "css"]
        return any(prefix.encode("utf-8") in text for prefix in job.names.prefixes for text in texts)


def without_inline(job: Job) -> Job:
    """Return *job* for a region whose inline code stays, whatever it is."""
    return replace(job, options=replace(job.options, joins_inline=False))

"""Find the records of regions that were built ahead, and note those of this process for other machines.

With a manifest a region is looked up by its place alone: no source is read, and no compiler needed. Inline code that
was not there when the manifest was made leaves the rest of its region bundled, if it may not be built.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal, Protocol

from pressmark.concurrency.bounded import make_room
from pressmark.errors import OfflineGenerationError, RegionError, StoreError
from pressmark.model import FileKind
from pressmark.protocols import Store
from pressmark.regions.job import Job
from pressmark.regions.place import BINDINGS, Binding, hosts_of, place_of
from pressmark.regions.record import ModuleHead, ModuleTag, Record

OnMissing = Literal["build", "keep", "error"]
ReadFile = Callable[[FileKind, str], bytes | None]
"""Gives the content of a generated file, ``None`` if it is gone. Raises StoreError."""


MAX_TOLD = 1024
# A reference to another file; those to a part of the page and the file itself in a data: URL are none.
_REFERS = re.compile(rb"(?i)(?:url|src|image-set)\(\s*[\"']?(?!data:|#|[\"')])|@import\s*[\"']")
# One that begins at the root, or that names a host.
_FROM_ROOT = re.compile(
    rb"(?i)(?:(?:url|src)\(\s*[\"']?|image-set\((?:[^;{}]*?[\s,(])?[\"']|@import\s*[\"'])"
    rb"(?:(/)(?!/)|(?:[a-z][a-z0-9+.-]*:)?(//[^/\"')]*))"
)

logger = logging.getLogger("pressmark")


class Manifest(Protocol):
    """The records that were built ahead."""

    def find(self, places: tuple[str, ...]) -> Iterator[tuple[Record, bool]]:
        """Yield the records of the region at *places*, and whether they are of the newest manifest, which comes first.

        Never blocks.
        """

    def generation(self) -> object:
        """Return a value that changes with the manifest, and read it again if it has changed. Blocks."""


class Recorder(Protocol):
    """Notes the records of regions. Raises nothing."""

    @property
    def is_on(self) -> bool:
        """Tell whether anybody wants them."""

    def note(self, place: str, others: tuple[str, ...], job: Job, record: Record, read: ReadFile) -> None:
        """Note the *record* of the region of *job* at *place*, and no more at *others*; *read* gives its files."""

    def note_failure(self, job: Job, error: RegionError) -> None:
        """Note the *error* for which the region of *job* was not built."""


class BuiltAhead:
    """Looks regions up in *manifest*, if there is one, by the rule *on_missing*; tells *recorder* of those it met.

    Bundles are in *store*, unless they *are_elsewhere*: then somebody else serves them, and they are not looked for.
    """

    def __init__(
        self,
        manifest: Manifest | None,
        on_missing: OnMissing,
        recorder: Recorder,
        store: Store,
        *,
        are_elsewhere: bool,
    ) -> None:
        self._manifest, self._on_missing, self._recorder = manifest, on_missing, recorder
        self._store, self._are_elsewhere = store, are_elsewhere
        self._told: dict[bytes, None] = {}  # the regions for which an older manifest was told

    @property
    def is_used(self) -> bool:
        """Tell whether regions are looked up first."""
        return self._manifest is not None and not self._recorder.is_on

    @property
    def serves_others(self) -> bool:
        """Tell whether a bundle that is built now is served by the endpoint: nobody takes it elsewhere."""
        return self.is_used and self._are_elsewhere

    @property
    def is_noted(self) -> bool:
        """Tell whether the records of regions are noted."""
        return self._recorder.is_on

    def generation(self) -> object:
        """Return a value that changes with the manifest. Blocks."""
        return self._manifest.generation() if self._manifest is not None else None

    def find(self, job: Job) -> tuple[Record, Job] | None:
        """Return the record of the region of *job*, and the job that it is for; ``None`` if that is to be built.

        Raises OfflineGenerationError or RegionError if there is no record, and nothing is built.
        """
        if self._on_missing == "build":  # from the sources, rather than from what an older manifest says
            return self._found(job, is_newest=True)
        found = self.find_instead(job)
        if found is not None:
            return found
        if self._manifest is not None and any(True for _ in self._manifest.find(_places(job))):
            raise RegionError(
                "a bundle that the manifest names for it is not there: ship bundles before their manifest"
            )
        # Anybody can ask for pages that are not there, or for a plain one.
        is_error = self._on_missing == "error" and job.page.as_expected and not job.page.is_plain
        raise (OfflineGenerationError if is_error else RegionError)(_lacks(job))

    def find_instead(self, job: Job) -> tuple[Record, Job] | None:
        """Return a record for what cannot be built: an older one, or one for any inline code; ``None`` if none is."""
        jobs = [job, without_inline(job)] if any(candidate.is_inline for candidate in job.candidates) else [job]
        for is_newest in (True, False):
            for each in jobs:
                found = self._found(each, is_newest=is_newest)
                if found is not None:
                    if not is_newest:
                        self._tell(job)
                    return found
        return None

    def _found(self, job: Job, *, is_newest: bool) -> tuple[Record, Job] | None:
        """Return a record of the newest manifest, or of an older one, whose bundles are served."""
        for record, is_of_newest in self._manifest.find(_places(job)) if self._manifest is not None else ():
            if is_of_newest is is_newest and record.fits(len(job.said)) and self._is_served(record):
                return record, job
        return None

    def _tell(self, job: Job) -> None:
        if job.region.raw not in self._told:
            make_room(self._told, MAX_TOLD)
            self._told[job.region.raw] = None
            logger.warning(
                "%s region on %s is that of an older manifest: %s", job.region.kind, job.page.path, _lacks(job)
            )

    def note(self, job: Job, record: Record) -> None:
        """Note the *record* of the region of *job*."""
        place = place_of(job, self._binding(job, record))
        others = tuple(each for each in _places(job) if each != place)
        self._recorder.note(place, others, job, record, self._store.get)

    def note_failure(self, job: Job, error: RegionError) -> None:
        """Note the *error* for which the region of *job* was not built."""
        self._recorder.note_failure(job, error)

    def _is_served(self, record: Record) -> bool:
        try:
            return self._are_elsewhere or all(self._store.get(*file) is not None for file in record.files)
        except StoreError:
            return False

    def _binding(self, job: Job, record: Record) -> Binding:
        """Return what the build of *record* is right for: its bundles may refer to other files, and a map does."""
        if any(isinstance(part, ModuleHead | ModuleTag) for part in record.parts):
            return "prefix"  # modules are known by their addresses
        texts = [part for part in record.parts if isinstance(part, bytes)]
        texts += [self._store.get(kind, name) or b"" for kind, name in record.files if kind == "css"]
        hosts = hosts_of(job)
        found = (match for text in texts for match in _FROM_ROOT.finditer(text))
        if job.options.is_traced or any(match[1] or match[2].decode("latin-1") in hosts for match in found):
            return "prefix"
        return "way" if any(_REFERS.search(text) for text in texts) else ""


def _lacks(job: Job) -> str:
    first = next((candidate.url for candidate in job.candidates if candidate.url), "inline code")
    return (
        f"the manifest lacks the region of {first!r}: build with a page that has it, for this release and the static "
        "prefixes of this server, or let on_missing be 'build'"
    )


def _places(job: Job) -> tuple[str, ...]:
    return tuple(place_of(job, binding) for binding in BINDINGS)


def without_inline(job: Job) -> Job:
    """Return *job* for a region whose inline code stays, whatever it is."""
    return replace(job, options=replace(job.options, joins_inline=False))

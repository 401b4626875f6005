"""The manifests of a destination that is no directory, in a folder of this host.

A thread looks at the pointer there every few seconds. What was read once stays in the folder, so a host starts and goes
on without the destination, and all that reads manifests reads files.
"""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from pressmark.concurrency.single_flight import SingleFlight
from pressmark.errors import DeploymentError, ManifestError, SettingsError
from pressmark.model import FileKind
from pressmark.offline.destinations import Destination, find_destination
from pressmark.offline.manifest import Manifests, name_of, names_in, replace_file
from pressmark.protocols import Clock
from pressmark.regions.record import Record
from pressmark.stores.breaker import Breaker

logger = logging.getLogger("pressmark")

LOOK_S = 5.0
"""Seconds between two looks at the pointer."""
FIRST_LOOK_S = 15.0
"""Seconds for which the first look of a host without any copy is waited for."""
MOST_MISSED, MISSED_S = 10, 1.0
"""So many bundles that no manifest names may be asked for in vain within that time."""
POINTER = "manifest.json"


def folder_for(url: str, cache_directory: str) -> Path:
    """Return the folder below *cache_directory* that mirrors the manifests at *url*."""
    return Path(cache_directory, "manifests", sha256(url.encode()).hexdigest()[:16])


def parent_of(url: str) -> tuple[str, str]:
    """Return the URL of the folder of the pointer at *url*, and the name of the pointer. Raises SettingsError."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    if not name.endswith(".json"):
        shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
        raise SettingsError(f"setting 'manifest' is {shown!r}; its path must end in a name such as /{POINTER}")
    return parts._replace(path=folder).geturl(), name


def check_url(url: str) -> None:
    """Raise SettingsError if nothing is there to read the manifest at *url* with."""
    try:
        find_destination(parent_of(url)[0])
    except DeploymentError as error:
        raise SettingsError(f"setting 'manifest': {error}") from error


class MirroredManifests:
    """The manifests that the pointer at *url* lists, mirrored in *folder*.

    Looks there on the thread of *flights*; a look is waited for only while there is no copy.
    """

    def __init__(self, url: str, folder: Path, flights: "SingleFlight[None]", clock: Clock) -> None:
        self._parent, self._name = parent_of(url)
        self._folder, self._flights, self._clock = folder, flights, clock
        self._manifests = Manifests(str(folder / self._name))
        self._destination: Destination | None = None
        self._breaker: Breaker | None = None
        self._looked_at = self._failed_at = -LOOK_S
        self._missed: deque[float] = deque(maxlen=MOST_MISSED)
        self._told = ""

    def find(self, places: tuple[str, ...]) -> Iterator[tuple[Record, bool]]:
        """Yield records as ``Manifests`` does."""
        return self._manifests.find(places)

    def generation(self) -> object:
        """Return a value that changes with the manifests. Blocks."""
        now = self._clock()
        if not (self._folder / self._name).exists():
            if now - self._failed_at >= LOOK_S:  # all who ask wait for the same look
                with suppress(TimeoutError):
                    self._flights.submit("manifests", self._look).result(FIRST_LOOK_S)
        elif now - self._looked_at >= LOOK_S:
            self._looked_at = now
            self._flights.submit("manifests", self._look)
        return self._manifests.generation()

    def fetch(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bundle that lies beside the pointer there, ``None`` if it is not to be had. Blocks.

        Another host may have read a newer manifest, so other bundles are asked for as well, as long as they are there:
        strangers who make up names are let through a few times a second.
        """
        is_named = self._manifests.names(kind, name)
        if not is_named:
            now = self._clock()
            if len(self._missed) == MOST_MISSED and now - self._missed[0] < MISSED_S:
                return None
            self._missed.append(now)
        try:
            content = self._read(f"{kind}/{name}.{kind}")
        except Exception as error:  # of the package that speaks with the destination
            self._tell(error)
            return None
        if content is None or sha256(content).hexdigest()[:32] != name:
            return None
        if not is_named:
            with suppress(IndexError):  # it was there, and so counts for nothing
                self._missed.pop()
        return content

    def _read(self, path: str) -> bytes | None:
        """Return the file at *path* there. Raises SharedStoreError, at once for a while after two failures."""
        if self._destination is None or self._breaker is None:
            self._destination = find_destination(self._parent, is_patient=False)
            self._breaker = Breaker(self._destination, self._clock, noun="the destination")
        destination = self._destination
        return self._breaker.call("get", lambda: destination.read(path))

    def _look(self) -> None:
        try:
            self._update()
            self._told = ""
        except Exception as error:  # of the package that speaks with the destination, or of this host's disk
            self._failed_at = self._clock()
            self._tell(error)

    def _update(self) -> None:
        """Copy the pointer if it has changed, after the manifests that it lists; remove those that it lists no more."""
        pointer = self._folder / self._name
        raw = self._read(self._name)
        if raw is None:
            raise DeploymentError(f"there is no {self._name}: deploy to it")
        if raw == _content(pointer):
            return
        names = names_in(pointer, raw)
        for number, name in enumerate(names):
            if not self._copied(name) and number == 0:  # an older one may be pruned
                raise ManifestError(f"there is no {name} of that content")
        replace_file(pointer, raw)
        for path in self._folder.glob("manifest-*.json"):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _copied(self, name: str) -> bool:
        """Copy the manifest *name*, unless it is here. Tell whether it is."""
        if _content(self._folder / name) is not None:
            return True
        raw = self._read(name)
        if raw is None or name_of(raw) != name:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._folder / name, raw)
        return True

    def _tell(self, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        if text != self._told:
            self._told = text
            logger.warning("no newer manifest is read; what was read before is used: %s", text)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None

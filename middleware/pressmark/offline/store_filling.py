"""Put the bundles of a build into the store that hosts share, before the first page names them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from pressmark.errors import DeploymentError
from pressmark.model import Bundle, FileKind
from pressmark.offline.packing import Parcel, is_built, named_file
from pressmark.stores.shared import SharedStore

THREADS = 8


class Filled(NamedTuple):
    """The number of files that were *sent*, and their bytes, and of those that *were_there*."""

    sent: int
    sent_bytes: int
    were_there: int


def fill(parcel: Parcel, store: SharedStore, on_sent: Callable[[int, int], object]) -> Filled:
    """Put what *store* lacks of the bundles and source maps of *parcel*; what is there is kept for longer.

    Raises DeploymentError if there are other files, and SharedStoreError.
    """
    files: dict[tuple[FileKind, str], bytes] = {}
    for file in parcel.files:
        path = file.path.removeprefix(parcel.folder)
        if not is_built(path):
            raise DeploymentError(
                f"{store.name} keeps bundles alone, and {str(file.source)!r} is none: name the directory that "
                "`pressmark build --output` has written"
            )
        named = named_file(path)
        if named is not None:
            files[named] = file.source.read_bytes()
    keys = list(files)
    lacks = [key for key, is_there in zip(keys, store.touch(keys), strict=True) if not is_there]
    sent_bytes = 0
    with ThreadPoolExecutor(THREADS) as pool:
        put = pool.map(lambda key: store.put(Bundle(key[1], key[0], files[key])), lacks)
        for number, (key, _) in enumerate(zip(lacks, put, strict=True), 1):
            sent_bytes += len(files[key])
            on_sent(number, len(lacks))
    return Filled(len(lacks), sent_bytes, len(keys) - len(lacks))

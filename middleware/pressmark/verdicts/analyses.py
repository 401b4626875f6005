"""Keep what was found out about a file under the hash of all that it follows from, so that it is found out once."""

import json
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from pressmark.errors import StoreError
from pressmark.protocols import Store
from pressmark.version import VERSION

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

V = TypeVar("V", bound="DataclassInstance")


class Analyses:
    """Dataclasses of plain values in *store*, where every process and host that shares it finds them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, key: str, kind: type[V]) -> V | None:
        """Return the *kind* kept under *key*, its tuples as lists; ``None`` if there is none."""
        raw = self._store.read_record(key)
        try:
            return kind(**json.loads(raw)) if raw else None
        except (TypeError, ValueError):  # of another version of this file, or damaged: found out again
            return None

    def write(self, key: str, value: "DataclassInstance") -> None:
        """Keep *value* under *key*. Where that fails, as in a full store, the next one finds it out again."""
        try:
            self._store.write_record(key, json.dumps(asdict(value)).encode("ascii"))
        except StoreError:
            return


def key_of(subject: str, *ingredients: str | bytes) -> str:
    """Return the hash of *ingredients*, told apart from those of other subjects and of other versions of Pressmark."""
    digest = sha256()
    for ingredient in (VERSION, subject, *ingredients):
        raw = ingredient if isinstance(ingredient, bytes) else ingredient.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw))
        digest.update(raw)
    return digest.hexdigest()

"""Keep the analysis of a file under the hash of all that it depends on, so that it is made once."""

import json
from dataclasses import asdict, fields
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
        except (
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
        ):  # of another version of this class, or damaged: analysed again
            return None

    def write(self, key: str, value: "DataclassInstance") -> None:
        """Keep *value* under *key*. If that fails, as in a full store, the next build makes the analysis again."""
        try:
            # asdict() of all would copy the spans of a sheet, which may be many.
            shallow = {each.name: getattr(value, each.name) for each in fields(value)}
            self._store.write_record(key, json.dumps(shallow, default=asdict).encode("ascii"))
        except StoreError:
            return


def key_of(subject: str, *ingredients: str | bytes) -> str:
    """Return the hash of *ingredients*, which differs for each *subject* and each version of Pressmark."""
    return digest_of(VERSION, subject, *ingredients)


def digest_of(*ingredients: str | bytes) -> str:
    """Return the hash of *ingredients*, in their order and with their lengths, in hexadecimal digits."""
    digest = sha256()
    for ingredient in ingredients:
        raw = ingredient if isinstance(ingredient, bytes) else ingredient.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw))
        digest.update(raw)
    return digest.hexdigest()

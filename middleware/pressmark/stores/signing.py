"""Sign what comes back from elsewhere and proves nothing by itself: records in a shared store, recipes in URLs."""

import hmac
from collections.abc import Sequence
from hashlib import sha256

DIGEST_BYTES = 32
RECORDS = b"pressmark records"


class Signer:
    """Signs with the first of *secrets*, and takes what was signed with any of them, so that they can be changed.

    A signature has *size* bytes, 32 at most, and is good for one *purpose* only.
    """

    def __init__(self, secrets: Sequence[str | bytes], purpose: bytes = RECORDS, size: int = DIGEST_BYTES) -> None:
        raw = (each if isinstance(each, bytes) else each.encode("utf-8") for each in secrets)
        # A key of our own: the secret of a framework signs other things as well.
        self._keys, self._size = tuple(hmac.digest(each, purpose, "sha256") for each in raw), size

    @property
    def is_able(self) -> bool:
        """Tell whether there is a secret."""
        return bool(self._keys)

    def signed(self, key: str, value: bytes) -> bytes:
        """Return *value*, to be kept under *key*, after its signature."""
        return self._digest(self._keys[0], key, value) + value

    def proved(self, key: str, raw: bytes) -> bytes | None:
        """Return the value in *raw* if it was signed for *key* with one of the secrets, else ``None``."""
        given, value = raw[: self._size], raw[self._size :]
        is_ours = [hmac.compare_digest(given, self._digest(secret, key, value)) for secret in self._keys]
        return value if any(is_ours) else None

    def _digest(self, secret: bytes, key: str, value: bytes) -> bytes:
        return hmac.digest(secret, sha256(key.encode("utf-8")).digest() + value, "sha256")[: self._size]

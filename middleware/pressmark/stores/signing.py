"""Sign what a shared store keeps and nobody could prove otherwise: records, which hold HTML and verdicts on files."""

import hmac
from collections.abc import Sequence
from hashlib import sha256

DIGEST_BYTES = 32


class Signer:
    """Signs with the first of *secrets*, and takes what was signed with any of them, so that they can be changed."""

    def __init__(self, secrets: Sequence[str | bytes]) -> None:
        raw = (each if isinstance(each, bytes) else each.encode("utf-8") for each in secrets)
        # A key of our own: the secret of a framework signs other things as well.
        self._keys = tuple(hmac.digest(each, b"pressmark records", "sha256") for each in raw)

    @property
    def is_able(self) -> bool:
        """Tell whether there is a secret."""
        return bool(self._keys)

    def signed(self, key: str, value: bytes) -> bytes:
        """Return *value*, to be kept under *key*, after its signature."""
        return self._digest(self._keys[0], key, value) + value

    def proved(self, key: str, raw: bytes) -> bytes | None:
        """Return the value in *raw* if it was signed for *key* with one of the secrets, else ``None``."""
        given, value = raw[:DIGEST_BYTES], raw[DIGEST_BYTES:]
        is_ours = [hmac.compare_digest(given, self._digest(secret, key, value)) for secret in self._keys]
        return value if any(is_ours) else None

    def _digest(self, secret: bytes, key: str, value: bytes) -> bytes:
        return hmac.digest(secret, sha256(key.encode("utf-8")).digest() + value, "sha256")

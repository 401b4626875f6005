"""Sign the recipes of bundles that their URLs carry, so that nobody else decides what a host builds."""

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode

from pressmark.bundling.bundle_recipe import BundleRecipe
from pressmark.model import FileKind, Kind
from pressmark.stores.signing import Signer

logger = logging.getLogger("pressmark")

SIGNATURE_BYTES = 12
"""A multiple of 3, so that the signature and the recipe can be written one after the other in base64."""
SIGNATURE_LENGTH = SIGNATURE_BYTES // 3 * 4
PURPOSE = b"pressmark recipes"


class SignedRecipes:
    """Writes and reads recipes with short signatures by *signer*."""

    def __init__(self, signer: Signer) -> None:
        self._signer, self._is_told = signer, False

    @property
    def is_able(self) -> bool:
        """Tell whether there is a secret to sign with."""
        return self._signer.is_able

    def _tell(self) -> None:
        if self._signer.is_able and not self._is_told:
            self._is_told = True
            logger.warning(
                "a bundle was asked for by a recipe that was not signed with a secret of this host: all hosts must "
                "know the secret by which any of them signs"
            )

    def token(self, kind: Kind, name: str, recipe: str) -> str:
        """Return what the URL of the bundle *name* carries for its *recipe*, "" if it carries none."""
        if not recipe:
            return ""
        signed = self._signer.signed(f"{kind}/{name}", recipe.encode("ascii"))
        return urlsafe_b64encode(signed[:SIGNATURE_BYTES]).decode("ascii") + recipe

    def read(self, kind: FileKind, name: str, token: str) -> BundleRecipe | None:
        """Return the recipe in *token* if it was signed for the bundle *name*, else ``None``."""
        recipe = token[SIGNATURE_LENGTH:].encode("ascii", "replace")
        try:
            signature = urlsafe_b64decode(token[:SIGNATURE_LENGTH])
            proved = self._signer.proved(f"{kind}/{name}", signature + recipe)
            if proved is None:
                self._tell()
            return BundleRecipe.from_text(proved.decode("ascii")) if proved is not None else None
        except ValueError:
            return None

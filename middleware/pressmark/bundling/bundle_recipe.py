"""The recipe of one bundle, in a text that is short enough for its URL: how any host builds it from its own files.

It names files by their URLs, and says in which way they are read. It holds no path of a server and no code.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import NamedTuple

from pressmark.bundling.options import PlanOptions
from pressmark.page.context import Context

MAX_RECIPE = 1000
"""The characters of a recipe. URLs of 2,000 characters pass every server, cache and firewall."""

MAX_BYTES = 1 << 16
# What many recipes say: Deflate finds it there, from the end on.
_COMMON = (
    b'"/static/dist/plugins/vendor/assets/lib/fonts/images/theme.css","/static/jquery/jquery.min.js","/static/admin/js/'
    b'","/static/bootstrap/js/bootstrap.bundle.min.js","/static/bootstrap/css/bootstrap.min.css","/static/js/main.js"'
    b',"/static/css/style.css",["","utf-8",false,false,[],"/static/css/'
)


class Ingredient(NamedTuple):
    """A file of a bundle: its URL without a query, the charset that its tag names, and its media type if compiled.

    *media* is the media query under which it stands in the bundle, "" if there is none.
    """

    url: str
    charset: str = ""
    compiled_type: str = ""
    media: str = ""


class BundleRecipe(NamedTuple):
    """What a bundle is made of, in order, on a page in *charset* whose application is mounted at *mount*.

    *fixed* are the URLs that the page preloads as fonts, if they bear on the bundle.
    """

    mount: str
    charset: str
    has_policies: bool
    is_plain: bool
    fixed: tuple[str, ...]
    ingredients: tuple[Ingredient, ...]

    @classmethod
    def of(cls, ingredients: Iterable[Ingredient], context: Context, options: PlanOptions) -> "BundleRecipe":
        """Return the recipe of a bundle of *ingredients* on a page of this *context*."""
        fixed = tuple(sorted(options.url_style.fixed)) if options.url_style.reads else ()
        return cls(
            context.mount, context.charset or "", bool(context.policies), options.is_plain, fixed, tuple(ingredients)
        )

    def to_text(self) -> str:
        """Return the recipe in the characters that a URL may have."""
        files = [each if any(each[1:]) else each.url for each in self.ingredients]
        raw = json.dumps([*self[:5], *files], separators=(",", ":"), ensure_ascii=False).encode("utf-8")
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_COMMON)
        return urlsafe_b64encode(packer.compress(raw) + packer.flush()).rstrip(b"=").decode("ascii")

    @classmethod
    def from_text(cls, text: str) -> "BundleRecipe":
        """Return the recipe in *text*, which must have been proved to be ours. Raises ValueError if it holds none."""
        try:
            packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            raw = zlib.decompressobj(-15, zdict=_COMMON).decompress(packed, MAX_BYTES)
            mount, charset, has_policies, is_plain, fixed, *files = json.loads(raw)
            ingredients = tuple(Ingredient(each) if isinstance(each, str) else Ingredient(*each) for each in files)
        except (TypeError, ValueError, zlib.error) as error:
            raise ValueError(f"no recipe: {error!r}") from error
        return cls(mount, charset, has_policies, is_plain, tuple(fixed), ingredients)

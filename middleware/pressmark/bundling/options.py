"""The options of a plan: the decisions that hold for all elements of a region."""

from dataclasses import dataclass, field

from pressmark.bundling.precompile import Precompilers
from pressmark.model import Kind, Recipes
from pressmark.stylesheets.url_style import PLAIN_URLS, UrlStyle


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """The options of one plan. Each field is a part of the region's recipe.

    With *joins_inline* false the text of style and script elements stays in the page. *is_exact* adds the rules of
    ``fidelity="exact"``. *counts_siblings* keeps the number of elements. *tag* is the element that loads or holds a
    bundle. With *needs_file* a run of inline code alone stays. With *needs_nonce* the page's policy lets a file load
    only by the page's nonce. With *is_traced* the sources of a bundle have traces. With *is_plain* only the sources
    that the *precompilers* take are bundled, each alone. *url_style* is the way in which bundles write URLs,
    *recipes* says which of their own carry a recipe. With *joins_media* sheets of different media share a bundle. Only
    with *takes_integrity* an element may join that has a hash of its file. With *keeps_minified* a file alone stays
    if its bundle would be no smaller.
    """

    kind: Kind
    joins_inline: bool = True
    is_exact: bool = False
    counts_siblings: bool = False
    tag: str = "link"
    needs_file: bool = True
    needs_nonce: bool = False
    is_traced: bool = False
    is_plain: bool = False
    precompilers: Precompilers = field(default_factory=Precompilers)
    url_style: UrlStyle = PLAIN_URLS
    recipes: Recipes = "no"
    joins_media: bool = False
    takes_integrity: bool = True
    keeps_minified: bool = False

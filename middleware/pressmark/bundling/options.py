"""How a region is planned: the decisions that hold for all of its elements."""

from dataclasses import dataclass, field

from pressmark.bundling.precompile import Precompilers
from pressmark.model import Kind
from pressmark.stylesheets.url_style import PLAIN_URLS, UrlStyle


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What to plan, and how freely. Each field is a part of the region's recipe.

    With *joins_inline* false the text of style and script elements stays in the page. *is_exact* binds the rules that
    only an observant page can tell. *counts_siblings* keeps the number of elements, *tag* is the element that loads a
    bundle; with *needs_file* inline code alone stays. With *needs_nonce* the page's policy lets nothing load that has
    not its nonce. With *is_traced* the sources of a bundle say where all their text comes from. With *is_plain* only
    the sources that the *precompilers* take are made, each for itself. *url_style* says how bundles write URLs.
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

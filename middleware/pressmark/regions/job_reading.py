"""Read a region as a job: whether its page allows bundles, what its elements are, and the options of its plan."""

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from pressmark.assets.region_reader import RegionReader
from pressmark.assets.static_names import StaticNames
from pressmark.bundling.bundle_recipe import BundleRecipe
from pressmark.bundling.candidates import Candidate, Piece, read_candidates
from pressmark.bundling.options import PlanOptions
from pressmark.bundling.precompile import Precompilers
from pressmark.errors import RegionError
from pressmark.http.security_policy import allows_bundle, allows_nonce
from pressmark.model import Element, Kind, Page, Recipes, Region
from pressmark.page.context import Context, read_context
from pressmark.page.elements import read_elements
from pressmark.page.nonces import STAND_IN
from pressmark.protocols import Resolver
from pressmark.regions.job import Job, resolved
from pressmark.regions.tags import Tags
from pressmark.regions.varying import Varying
from pressmark.stylesheets.url_style import UrlStyle
from pressmark.syntax.charsets import is_readable
from pressmark.syntax.urls import origin_of, without_query
from pressmark.verdicts.analyses import Analyses


class JobReader:
    """Reads regions as jobs, whose bundles carry *recipes*. Raises RegionError for one that its page does not allow."""

    def __init__(  # noqa: PLR0913  # the assembly names each part once
        self,
        *,
        resolver: Resolver,
        varying: Varying,
        names: StaticNames,
        tags: Tags,
        recipes: Recipes,
        precompilers: Precompilers,
        analyses: Analyses,
        url_style: UrlStyle,
        trust: Sequence[str] = (),
        joins_media: bool = False,
        is_exact: bool,
        makes_maps: bool,
    ) -> None:
        self._resolver, self._varying, self._names, self._tags = resolver, varying, names, tags
        self._recipes, self._precompilers, self._url_style = recipes, precompilers, url_style
        self._analyses = analyses
        self._is_exact, self._makes_maps, self._joins_media = is_exact, makes_maps, joins_media
        self._trusted = re.compile("|".join(map(fnmatch.translate, trust)) or r"(?!)")

    def require_recipes(self) -> None:
        """Have all bundles carry recipes from now on, as nothing is shared."""
        self._recipes = "must"

    @property
    def has_compilers(self) -> bool:
        """Tell whether there are any, for whatever type."""
        return bool(self._precompilers.types)

    def needs_compiler(self, region: Region) -> bool:
        """Tell whether *region* may hold what no browser can read as it was written. Never blocks."""
        text = region.body.lower()
        return any(media_type.encode("utf-8") in text for media_type in self._precompilers.unreadable)

    def read(self, region: Region, page: Page, *, is_counted: bool = True) -> Job:
        """Return the job of *region*. Only if it *is_counted* its texts count as some that it has had."""
        if page.is_plain:
            region = replace(region, mode="file")  # a link stays a link
        context = read_context(page, region.head)
        self._refuse(region, page, context)
        elements, types = read_elements(region.body, context.encoding), self._precompilers.types
        pieces = read_candidates(elements, region.kind, context, types, partial(self._trusts, region))
        joins_inline = not is_counted or self._admits(region, page, context, pieces)
        options = self._options(region, page, context, joins_inline=joins_inline)
        reader = self._reader(page, options.precompilers)
        options = replace(options, precompilers=replace(options.precompilers, note=reader.note))
        return Job(region, page, context, pieces, reader, options, self._names)

    def _reader(self, page: Page, precompilers: Precompilers) -> RegionReader:
        find_sources = partial(precompilers.find_sources, analyses=self._analyses)
        return RegionReader(self._resolver, page, precompilers.types, find_sources)

    def _trusts(self, region: Region, url: str) -> bool:
        """Tell whether the author trusts the file at *url*, or all of *region*."""
        return region.is_trusted or (bool(url) and self._trusted.match(without_query(url)) is not None)

    def _refuse(self, region: Region, page: Page, context: Context) -> None:
        """Raise RegionError if the page allows no region of this kind and mode."""
        if page.is_behind_route and region.mode != "inline":
            raise RegionError(
                "the middleware stands behind a route, and requests for bundles do not come to it: "
                "wrap the whole application"
            )
        if not is_readable(context.charset):
            raise RegionError(f"the page's encoding {context.charset!r} is not supported; serve the page as utf-8")
        if self._needs_nonce(region, context) and not allows_nonce(context.policies, region.kind, STAND_IN):
            allowed = "a nonce or '*'" if origin_of(self._tags.public_url or "") else "'self'"
            raise RegionError(f"the page's Content Security Policy may block a bundle: allow {allowed} there")
        if origin_of(context.base) and region.mode != "inline" and not origin_of(self._tags.public_url or ""):
            raise RegionError("the page's <base> leads to another host, which has no bundles; set public_url")
        if region.mode == "inline" and (context.policies or context.charset is None):
            raise RegionError("inline mode needs a page with a declared encoding and no Content Security Policy")

    def _needs_nonce(self, region: Region, context: Context) -> bool:
        """Tell whether the page's policies let a bundle load only by a nonce, if at all."""
        return not allows_bundle(context.policies, region.kind, self._tags.public_url)

    def _options(self, region: Region, page: Page, context: Context, *, joins_inline: bool) -> PlanOptions:
        is_inline = region.mode == "inline"
        return PlanOptions(
            region.kind,
            joins_inline=joins_inline,
            is_exact=self._is_exact,
            # Mails have their styles in the body, and hardly any selector that counts elements there.
            counts_siblings=self._is_exact or not (region.in_head or (page.is_document and is_inline)),
            tag="script" if region.kind == "js" else "style" if is_inline else "link",
            needs_file=not is_inline,
            needs_nonce=self._needs_nonce(region, context),
            is_traced=self._makes_maps and not is_inline and not page.is_plain,
            is_plain=page.is_plain,
            precompilers=self._precompilers.in_context(region.context),
            url_style=self._url_style_of(region, page, context),
            recipes="no" if is_inline else self._recipes,
            joins_media=self._joins_media,
            # On another host a hash needs CORS, which the setting promises.
            keeps_minified=not (
                region.mode != "file" or region.name or self._tags.public_url or self._tags.has_integrity
            ),
            takes_integrity=self._tags.has_integrity or not origin_of(self._tags.public_url or ""),
        )

    def _admits(self, region: Region, page: Page, context: Context, pieces: tuple[Piece, ...]) -> bool:
        """Tell whether inline code of *region* may be bundled. Raises RegionError if its comments differ too often."""
        is_built = page.as_expected or self.needs_compiler(region)
        self._varying.admit_comments(pieces, page, is_built=is_built)
        references = resolved([piece for piece in pieces if isinstance(piece, Candidate)], context)
        return self._varying.admit_inline(region, pieces, page, references, is_built=is_built)

    def _url_style_of(self, region: Region, page: Page, context: Context) -> UrlStyle:
        """Return the style of URLs in bundles of a region: inline code has no URL to be relative to."""
        found = replace(self._url_style, fixed=context.preloads("font"))
        if context.policies:  # which may let no image come from a data: URL
            found = replace(found, max_data_bytes=0)
        if found.folder is not None:
            is_held = region.mode == "inline" or page.is_plain
            mount = "" if self._tags.public_url else context.mount
            found = replace(found, folder=None if is_held else f"{mount}{found.folder}{region.kind}/")
        return found

    def read_recipe(self, kind: Kind, recipe: BundleRecipe) -> Job:
        """Return the job of a region that holds nothing but the files of *recipe*, each alone on its side."""
        region = Region(kind, "file", "", b"", b"")
        page = Page.of_bundle(recipe.mount, recipe.charset or None, is_plain=recipe.is_plain)
        context = Context(
            page.path,
            page.charset,
            page.mount,
            policies=("",) if recipe.has_policies else (),
            preloaded=frozenset(("font", url) for url in recipe.fixed),
        )
        element = Element("link" if kind == "css" else "script", (), "", b"")
        pieces = tuple(
            Candidate(
                element,
                None,
                each.url,
                each.url,
                each.charset or None,
                each.compiled_type or None,
                (("media", each.media),) if each.media else (),
                is_trusted=True,
            )
            for each in recipe.ingredients
        )
        reader = self._reader(page, self._precompilers)
        options = replace(self._options(region, page, context, joins_inline=True), needs_nonce=False)
        return Job(region, page, context, pieces, reader, options, self._names)

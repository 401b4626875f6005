"""Make a stylesheet ready to stand between others: decoded, closed, its imports flattened, its URLs absolute.

All of it is decided from tokens. If joining would change the meaning of the sheet, its ``Placement`` forbids that: a
sheet that must be first keeps an ``@import``, one that is alone would mean something else beside any other.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile

from pressmark.errors import AssetError, RegionError
from pressmark.model import Asset, Origin, Trace
from pressmark.protocols import Read
from pressmark.sourcemaps.tracked_text import Part, TrackedText, join_parts, surrounded
from pressmark.stylesheets.custom_properties import CustomProperties, read_custom_properties
from pressmark.stylesheets.import_rule import read_import, stands_in_block
from pressmark.stylesheets.url_rewriting import RuleWriter
from pressmark.stylesheets.url_style import PLAIN_URLS, UrlStyle
from pressmark.syntax.charsets import UncertainEncodingError, css_charset, decode_css, is_utf8
from pressmark.syntax.css_tokens import (
    CssRule,
    Token,
    closers,
    ends_in_escape,
    parse_rules,
    position_of,
    preprocess,
    tokenize,
    unescape,
)
from pressmark.syntax.urls import join, without_query
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Placement, Reason, UnmovableError

MAX_SHEET_BYTES = 2 << 20
"""A larger sheet stays: its tokens take up to a hundred times that."""
MAX_OPEN = 256
"""Brackets that a sheet may leave open."""
MAX_FLATTENED_BYTES = 8 << 20
MAX_IMPORT_DEPTH = 32
MAX_IMPORTS = 1000
"""Sheets that are read for one, each as often as it is imported: a few small ones can import each other without end."""
MAX_IMPORTED_BYTES = 4 << 20
"""Their bytes, each as often as it is imported."""

# Media types and widths. Those of colour schemes and the like are what scripts switch to change a page's theme.
_FEATURE = (
    r"\(\s*(?:(?:min|max)-(?:width|height)\s*:\s*[\d.]+(?:px|em|rem)|orientation\s*:\s*(?:portrait|landscape))\s*\)"
)
_QUERY = rf"(?:(?:only\s+)?(?:all|screen|print)(?:\s+and\s+{_FEATURE})*|{_FEATURE}(?:\s+and\s+{_FEATURE})*)"
MEDIA = re.compile(rf"\s*{_QUERY}(?:\s*,\s*{_QUERY})*\s*", re.IGNORECASE)
_NAMES_MAP = re.compile(r"/\*[#@]\s*sourceMappingURL=")
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(slots=True)
class Allowance:
    """The sheets and bytes that may still be imported, by one sheet and all that it imports."""

    imports: int = MAX_IMPORTS
    size: int = MAX_IMPORTED_BYTES

    def take(self, size: int) -> bool:
        """Take one import of *size* bytes; tell whether it was allowed."""
        self.imports, self.size = self.imports - 1, self.size - size
        return not self.is_spent

    @property
    def is_spent(self) -> bool:
        return self.imports < 0 or self.size < 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stylesheet ready to be joined. *custom_properties* are also those of its flattened imports.

    *reason* is why its placement is not anywhere.
    """

    tracked: TrackedText
    placement: Placement
    custom_properties: CustomProperties
    reason: Reason | None = None

    @property
    def text(self) -> str:
        """The sheet's text as it may stand between others."""
        return self.tracked.text

    def fits_under(self, media: str) -> bool:
        """Tell whether the sheet means the same in a block of ``@media`` as in an element with that *media*."""
        is_plain = MEDIA.fullmatch(media) is not None and self.placement is Placement.ANYWHERE
        return is_plain and stands_in_block(self.text)

    def under(self, media: str) -> TrackedText:
        """Return the sheet in a block of ``@media``."""
        return surrounded(self.tracked, f"@media {media.strip()}{{\n", "\n}")


def read_origin(asset: Asset) -> Origin:
    """Return the origin of the stylesheet *asset*: the very characters that are tokenized, but for NUL and form feed.

    Raises UncertainEncodingError.
    """
    return Origin(without_query(asset.url), _LINE_ENDS.sub("\n", decode_css(asset.content, asset.charset)))


def read_sheet(
    asset: Asset,
    read: Read,
    url_style: UrlStyle = PLAIN_URLS,
    ancestors: tuple[str, ...] = (),
    allowance: Allowance | None = None,
) -> Sheet:
    """Return the sheet of *asset* ready to be joined.

    *read* gives the assets that it imports, *ancestors* are the URLs of the sheets that import it. *allowance* is for
    the imports of all of them; the imports after that are kept. Raises UnmovableError, and RegionError for a sheet with
    imports too deep or too large.
    """
    if len(asset.content) > MAX_SHEET_BYTES:
        text = f"has more than {MAX_SHEET_BYTES >> 20} MiB"
        raise UnmovableError(Reason(Rule.BUDGET, text), taints_custom_properties=True)
    try:
        text = preprocess(read_origin(asset).text)
    except UncertainEncodingError as error:
        raise UnmovableError(Reason(Rule.ENCODING, str(error))) from error
    if len(ancestors) > MAX_IMPORT_DEPTH:
        raise RegionError(f"{asset.url!r} lies deeper than {MAX_IMPORT_DEPTH} imports")
    tokens = _closed(_without_map(tokenize(text)))
    custom_properties = read_custom_properties(tokens)
    reason = _reason_for_solitude(tokens)
    placement = Placement.ALONE if reason else Placement.ANYWHERE
    imports = _Imports(asset, read, url_style, (*ancestors, asset.url), allowance or Allowance())
    rules = [rule for rule in parse_rules(tokens) if rule.name == "import"] if _names(tokens, "import") else []
    if placement is not Placement.ALONE and rules:
        placement = imports.flatten(tokens, rules)
        reason = imports.reason
    if rules and not imports.flattened:
        imports.refuse_other_encodings()
    writer = RuleWriter(tokens, asset.url, url_style, read)
    tracked = join_parts(_parts(tokens, imports, writer, placement))
    if len(tracked.text) > MAX_FLATTENED_BYTES:
        raise RegionError(f"{asset.url!r} is larger than {MAX_FLATTENED_BYTES} bytes with its imports")
    return Sheet(tracked, placement, custom_properties.including(imports.custom_properties), reason)


def _parts(
    tokens: list[Token], imports: "_Imports", writer: RuleWriter, placement: Placement
) -> Iterator[Part | tuple[str, Trace]]:
    """Yield the parts of a sheet: its rules as *writer* writes them or, in place of imports, the imported text."""
    kept = 0  # the first token that is not written yet
    references = array("I", (index for index, (kind, _) in enumerate(tokens) if kind in ("url", "string")))
    for rule in parse_rules(tokens):
        first = bisect_left(references, rule.start)
        refers = first < len(references) and references[first] < rule.end  # most rules do not
        written = imports.flattened.get(rule.start) or writer.write(rule, placement, refers=refers)
        if written is not None:
            yield writer.part(kept, rule.start)
            yield from written
            kept = rule.end
    yield writer.part(kept, len(tokens))


def _names(tokens: list[Token], name: str) -> bool:
    """Tell whether there is an at-rule of that name, at any depth."""
    return any(kind == "at" and unescape(text[1:]).lower() == name for kind, text in tokens)


def _without_map(tokens: list[Token]) -> list[Token]:
    """Take a comment at the end that names a source map out of *tokens*, and return them: a bundle must not name it."""
    end = len(tokens)
    while end and tokens[end - 1].kind in ("space", "comment"):
        end -= 1
    tokens[end:] = [token for token in tokens[end:] if not _NAMES_MAP.match(token.text)]
    return tokens


def _closed(tokens: list[Token]) -> list[Token]:
    """Return *tokens*, to which all closing characters were added that the end of the file stands for.

    A backslash at the end of the file is a character of its own, which cannot be written in any other way.
    """
    if tokens and tokens[-1].kind != "comment" and ends_in_escape(tokens[-1].text):
        return tokens
    missing = closers(tokens)
    if len(missing) > MAX_OPEN:
        raise UnmovableError(Reason(Rule.BUDGET, f"leaves more than {MAX_OPEN} brackets open"))
    if missing:  # no token but the last one can change
        tokens[-1:] = tokenize(tokens[-1].text + missing)
    return tokens


class _Imports:
    """The ``@import`` rules of one sheet, and the parts that replace them."""

    def __init__(
        self, asset: Asset, read: Read, url_style: UrlStyle, chain: tuple[str, ...], allowance: Allowance
    ) -> None:
        self._asset, self._read, self._url_style = asset, read, url_style
        self._chain, self._allowance = chain, allowance
        # A sheet that declares nothing is in the encoding of the one that imports it (CSS Syntax 3, 3.2).
        self._charset = css_charset(asset.content, asset.charset)
        self.flattened: dict[int, list[Part | tuple[str, Trace]]] = {}
        self.reason: Reason | None = None
        self.custom_properties: list[CustomProperties] = []

    def flatten(self, tokens: list[Token], rules: list[CssRule]) -> Placement:
        """Return the placement that the imports, *rules*, leave to the sheet.

        Fills ``flattened`` (rule's start -> parts) if every one of them can be flattened. Else it leaves them all, and
        sets ``reason`` to the first that cannot.
        """
        flattened: dict[int, list[Part | tuple[str, Trace]]] = {}
        is_first = _imports_lead(parse_rules(tokens))
        for rule in rules:
            found = self._flatten_rule(tokens, rule) if is_first else None
            if found is None:
                self.reason = self._reason_to_keep(position_of(tokens, rule.start))
                return Placement.FIRST if is_first else Placement.ALONE
            flattened[rule.start] = [*found, Part("\n")]
        self.flattened = flattened
        return Placement.ANYWHERE

    def refuse_other_encodings(self) -> None:
        """Raise UnmovableError if a sheet that stays an import would inherit another encoding from the bundle."""
        if not is_utf8(self._charset):
            raise UnmovableError(
                Reason(Rule.ENCODING, f"imports a sheet and is declared as {self._charset or 'nothing'}")
            )

    def _reason_to_keep(self, at: tuple[int, int]) -> Reason:
        """Return the reason why an import at that line and column is kept."""
        if self._allowance.is_spent:
            text = f"has more than {MAX_IMPORTS} imports, or {MAX_IMPORTED_BYTES >> 20} MiB of them, and keeps them"
            return Reason(Rule.BUDGET, text, at)
        return Reason(Rule.IMPORT, "keeps an @import, which must come first", at)

    def _flatten_rule(self, tokens: list[Token], found: CssRule) -> list[Part | tuple[str, Trace]] | None:
        rule = read_import(tokens[found.start : found.end])
        if rule is None or self._allowance.is_spent:
            return None
        url = join(self._asset.url, rule.url)
        address = url.partition("#")[0]
        if address in self._chain:
            return []
        try:
            asset = self._read(address) if rule.url else None
        except AssetError:
            return None  # the request that fails without us must also fail with us
        if asset is None or asset.media_type != "text/css" or not self._allowance.take(len(asset.content)):
            return None
        inherited = replace(asset, url=address, charset=self._charset)
        try:
            sheet = read_sheet(inherited, self._read, self._url_style, self._chain, self._allowance)
        except UnmovableError as error:
            if error.taints_custom_properties:
                at = position_of(tokens, found.start)
                reason = Reason(error.reason.rule, f"imports {address}, which {error.reason.text}", at)
                raise UnmovableError(reason, taints_custom_properties=True) from error
            return None
        self.custom_properties.append(sheet.custom_properties)
        if sheet.placement is not Placement.ANYWHERE:
            return None
        around = rule.around(sheet.text)
        if around is None:
            return None
        return [Part(around[0]), (sheet.text, sheet.tracked.trace(read_origin(inherited))), Part(around[1])]


def _imports_lead(rules: Iterable[CssRule]) -> bool:
    """Tell whether nothing but ``@layer`` statements comes before the first import, and nothing between them.

    An import after other rules is void only if those rules are valid, and tokens cannot decide that.
    """
    others = (rule for rule in rules if rule.name != "charset")
    rest = dropwhile(lambda rule: rule.name == "layer" and rule.block < 0, others)
    return all(rule.name != "import" for rule in dropwhile(lambda rule: rule.name == "import", rest))


def _reason_for_solitude(tokens: list[Token]) -> Reason | None:
    """Return the reason why the sheet would mean something else beside another one, ``None`` if it would not."""
    broken = next((index for index, token in enumerate(tokens) if token.kind in ("bad_string", "bad_url")), None)
    if broken is not None:
        text = "has a broken string or URL, whose reach depends on the text after it"
        return Reason(Rule.BAD_TOKEN, text, position_of(tokens, broken))
    rules = parse_rules(tokens) if _names(tokens, "namespace") else iter(())
    namespace = next((rule for rule in rules if rule.name == "namespace"), None)
    if namespace:
        text = "has an @namespace, which would govern the selectors of its neighbours"
        return Reason(Rule.NAMESPACE, text, position_of(tokens, namespace.start))
    if tokens and tokens[-1].kind != "comment" and ends_in_escape(tokens[-1].text):
        text = "ends in a backslash, which would escape the text after it"
        return Reason(Rule.BAD_TOKEN, text, position_of(tokens, len(tokens) - 1))
    return None

"""Write the rules of a stylesheet so that their URLs mean the same in a bundle at any URL."""

from collections.abc import Iterator
from functools import cached_property

from pressmark.protocols import Read
from pressmark.sourcemaps.tracked_text import Part
from pressmark.stylesheets.custom_properties import custom_values
from pressmark.stylesheets.url_style import UrlStyle
from pressmark.syntax.css_tokens import (
    CssRule,
    Token,
    function_name,
    opens,
    position_of,
    quote,
    starts_of,
    string_value,
    url_value,
)
from pressmark.syntax.urls import clean, is_ambiguous, is_relative, join, leaves_root, origin_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Placement, Reason, UnmovableError


class RuleWriter:
    """Writes rules of the sheet at *base*; *tokens* are all of its tokens."""

    def __init__(self, tokens: list[Token], base: str, url_style: UrlStyle, read: Read) -> None:
        self._tokens, self._starts, self._text = tokens, starts_of(tokens), text_of(tokens)
        self._base, self._url_style, self._read = base, url_style, read

    def part(self, start: int, end: int) -> Part:
        """Return the tokens from *start* up to *end* as they are."""
        return Part(self._text[self._starts[start] : self._starts[end]], self._starts[start])

    def write(self, rule: CssRule, placement: Placement, *, refers: bool) -> list[Part] | None:
        """Return the parts of *rule* as one that ends by itself; none for an unfinished one, which browsers drop, too.

        ``None`` means that it stays as it is, as most do: a part for each rule could take thirty times the memory of
        the sheet. If it *refers* to no URL, it is not rewritten. Raises UnmovableError.
        """
        # A @charset has set the encoding by its bytes already, or has no effect.
        if rule.block < 0 and (rule.name == "charset" or (rule.name == "" and placement is not Placement.ALONE)):
            return []
        is_open = placement is not Placement.ALONE and rule.block < 0 and self._tokens[rule.end - 1].kind != ";"
        end = [Part(";")] if is_open else []
        if refers and rule.name != "namespace":  # the URL of a namespace is a name
            return [*self._rewrite(rule), *end]
        return [self.part(rule.start, rule.end), *end] if end else None

    def _rewrite(self, rule: CssRule) -> Iterator[Part]:
        """Yield the text of *rule* with every URL reference made independent of the sheet's URL."""
        takes_string = rule.name == "import"
        functions: list[str] = []
        kept = rule.start  # the first token that is not written yet
        for index in range(rule.start, rule.end):
            token = self._tokens[index]
            in_function = functions[-1] if functions else ""
            is_url = in_function in ("url", "src", "image-set", "-webkit-image-set")
            if token.kind == "url" or (token.kind == "string" and (takes_string or is_url)):
                value = url_value(token) if token.kind == "url" else string_value(token)
                moved = self._moved(value, index, is_import=takes_string)
                takes_string = False
                if moved is not None:
                    written = f"url({quote(moved)})" if token.kind == "url" else quote(moved)
                    yield self.part(kept, index)
                    yield Part(written, self._starts[index], is_copy=False)
                    kept = index + 1
            elif opens(token):
                functions.append(function_name(token) if token.kind == "function" else token.kind)
                takes_string = takes_string and functions[-1] in ("url", "src")
            elif token.kind in (")", "]", "}") and functions:
                functions.pop()
        yield self.part(kept, rule.end)

    def _moved(self, reference: str, index: int, *, is_import: bool) -> str | None:
        """Return the URL that replaces *reference* at *index*, to mean the same elsewhere; ``None`` if it may stay.

        The style may change a URL further, but not inside a custom property, whose text a script can read, and which a
        sheet in another folder may use.
        """
        cleaned, base = clean(reference), self._base
        if is_ambiguous(cleaned):
            at = position_of(self._tokens, index)
            raise UnmovableError(Reason(Rule.URL, "has a URL with a scheme and without a host", at))
        must_move = is_relative(cleaned) or (bool(origin_of(base)) and cleaned[:1] in ("/", "\\"))
        moved = join(base, cleaned) if must_move else None
        if index in self._fixed:
            return moved
        if self._url_style.reads and cleaned[:1] not in ("", "#") and not is_import:
            target = moved or cleaned
            written = self._url_style.written(target, self._read)
            moved = written if written != target else moved
        # A URL from the root stays with its host: under another prefix it would not move along with the sheet.
        moves_along = is_relative(cleaned) and not leaves_root(base, cleaned)
        return self._url_style.relative(moved) if moved and moves_along else moved

    @cached_property
    def _fixed(self) -> frozenset[int]:
        return custom_values(self._tokens)


def text_of(tokens: list[Token]) -> str:
    """Return the text of *tokens*."""
    return "".join([text for _, text in tokens])

"""Whether two texts are the same to the proof of minifying."""

from pressmark.syntax.js_tokens import Tokens
from pressmark.syntax.verify import css_skeleton, script_difference, sheet_difference


def same_script(one: str, other: str) -> bool:
    """Tell whether two scripts are the same program."""
    return script_difference(Tokens(one), Tokens(other)) is None


def same_sheet(one: str, other: str) -> bool:
    """Tell whether two stylesheets are the same."""
    return sheet_difference(css_skeleton(one), css_skeleton(other)) is None

"""What one stylesheet leaves open must not reach into the next (CSS Syntax 3, 4 and 5)."""

from tests.behaviour.hazard import css

HAZARDS = (
    css("an unclosed block does not swallow the next sheet", "p{color:red", "div{color:green}", bundles=1),
    css("an unclosed comment does not swallow the next sheet", "p{color:red}/* ", "div{color:green}", bundles=1),
    css("an unclosed string ends with its file", 'p::before{content:"a', "div{color:green}", bundles=1),
)

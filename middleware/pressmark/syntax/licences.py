"""Tell comments that hold a licence, as minifiers agree on them."""

import re

_TAGS = re.compile(r"@(?:license|preserve)\b")


def is_licence(comment: str) -> bool:
    """Tell whether *comment* begins with ``/*!`` or ``//!``, or holds ``@license`` or ``@preserve``."""
    return comment[2:3] == "!" or _TAGS.search(comment) is not None

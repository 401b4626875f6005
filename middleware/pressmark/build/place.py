"""Where a source file may stand once it is moved out of its own element."""

from enum import IntEnum


class Place(IntEnum):
    """Where in a bundle a file may stand: anywhere, only first, or only by itself."""

    ANYWHERE = 0
    FIRST = 1
    ALONE = 2


class UnmovableError(Exception):
    """A file would mean something else under another URL: its element stays as it is.

    *taints_variables* tells that other sheets' ``var()`` may take a relative URL from this one.
    """

    def __init__(self, reason: str, *, taints_variables: bool = False) -> None:
        super().__init__(reason)
        self.taints_variables = taints_variables

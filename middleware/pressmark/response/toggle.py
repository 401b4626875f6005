"""The debug toggle: a query parameter by which a visitor chooses the form in which a page leaves."""

from dataclasses import dataclass, field

EXPLAIN = "why"
"""The value of the parameter that asks for a comment on each region."""


@dataclass(frozen=True, slots=True)
class Toggle:
    """Reads the form of a page from its query.

    *parameter* is the name in the query, ``None`` where there is no toggle. Where Pressmark is not *is_enabled* every
    page counts as asked for in its plain form. A plain page of a site that *has_precompilers* still has those run:
    without them no browser could read its sources.
    """

    parameter: str | None = None
    is_enabled: bool = True
    has_precompilers: bool = False
    is_on: bool = field(init=False)  # whether any page may have another form than the usual one

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_on", self.parameter is not None or not self.is_enabled)

    def is_untouched(self, query: str) -> bool:
        """Tell whether the page leaves as it was written."""
        return not self.has_precompilers and self.is_plain(query)

    def is_plain(self, query: str) -> bool:
        """Tell whether nothing is made for the page but what no browser could read otherwise."""
        return not self.is_enabled or self._value(query) not in (None, EXPLAIN)

    def explains(self, query: str) -> bool:
        """Tell whether each region of the page gets a comment on what it became."""
        return self._value(query) == EXPLAIN

    def without(self, query: str) -> str:
        """Return *query* as the application gets it: the form of a page is no affair of its own."""
        if self.parameter is None or self.parameter not in query:
            return query
        return "&".join(part for part in query.split("&") if part.partition("=")[0] != self.parameter)

    def _value(self, query: str) -> str | None:
        if self.parameter is None or self.parameter not in query:
            return None
        parts = (part.partition("=") for part in query.split("&"))
        return next((value for name, _, value in parts if name == self.parameter), None)

"""The debug toggle: a query parameter by which a visitor chooses the form of a page."""

from dataclasses import dataclass, field

EXPLAIN = "why"
"""The value of the parameter that asks for a comment on each region."""


@dataclass(frozen=True, slots=True)
class Toggle:
    """Reads the form of a page from its query.

    *parameter* is the name in the query, ``None`` if there is no toggle. If Pressmark is not *is_enabled* every page
    leaves in its plain form. On a site that *has_precompilers* those still run for a plain page: without them no
    browser could read its sources. With *only_found* ones a region that needs none of them stays as it was written.
    """

    parameter: str | None = None
    is_enabled: bool = True
    has_precompilers: bool = False
    only_found: bool = False
    is_on: bool = field(init=False)  # whether any page may have another form than the usual one

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_on", self.parameter is not None or not self.is_enabled)

    def is_untouched(self, query: str) -> bool:
        """Tell whether the page leaves as it was written."""
        return not (self.has_precompilers or self.only_found) and self.is_plain(query)

    def is_plain(self, query: str) -> bool:
        """Tell whether the page leaves in its plain form: only sources that no browser could read are bundled."""
        return not self.is_enabled or self._value(query) not in (None, EXPLAIN)

    def explains(self, query: str) -> bool:
        """Tell whether each region of the page gets a comment that explains it."""
        return self._value(query) == EXPLAIN

    def without(self, query: str) -> str:
        """Return *query* as the application gets it: without the toggle."""
        if self.parameter is None or self.parameter not in query:
            return query
        return "&".join(part for part in query.split("&") if part.partition("=")[0] != self.parameter)

    def _value(self, query: str) -> str | None:
        if self.parameter is None or self.parameter not in query:
            return None
        parts = (part.partition("=") for part in query.split("&"))
        return next((value for name, _, value in parts if name == self.parameter), None)

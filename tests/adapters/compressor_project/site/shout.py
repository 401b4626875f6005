"""A filter of the project's own."""

from compressor.filters.base import FilterBase


class ShoutFilter(FilterBase):
    """Says of each script whose it is."""

    def input(self, **kwargs):
        return "/*! shouted */" + self.content

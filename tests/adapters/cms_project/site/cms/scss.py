"""The precompiler of the widgets' stylesheets."""

from compressor.filters import FilterBase


class ScssFilter(FilterBase):
    """Compiles variables, and nothing else."""

    def __init__(self, content, attrs, filter_type=None, filename=None, charset=None):
        super().__init__(content, filter_type=filter_type, filename=filename)

    def input(self, **kwargs):
        """Return the stylesheet."""
        return self.content.replace("$red", "#c00").replace("$green", "#080")

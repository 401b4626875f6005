"""A precompiler of the project's own."""

from compressor.filters import FilterBase


class LessCompiler(FilterBase):
    """Compiles a very small language."""

    def input(self, **kwargs):
        return self.content.replace("@red", "#f00")

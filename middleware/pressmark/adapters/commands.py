"""The commands that a framework's own command line can offer for an application."""

from pressmark.cli.cache import cache as cache_command
from pressmark.cli.explain import explain_page
from pressmark.cli.prebuild import prebuild

__all__ = ["cache_command", "explain_page", "prebuild"]

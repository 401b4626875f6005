"""The commands that a framework's own command line can offer for an application."""

from pressmark.cli.build import LOGOUTS, finish, visit
from pressmark.cli.build import build as build_command
from pressmark.cli.cache import cache as cache_command
from pressmark.cli.explain import explain_page

__all__ = ["LOGOUTS", "build_command", "cache_command", "explain_page", "finish", "visit"]

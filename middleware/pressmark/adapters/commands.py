"""The commands that a framework's own command line can offer for an application."""

from pressmark.cli.build import LOGOUTS, finish, record, visit
from pressmark.cli.build import build as build_command
from pressmark.cli.cache import cache as cache_command
from pressmark.cli.explain import explain_page
from pressmark.cli.local_site import within_limit
from pressmark.offline.recorder import VARIABLE, summary_of
from pressmark.offline.visiting import Visited

__all__ = [
    "LOGOUTS",
    "VARIABLE",
    "Visited",
    "build_command",
    "cache_command",
    "explain_page",
    "finish",
    "record",
    "summary_of",
    "visit",
    "within_limit",
]

"""The commands that a framework's own command line can offer for an application."""

from pressmark.cli.build import build as build_command
from pressmark.cli.build import finish, record, visit
from pressmark.cli.build_options import LOGIN_PAGE, LOGOUTS, BuildOptions
from pressmark.cli.cache import cache as cache_command
from pressmark.cli.explain import explain_page
from pressmark.concurrency.time_limit import TimeLimit
from pressmark.offline.recorder import VARIABLE, summary_of
from pressmark.offline.template_pages import (
    LIMIT_S,
    TemplatePage,
    called,
    contexts_of,
    endings_of,
    jinja_sources,
    render_all,
    visited_template,
)
from pressmark.offline.visiting import Visited

__all__ = [
    "LIMIT_S",
    "LOGIN_PAGE",
    "LOGOUTS",
    "VARIABLE",
    "BuildOptions",
    "TemplatePage",
    "TimeLimit",
    "Visited",
    "build_command",
    "cache_command",
    "called",
    "contexts_of",
    "endings_of",
    "explain_page",
    "finish",
    "jinja_sources",
    "record",
    "render_all",
    "summary_of",
    "visit",
    "visited_template",
]

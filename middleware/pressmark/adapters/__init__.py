"""The public names for adapters: everything that a plug-in of a framework needs, and nothing else.

An adapter translates; it decides nothing. It

1. builds ``Settings`` from its framework's own configuration, calls ``check_plugins`` at start, and ``assemble`` to get
   a ``Core``;
2. answers a request whose path ``core.pipeline.owns`` with ``core.pipeline.peek(request)``, which never blocks, or
   ``core.pipeline.respond(request)``, which may;
3. hides conditions that are Pressmark's own from the application (``hide_conditions``), asks it, and hands its head to
   ``begin``, with a ``Visit`` that gives the location of the page. A page that is all there, and of which
   ``passes_unread`` holds, needs none, nor does one of which ``leaves_at_once`` knows what becomes of it;
4. feeds the body of a page to the ``Exchange`` and carries out its events: ``Head``, ``bytes`` and ``Cold``, for which
   it waits by ``concurrent.futures.wait`` or ``wait_async``.

Commands for a framework's own command line are in ``pressmark.adapters.commands``.

Frameworks that speak plain WSGI or ASGI need none of this: wrap them in ``WSGIMiddleware`` or ``ASGIMiddleware``.
"""

from pressmark.assembly import assemble as assemble
from pressmark.assembly import check_plugins as check_plugins
from pressmark.assets.from_application import TIMEOUT_S as TIMEOUT_S
from pressmark.assets.from_directories import is_within as is_within
from pressmark.compilers.command import Command as Command
from pressmark.concurrency.waiting import wait_async as wait_async
from pressmark.errors import OfflineGenerationError as OfflineGenerationError
from pressmark.errors import SettingsError as SettingsError
from pressmark.filters.plugins import find_command as find_command
from pressmark.http.headers import HeaderList as HeaderList
from pressmark.model import MEDIA_TYPES as MEDIA_TYPES
from pressmark.model import Asset as Asset
from pressmark.model import Built as Built
from pressmark.model import Bundle as Bundle
from pressmark.model import Reply as Reply
from pressmark.model import Request as Request
from pressmark.model import Source as Source
from pressmark.model import Subrequest as Subrequest
from pressmark.page.marker_writing import KINDS as KINDS
from pressmark.page.marker_writing import check_end as check_end
from pressmark.page.marker_writing import in_context as in_context
from pressmark.page.marker_writing import markers_for as markers_for
from pressmark.report.explanation import HEADINGS as HEADINGS
from pressmark.report.explanation import heading_of as heading_of
from pressmark.report.explanation import rows_of as rows_of
from pressmark.response.document import bundle_document as bundle_document
from pressmark.response.exchange import Cold as Cold
from pressmark.response.exchange import Core as Core
from pressmark.response.exchange import Event as Event
from pressmark.response.exchange import Exchange as Exchange
from pressmark.response.exchange import Head as Head
from pressmark.response.exchange import begin as begin
from pressmark.response.exchange import leaves_at_once as leaves_at_once
from pressmark.response.exchange import passes_unread as passes_unread
from pressmark.response.visit import Location as Location
from pressmark.response.visit import Visit as Visit
from pressmark.setting_checks import suggestion as suggestion
from pressmark.settings import FrameworkSecrets as FrameworkSecrets
from pressmark.settings import Options as Options
from pressmark.settings import Settings as Settings
from pressmark.shells.asgi_request import ASGIApplication as ASGIApplication
from pressmark.shells.asgi_request import Receive as Receive
from pressmark.shells.asgi_request import Scope as Scope
from pressmark.shells.asgi_request import Send as Send
from pressmark.shells.asgi_request import hide_conditions_of_scope as hide_conditions_of_scope
from pressmark.shells.bundle_html import bundle_at as bundle_at
from pressmark.shells.subrequest import MAX_BYTES as MAX_BYTES
from pressmark.shells.subrequest import ROUTING as ROUTING
from pressmark.shells.subrequest import SUBREQUEST as SUBREQUEST
from pressmark.shells.subrequest import HeaderTuple as HeaderTuple
from pressmark.shells.subrequest import call_wsgi as call_wsgi
from pressmark.shells.subrequest import environ_factory as environ_factory
from pressmark.shells.subrequest import joined as joined
from pressmark.shells.subrequest import scope_factory as scope_factory
from pressmark.shells.subrequest import wsgi_subrequest as wsgi_subrequest
from pressmark.shells.wsgi_request import CONDITION_KEYS as CONDITION_KEYS
from pressmark.shells.wsgi_request import Environ as Environ
from pressmark.shells.wsgi_request import StartResponse as StartResponse
from pressmark.shells.wsgi_request import WSGIApplication as WSGIApplication
from pressmark.shells.wsgi_request import hide_conditions as hide_conditions
from pressmark.shells.wsgi_request import read_request as read_request
from pressmark.shells.wsgi_request import send_hints as send_hints
from pressmark.syntax.urls import origin_of as origin_of
from pressmark.syntax.urls import quoted as quoted

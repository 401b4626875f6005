"""The WSGI shell (PEP 3333): calls and chunks in, chunks out. It drives the exchange and decides nothing.

A response that is none of ours leaves as the application's own object, unless a condition was hidden from it that its
body may still look for.
"""

from collections.abc import Iterable
from typing import Unpack

from pressmark.assembly import assemble
from pressmark.model import Request
from pressmark.settings import Options, Settings
from pressmark.shells.subrequest import SUBREQUEST
from pressmark.shells.wsgi_body import Body
from pressmark.shells.wsgi_request import (
    Environ,
    StartResponse,
    WSGIApplication,
    hide_conditions,
    read_request,
    send_hints,
)
from pressmark.shells.wsgi_response import STATUS, Response


class WSGIMiddleware:
    """Bundles the files that the regions of *app*'s pages refer to, and serves the bundles.

    Keyword arguments are the fields of Settings; or *settings* is one. Raises SettingsError.
    """

    def __init__(self, app: WSGIApplication, settings: Settings | None = None, **options: Unpack[Options]) -> None:
        self.app = app
        self._core = assemble(Settings.of(settings, options))
        self._owns, self._has_toggle = self._core.pipeline.owns, self._core.toggle.is_on

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if SUBREQUEST in environ:
            return self.app(environ, start_response)
        if self._owns(environ.get("PATH_INFO", "")):
            return self._serve(read_request(environ, environ["PATH_INFO"]), start_response)
        if self._core.hints is not None:
            send_hints(self._core, environ)
        if "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MATCH" in environ or "HTTP_IF_RANGE" in environ:
            return self._answer_conditional(environ, start_response)
        response = Response(self._core, self.app, environ, start_response, None)
        return self._answer_toggled(response, environ) if self._has_toggle else response.answer(environ)

    def _answer_toggled(self, response: Response, environ: Environ) -> Iterable[bytes]:
        """Answer a request that may ask for another form of the page: the toggle is hidden from the application."""
        toggle, query = self._core.toggle, response.query
        own = toggle.without(query)
        inner = environ if own is query else environ | {"QUERY_STRING": own}
        return self.app(inner, response.server_start) if toggle.is_untouched(query) else response.answer(inner)

    def _answer_conditional(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request whose conditions may be ours: such are hidden from the application."""
        condition, hidden = hide_conditions(environ)
        result: Iterable[bytes] = ()
        try:
            response = Response(self._core, self.app, environ, start_response, condition)
            result = self._answer_toggled(response, environ)
            if hidden and not isinstance(result, Body | list | tuple):
                result = Body(result, iter(result), environ)
        finally:
            if isinstance(result, Body):  # the application may read the request until its body is closed
                result.hidden = hidden
            else:
                environ.update(hidden)
        return result

    def _serve(self, request: Request, start_response: StartResponse) -> Iterable[bytes]:
        reply = self._core.pipeline.peek(request) or self._core.pipeline.respond(request)
        start_response(STATUS[reply.status], list(reply.headers))
        return [reply.body] if reply.body else []

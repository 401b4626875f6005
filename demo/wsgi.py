"""The whole demo as one WSGI application, for any server with or without threads."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Request, Response

from demo.bridge import Answer, AsgiInWsgi, call_wsgi, environ_of, get_scope
from demo.django_site import app as django_app
from demo.editor_site import app as editor_app
from demo.flask_site import app as flask_app
from demo.index import render
from demo.measure import Measurements
from demo.starlette_site import app as starlette_app


def index(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Respond with the demo's first page."""
    if Request(environ).path != "/":
        return Response("Not Found", 404)(environ, start_response)
    status, html = render(measurements)
    return Response(html, status, mimetype="text/html")(environ, start_response)


def _fetch(target: str) -> Answer:
    return call_wsgi(app, environ_of(get_scope(target), b""))


measurements = Measurements(_fetch)

app = DispatcherMiddleware(
    index,
    {
        "/django": django_app,
        "/flask": flask_app,
        "/starlette": AsgiInWsgi(starlette_app),
        "/editor": AsgiInWsgi(editor_app),
    },
)

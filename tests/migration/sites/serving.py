"""A project with its static files, as a web server in front of it would serve them: a WSGI application."""

import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.wsgi import get_wsgi_application

project: Any = get_wsgi_application()


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with a static file, or else by the project."""
    path = environ["PATH_INFO"]
    file = Path(settings.STATIC_ROOT, path.removeprefix(settings.STATIC_URL))
    if not path.startswith(settings.STATIC_URL) or not file.is_file():
        found: Iterable[bytes] = project(environ, start_response)
        return found
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    start_response("200 OK", [("Content-Type", media_type)])
    return [file.read_bytes()]

"""WSGI and ASGI middleware that bundles the stylesheets and scripts of any framework's pages."""

from pressmark.asgi import ASGIMiddleware as ASGIMiddleware
from pressmark.settings import Settings as Settings
from pressmark.version import VERSION
from pressmark.wsgi import WSGIMiddleware as WSGIMiddleware

__all__ = ["ASGIMiddleware", "Settings", "WSGIMiddleware", "__version__"]
__version__ = VERSION

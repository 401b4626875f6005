"""WSGI and ASGI middleware that bundles the stylesheets and scripts of any framework's pages."""

from pressmark.settings import Settings as Settings
from pressmark.shells.asgi import ASGIMiddleware as ASGIMiddleware
from pressmark.shells.wsgi import WSGIMiddleware as WSGIMiddleware
from pressmark.version import VERSION

__all__ = ["ASGIMiddleware", "Settings", "WSGIMiddleware", "__version__"]
__version__ = VERSION

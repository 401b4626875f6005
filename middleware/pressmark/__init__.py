"""WSGI and ASGI middleware that bundles the stylesheets and scripts of any framework's pages.

This is the whole of the public face for sites; ``pressmark.adapters`` is that for plug-ins of frameworks.
"""

from pressmark.errors import PressmarkError as PressmarkError
from pressmark.errors import RegionError as RegionError
from pressmark.errors import SettingsError as SettingsError
from pressmark.events import BundleRebuilt as BundleRebuilt
from pressmark.events import Event as Event
from pressmark.events import FileServed as FileServed
from pressmark.events import RegionBuilt as RegionBuilt
from pressmark.events import RegionRendered as RegionRendered
from pressmark.events import StoreCalled as StoreCalled
from pressmark.model import Asset as Asset
from pressmark.model import Bundle as Bundle
from pressmark.protocols import Backend as Backend
from pressmark.protocols import Filter as Filter
from pressmark.protocols import Resolver as Resolver
from pressmark.protocols import Store as Store
from pressmark.settings import Options as Options
from pressmark.settings import Settings as Settings
from pressmark.shells.asgi import ASGIMiddleware as ASGIMiddleware
from pressmark.shells.bundle_html import bundle_html as bundle_html
from pressmark.shells.wsgi import WSGIMiddleware as WSGIMiddleware
from pressmark.version import VERSION

__all__ = [
    "ASGIMiddleware",
    "Asset",
    "Backend",
    "Bundle",
    "BundleRebuilt",
    "Event",
    "FileServed",
    "Filter",
    "Options",
    "PressmarkError",
    "RegionBuilt",
    "RegionError",
    "RegionRendered",
    "Resolver",
    "Settings",
    "SettingsError",
    "Store",
    "StoreCalled",
    "WSGIMiddleware",
    "__version__",
    "bundle_html",
]
__version__ = VERSION

"""Every page with modules, gathered from the modules beside this one, one for each theme."""

import importlib
import pkgutil

from tests.behaviour import modules
from tests.behaviour.modules.hazard import ModuleHazard

APART = {"corpus", "hazard", "sites", "test_modules"}

PAGES: tuple[ModuleHazard, ...] = tuple(
    page
    for name in sorted(each.name for each in pkgutil.iter_modules(modules.__path__))
    if name not in APART
    for page in importlib.import_module(f"{modules.__name__}.{name}").PAGES
)

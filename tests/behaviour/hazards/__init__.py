"""Every hazard page, gathered from the modules beside this one."""

import importlib
import pkgutil

from tests.behaviour.hazard import Hazard

HAZARDS: tuple[Hazard, ...] = tuple(
    hazard
    for module in sorted(each.name for each in pkgutil.iter_modules(__path__))
    for hazard in importlib.import_module(f"{__name__}.{module}").HAZARDS
)

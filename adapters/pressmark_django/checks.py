"""The checks of a project's configuration, for ``manage.py check``."""

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings as django_settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.utils.module_loading import import_string

from pressmark import Settings
from pressmark.adapters import SettingsError, check_plugins, is_within, origin_of
from pressmark_django.compressor.presence import is_in_use
from pressmark_django.configuration import finder_directories, public_url, read_old_settings, read_settings
from pressmark_django.storage import OldStorage, find_storage

MIDDLEWARE = "pressmark_django.middleware.PressmarkMiddleware"
_COMPRESSES = ("gzip", "compression", "brotli", "zstd")
"""Words in the names of middleware that compresses responses."""
_OLD_TEMPLATES = [f"compressor/{kind}_{mode}.html" for kind in ("css", "js") for mode in ("file", "inline", "preload")]
"""The templates by which projects could change django-compressor's tags."""
_HTMLMIN = "htmlmin.middleware.HtmlMinifyMiddleware"
_REMOVE_COMMENTS = frozenset(
    ("django_minify_html.middleware.MinifyHtmlMiddleware", "hmin.middleware.MinMiddleware", _HTMLMIN)
)
_KEEP_COMMENTS = frozenset(("pipeline.middleware.MinifyHTMLMiddleware",))  # it removes white space alone
_MINIFIER = re.compile(
    r"\w*html_?min(?:if(?:y|ier))?|\w*minif(?:y|ier)_?html|minif(?:y|ier)|\w*(?:strip|remove)_?(?:html_?)?comments",
    re.IGNORECASE,
)
"""Names of classes and functions, without "Middleware", that minify HTML or remove its comments."""
_SETS_POLICIES = ("csp.", "csp_", "contentsecuritypolicy")


def check_configuration(app_configs: Sequence[Any] | None, **options: Any) -> list[checks.CheckMessage]:
    """Return the faults of ``PRESSMARK``, ``MIDDLEWARE`` and the directories, as messages of Django's."""
    try:
        settings = read_settings()
        check_plugins(settings)
        found = [*_check_middleware(), *_check_old_settings(), *_check_static(settings), *_check_cache(settings)]
        return [*found, *_check_root(settings), *_check_storage(settings)]
    except SettingsError as error:
        return [checks.Error(str(error), hint="Correct the setting that it names.", id="pressmark.E001")]


def _check_middleware() -> Iterator[checks.CheckMessage]:
    names = list(django_settings.MIDDLEWARE)
    if MIDDLEWARE not in names:
        yield checks.Warning(
            "pressmark_django is installed, and its middleware is not in MIDDLEWARE: regions stay as they are written.",
            hint=f"Add {MIDDLEWARE!r} to MIDDLEWARE, after any middleware that compresses responses.",
            id="pressmark.W001",
        )
        return
    before = names[: names.index(MIDDLEWARE)]
    for name in (name for name in before if any(word in name.lower() for word in _SETS_POLICIES)):
        yield checks.Warning(
            f"{name} stands before {MIDDLEWARE} in MIDDLEWARE: Pressmark does not get the Content Security Policy, and "
            "may write tags that it forbids.",
            hint=f"Move {name!r} after {MIDDLEWARE!r}.",
            id="pressmark.W009",
        )
    inside = [name for name in names[names.index(MIDDLEWARE) + 1 :]
              if any(word in name.rpartition(".")[2].lower() for word in _COMPRESSES)]  # fmt: skip
    for name in inside:
        yield checks.Warning(
            f"{name} stands after {MIDDLEWARE} in MIDDLEWARE: Pressmark gets pages compressed and leaves them so.",
            hint=f"Move {name!r} before {MIDDLEWARE!r}.",
            id="pressmark.W002",
        )

    for name in removing_comments():
        yield checks.Warning(
            f"{name} stands after {MIDDLEWARE} in MIDDLEWARE: it removes the comments that mark regions.",
            hint=f"Move {name!r} before {MIDDLEWARE!r}.",
            id="pressmark.W013",
        )


def removing_comments() -> list[str]:
    """Return the middleware inside of Pressmark that minifies HTML, and so removes markers."""
    names = list(django_settings.MIDDLEWARE)
    inside = names[names.index(MIDDLEWARE) + 1 :] if MIDDLEWARE in names else []
    return list(filter(_removes_comments, inside))


def _removes_comments(name: str) -> bool:
    bare = re.sub(r"(?i)_?middleware\Z", "", name.rpartition(".")[2])
    is_minifier = name in _REMOVE_COMMENTS or (name not in _KEEP_COMMENTS and _MINIFIER.fullmatch(bare) is not None)
    return is_minifier and not _is_set_to_keep_comments(name)


def _is_set_to_keep_comments(name: str) -> bool:
    """Tell whether a minifier keeps comments by a setting of django-htmlmin, or by a class of django-minify-html."""
    if name == _HTMLMIN:
        return bool(getattr(django_settings, "KEEP_COMMENTS_ON_MINIFYING", False))
    try:
        return bool(getattr(import_string(name), "minify_args", {}).get("keep_comments"))
    except ImportError:  # which Django tells of when it starts
        return False


def _check_old_settings() -> Iterator[checks.CheckMessage]:
    in_folder = isinstance(find_storage(), OldStorage)
    remarks = read_old_settings().remarks
    for remark in (each for each in remarks if not (in_folder and each.name == "COMPRESS_OUTPUT_DIR")):
        text = f"{remark.name} {remark.text}"
        if remark.is_lost:
            yield checks.Warning(text, hint=remark.hint, id="pressmark.W006")
        else:
            yield checks.Info(text, hint=remark.hint, id="pressmark.I001")
    for name in filter(_has_template, _OLD_TEMPLATES):
        yield checks.Warning(
            f"the template {name!r} is not rendered: Pressmark writes its tags itself.",
            hint="Remove it; `integrity`, `early_hints` and regions' modes are settings and words of the tag.",
            id="pressmark.W011",
        )
    if is_in_use():
        yield checks.Warning(
            "django-compressor is in INSTALLED_APPS, too: Pressmark reads the files that its tags write.",
            hint="Take 'compressor' out of INSTALLED_APPS; its settings and tags go on working.",
            id="pressmark.W007",
        )


def _has_template(name: str) -> bool:
    try:
        get_template(name)
    except (TemplateDoesNotExist, ImproperlyConfigured):
        return False
    except TemplateSyntaxError:  # it is there
        pass
    return not is_in_use()  # which brings them


def _check_storage(settings: Settings) -> Iterator[checks.CheckMessage]:
    storage = find_storage()
    if storage is None:
        return
    url, static_url = public_url(storage, settings) or "", str(django_settings.STATIC_URL or "")
    if origin_of(url) and not origin_of(static_url):
        yield checks.Warning(
            f"generated files come from {url!r}, and browsers look for their images there, too: STATIC_URL is "
            f"{static_url!r}, which names no host.",
            hint="Set STATIC_URL to the whole address of the static files.",
            id="pressmark.W008",
        )


def _check_static(settings: Settings) -> Iterator[checks.CheckMessage]:
    has_finders = "django.contrib.staticfiles" in django_settings.INSTALLED_APPS and django_settings.STATIC_URL
    if not has_finders and not settings.static:
        yield checks.Warning(
            "Pressmark knows no static files: there is nothing to bundle.",
            hint="Add 'django.contrib.staticfiles' to INSTALLED_APPS and set STATIC_URL, or set PRESSMARK['static'].",
            id="pressmark.W003",
        )


def _check_root(settings: Settings) -> Iterator[checks.CheckMessage]:
    root = django_settings.STATIC_ROOT
    reads_sources = settings.manifest is None or settings.on_missing == "build"
    if reads_sources and not django_settings.DEBUG and not (root and os.path.isdir(root)):
        yield checks.Warning(
            f"STATIC_ROOT is {str(root or '')!r}, which is no directory: files are read where the finders find them.",
            hint="Set STATIC_ROOT, and run `manage.py collectstatic` before the server starts.",
            id="pressmark.W010",
        )
    elif root and (link := next(_stray_links(str(root), settings), None)):
        yield checks.Warning(
            f"{link!r} is a link that leads out of STATIC_ROOT, and into no directory of the finders or of "
            "PRESSMARK['static']: what lies there is not bundled.",
            hint=f"Name the directory in PRESSMARK['static']: {{{str(django_settings.STATIC_URL)!r}: [STATIC_ROOT, "
            f"{_directory_behind(link)!r}]}}.",
            id="pressmark.W012",
        )


def _stray_links(root: str, settings: Settings) -> Iterator[str]:
    """Yield the links below *root* that lead out of all directories that are known."""
    named = (directory for _, directories in settings.roots for directory in directories)
    found = (directory for _, directory in finder_directories())
    known = [os.path.realpath(each) for each in (root, *found, *named)]
    for folder, folders, files in os.walk(root):
        for path in (os.path.join(folder, name) for name in (*folders, *files)):
            if os.path.islink(path) and not any(is_within(os.path.realpath(path), each) for each in known):
                yield path


def _directory_behind(link: str) -> str:
    """Return the directory that *link* leads to, or that of the file that it leads to."""
    real = os.path.realpath(link)
    return real if os.path.isdir(real) else os.path.dirname(real)


def _check_cache(settings: Settings) -> Iterator[checks.CheckMessage]:
    directory = str(settings.cache_dir)
    existing = directory
    while not os.path.exists(existing):
        existing = os.path.dirname(existing)
    if not os.access(existing, os.W_OK | os.X_OK):
        yield checks.Warning(
            f"cache_dir {directory!r} cannot be written: bundles are kept in this process's memory only, and "
            "regions stay as they are written if the server has several processes.",
            hint=f"Let the server's user write {existing!r}, or set PRESSMARK['cache_dir'] to another directory.",
            id="pressmark.W004",
        )
    roots = [str(django_settings.STATIC_ROOT or ""), *(root for _, root in finder_directories())]
    for root in filter(None, roots):
        if is_within(os.path.abspath(directory), os.path.abspath(root)):
            yield checks.Warning(
                f"cache_dir {directory!r} lies below {root!r}, whose files the web server gives to everybody.",
                hint="Set PRESSMARK['cache_dir'] to a directory outside of all static files.",
                id="pressmark.W005",
            )

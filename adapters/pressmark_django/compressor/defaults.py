"""The settings of django-compressor that a project has not set: other packages read them.

They stand below all that the project sets, so that ``settings.is_overridden()`` tells the two apart.
"""

from typing import Any

from django.conf import UserSettingsHolder, settings

from pressmark_django.compressor.settings import PREFIX

_DEFAULTS: dict[str, Any] = {
    "VERBOSE": False,
    "DEBUG_TOGGLE": None,
    "PARSER": "compressor.parser.AutoSelectParser",
    "OUTPUT_DIR": "CACHE",
    "STORAGE": "compressor.storage.CompressorFileStorage",
    "STORAGE_ALIAS": "compressor",
    "COMPRESSORS": {"css": "compressor.css.CssCompressor", "js": "compressor.js.JsCompressor"},
    "FILTERS": {
        "css": ["compressor.filters.css_default.CssAbsoluteFilter", "compressor.filters.cssmin.rCSSMinFilter"],
        "js": ["compressor.filters.jsmin.rJSMinFilter"],
    },
    "CSS_HASHING_METHOD": "mtime",
    "PRECOMPILERS": (),
    "CACHEABLE_PRECOMPILERS": (),
    "CLOSURE_COMPILER_BINARY": "java -jar compiler.jar",
    "CLOSURE_COMPILER_ARGUMENTS": "",
    "YUI_BINARY": "java -jar yuicompressor.jar",
    "YUI_CSS_ARGUMENTS": "",
    "YUI_JS_ARGUMENTS": "",
    "YUGLIFY_BINARY": "yuglify",
    "YUGLIFY_CSS_ARGUMENTS": "--terminal",
    "YUGLIFY_JS_ARGUMENTS": "--terminal",
    "CLEAN_CSS_BINARY": "cleancss",
    "CLEAN_CSS_ARGUMENTS": "",
    "DATA_URI_MAX_SIZE": 1024,
    "CACHE_BACKEND": "default",
    "CACHE_KEY_FUNCTION": "compressor.cache.simple_cachekey",
    "REBUILD_TIMEOUT": 30 * 24 * 3600,
    "MINT_DELAY": 30,
    "MTIME_DELAY": 10,
    "OFFLINE": False,
    "OFFLINE_TIMEOUT": 365 * 24 * 3600,
    "OFFLINE_MANIFEST": "manifest.json",
    "OFFLINE_MANIFEST_STORAGE": "compressor.storage.OfflineManifestFileStorage",
    "OFFLINE_MANIFEST_STORAGE_ALIAS": "compressor-offine",  # so it is spelled there
    "URL_PLACEHOLDER": "/__compressor_url_placeholder__/",
}
"""All but those that depend on other settings, and the function that gives an environment of Jinja."""


def set_defaults() -> None:
    """Set each setting of django-compressor that the project has not set."""
    base: Any = settings._wrapped
    while isinstance(base, UserSettingsHolder):  # that of settings.configure() and of tests
        base = base.default_settings
    for name, value in (_DEFAULTS | _dependent(base)).items():
        if not hasattr(base, PREFIX + name):
            setattr(base, PREFIX + name, value)


def _dependent(base: Any) -> dict[str, Any]:
    """Return those that follow from the project's other settings. ``ENABLED`` tells what Pressmark does."""
    options = getattr(settings, "PRESSMARK", {})
    url = settings.STATIC_URL
    vars(settings).pop("STATIC_URL", None)  # a relative one is read anew in a request, which knows the script's name
    context = {"STATIC_URL": url}
    return {
        "ENABLED": options.get("enabled", True) if isinstance(options, dict) else True,
        "URL": url,
        "ROOT": settings.STATIC_ROOT,
        "OFFLINE_CONTEXT": context,
        "TEMPLATE_FILTER_CONTEXT": context,
    }

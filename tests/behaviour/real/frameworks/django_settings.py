"""The settings of each site of Django: what its framework asks for on top of the admin's."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

ADMIN = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
CONTEXT = [
    "django.template.context_processors.request",
    "django.template.context_processors.media",
    "django.template.context_processors.static",
    "django.template.context_processors.i18n",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
# The application itself needs the libraries of GeoDjango; its map does not.
LEAFLET = str(Path(getattr(find_spec("leaflet"), "origin", "") or "").with_name("static"))
LIBRARY = "tests.behaviour.real.frameworks.library"

WAGTAIL = """wagtail.contrib.forms wagtail.contrib.redirects wagtail.embeds wagtail.sites wagtail.users wagtail.snippets
wagtail.documents wagtail.images wagtail.search wagtail.admin wagtail modelcluster taggit django_filters""".split()
CMS = """django.contrib.sites cms menus treebeard sekizai djangocms_text""".split()

SITES: dict[str, dict[str, Any]] = {
    "admin": {"INSTALLED_APPS": [*ADMIN, LIBRARY]},
    "grappelli": {"INSTALLED_APPS": ["grappelli", *ADMIN, LIBRARY]},
    "jazzmin": {
        "INSTALLED_APPS": ["jazzmin", *ADMIN, LIBRARY],
        "JAZZMIN_SETTINGS": {"use_google_fonts_cdn": False},  # a test asks nobody outside
    },
    "unfold": {
        "INSTALLED_APPS": ["unfold", "unfold.contrib.filters", *ADMIN, LIBRARY],
        "LIBRARY_ADMIN": "unfold.admin",
    },
    "rest": {
        "INSTALLED_APPS": [*ADMIN, LIBRARY, "rest_framework", "drf_yasg", "drf_spectacular", "drf_spectacular_sidecar"],
        "REST_FRAMEWORK": {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"},
        "SPECTACULAR_SETTINGS": {"SWAGGER_UI_DIST": "SIDECAR", "SWAGGER_UI_FAVICON_HREF": "SIDECAR"},
    },
    "wagtail": {
        "INSTALLED_APPS": ["tests.behaviour.real.frameworks.magazine", *WAGTAIL, *ADMIN],
        "MIDDLEWARE": [*MIDDLEWARE, "wagtail.contrib.redirects.middleware.RedirectMiddleware"],
        "MIGRATION_MODULES": {"magazine": "magazine_migrations"},
        "WAGTAIL_SITE_NAME": "Library",
        "WAGTAILADMIN_BASE_URL": "https://library.example",
        "WAGTAIL_ENABLE_UPDATE_CHECK": False,
        "WAGTAIL_EDITING_SESSION_PING_INTERVAL": 3_600_000,  # a slow look sees no more pings than a fast one
        "WAGTAIL_GRAVATAR_PROVIDER_URL": None,
        "WAGTAIL_ENABLE_WHATS_NEW_BANNER": False,
    },
    "cms": {
        "INSTALLED_APPS": [*ADMIN, *CMS],
        "MIDDLEWARE": [
            *MIDDLEWARE,
            "django.middleware.locale.LocaleMiddleware",
            "cms.middleware.user.CurrentUserMiddleware",
            "cms.middleware.page.CurrentPageMiddleware",
            "cms.middleware.toolbar.ToolbarMiddleware",
            "cms.middleware.language.LanguageCookieMiddleware",
        ],
        "CONTEXT": ["sekizai.context_processors.sekizai", "cms.context_processors.cms_settings"],
        "CMS_CONFIRM_VERSION4": True,
        "CMS_TEMPLATES": [("cms_page.html", "Page")],
        "LANGUAGES": [("en", "English")],
        "X_FRAME_OPTIONS": "SAMEORIGIN",
        "TEXT_INLINE_EDITING": True,
    },
    "oscar": {},
}


def oscar() -> dict[str, Any]:
    """Return what django-oscar asks for: its package names its applications and has defaults to import."""
    from oscar import INSTALLED_APPS, defaults  # noqa: PLC0415

    names = {name: value for name, value in vars(defaults).items() if name.isupper()}
    return {
        **names,
        "INSTALLED_APPS": [*INSTALLED_APPS, "sorl.thumbnail"],
        "MIDDLEWARE": [
            *MIDDLEWARE,
            "oscar.apps.basket.middleware.BasketMiddleware",
            "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
        ],
        "CONTEXT": [
            "oscar.apps.search.context_processors.search_form",
            "oscar.apps.checkout.context_processors.checkout",
            "oscar.apps.communication.notifications.context_processors.notifications",
            "oscar.core.context_processors.metadata",
        ],
        "AUTHENTICATION_BACKENDS": [
            "oscar.apps.customer.auth_backends.EmailBackend",
            "django.contrib.auth.backends.ModelBackend",
        ],
        "HAYSTACK_CONNECTIONS": {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    }


def settings_of(site: str, database: str, static: str, templates: str) -> dict[str, Any]:
    """Return the settings of *site*."""
    options = dict(oscar() if site == "oscar" else SITES[site])
    context = CONTEXT + options.pop("CONTEXT", [])
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [templates], "APP_DIRS": True}
    return {
        "SECRET_KEY": "unused: the site answers itself alone",
        "ALLOWED_HOSTS": ["*"],
        "ROOT_URLCONF": "tests.behaviour.real.frameworks.django_urls",
        "LIBRARY_SITE": site,
        "LIBRARY_ADMIN": "django.contrib.admin",
        "MIDDLEWARE": MIDDLEWARE,
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "ATOMIC_REQUESTS": True}},
        "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # the others are slow on purpose
        "STATIC_URL": f"/static/{site}/",
        "STATIC_ROOT": static,
        "STATICFILES_DIRS": [LEAFLET] if site == "admin" else [],
        "MEDIA_URL": "/media/",
        "TEMPLATES": [{**engine, "OPTIONS": {"context_processors": context}}],
        "TIME_ZONE": "UTC",
        "USE_TZ": True,
        "LANGUAGE_CODE": "en",
        "SITE_ID": 1,
        **options,
    }

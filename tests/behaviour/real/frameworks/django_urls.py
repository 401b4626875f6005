"""The addresses of each site of Django."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import import_string

Patterns = list[URLPattern | URLResolver]


def _admin() -> Patterns:
    return [path("grappelli/", include("grappelli.urls"))] if apps.is_installed("grappelli") else []


def _rest() -> Patterns:
    from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView  # noqa: PLC0415
    from drf_yasg import openapi  # noqa: PLC0415
    from drf_yasg.views import get_schema_view  # noqa: PLC0415
    from rest_framework import routers, serializers, viewsets  # noqa: PLC0415

    from tests.behaviour.real.frameworks.library.models import Book  # noqa: PLC0415

    class BookSerializer(serializers.ModelSerializer):
        class Meta:
            model = Book
            fields = ("url", "title", "published", "author")

    class Books(viewsets.ModelViewSet):
        queryset = Book.objects.order_by("title")
        serializer_class = BookSerializer

    class Authors(Books):
        queryset = Book.author.field.related_model.objects.all()

    router = routers.DefaultRouter()
    router.register("books", Books)
    router.register("authors", Authors)
    schema = get_schema_view(openapi.Info(title="Library", default_version="1"), public=True)
    return [
        path("api/", include(router.urls)),
        path("yasg/", schema.with_ui("swagger", cache_timeout=0)),
        path("schema/", SpectacularAPIView.as_view(), name="schema"),
        path("spectacular/", SpectacularSwaggerView.as_view()),
    ]


def _wagtail() -> Patterns:
    return [path("cms/", include("wagtail.admin.urls")), path("documents/", include("wagtail.documents.urls"))]


def _oscar() -> Patterns:
    shop = import_string("django.apps.apps").get_app_config("oscar")
    return [path("i18n/", include("django.conf.urls.i18n")), path("", include(shop.urls[0]))]


def _cms() -> Patterns:
    return [path("", include("cms.urls"))]


MAKERS = {"rest": _rest, "wagtail": _wagtail, "oscar": _oscar, "cms": _cms}
urlpatterns: Patterns = [
    path("admin/", admin.site.urls),
    *MAKERS.get(settings.LIBRARY_SITE, _admin)(),
]

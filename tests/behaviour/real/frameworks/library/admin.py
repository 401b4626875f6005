"""The admin of the library: lists, filters, inlines, and maps beside the coordinates."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.module_loading import import_string

from tests.behaviour.real.frameworks.library.models import Author, Book, Branch, Event, Loan

# Unfold brings classes of its own.
ModelAdmin: Any = import_string(f"{settings.LIBRARY_ADMIN}.ModelAdmin")
StackedInline: Any = import_string(f"{settings.LIBRARY_ADMIN}.StackedInline")
TabularInline: Any = import_string(f"{settings.LIBRARY_ADMIN}.TabularInline")


class MapInput(forms.TextInput):
    """A field for coordinates with a map, as map widgets bring it."""

    class Media:
        """The map's files: Leaflet as django-leaflet ships it, and a script that makes the maps."""

        css = {"all": ("leaflet/leaflet.css", "leaflet/draw/leaflet.draw.css", "library/maps.css")}  # noqa: RUF012
        js = ("leaflet/leaflet.js", "leaflet/draw/leaflet.draw.js", "library/maps.js")


class HasMap:
    """Shows places on a map."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Give the field of a place its map."""
        if db_field.name == "place":
            kwargs["widget"] = MapInput
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class EventInline(HasMap, StackedInline):
    """The readings in a branch."""

    model = Event
    extra = 1


class LoanInline(TabularInline):
    """Who has had a book."""

    model = Loan
    extra = 1


@admin.register(Author)
class AuthorAdmin(ModelAdmin):
    """The authors."""

    search_fields = ("name",)


@admin.register(Branch)
class BranchAdmin(HasMap, ModelAdmin):
    """The branches, each on a map."""

    inlines = (EventInline,)


@admin.register(Book)
class BookAdmin(ModelAdmin):
    """The books."""

    list_display = ("title", "author", "published", "is_lent")
    list_editable = ("is_lent",)
    list_filter = ("is_lent", "author", "published")
    search_fields = ("title",)
    date_hierarchy = "published"
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012
    autocomplete_fields = ("author",)
    filter_horizontal = ("branches",)
    fieldsets = (
        (None, {"fields": ("title", "slug", "author", "published")}),
        ("More", {"fields": ("branches", "is_lent", "notes"), "classes": ("collapse",)}),
    )
    inlines = (LoanInline,)

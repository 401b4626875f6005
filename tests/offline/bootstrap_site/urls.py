"""The pages of the project. Each is kept for a while, as it was before any middleware changed it."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import cache_page


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Return a page that tells by a number when it was made anew."""
    return render(request, f"{name}.html", {"number": uuid4().hex})


kept = cache_page(600)(page)
urlpatterns = [
    path("", kept, {"name": "home"}),
    path("about/", kept, {"name": "about"}),
    path("untested/", kept, {"name": "untested"}),
]

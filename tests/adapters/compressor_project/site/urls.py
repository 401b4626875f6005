"""Pages made by Django's templates, with sekizai and without, and by Jinja2."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path(f"{name}/", TemplateView.as_view(template_name=f"{name}.html"))
    for name in ("page", "sekizai", "jinja", "modes", "shadowed")
]

"""The pages of the site."""

from django.urls import path
from django.views.generic import TemplateView

TEMPLATES = {"home": "pages/home.html", "article": "pages/article.html", "landing": "theme/landing.html"}

urlpatterns = [path(f"{name}/", TemplateView.as_view(template_name=template)) for name, template in TEMPLATES.items()]

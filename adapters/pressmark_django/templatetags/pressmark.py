"""``{% load pressmark %}``: the same tags, for sites that have django-compressor's ``compress`` as well."""

from pressmark_django.templatetags.compress import register

__all__ = ["register"]

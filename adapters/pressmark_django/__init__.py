"""Pressmark for Django: add ``pressmark_django.middleware.PressmarkMiddleware`` to ``MIDDLEWARE``.

Settings come from ``PRESSMARK = {...}`` in the project's settings; static files from ``django.contrib.staticfiles``.
"""

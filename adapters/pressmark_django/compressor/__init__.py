"""The settings, tags and imports of django-compressor, for projects that come from it."""

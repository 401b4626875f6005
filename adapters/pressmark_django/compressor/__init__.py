"""What projects that come from django-compressor have in their settings, templates and code, understood."""

"""A project as it is with django-compressor; the test changes two lines of its settings."""

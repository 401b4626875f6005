"""What the benchmark of modules measures: the applications, and what they cost the server."""

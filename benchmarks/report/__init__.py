"""The report of the benchmarks that compare Pressmark with other tools."""

BENCHMARKS = ("wire", "visits", "django_page", "growth", "cold_page", "memory", "served")
"""Those in the report, in its order."""

"""The project's own tests, which record what they meet."""

from django.test import SimpleTestCase
from django.test.runner import DiscoverRunner

from pressmark_django.testing import RecordMixin


class Runner(RecordMixin, DiscoverRunner):
    """Says at the end of the tests what was recorded."""


class Pages(SimpleTestCase):
    """Looks at pages as any project's tests do."""

    def test_pages(self) -> None:
        for path, title in (("/", "Home"), ("/about/", "About")):
            self.assertContains(self.client.get(path), f"<h1>{title}</h1>")

"""``{% compress css %} … {% endcompress %}`` in the Jinja templates of a Django project."""

from collections.abc import Callable

from django.apps import apps
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from pressmark_django.answering import mark
from pressmark_django.compressor.request_values import in_request
from pressmark_jinja2 import bundled, parse_region


class CompressExtension(Extension):
    """The tag of ``pressmark_jinja2``; without a request, as in a mail, it writes the bundle's tag."""

    tags = {"compress"}  # noqa: RUF012  # Jinja's own way

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the node of a region."""
        return parse_region(self, parser)

    def render_region(self, context: Context, caller: Callable[[], str]) -> str:
        """Return the region that *caller* gives, as it goes out."""
        if context.get("request"):
            mark(context["request"])
        html = caller()
        return bundled(type(html)(in_request(str(html))), context, apps.get_app_config("pressmark").bundle_fragment)

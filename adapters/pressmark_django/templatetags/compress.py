"""``{% load compress %}``: the tags of django-compressor, which write the markers of a region.

Where a template is rendered while no request is answered there is no response, and so no middleware: there they write
the bundle's tag. A region of the mode ``inline`` needs no file: without a request of its own, as in mails, it is always
written so.
"""

from django import template
from django.apps import apps
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from pressmark.adapters import check_end, markers_for
from pressmark_django.answering import mark
from pressmark_django.compressor.request_values import in_request

register = template.Library()


class CompressNode(template.Node):
    """A region of a template."""

    def __init__(self, nodelist: NodeList, start: str, end: str) -> None:
        self.nodelist, self._start, self._end = nodelist, start, end

    def render(self, context: Context) -> SafeString:
        """Return the rendered content between the markers; without a request, as in a mail, the bundle's tag."""
        html = in_request(f"{self._start}{self.nodelist.render(context)}{self._end}")
        request = getattr(context, "request", None) or context.get("request")
        if request is not None:
            mark(request)
        elif apps.is_installed("pressmark_django"):
            html = apps.get_app_config("pressmark").bundle_fragment(html)
        return mark_safe(html)  # noqa: S308  # rendered already


def compress(parser: Parser, token: Token) -> CompressNode:
    """Return the region up to ``{% endcompress %}``: ``{% compress css|js [file|inline|preload] [name] %}``."""
    words = [word.strip("'\"") for word in token.split_contents()[1:]]
    try:
        start, end = markers_for(words)
        nodelist = parser.parse(("endcompress",))
        check_end(parser.next_token().split_contents()[1:], words[0])
    except ValueError as error:
        raise template.TemplateSyntaxError(str(error)) from error
    return CompressNode(nodelist, start, end)


register.tag("compress", compress)

"""``{% compress css %} … {% endcompress %}`` in Jinja: it writes the markers of a region.

Where a template is rendered without a ``request`` there is no response, and so no middleware: there it writes the tag,
if the environment or context has a function ``bundle_html``, from HTML to HTML.
"""

from collections.abc import Callable

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from pressmark.adapters import check_end, markers_for

__all__ = ["CompressExtension"]


class CompressExtension(Extension):
    """The tag ``{% compress css|js [file|inline|preload] [name] %}``.

    Words may stand in quotes, as a name with a "-" must, and commas between them. ``{% endcompress css %}`` is the same
    as ``{% endcompress %}``.
    """

    tags = {"compress"}  # noqa: RUF012  # Jinja's own way

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the node of a region."""
        return parse_region(self, parser)

    def render_region(self, context: Context, caller: Callable[[], str]) -> str:
        """Return the region that *caller* gives, as it goes out."""
        return bundled(caller(), context, context.get("bundle_html"))


def parse_region(extension: Extension, parser: Parser) -> nodes.Node:
    """Return the node of a region, which calls ``render_region`` of *extension*."""
    line = next(parser.stream).lineno
    words = _words(parser)
    try:
        start, end = markers_for(words)
        body = parser.parse_statements(("name:endcompress",), drop_needle=True)
        check_end(_words(parser), words[0])
    except ValueError as error:
        parser.fail(str(error), line)
    marked = [_text(start, line), *body, _text(end, line)]
    call = extension.call_method("render_region", [nodes.ContextReference()])
    return nodes.CallBlock(call, [], [], marked, lineno=line)


def bundled(html: str, context: Context, bundle_html: Callable[[str], str] | None) -> str:
    """Return *html* bundled by *bundle_html* if there is no request, and so no response that the middleware sees."""
    # In Flask the name is always there; outside of a request it stands for nothing, and is false.
    return html if bundle_html is None or context.get("request") else bundle_html(html)


def _words(parser: Parser) -> list[str]:
    """Return the words up to the end of the tag."""
    words: list[str] = []
    while parser.stream.current.type != "block_end":
        token = next(parser.stream)
        if token.type in ("name", "string"):
            words.append(token.value)
        elif token.type != "comma":
            parser.fail(
                f"compress takes words, and {token.value!r} is none; put a name with a '-' in quotes", token.lineno
            )
    return words


def _text(text: str, line: int) -> nodes.Output:
    return nodes.Output([nodes.TemplateData(text)], lineno=line)

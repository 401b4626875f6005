"""``{% compress css %} … {% endcompress %}`` in Jinja: it only writes the markers of a region."""

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from pressmark.adapters import check_end, markers_for

__all__ = ["CompressExtension"]


class CompressExtension(Extension):
    """The tag ``{% compress css|js [file|inline|preload] [name] %}``.

    Words may stand in quotes, as a name with a "-" must, and commas between them. ``{% endcompress css %}`` is the same
    as ``{% endcompress %}``.
    """

    tags = {"compress"}  # noqa: RUF012  # Jinja's own way

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the nodes of a region."""
        line = next(parser.stream).lineno
        words = _words(parser)
        try:
            start, end = markers_for(words)
            body = parser.parse_statements(("name:endcompress",), drop_needle=True)
            check_end(_words(parser), words[0])
        except ValueError as error:
            parser.fail(str(error), line)
        return [_text(start, line), *body, _text(end, line)]


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

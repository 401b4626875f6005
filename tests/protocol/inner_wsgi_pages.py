"""Legal WSGI applications that answer with an HTML page in one piece."""

import sys
from typing import Any

from tests.protocol.wsgi_cases import HEAD, HTML, AppError, Case, Sized, answers, fail, nothing, whole
from tests.protocol.wsgi_connection import App, Environ, Request, StartResponse

COOKIES = (
    ("Set-Cookie", "b=2; Path=/"),
    ("X-Middle", "between"),
    ("Set-Cookie", "a=1; Path=/"),
    ("set-cookie", "b=2; Path=/"),
)
VALIDATORS = (
    ("ETag", '"v1"'),
    ("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
    ("Vary", "Cookie"),
)
DIGESTS = (
    ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
    ("Digest", "sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ("content-digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
    ("Repr-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
)
RANGES = ("Accept-Ranges", "bytes")


def _echoes(_page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        source = environ["wsgi.input"]
        got = [source.readline(), source.read(3), *source.readlines(), source.read(1)]
        start_response("200 OK", [HTML, ("X-Pieces", str(len(got)))])
        return [b"".join(got)]

    return app


def _shows_environ(_page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML])
        return [repr([environ[key] for key in ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")]).encode()]

    return app


def _recovers(page: bytes) -> App:
    """Fails after start_response, but before any output: the error page takes the place of the page."""

    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML, ("X-First", "1"), ("ETag", '"first"')])
        try:
            fail()
        except AppError:
            start_response("500 Oh No", [HTML, ("X-Second", "2")], sys.exc_info())
        return [page]

    return app


def _becomes_json(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML])
        try:
            fail()
        except AppError:
            start_response("500 Oh No", [("Content-Type", "application/json")], sys.exc_info())
        return [page]

    return app


def _becomes_a_page(page: bytes) -> App:
    """Starts with JSON, fails before any output, and answers with an error page."""

    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [("Content-Type", "application/json"), ("X-First", "1")])
        try:
            fail()
        except AppError:
            start_response("500 Oh No", [HTML, ("X-Second", "2")], sys.exc_info())
        return [page]

    return app


def _says_none(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML], None)
        return [page]

    return app


def _shares_its_headers(page: bytes) -> App:
    """Uses one list of headers for all its responses."""
    headers = [HTML, ("ETag", '"v1"'), ("Content-Length", str(len(page)))]

    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", headers)
        return [page]

    return app


def _head_of(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML, ("Content-Length", str(len(page))), *VALIDATORS, RANGES])
        return []

    return app


UPLOAD = Request(method="POST", body=b"one\n<!-- two -->\nthree", extra=(("CONTENT_TYPE", "text/plain"),))
CONDITIONAL = Request(extra=(("HTTP_IF_NONE_MATCH", '"other"'), ("HTTP_RANGE", "bytes=0-9")))

PAGES = {
    "a page with Content-Length": Case(whole(HTML), "page"),
    "a page without Content-Length": Case(whole(HTML, sized=False), "page"),
    "a page in a tuple": Case(answers(lambda page: (page,), HTML, sized=True), "page"),
    "a page in an iterable of length 1": Case(answers(lambda page: Sized([page]), HTML, sized=True), "page"),
    "a 404 page": Case(whole(HTML, status="404 Not Found"), "page"),
    "a 500 page": Case(whole(HTML, status="500 Internal Server Error"), "page"),
    "a page with an odd reason": Case(whole(HTML, status="200 Fine, thanks: é"), "page"),
    "a page with an empty reason": Case(whole(HTML, status="200 "), "page"),
    "a page of an odd status": Case(whole(HTML, status="599 Unheard Of"), "page"),
    "a page with a strong ETag and Last-Modified": Case(whole(HTML, *VALIDATORS), "page"),
    "a page with a weak ETag": Case(whole(HTML, ("ETag", 'W/"v1"'), ("X-Last", "1")), "page"),
    "a page with Accept-Ranges": Case(whole(RANGES, HTML), "page"),
    "a page with digests": Case(whole(*DIGESTS, HTML), "page"),
    "a page with every validator at once": Case(whole(*VALIDATORS, HTML, *DIGESTS, RANGES, *COOKIES), "page"),
    "a page with the same cookie twice": Case(whole(*COOKIES, HTML), "page"),
    "a page with odd header case": Case(
        whole(("CONTENT-TYPE", "text/html"), ("eTaG", '"v1"'), ("x-LAST", "1"), ("VARY", "*")), "page"
    ),
    "a page with latin-1 in a header": Case(whole(("X-Name", "Andr\xe9 \xa7\xff"), HTML), "page"),
    "a page with an empty header value": Case(whole(("X-Nothing", ""), HTML, ("Vary", "")), "page"),
    "a page in odd spelling of its type": Case(whole(("Content-Type", "Text/HTML ;charset=UTF-8")), "page"),
    "a page of a bare type": Case(whole(("Content-Type", "text/html")), "page"),
    "a page with Content-Encoding identity": Case(whole(HTML, ("Content-Encoding", "identity")), "page"),
    "a page with harmless Cache-Control": Case(
        whole(HTML, ("Cache-Control", 'private="no-transform-ish", max-age=0')), "page"
    ),
    "a page with invalid UTF-8": Case(
        whole(HTML), "page", dress=lambda page: page.dressed(b"", b"<p>\xff\xfe\xc3(\xed\xa0\x80</p>")
    ),
    "a page with NUL and CR": Case(
        whole(HTML), "page", dress=lambda page: page.dressed(b"\r\n\r<!-- \0 -->", b"\r<p>\0</p>\r\n")
    ),
    "a page that begins with a BOM": Case(
        whole(("Content-Type", "text/html")), "page", dress=lambda page: page.dressed(b"\xef\xbb\xbf", b"")
    ),
    "a page in ISO-8859-1": Case(
        whole(("Content-Type", "text/html; charset=iso-8859-1")),
        "page",
        dress=lambda page: page.dressed(b"", b"<p>\xe9\xa0\xff</p>"),
    ),
    "an empty page in one piece": Case(answers(lambda _: [b""], HTML, ("Content-Length", "0")), "page"),
    "an empty page without a piece": Case(answers(nothing, HTML, ("Content-Length", "0")), "page"),
    "a page's HEAD": Case(_head_of, "head", HEAD),
    "a page's HEAD that sends the body": Case(whole(HTML), "head", Request(method="HEAD", allow_head_body=True)),
    "an echo of a request body": Case(_echoes, "page", UPLOAD),
    "a page that shows its environ": Case(
        _shows_environ, "page", Request(path="/a b/\xc3\xa9", script_name="/mnt", query="q=%20&q=2")
    ),
    "a page asked for with conditions": Case(whole(HTML, *VALIDATORS), "page", CONDITIONAL),
    "a page for an environ of the required keys only": Case(
        whole(HTML),
        "page",
        Request(omits=("QUERY_STRING", "CONTENT_LENGTH", "HTTP_HOST", "REMOTE_ADDR", "wsgi.file_wrapper")),
        validates=False,
    ),
    "a page for a path that is empty below its mount": Case(whole(HTML), "page", Request(path="", script_name="/mnt")),
    "an answer to POST": Case(whole(HTML), "page", Request(method="POST")),
    "an error page instead of a page": Case(_recovers, "page"),
    "a JSON error instead of a page": Case(_becomes_json, "same"),
    "an error page instead of JSON": Case(_becomes_a_page, "either"),
    "a page started with an explicit None": Case(_says_none, "page"),
    "a page with a list of headers that is used again": Case(_shares_its_headers, "page"),
}

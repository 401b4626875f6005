"""Applications on machines of their own, for `pressmark doctor` to look at."""

from pathlib import Path

from tests.offline.machines import Machine

APP = """
from pressmark import WSGIMiddleware

PAGE = b'<!-- compress css --><link rel=stylesheet href="/static/a.css">' \\
    b'<link rel=stylesheet href="/static/b.css"><!-- endcompress -->'

def site(environ, start_response):
    found = environ["PATH_INFO"] in ("/", "/about/")
    start_response("200 OK" if found else "404 Not Found", [("Content-Type", "text/html; charset=utf-8")])
    return [PAGE if environ["PATH_INFO"] == "/" else b"<p>nothing here</p>"]

app = WSGIMiddleware(site, **{"static": {"/static/": "static"}, "cache_dir": "cache", **OPTIONS})
"""


class Setup(Machine):
    """A machine with an application of these *options*, written as Python."""

    def __init__(self, folder: Path, options: str = "{}") -> None:
        super().__init__(folder)
        static = folder / "static"
        static.mkdir()
        for name in ("a.css", "b.css"):
            (static / name).write_text("a { color: red }" * 50)
        (folder / "app.py").write_text(APP.replace("OPTIONS", options))

    def examined(self, *arguments: str) -> list[str]:
        """Return the lines that the command prints, whatever its status."""
        code = "import sys; from pressmark.cli.main import main; main(sys.argv[1:], standalone_mode=True)"
        wrapped = f"try:\\n    exec({code!r})\\nexcept SystemExit as end:\\n    print('status', end.code)"
        return self.run("-c", wrapped.replace("\\n", "\n"), "doctor", *arguments).splitlines()

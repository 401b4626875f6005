"""Uses of the public face that every type checker refuses, each on its own line. Nothing here is run.

A checker that takes one of them says that its ignore is not needed, and fails.
"""

from starlette.applications import Starlette

from pressmark import ASGIMiddleware, Filter, Options, Settings, WSGIMiddleware
from pressmark_starlette import PressmarkMiddleware
from tests.typing.right import asgi, wsgi

WSGIMiddleware(wsgi, refersh=0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
WSGIMiddleware(wsgi, fidelity="exakt")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
WSGIMiddleware(wsgi, static="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
WSGIMiddleware(asgi)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
ASGIMiddleware(asgi, refersh=0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
ASGIMiddleware(asgi, early_hints="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
ASGIMiddleware(wsgi)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Settings(refersh=0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Settings(resolve="files")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Settings(css_hash=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Settings().refresh = 0  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
Starlette().add_middleware(PressmarkMiddleware, static="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Starlette().add_middleware(PressmarkMiddleware, refersh=0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
OPTIONS: Options = {"url_rewrite": "keep"}  # type: ignore[typeddict-item]  # pyright: ignore[reportAssignmentType]
FILTER: Filter = str  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

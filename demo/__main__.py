"""Serves the demo: ``python -m demo --port 8000``."""

import argparse
import signal
import socket
import sys
from contextlib import suppress

import uvicorn


class Server(uvicorn.Server):
    """A server that says where it is, once, when it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Return when connections are accepted."""
        await super().startup(sockets)
        for listener in sockets or []:
            host, port = listener.getsockname()[:2]
            print(f"Pressmark demo: http://{host}:{port}/ (Ctrl+C ends it)", flush=True)


def main() -> int:
    """Serve until interrupted; return the exit status."""
    options = _parse()
    try:
        listener = _listen(options.host, options.port)
    except OSError as error:
        reason = error.strerror or str(error)
        where = f"{options.host}:{options.port}"
        print(f"Pressmark demo: cannot serve on {where}: {reason}; try make demo PORT=8001, or --port", file=sys.stderr)
        return 1
    # Uvicorn gives SIGTERM back when it has shut down; end then as after Ctrl+C, so that exit hooks run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with listener, suppress(KeyboardInterrupt):
        Server(uvicorn.Config("demo.asgi:app", log_level="warning")).run([listener])
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description="Serve Pressmark's demo.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8000, help="0 takes a free one (default: %(default)s)")
    return parser.parse_args()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"{text!r} is no port number from 0 to 65535")
    return int(text)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


if __name__ == "__main__":
    sys.exit(main())

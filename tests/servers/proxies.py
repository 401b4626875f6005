"""Programs that stand before hosts: nginx and Varnish, each with all of its files in a folder of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests import needs
from tests.servers.running import free_port

START_S = 30.0
NGINX = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 0;
    keepalive_timeout 1h;
    keepalive_requests 1000000;
    {more}
    upstream hosts {{
{hosts}
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            {rules}
            proxy_set_header Host $http_host;
            proxy_pass http://hosts;
            add_header X-Upstream $upstream_addr always;
        }}
    }}
}}
"""
VARNISH = """vcl 4.1;
import directors;
{backends}
sub vcl_init {{
    new hosts = directors.round_robin();
{members}
}}
sub vcl_recv {{
    set req.backend_hint = hosts.backend();
}}
"""


@contextmanager
def nginx(folder: Path, hosts: Sequence[str], rules: str = "", more: str = "") -> Iterator[str]:
    """Run nginx before *hosts*, each in turn; give its base URL. *rules* are of the location, *more* of the server."""
    folder.mkdir()
    port = free_port()
    servers = "\n".join(f"        server {host} max_fails=0;" for host in hosts)  # those that restart are tried, too
    user = "user root;" if os.getuid() == 0 else ""  # else its workers could not read the folder
    (folder / "nginx.conf").write_text(
        NGINX.format(user=user, folder=folder, port=port, hosts=servers, rules=rules, more=more)
    )
    program = _program("nginx", "nginx")
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with _proxy(command, folder, port) as base:
        yield base


@contextmanager
def nginx_cache(folder: Path, hosts: Sequence[str]) -> Iterator[str]:
    """Run nginx that keeps what may be kept."""
    path = f"proxy_cache_path {folder}/cache keys_zone=bundles:1m;"
    with nginx(folder, hosts, "proxy_cache bundles;", path) as base:
        yield base


@contextmanager
def varnish(folder: Path, hosts: Sequence[str], *parameters: str) -> Iterator[str]:
    """Run Varnish before *hosts*, each in turn, with *parameters* of its own; give its base URL."""
    folder.mkdir()
    port = free_port()
    names = {f"host{number}": host.split(":") for number, host in enumerate(hosts)}
    backends = "\n".join(
        f'backend {name} {{ .host = "{host}"; .port = "{port}"; }}' for name, (host, port) in names.items()
    )
    members = "\n".join(f"    hosts.add_backend({name});" for name in names)
    (folder / "hosts.vcl").write_text(VARNISH.format(backends=backends, members=members))
    options = [option for parameter in parameters for option in ("-p", parameter)]
    command = [
        _program("varnishd", "varnish"), "-n", str(folder / "work"), "-F", "-f", str(folder / "hosts.vcl"),
        "-a", f"127.0.0.1:{port}", "-s", "malloc,32m", "-j", "none", *options,
    ]  # fmt: skip
    with _proxy(command, folder, port) as base:
        yield base


def _program(name: str, package: str) -> str:
    """Return the path of a server, which Debian puts where shells of most users do not look."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    return needs.found("server", path, needs.FROM_DEBIAN.format(package))


@contextmanager
def _proxy(command: list[str], folder: Path, port: int) -> Iterator[str]:
    log = folder / "output.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(START_S)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, f"it ended: {log.read_text()}"
        assert time.monotonic() < deadline, f"it does not listen: {log.read_text()}"
        time.sleep(0.05)

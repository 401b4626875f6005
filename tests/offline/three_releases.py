"""A site of one page in three releases, each as it is deployed: its static files, and what was built of them."""

import shutil
from hashlib import sha256
from pathlib import Path

from pressmark.offline.deployment import Deployed, deploy
from pressmark.offline.destinations import Destination
from pressmark.offline.packing import Parcel, pack
from tests.offline.machines import Machine

PAGE = """<!-- compress css --><link rel=stylesheet href="/static/site.css">
<link rel=stylesheet href="/static/shop.css"><!-- endcompress -->
<!-- compress js main --><script src="/static/site.js"></script><!-- endcompress -->"""
APP = f"""
from pressmark import WSGIMiddleware

def site(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [b'''{PAGE}''']

app = WSGIMiddleware(site, static={{"/static/": "static"}}, source_maps=True)
"""
RELEASES = ("one", "two", "three")
Sources = list[tuple[Path, str]]


def build_releases(folder: Path) -> dict[str, Sources]:
    """Build each release in a new *folder*; return its directories, each with its path at the destination."""
    machine = Machine(folder)
    (machine.folder / "app.py").write_text(APP)
    static = machine.folder / "static"
    (static / "images").mkdir(parents=True)
    for number in range(5):
        (static / "images" / f"{number}.png").write_bytes(b"\x89PNG" + bytes([number]) * 500)
    found = {}
    for release in RELEASES:
        (static / "shop.css").write_text(f"p {{ --release: {release}; color: red }}\n" * 9)
        (static / "site.css").write_text("body { background: url(images/1.png) }\n" * 9)
        (static / "site.js").write_text(f"document.title = 'this is release {release}'")
        (static / f"hashed.{sha256(release.encode()).hexdigest()[:12]}.txt").write_text(release)
        machine.run("-m", "pressmark", "build", "app:app", "/", "--output", "dist")
        found[release] = [
            (Path(shutil.copytree(machine.folder / name, machine.folder / release / name)), prefix)
            for name, prefix in (("static", ""), ("dist", "pressmark/"))
        ]
    return found


def put(destination: Destination, sources: Sources | Parcel, name: str = "r1") -> Deployed:
    """Deploy a release."""
    parcel = sources if isinstance(sources, Parcel) else pack(sources)
    return deploy(parcel, destination, name, "abc", lambda done, total: None)

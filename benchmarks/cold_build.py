"""What the proofs cost: ``python -m benchmarks.cold_build`` builds the demo's fifteen-file page cold, and again after a
change to one file.

The floor is a bundler that proves nothing: rcssmin and rjsmin on each file, joined by line ends, hashed. Everything is
built in turn, in memory, and the medians are compared. Nothing else may run on the machine.
"""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

import rcssmin
import rjsmin

from demo.flask_site import app
from pressmark.assembly import assemble_renderer
from pressmark.model import MEDIA_TYPES, Asset, Page, Region, Source
from pressmark.page.scanner import Scanner
from pressmark.regions.renderer import Renderer
from pressmark.settings import Settings

WAYS = {
    "combined": Settings(minify=False),
    "combined and minified": Settings(),
    "minified, with source maps": Settings(source_maps=True),
}
ROUNDS = 7
CHANGED = "app.js"


@dataclass
class Loaded:
    """A resolver of files that are in memory already."""

    files: dict[str, bytes] = field(default_factory=dict)

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*."""
        path = url.partition("?")[0]
        content = self.files.get(path)
        kind = MEDIA_TYPES.get(path.rpartition(".")[2])
        return Asset(url, kind, content, (Source(path, "", None),)) if content is not None and kind else None

    def partials(self, asset: Asset) -> tuple[Source, ...]:
        """Return nothing: there is nothing beside it."""
        return ()

    def is_current(self, source: Source, page: Page) -> bool:
        """Tell that nothing is known to be what it was."""
        return False


def load() -> tuple[list[Region], Loaded]:
    """Return the regions of the demo's larger page and the files that they refer to."""
    client = app.test_client()
    body = client.get("/dashboard/?plain").data
    scanner = Scanner()
    regions = [event for event in (*scanner.feed(body), *scanner.finish()) if isinstance(event, Region)]
    loaded = Loaded()
    for region in regions:
        for part in region.body.split(b'"'):
            url = part.decode("utf-8", "replace")
            if url.startswith("/") and url.endswith((".css", ".js")):
                loaded.files[url] = client.get(url).data
    return regions, loaded


def unproved(files: Iterable[tuple[str, bytes]]) -> str:
    """Return the hash of what a bundler makes of *files* that believes its minifiers."""
    parts = [rcssmin.cssmin(raw) if url.endswith(".css") else rjsmin.jsmin(raw) for url, raw in files]
    return sha256(b"\n".join(parts)).hexdigest()


def rendering(renderer: Renderer, regions: list[Region]) -> Callable[[], None]:
    """Return a call that renders *regions*."""

    def render() -> None:
        for region in regions:
            renderer.render(region, Page("", "/dashboard/", charset="utf-8"))

    return render


def timed(call: Callable[[], object]) -> float:
    """Return the milliseconds that *call* takes."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Print a line for each way of building."""
    regions, loaded = load()
    changed = next(url for url in loaded.files if url.endswith(CHANGED))
    original = loaded.files[changed]
    times: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        times.setdefault("rcssmin, rjsmin and a join", []).append(timed(lambda: unproved(loaded.files.items())))
        for name, settings in WAYS.items():
            loaded.files[changed] = original
            render = rendering(assemble_renderer(settings, loaded), regions)
            times.setdefault(f"{name}, cold", []).append(timed(render))
            loaded.files[changed] = original + b"\n// %d" % number
            times.setdefault(f"{name}, after a change to {CHANGED}", []).append(timed(render))
    size = sum(map(len, loaded.files.values()))
    print(f"{len(loaded.files)} files of {size:,} bytes, medians of {ROUNDS} rounds")
    floor = statistics.median(next(iter(times.values())))
    for name, found in times.items():
        median = statistics.median(found)
        print(f"  {name:48} {median:8.1f} ms  {median / floor:6.1f} x")


if __name__ == "__main__":
    main()

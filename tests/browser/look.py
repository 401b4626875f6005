"""What a browser makes of a page, in a form that can be compared."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, sync_playwright

# Every element with the computed style of itself and its pseudo-elements, but for what bundles are made of: the
# links, styles and scripts that a region held before and after.
STYLES = """
() => {
  const PSEUDO = [
    null, '::before', '::after', '::marker', '::placeholder', '::selection', '::first-line', '::first-letter',
  ];
  const read = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return Array.from(style, name => name + ':' + style.getPropertyValue(name)).join(';');
  };
  return [...document.querySelectorAll('*')]
    .filter(element => !element.matches('link, style, script, template'))
    .map(element => [element.tagName, ...PSEUDO.map(pseudo => read(element, pseudo))]);
}
"""
# jQuery makes a name of its version and a random number.
GLOBALS = """
() => Object.getOwnPropertyNames(window).sort()
  .map(name => [name.replace(/[0-9]{12,}/, 'N'), typeof window[name]])
"""


@dataclass
class Look:
    """One page as Chromium shows it. *assets* are the stylesheets and scripts, *others* images, fonts and the rest."""

    styles: list[object]
    globals: list[object]
    picture: Image.Image
    console: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def chromium() -> str:
    """Return the path of the system's Chromium; without one there is no test to pass."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise AssertionError("the browser tests need Chromium: run 'make test', which installs it")


@contextmanager
def browser(*more: str) -> Iterator[Browser]:
    """Run the system's Chromium, with *more* arguments, until the context ends."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", *more]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), headless=True, args=arguments)
        try:
            yield running
        finally:
            running.close()


def look_at(running: Browser, url: str) -> Look:
    """Return the page at *url* as a fresh browser context shows it once it is at rest."""
    context = running.new_context(viewport={"width": 1100, "height": 900})
    page: Page = context.new_page()
    console: list[str] = []
    failed: list[str] = []
    assets: list[str] = []
    others: list[str] = []
    page.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: console.append(f"error: {error}"))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.on(
        "requestfinished",
        lambda request: (assets if request.resource_type in ("stylesheet", "script") else others).append(request.url),
    )
    page.goto(url, wait_until="networkidle")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    look = Look(
        page.evaluate(STYLES), page.evaluate(GLOBALS), picture_of(page), console, failed, assets, sorted(others)
    )
    context.close()
    return look


def picture_of(page: Page) -> Image.Image:
    """Return the whole page as pixels."""
    return Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")


def differing_pixels(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels differ; pictures of different sizes differ everywhere."""
    if one.size != other.size:
        return one.width * one.height
    difference = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value else 0)
    return difference.histogram()[255]

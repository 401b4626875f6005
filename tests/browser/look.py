"""What a browser makes of a page, in a form that can be compared."""

import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, Request, StorageState, sync_playwright

from tests import needs

# Every element with digests of the computed style of itself and of those pseudo-elements that there are or that a rule
# speaks of, but for what bundles are made of: the links, styles and scripts that a region held before and after. To
# list the names of a style takes longer than to read it; where there are as many they are the same, as custom
# properties are inherited. Their order depends on what the process has seen before, and so does the case in which it
# writes the language.
STYLES = """
() => {
  const rules = sheet =>
    [...sheet.cssRules].map(rule => rule.styleSheet ? rules(rule.styleSheet) : rule.cssText).join();
  const css = [...document.styleSheets].map(rules).join();
  const spoken = ['::selection', '::first-line', '::first-letter'].filter(pseudo => css.includes(pseudo));
  const digest = text => {
    let hash = 5381;
    for (let place = 0; place < text.length; place++) hash = (hash * 33 ^ text.charCodeAt(place)) | 0;
    return hash;
  };
  const listed = new Map();
  const names = style => {
    if (!listed.has(style.length)) listed.set(style.length, Array.from(style).sort());
    return listed.get(style.length);
  };
  const read = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    // Chromium forgets the used values of automatic margins when it has last laid out an element's inside alone.
    const computed = pseudo ? null : element.computedStyleMap();
    const value = name => computed && name.startsWith('margin') ? computed.get(name) : style.getPropertyValue(name);
    const text = names(style).map(name => name + ':' + value(name)).join(';');
    return digest(text.replace(/-webkit-locale:[^;]*/, locale => locale.toLowerCase()));
  };
  const pseudos = element => {
    const has = pseudo => !['none', 'normal'].includes(getComputedStyle(element, pseudo).content);
    const isItem = getComputedStyle(element).display.includes('list-item');
    return [
      null, ...spoken, ...['::before', '::after'].filter(has), ...isItem ? ['::marker'] : [],
      ...element.matches('input, textarea') ? ['::placeholder'] : [],
    ];
  };
  return [...document.querySelectorAll('*')]
    .filter(element => !element.matches('link, style, script, template'))
    .map(element => [element.tagName, ...pseudos(element).map(pseudo => `${pseudo} ${read(element, pseudo)}`)]);
}
"""
# jQuery makes a name of its version and a random number.
GLOBALS = """
() => Object.getOwnPropertyNames(window).sort()
  .map(name => [name.replace(/[0-9]{12,}/, 'N'), typeof window[name]])
"""
# Two frames and a timer: callbacks of what has been loaded have run.
SETTLED = """
() => document.fonts.ready.then(() => new Promise(resolve =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 20)))))
"""
# Ends what changes with time alone; what runs for ever is taken back.
STILL = """
() => document.getAnimations().forEach(each => {
  try { each.finish(); } catch { each.cancel(); }
})
"""

Act = Callable[[Page], object]


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
    paths = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return needs.found("browser", next(filter(None, paths), None), needs.FROM_DEBIAN.format("Chromium"))


@contextmanager
def browser(*more: str) -> Iterator[Browser]:
    """Run the system's Chromium, with *more* arguments, until the context ends."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
    # A corner that is painted in two goes is not, to the last bit, one that is painted in one.
    arguments += ["--disable-partial-raster", "--disable-low-res-tiling", *more]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), headless=True, args=arguments)
        try:
            yield running
        finally:
            running.close()


def look_at(running: Browser, url: str) -> Look:
    """Return the page at *url* as a fresh browser context shows it once it is at rest."""
    return looks_at(running, url, ())[0]


def looks_at(running: Browser, url: str, acts: Sequence[Act], state: StorageState | None = None) -> list[Look]:
    """Return the page at *url* at rest and after each of *acts*; *state* has the cookies of a login.

    What was asked for and what the console said is the same in each look: all of it.
    """
    context = running.new_context(
        viewport={"width": 1100, "height": 900}, timezone_id="UTC", reduced_motion="reduce", storage_state=state
    )
    page = context.new_page()
    console: list[str] = []
    failed: list[str] = []
    assets: list[str] = []
    others: list[str] = []
    pending: set[Request] = set()

    def begin(request: Request) -> None:  # Playwright takes no method of a set
        pending.add(request)

    def end(request: Request) -> None:
        pending.discard(request)

    page.on("request", begin)
    page.on("requestfinished", end)
    page.on("requestfailed", end)
    page.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: console.append(f"error: {error}"))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.on(
        "requestfinished",
        lambda request: (assets if request.resource_type in ("stylesheet", "script") else others).append(request.url),
    )
    page.goto(url, wait_until="networkidle")
    looks = list[Look]()
    for act in (lambda _: None, *acts):
        act(page)
        page.mouse.move(0, 0)  # what lies under the pointer changes a while after what is opened there
        page.evaluate(SETTLED)
        while pending:
            page.wait_for_timeout(20)
        page.evaluate(STILL)
        page.evaluate(SETTLED)  # scripts have heard of the ends of transitions
        styles, names = page.evaluate(STYLES), page.evaluate(GLOBALS)
        looks.append(Look(styles, names, picture_of(page), console, failed, assets, others))
    context.close()
    others.sort()
    return looks


def picture_of(page: Page) -> Image.Image:
    """Return the whole page as pixels."""
    return Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")


def differing_pixels(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels differ; pictures of different sizes differ everywhere."""
    if one.size != other.size:
        return one.width * one.height
    difference = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value else 0)
    return difference.histogram()[255]

"""What Chromium makes of stylesheets: the rules of each, as it serializes them."""

from collections.abc import Sequence

from tests.browser.look import browser

# Imports are no rules of a constructed sheet: tokens are to say whether they are the same.
_FIRST_DIFFERENCE = """
([before, after]) => {
  // What Chromium does not parse at once, as values with var() and conditions, it serializes as it is written.
  const BLANK = /(?<=,|\\([a-z-]+:)\\s+/g;
  const rules = text => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return [...sheet.cssRules].map(rule => rule.cssText.replace(BLANK, ''));
  };
  const [plain, minified] = [rules(before), rules(after)];
  const place = plain.findIndex((text, place) => text !== minified[place]);
  const at = place < 0 && plain.length !== minified.length ? plain.length : place;
  return [plain.length, at < 0 ? '' : `${plain[at]} | ${minified[at]}`];
}
"""


def compare(pairs: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
    """Return for each two stylesheets how many rules the first has, and the first difference of the second."""
    with browser() as running:
        page = running.new_page()
        return [(count, difference) for count, difference in (page.evaluate(_FIRST_DIFFERENCE, each) for each in pairs)]

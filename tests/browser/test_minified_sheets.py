"""What a browser drops of a stylesheet it drops of the minified one, and nothing else: tried with blanks and comments
in every place, of which most make a rule invalid and some do not."""

from random import Random

import pytest

from pressmark.filters.minify import MinifyCss
from pressmark.model import Asset
from pressmark.syntax.css_tokens import tokenize
from tests.browser.look import browser
from tests.profiles import marathon

SHEETS = """
a::before{content:'x'}
a:nth-child(2n+1):hover,p:not(:hover){color:red}
a>b+c~d,a||b{color:red}
a:is(b,c>d):not(.x,:hover){top:0}
[class^=x],a[b=c i],a[b|='c']{color:red}
@namespace svg url(x);svg|a,*|b,|c{color:red}
a{&:hover{color:red}& b{top:0}>b{left:0}}
@scope (.a) to (:hover){b{color:red}}
@supports selector(:is(a)){a{color:red}}
@supports (display:grid) and (not (display:x)){a{color:red}}
@media (min-width:1px) and (max-width:9999px){a{color:red}}
@media (1px<=width<=9999px){a{color:red}}
@container n (width>1px) and style(--x:y){a{color:red}}
@import url(x) layer(a.b) supports(display:grid) screen and (min-width:1px);
@layer a.b{c{color:red}}
@property --x{syntax:'<color>';inherits:false;initial-value:red}
@function --f(--x <color>) returns <color>{result:var(--x)}
@font-face{font-family:f;src:url(x);unicode-range:U+4?,u+41-5A,U+?,U+41}
@page :first{margin:1px}
@keyframes k{0%,50%{top:0}to{top:1px}}
a{color:attr(data-x type(<color>),red)}
a{color:red!important;margin:-1px +2px;font:12px/1.5 x}
a{width:calc(1px + 2px*3 - 4px);color:rgb(1 2 3/50%)}
a{width:if(media(width>1px):1px;else:2px)}
a{--x:b c;--y:  ;color:var(--x,)}
""".split("\n")[1:-1]
WORDS = "a .c #i hover not is ( ) : [ ] ^ = ~ | > + x 1px U +41 4 ? -5 red ! , & % / - --x var(--x) < @ 's' $".split()
GAPS = (" ", "/**/", "/**/", " /**/", "/**/ ", "\n")
VARIANTS = 4000

# Of each rule its kind, whether it applies, and its text without comments and free blanks, and of each element some
# computed styles.
RULES = r"""
pairs => {
  document.body.innerHTML =
    '<a class="c x" id=i x=red data-x=red b=c>t<b>x</b></a><p class=x>p<a>q</a></p>';
  const elements = [...document.body.querySelectorAll('*')];
  const plain = text => text
    .replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ').replace(/ ?([!(),:;{}<>+~=\[\]]) ?/g, '$1');
  const told = rule => [
    rule.constructor.name, rule.matches, rule.media && matchMedia(rule.media.mediaText).matches,
    plain(rule.cssText), ...rule.cssRules ? [...rule.cssRules].map(told) : [],
  ];
  const effect = text => {
    const style = document.createElement('style');
    style.textContent = text;
    document.head.append(style);
    const styles = elements.map(getComputedStyle).map(s => [s.color, s.width, s.top, s.left, s.margin]);
    const found = JSON.stringify([[...style.sheet.cssRules].map(told), styles]);
    style.remove();
    return found;
  };
  return pairs.filter(([one, other]) => effect(one) !== effect(other));
}
"""


def variant(random: Random) -> str:
    """Return a sheet with blanks, comments and words where there were none."""
    parts = [token.text for token in tokenize(random.choice(SHEETS))]
    for _ in range(random.choice((1, 1, 1, 2, 3, 5))):
        more = random.choice(GAPS) if random.random() < 0.8 else random.choice(WORDS)
        if random.random() < 0.3:  # inside a token
            text = "".join(parts)
            place = random.randrange(len(text) + 1)
            parts = [text[:place], text[place:]]
            parts.insert(1, more)
        else:
            parts.insert(random.randrange(len(parts) + 1), more)
    return "".join(parts) + "z{top:0}"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_rules_are_dropped(seed: int) -> None:
    random, minify = Random(seed), MinifyCss()
    texts = [variant(random) for _ in range(marathon(VARIANTS))]
    pairs = [(text, minify(Asset("/a.css", "text/css", text.encode())).content.decode()) for text in texts]

    with browser() as chromium:
        differing = chromium.new_page().evaluate(RULES, pairs)

    assert differing == []

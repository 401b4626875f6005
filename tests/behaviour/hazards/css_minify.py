"""White space and spelling that mean something survive minifying (CSS Syntax 3; Values 4; Selectors 4)."""

from tests.behaviour.hazard import css

# What follows must not be taken in: so every page shows that its second sheet was read by itself, and rightly.
OPEN = "p{color:red"
READ = "getComputedStyle(document.documentElement).getPropertyValue('--a')"

HAZARDS = (
    css(
        "spaces around plus and minus in calc stay",
        OPEN,
        "div{width:calc( 100px + 20px - 5px );background:aqua}",
        bundles=1,
    ),
    css(
        "spaces around signs in nested functions stay",
        OPEN,
        "div{width:max( 10px , ( 100px - 5px ) + 2px );background:aqua}",
        bundles=1,
    ),
    css(
        "a space before a sign in a shorthand stays",
        OPEN,
        "div{margin:9px -5px 0 + 2px;margin:9px -5px +3px}",
        bundles=1,
    ),
    css(
        "a space between and and a parenthesis stays",
        OPEN,
        "@media screen and (min-width:1px){div{color:green}}",
        bundles=1,
    ),
    css(
        "a space between not and a parenthesis stays",
        OPEN,
        "@supports not (color:nonsense){div{color:green}}",
        bundles=1,
    ),
    css(
        "a space between or and a parenthesis stays",
        OPEN,
        "@supports (color:nonsense) or (color:red){div{color:green}}",
        bundles=1,
    ),
    css("a space before a pseudo-class means inside", OPEN, ".two :first-child{color:green}", bundles=1),
    css("a space before a nested pseudo-class means inside", OPEN, ".two{& :first-child{color:green}}", bundles=1),
    css(
        "a space before a nested function of selectors means inside",
        OPEN,
        ".two{& :is(span,b){color:green}}",
        bundles=1,
    ),
    css("a nested selector of a pseudo-class alone means inside", OPEN, "div{:first-child{color:green}}", bundles=1),
    css(
        "a nested selector of an element and what is in it stays two",
        OPEN,
        "body{div :first-child{color:green}}",
        bundles=1,
    ),
    css("a space before an attribute selector means inside", OPEN, "div [id],body [class]{color:green}", bundles=1),
    css("a space before a star means inside", OPEN, "div *{color:green}", bundles=1),
    css("a space behind a star means inside", OPEN, "* .two{color:green}", bundles=1),
    css("a space before an id means inside", OPEN, "body #two{color:green}", bundles=1),
    css(
        "a space between closing and opening parenthesis means inside",
        OPEN,
        ":is(body) :is(div){color:green}",
        bundles=1,
    ),
    css("a comment between two selectors is no space", OPEN, "div/**/.two{color:green}", bundles=1),
    css(
        "a comment between an element and a class with a space means inside",
        OPEN,
        "body/**/ .two{color:green}",
        bundles=1,
    ),
    css("a list with attribute selectors stays one", OPEN, ":is([class=none],div){color:green}", bundles=1),
    css(
        "a quoted attribute stays quoted", OPEN, 'div[class="two"]{color:green}div[class=" two"]{color:red}', bundles=1
    ),
    css("an attribute selector that ignores case does so", OPEN, 'div[class="TWO" i]{color:green}', bundles=1),
    css(
        "an attribute selector that minds case does so",
        OPEN,
        "div[class=TWO s]{color:red}div{background:aqua}",
        bundles=1,
    ),
    css(
        "the steps of nth-child stay",
        OPEN,
        ".two :nth-child( 2n + 1 ){color:green}.two :nth-child(-n+1){background:aqua}",
        bundles=1,
    ),
    css("the list of nth-child stays", OPEN, ".two :nth-child(1 of i , b){color:green}", bundles=1),
    css("the space in a quoted url stays", OPEN, "div{background:url( 'a  dot.gif' )}", bundles=1),
    css("the spaces in a string stay", OPEN, "div{white-space:pre}div::before{content:'a  {  b  ;  }  c'}", bundles=1),
    css(
        "a string that looks like a comment stays",
        OPEN,
        "div::before{content:'/* a */'}i{color:green}span::after{content:'*/'}",
        bundles=1,
    ),
    css("a url that looks like a comment stays", OPEN, "div{background:url(/*/dot.gif)}i{color:green}/**/", bundles=1),
    css("an escaped line end in a string stays nothing", OPEN, "div::before{content:'a\\\n  b'}", bundles=1),
    css("the space that ends an escape stays", OPEN, "div::before{content:'\\41 B\\000041C'}", bundles=1),
    css("the space that ends an escape in a name stays", OPEN, ".\\74 wo{color:green}", bundles=1),
    css(
        "a space behind the space that ends an escape means inside",
        OPEN,
        ".\\74wo  span,body .tw\\6f  i{color:green}",
        bundles=1,
    ),
    css(
        "an escaped digit in a class stays",
        OPEN,
        ".\\31 0 i,.two{color:green}",
        body='<p>1</p><div class="10">a<i>b</i></div><div class="two">c</div>',
        bundles=1,
    ),
    css(
        "an escaped colon in a class stays",
        OPEN,
        ".sm\\:two\\/3{color:green}",
        body='<p>1</p><div class="sm:two/3">a</div>',
        bundles=1,
    ),
    css(
        "an empty custom property is one", OPEN, "div{--a:;color:var(--a,red)}div{background:var(--a) aqua}", bundles=1
    ),
    css(
        "a custom property of a space is one",
        OPEN,
        "div{--a: ;color:var(--a,red)}div{background:var(--a) aqua}",
        bundles=1,
    ),
    css(
        "a custom property of braces keeps its text",
        OPEN,
        ":root{--a:{a:b;  c : d };color:green}",
        seen=READ,
        bundles=1,
    ),
    css(
        "a custom property keeps its capitals and zeros",
        OPEN,
        ":root{--a:#FFF 0.50PX  URL;--A:2}",
        seen=READ,
        bundles=1,
    ),
    css("a custom property may hold an important mark", OPEN, ":root{--a: a ! important ;--a:b}", seen=READ, bundles=1),
    css("a custom property with brackets keeps its text", OPEN, ":root{--a:[ a ; b ] ( c ; d )}", seen=READ, bundles=1),
    css("names of custom properties mind their case", OPEN, "div{--A:green;--a:blue;color:var(--A)}", bundles=1),
    css(
        "an empty fallback of a variable stays one",
        OPEN,
        "div{background:var(--none,) aqua;color:var(--none, ) green}",
        bundles=1,
    ),
    css(
        "percent signs of zeros stay",
        OPEN,
        "div{color:hsl(120 100% 25%);background:hsl(0 0% 80%);width:calc(0% + 90px)}",
        bundles=1,
    ),
    css(
        "percent signs of zeros in keyframes stay",
        OPEN,
        "@keyframes a{0%{color:green}100%{color:red}}div{animation:a 9s paused both}",
        bundles=1,
    ),
    css(
        "units of zeros stay where they are asked for",
        OPEN,
        "i{transition:color 0s;flex:1 1 0px}div{width:calc(0px + 90px);rotate:0deg;background:aqua}",
        bundles=1,
    ),
    css(
        "ranges of characters stay",
        OPEN,
        "@font-face{font-family:a;src:local('Arial');unicode-range:U+0-7F, u+4??}div{font-family:a}",
        bundles=1,
    ),
    css("an important rule wins with its spaces", OPEN, "div{color:green ! important}div{color:red}", bundles=1),
    css(
        "an important rule wins with a comment inside", OPEN, "div{color:green!/**/important}div{color:red}", bundles=1
    ),
    css("a comment that is a licence changes nothing", OPEN, "/*! a } */div/*! b */{color:/*! c */green}", bundles=1),
    css(
        "a value that browsers do not know leaves the one before",
        OPEN,
        "div{color:green;color:nonsense(1);display:block;display:-ms-grid}",
        bundles=1,
    ),
    css(
        "a value that is known last wins",
        OPEN,
        "div{background:red;background:linear-gradient(90deg,aqua,lime)}",
        bundles=1,
    ),
    css(
        "a hack of a star drops one declaration",
        OPEN,
        "div{color:green;*color:red;_color:red;background:aqua}",
        bundles=1,
    ),
    css(
        "a filter of old browsers drops one declaration",
        OPEN,
        "div{filter:progid:DXImageTransform.Microsoft.gradient(startColorstr='#1',endColorstr='#2');color:green}",
        bundles=1,
    ),
    css("two equal rules stay two", OPEN, "div{color:green}i{color:red}div i{color:blue}i{color:red}", bundles=1),
    css(
        "a rule between two of one selector stays between",
        OPEN,
        ".two{color:red}div{color:blue}.two{color:green}",
        bundles=1,
    ),
    css("empty rules and lone semicolons change nothing", OPEN, "div{;;color:green;;}i{}@media all{}b{;}", bundles=1),
    css(
        "numbers with signs and exponents stay apart",
        OPEN,
        "div{margin:+.5em -1E1px 1e-1px .5em;background:aqua}",
        bundles=1,
    ),
    css("a slash between sizes stays", OPEN, "div{font:12px / 3 serif;grid-area:1 / 2;aspect-ratio:2 / 1}", bundles=1),
    css(
        "names of grid areas stay in their lines",
        OPEN,
        "div{display:grid;grid-template:[a b] 'x  y' 40px [c] / [d] 1fr 2fr}i{grid-area:y}",
        bundles=1,
    ),
    css(
        "the quotes of a font's name stay", OPEN, "div{font-family:'serif'}i{font-family:\"a  b\",monospace}", bundles=1
    ),
    css(
        "a container's condition keeps its spaces",
        OPEN,
        "body{container:a / inline-size}@container a (width > 1px) and (not (width < 1px)){div{color:green}}",
        bundles=1,
    ),
    css("a selector of a namespace's bar stays", OPEN, "*|div{color:green}|i{color:red}", bundles=1),
)

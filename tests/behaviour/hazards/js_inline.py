"""Code that may not stand in a page as it is does not stand there, or means the same (HTML, 4.12.1.3)."""

from tests.behaviour.hazard import Hazard, js


def text(claim: str, script: str | bytes, charset: str = "utf-8", elements: str = "", seen: str = "") -> Hazard:
    """Return a page whose first file holds what a page may not, and must not be called by the second."""
    content = script if isinstance(script, bytes) else script.encode()
    files: dict[str, str | bytes] = {
        "1.js": content + b"\nvar end = log.length",
        "2.js": "(function () { log.push('next') })()",
    }
    kind = f"text/html; charset={charset}"
    elements = elements or '<script src="1.js"></script>\n<script src="2.js"></script>'
    return js(claim, elements=elements, files=files, content_type=kind, bundles=1, seen=seen)


HAZARDS = (
    text("the end of a script in a string ends no script", "log.push('</script>', \"</SCRIPT \")"),
    text("the end of a script in a comment ends no script", "/* </script> */ log.push(1) // </script>"),
    text(
        "the end of a script in a pattern ends no script",
        "log.push(/<[/]script>/.test('</script>'))",
    ),
    text("the end of a script in a template ends no script", "log.push(`<p></p></script>`.length)"),
    text("the end of a script in a raw template keeps its length", "log.push(String.raw`</script>`.length)"),
    text(
        "the end of a script between operators ends no script",
        "var script = /x/, a = 1; log.push(a </script/.exec('script').length)",
    ),
    text(
        "the start of a comment and of a script in strings hide nothing",
        "log.push('<!-- ' + '<script>', '<!-- <script>')",
    ),
    text("the start of a comment and of a script in a template hide nothing", "log.push(`<!-- <script> -->`.length)"),
    text("the start of a comment in code hides nothing but its line", "log.push(1) <!-- <script>\nlog.push(2)"),
    text("a zero character in a string stays one", b"log.push('a\0b'.charCodeAt(1))"),
    text("a return in a template is a line feed as ever", b"log.push(`a\r\nb\rc`.length)"),
    text("a return in a raw template is a line feed as ever", b"log.push(String.raw`a\r\nb`.length)"),
    text("an ampersand and its names stay as they are", "log.push('&lt;', '&amp;', 1 && 2)"),
    text("signs that a replacement would expand stay as they are", "log.push('$& $1 \\\\1 \\\\g<0>', '$$', \"$'\")"),
    text("the end of a data section stays as it is", "log.push(']]>', [[1]]>0)"),
    text("a letter that the page's encoding lacks stays one", "\ufefflog.push('\u03bb \u2192')", "windows-1252"),
    text(
        "a letter that the page's encoding lacks stays one in a name",
        "\ufeffvar \u03bb = 1; log.push(\u03bb)",
        "iso-8859-1",
    ),
    text(
        "a letter that the page's encoding lacks stays one in a pattern",
        "\ufefflog.push(/^[\u2190-\u2193]$/.source)",
        "shift_jis",
    ),
    text(
        "a letter that the page's encoding lacks stays one in a raw template",
        "\ufefflog.push(String.raw`\u03bb`)",
        "windows-1252",
    ),
    text("a script that a mark follows inside stays a script", "log.push('\ufeff'.length)"),
    js(
        "deferred files run after the page also where the region asks for them in it",
        elements="<script defer src=1.js></script><script defer src=2.js></script>",
        files={"1.js": "log.push(!!document.getElementById('late'))", "2.js": "log.push(document.readyState)"},
        after="<p id=late>Late</p>",
        bundles=1,
    ),
    js(
        "a script that looks for its address finds it also where the region asks for it in the page",
        "log.push(document.currentScript.src !== '')",
        "log.push(document.currentScript.getAttribute('src'))",
        bundles=0,
    ),
    js(
        "two broken files stay broken also where the region asks for them in the page",
        "log.push('<!--'); log.push('<script>",
        "</script>'); log.push('-->')",
        bundles=0,
    ),
)

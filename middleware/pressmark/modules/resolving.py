"""Write the function that resolves what a computed ``import()`` asks for against the module's own address."""


def resolver_text(name: str) -> str:
    """Return the function *name*, of an address and what was asked for.

    What it returns is turned into a text but once, by ``import()`` itself, so that an error there rejects its promise.
    """
    return (
        f"function {name}(b,x){{return{{toString(){{const s=`${{x}}`;"
        "return/^\\.{0,2}\\//.test(s)?new globalThis.URL(s,globalThis.location.origin+b).href:s}}}"
    )

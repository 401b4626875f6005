"""The pages of a Flask application that need no parameter."""

from flask import Flask

from pressmark.adapters import quoted


def page_routes(app: object) -> list[str] | None:
    """Return the paths of the rules without arguments that *app* has, ``None`` if it is not Flask's."""
    if not isinstance(app, Flask):
        return None
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return [
        quoted(rule.rule) for rule in rules if not (rule.arguments - set(rule.defaults or ())) and "<" not in rule.rule
    ]

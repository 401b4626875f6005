"""Template tags as a CMS has them: one includes a template that no other template names."""

from collections.abc import Mapping
from typing import Any

from django.template import Library

register = Library()


@register.inclusion_tag("part.html", takes_context=True)  # type: ignore[untyped-decorator]
def part(context: Mapping[str, Any], name: str = "a") -> dict[str, Any]:
    """Render the template under a context of its own."""
    return {"STATIC_URL": context["STATIC_URL"], "name": name}

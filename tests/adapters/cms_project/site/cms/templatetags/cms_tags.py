"""Template tags of every page."""

from django import template

register = template.Library()


@register.inclusion_tag("includes/editor.html", takes_context=True)
def editor(context):
    """Include what editors need, under a context of its own."""
    return {"STATIC_URL": context["STATIC_URL"], "settings": context["settings"]}

"""An article as Wagtail's users model one: rich text, a stream of blocks, a date, tags of a choice."""

from typing import ClassVar

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page


class Article(Page):
    """Something to read."""

    day = models.DateField()
    intro = RichTextField()
    body = StreamField(
        [("heading", blocks.CharBlock()), ("paragraph", blocks.RichTextBlock()), ("picture", ImageBlock())], blank=True
    )

    content_panels: ClassVar[list[Panel]] = [
        *Page.content_panels,
        FieldPanel("day"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]

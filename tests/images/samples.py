"""Images that are larger than they need to be."""

from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SIDE = 64


def colours(mode: str = "RGB", shift: int = 0) -> Any:
    """Return a picture of many colours, in *mode*."""
    image = Image.new("RGBA", (SIDE, SIDE))
    image.putdata([(x * 4, y * 4, (x ^ y) + shift, 255 - (x + y)) for y in range(SIDE) for x in range(SIDE)])
    return image.convert(mode)


def saved(image: Any, form: str, **options: Any) -> bytes:
    """Return the bytes of a file of *image*."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def png(**options: Any) -> bytes:
    """Return a PNG that was hardly compressed."""
    return saved(colours("RGBA"), "PNG", compress_level=1, **options)


def jpeg(**options: Any) -> bytes:
    """Return a JPEG whose codes were not chosen for it."""
    return saved(colours(), "JPEG", quality=90, optimize=False, **options)


def gif(frames: int = 3, shift: int = 0) -> bytes:
    """Return a GIF that moves, with many more colours in its table than on its frames."""
    pictures = []
    for number in range(frames):
        picture = Image.new("P", (SIDE, SIDE))
        picture.putpalette([value for colour in range(256) for value in (colour, 255 - colour, shift)])
        picture.paste(200, (number * 9, 5, number * 9 + 8, 20))
        pictures.append(picture)
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=70, loop=2, optimize=False)


def told(text: str) -> PngInfo:
    """Return the metadata of a PNG with a comment."""
    info = PngInfo()
    info.add_text("Comment", text)
    return info


DRAWING = """<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: an editor -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
     width="24px" height="24px" viewBox="0 0 24 24" inkscape:version="1">
  <title>Arrow</title>
  <metadata>(c) Example</metadata>
  <g id="layer1" class="big">
    <path id="arrow" d="M 12.000000 2.000000 L 4.500000 20.250000 L 12.000000 18.000000 L 19.5 20.25 z"
          style="fill:#ff0000"/>
  </g>
  <!-- end -->
</svg>
"""

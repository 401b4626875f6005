"""Two files show the same picture, or it is told what differs."""

from typing import Any

import pytest
from PIL import Image

from pressmark.images.pictures import difference, has_shown_exif
from tests.images.samples import colours, gif, jpeg, png, saved, told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(png(), saved(colours("RGBA"), "PNG", optimize=True), id="another compression"),
        pytest.param(png(pnginfo=told("hi")), png(), id="a comment less"),
        pytest.param(saved(colours("L").convert("RGB"), "PNG"), saved(colours("L"), "PNG"), id="grey without colours"),
        pytest.param(jpeg(), jpeg(progressive=True), id="another order"),
        pytest.param(gif(), gif(), id="a GIF"),
    ],
)
def test_the_same_picture_is_the_same(before: bytes, after: bytes) -> None:
    assert difference(before, after) == ""


def changed(image: Any, place: tuple[int, int], colour: tuple[int, ...]) -> Any:
    image.putpixel(place, colour)
    return image


def hidden(red: int) -> bytes:
    """Return a picture of a colour that nobody sees."""
    return saved(Image.new("RGBA", (2, 2), (red, 0, 0, 0)), "PNG")


TURNED = Image.Exif()
TURNED[0x0112] = 6


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        pytest.param(png(), saved(changed(colours("RGBA"), (3, 3), (0, 0, 1, 9)), "PNG"), "it would", id="a pixel"),
        pytest.param(hidden(255), hidden(0), "it would look", id="a hidden colour"),
        pytest.param(png(), jpeg(), "format", id="another format"),
        pytest.param(png(), saved(colours("RGBA").crop((0, 0, 63, 64)), "PNG"), "size", id="a size"),
        pytest.param(png(icc_profile=b"a profile"), png(), "icc_profile", id="a profile"),
        pytest.param(jpeg(exif=TURNED), jpeg(), "orientation", id="which way is up"),
        pytest.param(gif(3), gif(2), "frame 2", id="a frame less"),
        pytest.param(gif(), gif(shift=1), "it would look", id="other colours"),
    ],
)  # fmt: skip
def test_what_differs_is_told(before: bytes, after: bytes, what: str) -> None:
    assert difference(before, after).startswith(what)


def test_a_moving_picture_that_is_slower_is_another() -> None:
    frames = [colours(), colours(shift=9)]
    slow, fast = (
        saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=each, loop=0) for each in (70, 80)
    )

    assert difference(slow, fast) == "it would look different"
    assert difference(slow, slow) == ""


def test_what_exif_says_of_how_a_photograph_is_shown_is_read() -> None:
    dense = Image.Exif()
    dense[0x011A] = dense[0x011B] = 144
    usual = Image.Exif()
    usual[0x011A] = usual[0x011B] = 72

    found = [has_shown_exif(jpeg(exif=exif)) for exif in (TURNED, dense, usual, Image.Exif())]
    assert found == [True, True, False, False]


def test_what_is_no_image_is_an_error() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        difference(b"no", b"no")

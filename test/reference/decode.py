"""Decodes pictures with Pillow: upright, 8-bit RGB, on white.

Each line of standard input is the path of a file. The answer is a line of JSON and then, where the file could be
read, `bytes` bytes of pixels, row by row from the top: `{"width", "height", "bytes", "warnings"}`, with
`"plain": true` where twice as many follow, first by the picture's ICC profile and then as if it had none. A file
that cannot be read is answered with `{"error", "warnings"}`.
"""

import io
import json
import sys
import warnings

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()
# The reference must read files that the Worker may refuse; this program reports its own limits of size.
Image.MAX_IMAGE_PIXELS = None
MAX_PIXELS = 60_000_000

SRGB = ImageCms.createProfile("sRGB")
LAB = ImageCms.createProfile("LAB")


class NoScale(Exception):
    """Numbers without a defined black and white."""


def pixels(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The picture with its profile applied; and without, if it has one that can be applied."""
    profile = picture.info.get("icc_profile")
    picture = eight_bits(picture)
    plain = on_white(picture)
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return plain, None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != "RGB":
            return plain, None
        colours = ImageCms.profileToProfile(picture.convert("RGB"), source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError) as error:
        warnings.warn(f"profile: {error}")
        return plain, None
    if picture.mode == "RGBA":
        colours.putalpha(picture.getchannel("A"))
    return on_white(colours), plain


def eight_bits(picture: Image.Image) -> Image.Image:
    """L, RGB or RGBA."""
    mode = picture.mode
    if mode.startswith("I;16"):
        values = np.asarray(picture).astype(np.float64) / 257
        grey = Image.fromarray(values.round().astype(np.uint8))
        return with_transparency(grey, picture, scale=257)
    if mode == "F":
        values = np.asarray(picture)
        if not (np.nanmin(values) >= 0 and np.nanmax(values) <= 1):
            raise NoScale("float numbers outside 0…1")
        return Image.fromarray((values * 255).round().astype(np.uint8))
    if mode == "I":
        raise NoScale("32-bit integers")
    if mode == "LAB":
        return ImageCms.profileToProfile(picture, LAB, SRGB, outputMode="RGB")
    if mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture if mode in ("RGB", "RGBA", "L") else picture.convert("RGB")


def with_transparency(grey: Image.Image, picture: Image.Image, scale: int) -> Image.Image:
    clear = picture.info.get("transparency")
    if not isinstance(clear, int):
        return grey
    rgba = grey.convert("RGBA")
    rgba.putalpha(Image.fromarray(np.where(np.asarray(picture) == clear, 0, 255).astype(np.uint8)))
    return rgba


def on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, picture).convert("RGB")


def answer(path: str) -> tuple[dict, list[bytes]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with Image.open(path) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return {"error": f"more than {MAX_PIXELS} pixels", "warnings": []}, []
                picture.load()
                turned = ImageOps.exif_transpose(picture)
                shown, plain = pixels(turned)
        except Exception as error:
            # Pillow's decoders raise all kinds of errors; whatever it is, the reference does not read the file.
            return {"error": f"{type(error).__name__}: {error}", "warnings": said(caught)}, []
        data = [one.tobytes() for one in (shown, plain) if one is not None]
        facts = {"width": shown.width, "height": shown.height, "bytes": len(data[0]), "plain": plain is not None}
        return facts | {"warnings": said(caught)}, data


def said(caught: list[warnings.WarningMessage]) -> list[str]:
    return [str(one.message) for one in caught if not issubclass(one.category, (DeprecationWarning, ResourceWarning))]


for line in sys.stdin:
    facts, data = answer(line.rstrip("\n"))
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n")
    for one in data:
        sys.stdout.buffer.write(one)
    sys.stdout.buffer.flush()

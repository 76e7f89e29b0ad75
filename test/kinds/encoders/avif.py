"""AVIF by libavif with aom (Pillow for 8 bits, imagecodecs for more) and by libheif with aom (sharp)."""

import io

import imagecodecs
import numpy as np
from PIL import Image

from . import scene
from .avifenc import add_avifenc
from .exif import block
from .rows import ORIENTATIONS, ORIENTED, SIZES, Matrix
from .samplings import SAMPLINGS, drawing, kind_of
from .scene import Pixels, Size

QUALITY = 85
SLOW: Size = (209, 157)
"""The slowest speed takes seconds for larger pictures."""
SPEEDS: dict[int, Size] = {0: SLOW, 2: SLOW, 4: ORIENTED, 6: SIZES["small"], 10: SIZES["small"]}
FAST = 10
MEGAPIXEL: Size = (1203, 801)
LARGE: Size = (4001, 2903)
IDENTITY, BT_709, YCGCO, BT_2020 = 0, 1, 8, 9
"""Matrices of ITU-T H.273."""


def libavif(pixels: Pixels, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "AVIF", **{"quality": QUALITY, "speed": FAST, **options})
    return out.getvalue()


def deep(pixels: Pixels, bits: int, sampling: str = "4:2:0", speed: int = FAST, **options: object) -> bytes:
    """Of this many bits, which Pillow does not write; at 8 bits, for options that it does not offer."""
    wide = np.round(pixels * ((2**bits - 1) / 255)).astype(np.uint16) if bits > 8 else pixels
    options = {"level": QUALITY, "pixelformat": f"yuv{sampling.replace(':', '')}"} | options
    return bytes(imagecodecs.avif_encode(wide, speed=speed, bitspersample=bits, **options))


def add_avif(matrix: Matrix) -> None:
    add_speeds(matrix)
    add_large(matrix)
    add_colours(matrix)
    add_options(matrix)
    add_sharp(matrix)
    for orientation in ORIENTATIONS:
        rgb = scene.colour(ORIENTED)
        # Pillow writes irot and imir from it.
        file = libavif(scene.stored(rgb, orientation), exif=block(orientation))
        matrix.add("avif", f"orientation {orientation}", "small", file, rgb, orientation=orientation, lossy=True)
    add_avifenc(matrix)


def add_speeds(matrix: Matrix) -> None:
    """
    Slow encoders use filters that fast ones do not. Their alpha is a grey picture of its own, as the grey rows have
    it, so the slow rows have it once.
    """
    for speed, size in SPEEDS.items():
        for sampling in SAMPLINGS:
            for clear in (False, True):
                drawn = drawing(size, sampling, clear)
                depths = (8, 10, 12) if speed == FAST else (8, 10) if not clear else (8,) if sampling == "4:2:0" else ()
                for bits in depths:
                    options = {"speed": speed, "subsampling": sampling}
                    file = libavif(drawn.pixels, **options) if bits == 8 else deep(drawn.pixels, bits, sampling, speed)
                    kind = f"{kind_of(bits, sampling, clear)}, speed {speed}"
                    matrix.add("avif", kind, "small", file, drawn.shows, lossy=True, opaque=drawn.opaque)


def add_large(matrix: Matrix) -> None:
    size = SIZES["middle"]
    for sampling in SAMPLINGS:
        for clear in (False, True):
            drawn = drawing(size, sampling, clear)
            file = libavif(drawn.pixels, subsampling=sampling)
            kind = kind_of(8, sampling, clear)
            matrix.add("avif", kind, "middle", file, drawn.shows, lossy=True, opaque=drawn.opaque)
    rgb = scene.colour(size)
    tiles = libavif(rgb, tile_rows=1, tile_cols=2, autotiling=False)
    matrix.add("avif", "2×4 tiles of AV1", "middle", tiles, rgb, lossy=True)
    rgb = scene.colour(MEGAPIXEL)
    matrix.add("avif", kind_of(10, "4:2:0"), "middle", deep(rgb, 10), rgb, lossy=True)
    rgb = scene.colour(LARGE)
    matrix.add("avif", kind_of(8, "4:2:0"), "large", libavif(rgb), rgb, lossy=True)
    for bits, sampling in ((10, "4:2:0"), (12, "4:4:4")):
        file = deep(scene.colour(size), bits, sampling)
        matrix.refused("avif", f"{kind_of(bits, sampling)}, 2 megapixels", file, "image_area_too_large")


def add_colours(matrix: Matrix) -> None:
    rgb = scene.colour(ORIENTED)

    def add(kind: str, file: bytes, lossy: bool = True) -> None:
        matrix.add("avif", kind, "small", file, rgb, lossy=lossy)

    for bits in (8, 10, 12):
        file = deep(rgb, bits, "4:4:4", matrix=IDENTITY, level=100)
        add(f"{bits} bits, lossless RGB", file, lossy=False)
        for name, number in (("BT.709", BT_709), ("BT.2020", BT_2020)):
            for sampling in ("4:2:0", "4:4:4"):
                add(f"{kind_of(bits, sampling)}, {name}", deep(rgb, bits, sampling, matrix=number))
    add("8 bits, YCgCo", deep(rgb, 8, "4:4:4", matrix=YCGCO))
    matrix.refused("avif", "10 bits, YCgCo", deep(rgb, 10, "4:4:4", matrix=YCGCO), "image_kind_unsupported")


def add_options(matrix: Matrix) -> None:
    size = SIZES["small"]

    def add(kind: str, sampling: str = "4:2:0", clear: bool = False, animated: bool = False, **options: object) -> None:
        drawn = drawing(size, sampling, clear)
        file = libavif(drawn.pixels, subsampling=sampling, **options)
        more = {"lossy": True, "animated": animated, "opaque": drawn.opaque}
        matrix.add("avif", f"{kind_of(8, sampling, clear)}, {kind}", "small", file, drawn.shows, **more)

    for sampling in SAMPLINGS:
        for clear in (False, True):
            add("narrow range", sampling, clear, range="limited")
        add("film grain", sampling, advanced={"film-grain-test": "1"})
        add("premultiplied", sampling, clear=True, alpha_premultiplied=True)
        # Its last frame is another picture.
        more = [Image.fromarray(255 - drawing(size, sampling).pixels)]
        add("sequence beside it", sampling, animated=True, save_all=True, append_images=more)
    more = [Image.fromarray(255 - drawing(size, clear=True).pixels)]
    add("sequence beside it", clear=True, animated=True, save_all=True, append_images=more)
    add("film grain", clear=True, advanced={"color:film-grain-test": "3"})
    add("quality 100", "4:4:4", quality=100)
    add("quality 40", "4:2:0", quality=40)


def add_sharp(matrix: Matrix) -> None:
    for bits in (8, 10, 12):
        for sampling in ("4:2:0", "4:4:4"):
            for clear in (False, True):
                drawn = drawing(SIZES["small"], sampling, clear)
                options = {"quality": QUALITY, "effort": 2, "bitdepth": bits, "chromaSubsampling": sampling}
                kind = f"{kind_of(bits, sampling, clear)}, libheif"
                more = {"lossy": True, "opaque": drawn.opaque}
                matrix.by_sharp("avif", kind, "small", drawn.pixels, options, drawn.shows, **more)

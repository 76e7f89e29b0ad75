"""HEIC by libheif with x265 (pillow-heif)."""

import io

import numpy as np
import pillow_heif

from . import scene
from .exif import block
from .rows import ORIENTATIONS, ORIENTED, SIZES, Matrix
from .samplings import GREY, SAMPLINGS, drawing, kind_of
from .scene import Pixels, Size

QUALITY = 85
LARGE: Size = (4001, 2903)
TILE = 512
"""Size of tiles, as phones write them."""
THUMBNAIL = 320
"""Its longer side."""
BT_601 = {"color_primaries": 1, "transfer_characteristic": 13, "matrix_coefficients": 6}
BT_709 = BT_601 | {"matrix_coefficients": 1}
YCGCO = BT_601 | {"matrix_coefficients": 8}
RGB = BT_601 | {"matrix_coefficients": 0}


def libheif(
    pixels: Pixels, bits: int = 8, sampling: str = "4:2:0", preset: str = "ultrafast", **options: object
) -> bytes:
    """`pixels` are RGB or RGBA; for grey, one of the three is stored."""
    if sampling == GREY:
        pixels = pixels[:, :, 2:]
    mode = ("L" if sampling == GREY else "RGB") + ("A" if pixels.shape[2] % 2 == 0 else "")
    values = np.ascontiguousarray(pixels)
    if bits > 8:
        mode, values = f"{mode};16", values.astype("<u2") * 257
    chroma = {} if sampling == GREY else {"chroma": sampling.replace(":", "")}
    options = {"quality": QUALITY, "tile_size": 0, "enc_params": {"preset": preset}} | chroma | options
    out = io.BytesIO()
    pillow_heif.encode(mode, (pixels.shape[1], pixels.shape[0]), values.tobytes(), out, bit_depth=bits, **options)
    return out.getvalue()


def add_heic(matrix: Matrix) -> None:
    for bits in (8, 10, 12):
        for sampling in SAMPLINGS:
            for clear in (False, True):
                add(matrix, "small", bits, sampling, clear)
    for bits, sampling, clear in ((8, "4:2:0", False), (8, "4:2:0", True), (10, "4:2:0", False), (8, "4:4:4", False)):
        add(matrix, "middle", bits, sampling, clear)
    add_tiles(matrix)
    add_options(matrix)
    for orientation in ORIENTATIONS:
        rgb = scene.colour(ORIENTED)
        for name, more in (("", {}), ("tiles, ", {"tile_size": 128})):
            # The encoder writes irot and imir from it.
            exif = b"Exif\0\0" + block(orientation)
            file = libheif(scene.stored(rgb, orientation), exif=exif, **more)
            kind = f"{name}orientation {orientation}"
            matrix.add("heic", kind, "small", file, rgb, orientation=orientation, lossy=True)


def add(
    matrix: Matrix, name: str, bits: int, sampling: str, clear: bool = False, kind: str = "", **options: object
) -> None:
    drawn = drawing(SIZES.get(name, LARGE), sampling, clear)
    file = libheif(drawn.pixels, bits, sampling, **options)
    kind = kind_of(bits, sampling, clear) + kind
    matrix.add("heic", kind, name, file, drawn.shows, lossy=True, opaque=drawn.opaque)


def add_tiles(matrix: Matrix) -> None:
    phone = {"tile_size": TILE, "thumbnails": [THUMBNAIL]}
    add(matrix, "large", 8, "4:2:0", kind=", tiles and a thumbnail", **phone)
    for bits in (8, 10):
        for clear in (False, True):
            add(matrix, "middle", bits, "4:2:0", clear, kind=", tiles", tile_size=TILE)
    add(matrix, "middle", 10, "4:2:2", kind=", tiles", tile_size=TILE)
    add(matrix, "middle", 8, "4:2:0", kind=", a thumbnail", thumbnails=[THUMBNAIL])
    file = libheif(scene.colour(LARGE))
    matrix.refused("heic", "in one piece, 12 megapixels", file, "image_area_too_large")


def add_options(matrix: Matrix) -> None:
    for preset in ("medium", "veryslow"):
        for bits in (8, 10):
            add(matrix, "small", bits, "4:2:0", kind=f", preset {preset}", preset=preset)
    for bits in (8, 10):
        for name, numbers in (("BT.601", BT_601), ("BT.709", BT_709)):
            for extent, full in (("full", 1), ("narrow", 0)):
                more = numbers | {"full_range_flag": full}
                add(matrix, "small", bits, "4:2:0", kind=f", {name}, {extent} range", **more)
    rgb = scene.colour(SIZES["small"])
    lossless = {"quality": -1, "full_range_flag": 1}
    matrix.add("heic", "lossless RGB", "small", libheif(rgb, 8, "4:4:4", **lossless, **RGB), rgb)
    file = libheif(rgb, 8, "4:4:4", **lossless, **YCGCO)
    matrix.refused("heic", "YCgCo", file, "image_kind_unsupported")

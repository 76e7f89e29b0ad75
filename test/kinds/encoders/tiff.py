"""TIFF in every kind that its tags tell apart: by a small writer of our own, by libtiff, tifffile and libvips."""

import io
from collections.abc import Callable, Sequence

import numpy as np
import tifffile
from PIL import Image, ImageCms

from . import scene
from .rows import ORIENTATIONS, ORIENTED, SIZES, Matrix
from .scene import Pixels, Size
from .tiff_file import (
    ALPHA,
    BLACK_IS_0,
    DEFLATE,
    FLOAT,
    LZW,
    NONE,
    PACKBITS,
    PALETTE,
    PREMULTIPLIED,
    RGB,
    SEPARATED,
    UNSPECIFIED,
    WHITE_IS_0,
    tiff,
)

A4_AT_300_DPI: Size = (2480, 3508)
FEW_READ = "Pillow and libvips refuse it, or take it for something else"
TAKEN_FOR_ALPHA = "Pillow and libvips take the last sample for alpha"
NEW_SUBFILE_TYPE, DNG_VERSION, COLOUR_FILTERS = 254, 50706, 32803


def wide(values: Pixels) -> Pixels:
    return values.astype(np.uint16) * 257


def add_tiff(matrix: Matrix) -> None:
    for name, size in SIZES.items():

        def add(kind: str, file: bytes, shows: Pixels, name: str = name, **more: object) -> None:
            matrix.add("tiff", kind, name, file, shows, **more)

        add_grey(add, size)
        add_colour(add, size)
        add_alpha(add, size)
        add_inks(add, size)
        add_wide(add, size)
        add_of_libtiff(add, size)
        add_of_libvips(matrix, name, size)
    rgb = scene.colour(ORIENTED)
    for orientation in ORIENTATIONS:
        stored = scene.stored(rgb, orientation)
        file = tiff(stored, RGB, 8, compression=LZW, orientation=orientation)
        matrix.add("tiff", f"orientation {orientation}", "small", file, rgb, orientation=orientation)
    add_large(matrix)
    add_raw(matrix)
    small = scene.colour(SIZES["small"])
    for name, compression in (("zstd", "zstd"), ("LZMA", "lzma")):
        out = io.BytesIO()
        tifffile.imwrite(out, small, photometric="rgb", compression=compression)
        matrix.refused("tiff", f"rgb 8, {name}", out.getvalue(), "image_kind_unsupported")


def add_grey(add: Callable[..., None], size: Size) -> None:
    for photometric, name in ((BLACK_IS_0, "black is 0"), (WHITE_IS_0, "white is 0")):
        for bits in (1, 2, 4, 8, 16):
            values = wide(scene.grey(size)) if bits == 16 else scene.grey_of_bits(size, bits)
            shows = scene.shown_grey(scene.grey(size)) if bits == 16 else scene.shown_grey(values, bits)
            most = 2**bits - 1
            stored = (most - values if photometric == WHITE_IS_0 else values)[:, :, None]
            kind = f"grey {bits}, {name}"
            add(f"{kind}, none", tiff(stored, photometric, bits), shows)
            add(f"{kind}, LZW", tiff(stored, photometric, bits, compression=LZW), shows)
            if photometric == BLACK_IS_0:
                add(f"{kind}, deflate", tiff(stored, photometric, bits, compression=DEFLATE), shows)
                add(f"{kind}, PackBits", tiff(stored, photometric, bits, compression=PACKBITS), shows)
                add(f"{kind}, tiled", tiff(stored, photometric, bits, tile=128), shows)
            if bits <= 8:
                add(f"{kind}, fill order 2", tiff(stored, photometric, bits, fill_order=2), shows)
    for bits in (1, 2, 4, 8):
        values, table = scene.palette(size, 2**bits)
        for compression, name in ((NONE, "none"), (LZW, "LZW"), (PACKBITS, "PackBits")):
            file = tiff(values[:, :, None], PALETTE, bits, compression=compression, table=table)
            add(f"palette {bits}, {name}", file, table[values])


def add_colour(add: Callable[..., None], size: Size) -> None:
    rgb = scene.colour(size)
    for bits in (8, 16):
        values = wide(rgb) if bits == 16 else rgb
        for compression, name in ((NONE, "none"), (LZW, "LZW"), (DEFLATE, "deflate"), (PACKBITS, "PackBits")):
            add(f"rgb {bits}, {name}", tiff(values, RGB, bits, compression=compression), rgb)
            planar = tiff(values, RGB, bits, compression=compression, planar=True)
            add(f"rgb {bits} planar, {name}", planar, rgb)
        add(f"rgb {bits}, predictor", tiff(values, RGB, bits, compression=LZW, predictor=True), rgb)
        add(f"rgb {bits}, tiled", tiff(values, RGB, bits, compression=DEFLATE, tile=128), rgb)
        alone = "libvips refuses planes of tiles, and Pillow takes bytes for numbers" if bits == 16 else None
        add(f"rgb {bits} planar, tiled", tiff(values, RGB, bits, planar=True, tile=128), rgb, alone=alone)
        add(f"rgb {bits}, big-endian", tiff(values, RGB, bits, big_endian=True), rgb)
        add(f"rgb {bits}, one strip", tiff(values, RGB, bits, compression=LZW, one_strip=True), rgb)
    add("rgb 8, fill order 2", tiff(rgb, RGB, 8, fill_order=2), rgb)
    for options, kind in (({}, "rgb 8 of tifffile"), ({"bigtiff": True}, "BigTIFF")):
        out = io.BytesIO()
        tifffile.imwrite(out, rgb, photometric="rgb", compression="zlib", rowsperstrip=64, **options)
        add(kind, out.getvalue(), rgb)


def add_alpha(add: Callable[..., None], size: Size) -> None:
    rgb, rgba = scene.colour(size), scene.rgba(size)
    pair = np.dstack([scene.grey(size), scene.alpha(size)])
    for values, photometric, name in ((rgba, RGB, "rgb"), (pair, BLACK_IS_0, "grey")):
        opaque = rgb if name == "rgb" else scene.shown_grey(scene.grey(size))
        white, by_alpha = scene.on_white(values), scene.premultiplied(values)
        for bits in (8, 16):
            more = wide if bits == 16 else (lambda one: one)
            for planar in (False, True):
                kind = f"{name} {bits}{' planar' if planar else ''}"
                compression = LZW if bits == 16 or planar else NONE
                alone = FEW_READ if planar and name == "grey" else None

                def add_one(what: str, stored: Pixels, extra: Sequence[int], shows: Pixels, **said: object) -> None:
                    file = tiff(  # noqa: B023
                        more(stored), photometric, bits, compression=compression, extra=extra, planar=planar  # noqa: B023
                    )
                    add(f"{kind}, {what}", file, shows, **said)  # noqa: B023

                add_one("alpha", values, [ALPHA], white, opaque=opaque, alone=alone)
                add_one("premultiplied", by_alpha, [PREMULTIPLIED], white, opaque=opaque, alone=alone)
                said = FEW_READ if name == "grey" and bits == 16 and not planar else None
                add_one("an unspecified sample", values, [UNSPECIFIED], opaque, alone=said)
                add_one("a sample without a word", values, [], opaque, alone=TAKEN_FOR_ALPHA)
    values, table = scene.palette(size, 256)
    stored = np.dstack([values, scene.alpha(size)])
    file = tiff(stored, PALETTE, 8, compression=LZW, extra=[ALPHA], table=table)
    white = scene.on_white(np.dstack([table[values], scene.alpha(size)]))
    add("palette 8, alpha", file, white, opaque=table[values])


def add_inks(add: Callable[..., None], size: Size) -> None:
    rgb = scene.colour(size)
    cmyk = np.array(Image.fromarray(rgb).convert("CMYK"))
    for bits in (8, 16):
        values = wide(cmyk) if bits == 16 else cmyk
        for planar in (False, True):
            kind = f"cmyk {bits}{' planar' if planar else ''}"
            for compression, name in ((NONE, "none"), (LZW, "LZW")):
                alone = FEW_READ if bits == 16 and planar and compression == NONE else None
                file = tiff(values, SEPARATED, bits, compression=compression, planar=planar)
                add(f"{kind}, {name}", file, rgb, alone=alone)
    with_alpha = np.dstack([cmyk, scene.alpha(size)])
    file = tiff(with_alpha, SEPARATED, 8, compression=LZW, extra=[ALPHA])
    add("cmyk 8, alpha", file, scene.on_white(scene.rgba(size)), opaque=rgb, alone=FEW_READ)
    lab = ImageCms.profileToProfile(
        Image.fromarray(rgb), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    out = io.BytesIO()
    lab.save(out, "TIFF")
    add("Lab 8", out.getvalue(), rgb, lossy=True)


def add_wide(add: Callable[..., None], size: Size) -> None:
    """Numbers of 32 bits: integers in their full range, and floats from 0 to 1."""
    rgb, grey = scene.colour(size), scene.grey(size)
    for values, photometric, name in ((rgb, RGB, "rgb"), (grey[:, :, None], BLACK_IS_0, "grey")):
        shows = rgb if name == "rgb" else scene.shown_grey(grey)
        integers = values.astype(np.uint32) * 0x01010101
        floats = values.astype(np.float32) / 255
        file = tiff(integers, photometric, 32, compression=DEFLATE)
        add(f"{name} 32", file, shows, alone=FEW_READ)
        alone = FEW_READ if name == "rgb" else None
        file = tiff(floats, photometric, 32, compression=DEFLATE, sample_format=FLOAT)
        add(f"{name} float 32", file, shows, alone=alone)
        file = tiff(floats.astype(np.float16), photometric, 16, compression=DEFLATE, sample_format=FLOAT)
        add(f"{name} float 16", file, shows, alone=FEW_READ)


def of_libtiff(picture: Image.Image, compression: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "TIFF", compression=compression, **options)
    return out.getvalue()


def add_of_libtiff(add: Callable[..., None], size: Size) -> None:
    one = Image.fromarray(scene.grey(size)).convert("1")
    shows = scene.shown_grey(np.array(one).astype(np.uint8), 1)
    for name, compression in (("RLE", "tiff_ccitt"), ("G3", "group3"), ("G4", "group4")):
        add(f"fax {name}", of_libtiff(one, compression), shows)
        for fill in (2,):
            add(f"fax {name}, fill order 2", of_libtiff(one, compression, tiffinfo={266: fill}), shows)
        inverted = of_libtiff(one, compression, tiffinfo={262: WHITE_IS_0})
        add(f"fax {name}, white is 0", inverted, np.array(Image.open(io.BytesIO(inverted)).convert("RGB")))
    rgb = Image.fromarray(scene.colour(size))
    add("rgb 8, JPEG", of_libtiff(rgb, "jpeg", quality=92), scene.colour(size), lossy=True)
    ycbcr = of_libtiff(rgb.convert("YCbCr"), "jpeg", quality=92)
    add("ycbcr 8, JPEG", ycbcr, scene.colour(size), lossy=True)
    grey = Image.fromarray(scene.grey(size))
    add("grey 8, JPEG", of_libtiff(grey, "jpeg", quality=92), scene.shown_grey(scene.grey(size)), lossy=True)
    cmyk = of_libtiff(rgb.convert("CMYK"), "jpeg", quality=92)
    add("cmyk 8, JPEG", cmyk, scene.colour(size), lossy=True)
    pages = io.BytesIO()
    rgb.save(pages, "TIFF", compression="tiff_lzw", save_all=True, append_images=[grey])
    add("pages", pages.getvalue(), scene.colour(size))


def add_of_libvips(matrix: Matrix, name: str, size: Size) -> None:
    rgb, rgba = scene.colour(size), scene.rgba(size)
    tiled = {"tile": True, "tileWidth": 256, "tileHeight": 256}
    for compression in ("none", "lzw", "deflate", "packbits"):
        options = {"compression": compression, "predictor": "horizontal", **tiled}
        matrix.by_sharp("tiff", f"rgb 8 of libvips, tiled, {compression}", name, rgb, options, rgb)
    options = {"compression": "lzw"}
    matrix.by_sharp("tiff", "rgba 8 of libvips", name, rgba, options, scene.on_white(rgba), opaque=rgb)
    options = {"compression": "jpeg", "quality": 92, **tiled}
    matrix.by_sharp("tiff", "rgb 8 of libvips, tiled, JPEG", name, rgb, options, rgb, lossy=True)


def add_large(matrix: Matrix) -> None:
    size = A4_AT_300_DPI
    one = Image.fromarray(scene.grey(size)).convert("1")
    shows = scene.shown_grey(np.array(one).astype(np.uint8), 1)
    matrix.add("tiff", "fax G4", "large", of_libtiff(one, "group4"), shows)
    grey, rgb = scene.grey(size), scene.colour(size)
    file = tiff(grey[:, :, None], BLACK_IS_0, 8, compression=LZW)
    matrix.add("tiff", "grey 8, black is 0, LZW", "large", file, scene.shown_grey(grey))
    matrix.add("tiff", "rgb 8, LZW", "large", tiff(rgb, RGB, 8, compression=LZW), rgb)
    matrix.add("tiff", "rgb 8, JPEG", "large", of_libtiff(Image.fromarray(rgb), "jpeg", quality=92), rgb, lossy=True)


def add_raw(matrix: Matrix) -> None:
    """A camera's raw picture looks like a TIFF: it must be recognised and refused."""
    size = SIZES["small"]
    version = {DNG_VERSION: ("B", [1, 4, 0, 0])}
    mosaic = wide(scene.grey(size))[:, :, None]
    matrix.refused("tiff", "DNG", tiff(mosaic, COLOUR_FILTERS, 16, more=version), "image_kind_unsupported")
    thumbnail = scene.colour((160, 120))
    reduced = version | {NEW_SUBFILE_TYPE: ("I", [1])}
    file = tiff(thumbnail, RGB, 8, more=reduced)
    matrix.refused("tiff", "DNG whose first page is a thumbnail", file, "image_kind_unsupported")

"""Icons: bitmaps with a mask, whole PNGs, and several pictures of which the largest counts."""

import io
import struct

import numpy as np
from PIL import Image

from . import bmp, scene
from .bits import packed
from .rows import Matrix
from .scene import Pixels, Size

BITMAP: Size = (181, 139)


def icon(*entries: tuple[Size, int, bytes]) -> bytes:
    at = 6 + 16 * len(entries)
    directory = b""
    for (width, height), bits, data in entries:
        directory += struct.pack("<BBBBHHII", width & 255, height & 255, 0, 0, 1, bits, len(data), at)
        at += len(data)
    return struct.pack("<HHH", 0, 1, len(entries)) + directory + b"".join(data for _, _, data in entries)


def bitmap(size: Size, bits: int, table: bytes, pixels: bytes, masked: Pixels | None) -> bytes:
    """`masked`: height × width, 1 where the background shows. The header counts the mask's rows too."""
    width, height = size
    mask = packed(np.zeros((height, width), np.uint8) if masked is None else masked[::-1], 1, 4)
    return bmp.header(40, (width, height * 2), bits) + table + pixels + mask


def png(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


def add_ico(matrix: Matrix) -> None:
    size = BITMAP
    cut = scene.cut_out(size)
    rgb = cut[:, :, :3]
    clear = (cut[:, :, 3] == 0).astype(np.uint8)

    def add(kind: str, data: bytes, shows: Pixels, **more: object) -> None:
        matrix.add("ico", kind, "small", data, shows, **more)

    for bits in (1, 4, 8):
        values, table = scene.palette(size, 2**bits)
        shown = table[values]
        data = bitmap(size, bits, bmp.colour_table(table, 4), bmp.rows_up(values, bits), clear)
        shows = scene.on_white(np.dstack([shown, cut[:, :, 3]]))
        add(f"{bits} bits, a mask", icon((size, bits, data)), shows, opaque=shown)
    data = bitmap(size, 24, b"", bmp.bgr(rgb), clear)
    add("24 bits, a mask", icon((size, 24, data)), scene.on_white(cut), opaque=rgb)
    rgba = scene.rgba(size)
    shows = scene.on_white(rgba)
    alpha = bmp.bgr(rgba)
    add("32 bits", icon((size, 32, bitmap(size, 32, b"", alpha, None))), shows, opaque=rgb)
    masked = icon((size, 32, bitmap(size, 32, b"", alpha, np.ones_like(clear))))
    add("32 bits, a mask that alpha overrules", masked, shows, opaque=rgb)
    none = bmp.bgr(np.dstack([rgb, np.zeros(rgb.shape[:2], np.uint8)]))
    masked = icon((size, 32, bitmap(size, 32, b"", none, clear)))
    add("32 bits, alpha 0 throughout, a mask", masked, scene.on_white(cut), opaque=rgb, alone=bmp.PILLOW_TAKES_ALPHA)
    for name, place in (("small", (256, 256)), ("middle", (1024, 1024))):
        whole = scene.rgba(place)
        file = icon((place, 32, png(whole)))
        matrix.add("ico", "PNG", name, file, scene.on_white(whole), opaque=scene.colour(place))
    small = (32, 32)
    several = icon(
        (small, 32, bitmap(small, 32, b"", bmp.bgr(scene.rgba(small)), None)),
        ((256, 256), 32, png(scene.rgba((256, 256)))),
        ((48, 48), 32, bitmap((48, 48), 32, b"", bmp.bgr(scene.rgba((48, 48))), None)),
    )
    add("several", several, scene.on_white(scene.rgba((256, 256))), opaque=scene.colour((256, 256)))

"""PNG in every colour type and depth, chunk by chunk, with ancillary chunks of other programs."""

import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from . import scene
from .bits import packed
from .exif import block
from .rows import ORIENTATIONS, ORIENTED, SIZES, Matrix
from .scene import Pixels, Size

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
SIGNATURE = b"\x89PNG\r\n\x1a\n"
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
LARGE: Size = (4001, 2903)
Chunk = tuple[bytes, bytes]


def chunk(name: bytes, data: bytes, *, wrong_sum: bool = False) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data) ^ wrong_sum)


def filtered(rows: Pixels, pixel_bytes: int) -> bytes:
    """height × bytes, with each row filtered by the next of the five filters except Paeth, which the first replaces."""
    before = np.pad(rows, ((1, 0), (pixel_bytes, 0)))
    left, up = before[1:, : rows.shape[1]], before[:-1, pixel_bytes:]
    average = ((left.astype(np.uint16) + up) // 2).astype(np.uint8)
    out = np.zeros((rows.shape[0], rows.shape[1] + 1), np.uint8)
    for kind, guess in enumerate((np.zeros_like(rows), left, up, average)):
        out[kind::4, 0] = kind
        out[kind::4, 1:] = (rows - guess)[kind::4]
    return out.tobytes()


def bytes_of(values: Pixels, bits: int) -> Pixels:
    """height × bytes of height × width × samples."""
    height = values.shape[0]
    if bits == 16:
        return values.astype(">u2").view(np.uint8).reshape(height, -1)
    if bits == 8:
        return values.astype(np.uint8).reshape(height, -1)
    return np.frombuffer(packed(values.reshape(height, -1), bits), np.uint8).reshape(height, -1)


def png(
    values: Pixels,
    colour: int,
    bits: int,
    *,
    before: Sequence[Chunk] = (),
    raw: Sequence[bytes] = (),
    interlaced: bool = False,
    end: bool = True,
    level: int = 1,
) -> bytes:
    """`values`: height × width × samples. `before` are chunks before IDAT, `raw` the same as bytes."""
    height, width, samples = values.shape
    pixel = max(1, samples * bits // 8)
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    parts = (values[y::down, x::across] for x, y, across, down in passes)
    data = b"".join(filtered(bytes_of(part, bits), pixel) for part in parts if part.size)
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    packed_data = zlib.compress(data, level)
    cut = len(packed_data) // 3
    return b"".join(
        [
            SIGNATURE,
            chunk(b"IHDR", head),
            *(chunk(*one) for one in before),
            *raw,
            chunk(b"IDAT", packed_data[:cut]),
            chunk(b"IDAT", packed_data[cut:]),
            chunk(b"IEND", b"") if end else b"",
        ]
    )


def wide(pixels: Pixels) -> Pixels:
    """16 bits from 8, with something in the low byte."""
    values = pixels.astype(np.uint16) * 257
    return np.clip(values.astype(np.int32) + 60, 0, 65535).astype(np.uint16)


def add_png(matrix: Matrix) -> None:
    for name, size in SIZES.items():
        add_kinds(matrix, name, size)
        add_clear(matrix, name, size)
        add_ancillary(matrix, name, size)
        rgb, rgba = scene.colour(size), scene.rgba(size)
        adaptive = {"adaptiveFiltering": True, "compressionLevel": 1}
        matrix.by_sharp("png", "rgb 8 of libvips", name, rgb, adaptive, rgb)
        matrix.by_sharp("png", "rgba 8 of libvips", name, rgba, adaptive, scene.on_white(rgba), opaque=rgb)
    add_oriented(matrix)
    rgb, rgba = scene.colour(LARGE), scene.rgba(LARGE)
    matrix.add("png", "rgb 8", "large", png(rgb, RGB, 8), rgb)
    matrix.add("png", "rgba 8", "large", png(rgba, RGBA, 8), scene.on_white(rgba), opaque=rgb)
    matrix.add("png", "grey 8", "large", png(scene.grey(LARGE)[:, :, None], GREY, 8), scene.shown_grey(scene.grey(LARGE)))
    values, table = scene.palette(LARGE, 256)
    file = png(values[:, :, None], PALETTE, 8, before=[(b"PLTE", table.tobytes())])
    matrix.add("png", "palette 8", "large", file, table[values])


def add_kinds(matrix: Matrix, name: str, size: Size) -> None:
    rgb, rgba, grey = scene.colour(size), scene.rgba(size), scene.grey(size)
    for interlaced in (False, True):
        end = " interlaced" if interlaced else ""

        def add(kind: str, values: Pixels, colour: int, bits: int, shows: Pixels, **more: object) -> None:
            file = png(values, colour, bits, interlaced=interlaced, before=more.pop("before", ()))  # noqa: B023
            matrix.add("png", kind + end, name, file, shows, **more)  # noqa: B023

        for bits in (1, 2, 4, 8):
            values = scene.grey_of_bits(size, bits)
            add(f"grey {bits}", values[:, :, None], GREY, bits, scene.shown_grey(values, bits))
            values, table = scene.palette(size, 2**bits)
            add(f"palette {bits}", values[:, :, None], PALETTE, bits, table[values], before=[(b"PLTE", table.tobytes())])
        add("grey 16", wide(grey)[:, :, None], GREY, 16, scene.shown_grey(grey))
        add("rgb 8", rgb, RGB, 8, rgb)
        add("rgb 16", wide(rgb), RGB, 16, rgb)
        pair = np.dstack([grey, scene.alpha(size)])
        opaque = scene.shown_grey(grey)
        add("grey-alpha 8", pair, GREY_ALPHA, 8, scene.on_white(pair), opaque=opaque)
        add("grey-alpha 16", pair.astype(np.uint16) * 257, GREY_ALPHA, 16, scene.on_white(pair), opaque=opaque)
        add("rgba 8", rgba, RGBA, 8, scene.on_white(rgba), opaque=rgb)
        add("rgba 16", rgba.astype(np.uint16) * 257, RGBA, 16, scene.on_white(rgba), opaque=rgb)


def add_clear(matrix: Matrix, name: str, size: Size) -> None:
    """tRNS: one transparent colour, or the alpha of each palette entry."""
    values, table = scene.palette(size, 256)
    clear = np.where(np.arange(256) % 3 == 0, 0, 255 - np.arange(256) // 4).astype(np.uint8)
    shows = scene.on_white(np.dstack([table[values], clear[values]]))
    chunks = [(b"PLTE", table.tobytes()), (b"tRNS", clear.tobytes())]
    file = png(values[:, :, None], PALETTE, 8, before=chunks)
    matrix.add("png", "palette 8 tRNS", name, file, shows, opaque=table[values])
    for bits in (1, 2, 4, 8, 16):
        grey = scene.grey(size) if bits == 16 else scene.grey_of_bits(size, bits)
        # The most frequent of the lower numbers, so that the transparent one is not white anyway.
        key = int(np.bincount(grey.ravel(), minlength=2)[: 2 ** min(bits, 8) * 3 // 4].argmax())
        # With two numbers it must be white: if black were transparent, nothing would be left.
        key = 1 if bits == 1 else key
        stored, scale = (grey.astype(np.uint16) * 257, 257) if bits == 16 else (grey, 1)
        opaque = scene.shown_grey(grey, min(bits, 8))
        mask = np.where(grey == key, 0, 255).astype(np.uint8)
        file = png(stored[:, :, None], GREY, bits, before=[(b"tRNS", struct.pack(">H", key * scale))])
        shows = scene.on_white(np.dstack([opaque, mask]))
        matrix.add("png", f"grey {bits} tRNS", name, file, shows, opaque=None if bits == 1 else opaque)
    rgb = scene.colour(size).copy()
    # A box of one colour, because the drawing has too few pixels with exactly the same colour.
    rgb[size[1] // 6 : size[1] // 2, size[0] // 4 : size[0] // 2] = (1, 2, 3)
    mask = np.where((rgb == (1, 2, 3)).all(axis=2), 0, 255).astype(np.uint8)
    for bits, scale in ((8, 1), (16, 257)):
        key = struct.pack(">HHH", scale, 2 * scale, 3 * scale)
        file = png(rgb.astype(np.uint16) * scale, RGB, bits, before=[(b"tRNS", key)])
        matrix.add("png", f"rgb {bits} tRNS", name, file, scene.on_white(np.dstack([rgb, mask])), opaque=rgb)


def add_ancillary(matrix: Matrix, name: str, size: Size) -> None:
    """Chunks that do not affect the picture may have any errors."""
    rgb = scene.colour(size)
    gamma, phys = (b"gAMA", struct.pack(">I", 45455)), (b"pHYs", struct.pack(">IIB", 2835, 2835, 1))
    faults: dict[str, dict] = {
        "gAMA twice": {"before": [gamma, gamma]},
        "gAMA of 3 bytes": {"before": [(b"gAMA", b"\0\0\1")]},
        "pHYs twice": {"before": [phys, phys]},
        "pHYs of 3 bytes": {"before": [(b"pHYs", b"\0\0\1")]},
        "acTL of 3 bytes": {"before": [(b"acTL", b"\0\0\1")]},
        "cHRM, sBIT, bKGD and hIST that are wrong": {
            "before": [(b"cHRM", b"\1"), (b"sBIT", b"\xff" * 9), (b"bKGD", b""), (b"hIST", b"\0")]
        },
        "zTXt and iTXt that do not inflate": {"before": [(b"zTXt", b"a\0\0junk"), (b"iTXt", b"a\0\1\0\0\0junk")]},
        "iCCP that does not inflate": {"before": [(b"iCCP", b"a\0\0junk")]},
        "eXIf that is none": {"before": [(b"eXIf", b"junk")]},
        "an unknown chunk": {"before": [(b"quQu", b"x" * 500)]},
        "a wrong checksum in tEXt": {"raw": [chunk(b"tEXt", b"a\0b", wrong_sum=True)]},
        "no IEND": {"end": False},
    }
    for fault, arguments in faults.items():
        matrix.add("png", fault, name, png(rgb, RGB, 8, **arguments), rgb)
    frames = [Image.fromarray(rgb), Image.fromarray(255 - rgb)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], compress_level=1)
    matrix.add("png", "animated", name, out.getvalue(), rgb, animated=True)


def add_oriented(matrix: Matrix) -> None:
    rgb = scene.colour(ORIENTED)
    for orientation in ORIENTATIONS:
        file = png(scene.stored(rgb, orientation), RGB, 8, before=[(b"eXIf", block(orientation))])
        matrix.add("png", f"orientation {orientation}", "small", file, rgb, orientation=orientation)

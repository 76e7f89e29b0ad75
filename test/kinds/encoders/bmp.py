"""BMP in every header that there is, byte by byte: no encoder writes most of them.

Microsoft's "Bitmap Header Types" for 12 (core), 40 (info), 52 and 56 (with masks), 108 and 124 (V4, V5);
OS/2's second header of 64 bytes, of which the first 40 are as BITMAPINFOHEADER has them.
"""

import struct
from collections.abc import Callable

import numpy as np

from . import scene
from .bits import packed, padded
from .rows import SIZES, Matrix
from .scene import Pixels, Size

RGB, RLE8, RLE4, BITFIELDS = 0, 1, 2, 3
FILE_HEADER = 14
LCS_SRGB = 0x73524742
PILLOW_REFUSES_MASKS = "Pillow reads a few sets of masks only"
PILLOW_TAKES_ALPHA = "Pillow shows it blank; Windows shows alpha that is 0 throughout as none"
"""Viewers agree for BMP and icons alike that a picture whose alpha is 0 everywhere is opaque."""


def header(
    bytes_of_header: int,
    size: Size,
    bits: int,
    compression: int = RGB,
    *,
    top_down: bool = False,
    masks: tuple[int, int, int, int] = (0, 0, 0, 0),
    colours: int = 0,
    image_bytes: int = 0,
) -> bytes:
    """With the masks that follow an info header of 40 bytes, if there are any."""
    width, height = size
    if bytes_of_header == 12:
        return struct.pack("<IHHHH", 12, width, height, 1, bits)
    height = -height if top_down else height
    info = struct.pack(
        "<IiiHHIIiiII", bytes_of_header, width, height, 1, bits, compression, image_bytes, 2835, 2835, colours, 0
    )
    if bytes_of_header == 40:
        return info + (struct.pack("<III", *masks[:3]) if compression == BITFIELDS else b"")
    if bytes_of_header == 64:
        return info + bytes(24)
    info += struct.pack("<IIII", *masks)[: bytes_of_header - 40]
    if bytes_of_header >= 108:
        info += struct.pack("<I", LCS_SRGB) + bytes(48)
    return info + bytes(bytes_of_header - len(info))


def file(info: bytes, table: bytes, pixels: bytes, *, gap: int = 0, size_field: int | None = None) -> bytes:
    start = FILE_HEADER + len(info) + len(table) + gap
    length = start + len(pixels) if size_field is None else size_field
    return struct.pack("<2sIHHI", b"BM", length, 0, 0, start) + info + table + bytes(gap) + pixels


def rows_up(values: Pixels, bits: int) -> bytes:
    return packed(values[::-1], bits, 4)


def bgr(pixels: Pixels, *, top_down: bool = False) -> bytes:
    """3 or 4 bytes per pixel."""
    ordered = pixels if top_down else pixels[::-1]
    order = [2, 1, 0, 3][: pixels.shape[2]]
    return padded(ordered[:, :, order].reshape(pixels.shape[0], -1), 4).tobytes()


def colour_table(table: Pixels, entry: int) -> bytes:
    entries = np.zeros((len(table), entry), np.uint8)
    entries[:, :3] = table[:, ::-1]
    return entries.tobytes()


def run_lengths(values: Pixels, bits: int) -> bytes:
    """RLE8 or RLE4: runs of one number, and literal stretches, with an end at each row."""
    return b"".join(row_runs(row, bits) + b"\0\0" for row in values[::-1]) + b"\0\1"


def row_runs(row: Pixels, bits: int) -> bytes:
    edges = np.flatnonzero(np.diff(row)) + 1
    starts = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [len(row)]])
    out = bytearray()
    single: list[int] = []

    def flush() -> None:
        while single:
            some = single[:254]
            del single[:254]
            if len(some) < 3:
                for one in some:
                    out.extend((1, one << 4 | one if bits == 4 else one))
                continue
            data = packed(np.array([some], np.uint8), bits)
            out.extend(bytes((0, len(some))) + data + bytes(len(data) % 2))

    for start, end in zip(starts, ends, strict=True):
        value, left = int(row[start]), int(end - start)
        if left < 4:
            single.extend([value] * left)
            continue
        flush()
        while left:
            some = min(left, 255)
            out.extend((some, value << 4 | value if bits == 4 else value))
            left -= some
    flush()
    return bytes(out)


def with_deltas(values: Pixels) -> bytes:
    """RLE8 that never stores the number 0, but skips those pixels within rows and at their ends."""
    out = bytearray()
    for row in values[::-1]:
        edges = np.flatnonzero(np.diff(row == 0)) + 1
        for part in np.split(row, edges):
            if part[0] != 0:
                out.extend(row_runs(part, 8))
                continue
            for at in range(0, len(part), 255):
                out.extend((0, 2, min(255, len(part) - at), 0))
        out.extend((0, 0))
    return bytes(out) + b"\0\1"


def words(pixels: Pixels, widths: tuple[int, int, int, int]) -> tuple[bytes, tuple[int, int, int, int], Pixels]:
    """Pixels with the given bits of red, green, blue and alpha; the masks; and what they show."""
    total = sum(widths)
    values = np.zeros(pixels.shape[:2], np.uint32)
    shown = np.full((*pixels.shape[:2], 4), 255, np.uint8)
    masks = []
    # Alpha is the highest, and blue the lowest.
    at = {3: total - widths[3], 0: widths[2] + widths[1], 1: widths[2], 2: 0}
    for channel, bits in enumerate(widths):
        most = 2**bits - 1
        masks.append(most << at[channel])
        if bits == 0 or channel >= pixels.shape[2]:
            continue
        levels = np.round(pixels[:, :, channel].astype(np.float32) * most / 255).astype(np.uint32)
        values |= levels << at[channel]
        shown[:, :, channel] = np.round(levels * 255 / most)
    kind = np.uint16 if total <= 16 else np.uint32
    data = values[::-1].astype(kind)
    rows = padded(data.view(np.uint8).reshape(data.shape[0], -1), 4)
    return rows.tobytes(), tuple(masks), scene.on_white(shown)


def add_bmp(matrix: Matrix) -> None:
    for name, size in SIZES.items():
        add_at(lambda kind, data, shows, name=name, **more: matrix.add("bmp", kind, name, data, shows, **more), size)


def add_at(add: Callable[..., None], size: Size) -> None:
    rgb = scene.colour(size)
    for bits in (1, 4, 8):
        values, table = scene.palette(size, 2**bits)
        shows = table[values]
        for length in (12, 40, 64, 108, 124):
            colours = colour_table(table, 3 if length == 12 else 4)
            add(f"header {length}, {bits} bits", file(header(length, size, bits), colours, rows_up(values, bits)), shows)
    values, table = scene.palette(size, 4)
    two = file(header(40, size, 2, colours=4), colour_table(table, 4), rows_up(values, 2))
    add("header 40, 2 bits", two, table[values], alone="Pillow refuses 2 bits")
    values, table = scene.palette(size, 200)
    add(
        "header 40, 8 bits, 200 colours, a gap",
        file(header(40, size, 8, colours=200), colour_table(table, 4), rows_up(values, 8), gap=10),
        table[values],
    )
    for bits, compression in ((8, RLE8), (4, RLE4)):
        values, table = scene.palette(size, 2**bits)
        data = run_lengths(values, bits)
        info = header(40, size, bits, compression, image_bytes=len(data))
        add(f"RLE{bits}", file(info, colour_table(table, 4), data), table[values])
    values, table = scene.palette(size, 256)
    data = with_deltas(values)
    info = header(40, size, 8, RLE8, image_bytes=len(data))
    add("RLE8, deltas", file(info, colour_table(table, 4), data), table[values])
    for length in (12, 40, 64, 108, 124):
        add(f"header {length}, 24 bits", file(header(length, size, 24), b"", bgr(rgb)), rgb)
    top_down = file(header(40, size, 24, top_down=True), b"", bgr(rgb, top_down=True))
    add("header 40, 24 bits, top-down", top_down, rgb)
    add("24 bits, a size field of 0", file(header(40, size, 24), b"", bgr(rgb), size_field=0), rgb)
    add("24 bits, a size field too large", file(header(40, size, 24), b"", bgr(rgb), size_field=2**31), rgb)
    add("24 bits, bytes behind it", file(header(40, size, 24), b"", bgr(rgb)) + bytes(1000), rgb)
    for what, unused in (("0", 0), ("1", 1), ("255", 255)):
        four = np.dstack([rgb, np.full(rgb.shape[:2], unused, np.uint8)])
        add(f"header 40, 32 bits, unused byte {what}", file(header(40, size, 32), b"", bgr(four)), rgb)
    add_masks(add, size)


def add_masks(add: Callable[..., None], size: Size) -> None:
    rgb, rgba = scene.colour(size), scene.rgba(size)
    five, _, shows = words(rgb, (5, 5, 5, 0))
    add("header 40, 16 bits", file(header(40, size, 16), b"", five), shows)
    for length in (40, 52, 56, 108, 124):
        for widths in ((5, 6, 5, 0), (5, 5, 5, 0), (8, 8, 8, 0)):
            data, masks, shows = words(rgb, widths)
            bits = 16 if sum(widths) <= 16 else 32
            named = "".join(map(str, widths[:3]))
            info = header(length, size, bits, BITFIELDS, masks=masks)
            add(f"header {length}, masks {named}", file(info, b"", data), shows)
        if length < 56:
            continue
        for widths in ((5, 5, 5, 1), (4, 4, 4, 4), (8, 8, 8, 8)):
            bits = 16 if sum(widths) == 16 else 32
            named = "".join(map(str, widths))
            source = scene.cut_out(size) if widths[3] == 1 else rgba
            data, masks, shows = words(source, widths)
            _, _, opaque = words(rgb, (*widths[:3], 0))
            info = header(length, size, bits, BITFIELDS, masks=masks)
            pillow = None if widths[3] == 8 else PILLOW_REFUSES_MASKS
            add(f"header {length}, masks {named}", file(info, b"", data), shows, opaque=opaque, alone=pillow)
            clear, _, _ = words(np.dstack([rgb, np.zeros(rgb.shape[:2], np.uint8)]), widths)
            name = f"header {length}, masks {named}, alpha 0 throughout"
            add(name, file(info, b"", clear), opaque, alone=PILLOW_TAKES_ALPHA if widths[3] > 1 else None)

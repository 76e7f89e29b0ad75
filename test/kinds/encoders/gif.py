"""GIF block by block (GIF89a), with codes that are cleared before they grow, and by Pillow."""

import io
import struct

import numpy as np
from PIL import Image

from . import scene
from .rows import SIZES, Matrix
from .scene import Pixels, Size
from .webp import placed

LARGE: Size = (4001, 2903)
CLEARS_AFTER = 120


def codes(values: Pixels, bits: int) -> bytes:
    """LZW without compression: literal codes, with the table cleared before codes need another bit."""
    width = bits + 1
    step = min(CLEARS_AFTER, 2**bits - 2)
    flat = values.ravel().astype(np.uint16)
    padded = np.concatenate([flat, np.zeros(-len(flat) % step, np.uint16)]).reshape(-1, step)
    table = np.insert(padded, 0, 2**bits, axis=1).ravel()[: len(flat) + -(-len(flat) // step)]
    table = np.append(table, 2**bits + 1)
    spread = (table[:, None] >> np.arange(width)) & 1
    return np.packbits(spread.astype(np.uint8).ravel(), bitorder="little").tobytes()


def blocks(data: bytes) -> bytes:
    whole = np.frombuffer(data[: len(data) // 255 * 255], np.uint8).reshape(-1, 255)
    rest = data[len(whole) * 255 :]
    return np.insert(whole, 0, 255, axis=1).tobytes() + (bytes((len(rest),)) + rest if rest else b"") + b"\0"


def screen(size: Size, table: Pixels | None, *, version: bytes = b"GIF89a") -> bytes:
    flags = 0 if table is None else 0x80 | table_bits(table) - 1
    return version + struct.pack("<HHBBB", *size, flags, 0, 0) + (b"" if table is None else table.tobytes())


def table_bits(table: Pixels) -> int:
    return int(len(table)).bit_length() - 1


def image(values: Pixels, bits: int, *, place: tuple[int, int] = (0, 0), table: Pixels | None = None, interlaced: bool = False) -> bytes:
    height, width = values.shape
    flags = (0 if table is None else 0x80 | table_bits(table) - 1) | (0x40 if interlaced else 0)
    rows = np.concatenate([values[start::step] for start, step in ((0, 8), (4, 8), (2, 4), (1, 2))]) if interlaced else values
    head = b"," + struct.pack("<HHHHB", *place, width, height, flags)
    return head + (b"" if table is None else table.tobytes()) + bytes((bits,)) + blocks(codes(rows, bits))


def control(clear: int | None) -> bytes:
    return b"!\xf9\4" + struct.pack("<BHB", 0 if clear is None else 1, 10, clear or 0) + b"\0"


COMMENT = b"!\xfe\5hello\0"
EMPTY_COMMENT = b"!\xfe\0"
END = b";"


def add_gif(matrix: Matrix) -> None:
    for name, size in SIZES.items():
        add_kinds(matrix, name, size)
    values, table = scene.palette(LARGE, 256)
    matrix.add("gif", "8 bits", "large", screen(LARGE, table) + image(values, 8) + END, table[values])


def add_kinds(matrix: Matrix, name: str, size: Size) -> None:
    def add(kind: str, file: bytes, shows: Pixels, **more: object) -> None:
        matrix.add("gif", kind, name, file, shows, **more)

    for bits in (1, 2, 4, 8):
        values, table = scene.palette(size, 2**bits)
        code_bits = max(2, bits)
        add(f"{bits} bits", screen(size, table) + image(values, code_bits) + END, table[values])
    shows = table[values]
    picture = image(values, 8)
    add("GIF87a", screen(size, table, version=b"GIF87a") + picture + END, shows)
    add("interlaced", screen(size, table) + image(values, 8, interlaced=True) + END, shows)
    add("local colours", screen(size, None) + image(values, 8, table=table) + END, shows)
    other = np.roll(table, 7, axis=0)
    add("local colours before global ones", screen(size, other) + image(values, 8, table=table) + END, shows)
    by_pillow = io.BytesIO()
    Image.fromarray(shows).quantize(256, dither=Image.Dither.NONE).save(by_pillow, "GIF", optimize=True)
    add("codes of all lengths", by_pillow.getvalue(), np.array(Image.open(by_pillow).convert("RGB")))
    clear = (scene.cut_out(size)[:, :, 3] == 0)
    marked, colours = np.where(clear, 255, np.minimum(values, 254)).astype(np.uint8), table.copy()
    seen = colours[marked]
    white = scene.on_white(np.dstack([seen, np.where(clear, 0, 255).astype(np.uint8)]))
    add("transparent", screen(size, colours) + control(255) + image(marked, 8) + END, white, opaque=seen)
    add("comments", screen(size, table) + COMMENT + picture + COMMENT + END, shows)
    add("empty comments", screen(size, table) + EMPTY_COMMENT + picture + EMPTY_COMMENT + END, shows)
    add("no end", screen(size, table) + picture, shows)
    add("bytes behind it", screen(size, table) + picture + END + b"more" * 20, shows)
    add("a screen of 0×0", screen((0, 0), table) + picture + END, shows)
    flipped = image(values[::-1], 8)
    frames = screen(size, table) + control(None) + picture + control(None) + flipped + END
    add("animated", frames, shows, animated=True)
    canvas = (size[0] * 5 // 4, size[1] * 4 // 3)
    place = (canvas[0] // 7, canvas[1] // 5)
    inside = screen(canvas, table) + control(255) + image(marked, 8, place=place) + control(None) + flipped + END
    on_canvas, opaque = placed(white, canvas, place), placed(seen, canvas, place)
    add("animated, a first frame in its place", inside, on_canvas, animated=True, opaque=opaque)
    still = screen(canvas, table) + control(255) + image(marked, 8, place=place) + END
    add("a frame in its place", still, on_canvas, opaque=opaque)
    grey = scene.grey(size)
    matrix.by_sharp("gif", "of libvips", name, shows, {"dither": 0, "effort": 1}, shows, lossy=True)
    add("no colours", screen(size, None) + image(grey, 8) + END, scene.shown_grey(grey))

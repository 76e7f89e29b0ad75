"""A writer of TIFF files (TIFF 6.0) with one page, for every combination of tags."""

import struct
import zlib
from collections.abc import Callable, Sequence

import imagecodecs
import numpy as np

from .bits import packed, reversed_bits
from .scene import Pixels

WHITE_IS_0, BLACK_IS_0, RGB, PALETTE, SEPARATED, LAB = 0, 1, 2, 3, 5, 8
UNSPECIFIED, PREMULTIPLIED, ALPHA = 0, 1, 2
NONE, LZW, DEFLATE, PACKBITS = 1, 5, 8, 32773
UNSIGNED, FLOAT = 1, 3
TYPES = {"B": 1, "H": 3, "I": 4}
"""BYTE, SHORT and LONG."""
COMPRESSIONS: dict[int, Callable[[bytes, int], bytes]] = {
    NONE: lambda data, _: data,
    LZW: lambda data, _: imagecodecs.lzw_encode(data),
    DEFLATE: lambda data, _: zlib.compress(data, 1),
    # Runs end with their row (§9).
    PACKBITS: lambda data, row: b"".join(
        imagecodecs.packbits_encode(data[at : at + row]) for at in range(0, len(data), row)
    ),
}
ROW_BYTES_OF_A_STRIP = 65_536


def tiff(
    values: Pixels,
    photometric: int,
    bits: int,
    *,
    compression: int = NONE,
    extra: Sequence[int] = (),
    planar: bool = False,
    fill_order: int = 1,
    sample_format: int = UNSIGNED,
    predictor: bool = False,
    tile: int = 0,
    big_endian: bool = False,
    table: Pixels | None = None,
    orientation: int = 1,
    one_strip: bool = False,
    more: dict[int, tuple[str, list[int]]] | None = None,
) -> bytes:
    """`values`: height × width × samples. `more`: tags with their type and numbers."""
    height, width, samples = values.shape
    planes = [values[:, :, i : i + 1] for i in range(samples)] if planar else [values]
    rows = height if one_strip else max(1, min(height, ROW_BYTES_OF_A_STRIP * 8 // (width * samples * bits)))
    order = ">" if big_endian else "<"
    pieces: list[bytes] = []
    for plane in planes:
        for piece in tiles(plane, tile) if tile else (plane[y : y + rows] for y in range(0, height, rows)):
            data = numbers(piece, bits, order, predictor)
            data = COMPRESSIONS[compression](data, len(data) // piece.shape[0])
            pieces.append(reversed_bits(data) if fill_order == 2 else data)
    at, places = 8, []
    for piece in pieces:
        places.append(at)
        at += len(piece) + len(piece) % 2
    lengths = [len(piece) for piece in pieces]
    tags: dict[int, tuple[str, list[int]]] = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [bits] * samples),
        259: ("H", [compression]),
        262: ("H", [photometric]),
        266: ("H", [fill_order]),
        274: ("H", [orientation]),
        277: ("H", [samples]),
        284: ("H", [2 if planar else 1]),
        317: ("H", [2 if predictor else 1]),
        339: ("H", [sample_format] * samples),
    }
    if tile:
        tags |= {322: ("I", [tile]), 323: ("I", [tile]), 324: ("I", places), 325: ("I", lengths)}
    else:
        tags |= {273: ("I", places), 278: ("I", [rows]), 279: ("I", lengths)}
    if extra:
        tags[338] = ("H", list(extra))
    if table is not None:
        tags[320] = ("H", [int(one) * 257 for one in table.T.ravel()])
    tags |= more or {}
    body = b"".join(piece + bytes(len(piece) % 2) for piece in pieces)
    head = (b"MM\0*" if big_endian else b"II*\0") + struct.pack(order + "I", at)
    return head + body + directory(tags, at, order)


def directory(tags: dict[int, tuple[str, list[int]]], at: int, order: str) -> bytes:
    entries, apart = b"", b""
    room = at + 2 + 12 * len(tags) + 4
    for tag, (kind, numbers_of_tag) in sorted(tags.items()):
        data = struct.pack(f"{order}{len(numbers_of_tag)}{kind}", *numbers_of_tag)
        value = data.ljust(4, b"\0")
        if len(data) > 4:
            value = struct.pack(order + "I", room + len(apart))
            apart += data + bytes(len(data) % 2)
        entries += struct.pack(order + "HHI", tag, TYPES[kind], len(numbers_of_tag)) + value
    return struct.pack(order + "H", len(tags)) + entries + bytes(4) + apart


def numbers(piece: Pixels, bits: int, order: str, predictor: bool) -> bytes:
    if piece.dtype == np.float32 or piece.dtype == np.float16:
        return piece.astype(piece.dtype.newbyteorder(order)).tobytes()
    if bits < 8:
        return packed(piece.reshape(piece.shape[0], -1), bits)
    kind = np.dtype(f"u{bits // 8}")
    whole = piece.astype(kind)
    if predictor:
        whole = np.diff(whole, axis=1, prepend=np.zeros_like(whole[:, :1]))
    return whole.astype(kind.newbyteorder(order)).tobytes()


def tiles(plane: Pixels, side: int) -> Sequence[Pixels]:
    height, width = plane.shape[:2]
    whole = np.pad(plane, ((0, -height % side), (0, -width % side), (0, 0)))
    return [
        whole[y : y + side, x : x + side] for y in range(0, height, side) for x in range(0, width, side)
    ]

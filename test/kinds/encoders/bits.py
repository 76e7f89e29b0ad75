"""Bit-packed numbers, and rows of whole words."""

import numpy as np

from .scene import Pixels


def packed(values: Pixels, bits: int, align: int = 1) -> bytes:
    """height × width numbers, the first in the highest bits, each row padded to `align` bytes."""
    height, width = values.shape
    if bits < 8:
        spread = (values[:, :, None] >> np.arange(bits - 1, -1, -1)) & 1
        rows = np.packbits(spread.reshape(height, width * bits).astype(np.uint8), axis=1)
    else:
        rows = values.astype(np.uint8)
    return padded(rows, align).tobytes()


def padded(rows: Pixels, align: int) -> Pixels:
    """height × bytes."""
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % align)))


REVERSED = np.packbits(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)[:, ::-1], axis=1).ravel()
"""Each byte with its bits in reverse order."""


def reversed_bits(data: bytes) -> bytes:
    return REVERSED[np.frombuffer(data, np.uint8)].tobytes()

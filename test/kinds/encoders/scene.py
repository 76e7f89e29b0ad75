"""The picture that every file of the matrix shows.

No two of its corners, colours or halves are alike, so that a picture that is turned, mirrored, negative, blank or has
its channels exchanged is far from it; and transparent parts have hidden colours.
"""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw

Pixels = np.ndarray
Size = tuple[int, int]

GROUND = ((40, 90, 200), (250, 170, 60))
NOISE = 5
"""Drawings are made at twice the size and then halved, unless they are large enough."""
SMOOTH_BELOW = 4_000_000


@cache
def colour(size: Size) -> Pixels:
    """height × width × 3."""
    width, height = size
    factor = 2 if width * height < SMOOTH_BELOW else 1
    picture = Image.fromarray(ground((width * factor, height * factor)))
    shapes(ImageDraw.Draw(picture), width * factor, height * factor)
    if factor == 2:
        picture = picture.reduce(2)
    pixels = np.array(picture)
    # Codes of every length, and no row like the next, in a part small enough to keep files small.
    part = pixels[height // 2 : height * 3 // 4, width // 5 : width // 2]
    noise = np.random.default_rng(1).integers(-NOISE, NOISE + 1, part.shape)
    part[:] = np.clip(part + noise, 0, 255)
    pixels.setflags(write=False)
    return pixels


def ground(size: Size) -> Pixels:
    width, height = size
    share = (0.7 * np.linspace(0, 1, width)[None, :] + 0.3 * np.linspace(0, 1, height)[:, None]).astype(np.float32)
    tables = [np.linspace(first, last, 256).astype(np.uint8) for first, last in zip(*GROUND, strict=True)]
    levels = (share * 255).astype(np.uint8)
    return np.dstack([table[levels] for table in tables])


def shapes(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2

    def at(*places: float) -> list[float]:
        return [(left if i % 2 == 0 else top) + place * side for i, place in enumerate(places)]

    draw.ellipse(at(0.12, 0.1, 0.5, 0.52), fill=(216, 35, 31))
    draw.ellipse(at(0.2, 0.14, 0.34, 0.48), fill=(245, 197, 24))
    draw.polygon(at(0.26, 0.52, 0.36, 0.52, 0.34, 0.62, 0.28, 0.62), fill=(122, 74, 32))
    for row in range(5):
        for column in range(5):
            if (row * 2 + column * 3 + row * column) % 4:
                x, y = 0.58 + column * 0.06, 0.12 + row * 0.06
                draw.rectangle(at(x, y, x + 0.045, y + 0.045), fill=(17, 17, 25) if row % 2 else (235, 240, 230))
    draw.rectangle(at(0.55, 0.6, 0.9, 0.88), fill=(30, 130, 60))
    for stripe in range(4):
        draw.rectangle(at(0.58 + stripe * 0.08, 0.64, 0.61 + stripe * 0.08, 0.84), fill=(225, 240, 90))
    draw.polygon(at(0.1, 0.9, 0.24, 0.68, 0.42, 0.86), fill=(120, 20, 110))


@cache
def alpha(size: Size) -> Pixels:
    """height × width: transparent on the left, then increasingly opaque; half transparent in a box on the right."""
    width, height = size
    across = np.linspace(-0.6, 1.8, width, dtype=np.float32)[None, :].repeat(height, 0)
    mask = (np.clip(across, 0, 1) * 255).astype(np.uint8)
    mask[height * 3 // 5 : height * 7 // 8, width * 3 // 5 : width * 7 // 8] = 128
    mask.setflags(write=False)
    return mask


@cache
def rgba(size: Size) -> Pixels:
    return np.dstack([colour(size), alpha(size)])


@cache
def cut_out(size: Size) -> Pixels:
    """Opaque or transparent, nothing in between, as in GIF and masks."""
    return np.dstack([colour(size), np.where(alpha(size) >= 100, 255, 0).astype(np.uint8)])


@cache
def grey(size: Size) -> Pixels:
    """height × width."""
    return np.array(Image.fromarray(colour(size)).convert("L"))


@cache
def grey_of_bits(size: Size, bits: int) -> Pixels:
    """height × width numbers of 1 to 8 bits."""
    values = grey(size).astype(np.float32) / 255
    if bits == 1:
        return (np.array(Image.fromarray(grey(size)).convert("1"))).astype(np.uint8)
    return np.floor(values * (2**bits - 1) + 0.5).astype(np.uint8)


@cache
def palette(size: Size, colours: int) -> tuple[Pixels, Pixels]:
    """height × width numbers, and the palette × 3 that they index."""
    picture = Image.fromarray(colour(size)).quantize(colours, dither=Image.Dither.NONE)
    table = np.array(picture.getpalette(), np.uint8).reshape(-1, 3)
    full = np.zeros((colours, 3), np.uint8)
    full[: len(table)] = table[:colours]
    return np.array(picture), full


def shown_palette(size: Size, colours: int) -> Pixels:
    indices, table = palette(size, colours)
    return table[indices]


def shown_grey(values: Pixels, bits: int = 8) -> Pixels:
    """height × width × 3 numbers of 8 bits, as numbers of this many bits."""
    levels = np.round(values.astype(np.float64) * 255 / (2**bits - 1)).astype(np.uint8)
    return np.repeat(levels[:, :, None], 3, axis=2)


def on_white(pixels: Pixels) -> Pixels:
    """RGBA or grey and alpha, straight, composited on white."""
    share = pixels[:, :, -1:].astype(np.uint16)
    # Of 255 each, rounded: no product exceeds 16 bits.
    shown = ((pixels[:, :, :-1] * share + 255 * (255 - share) + 127) // 255).astype(np.uint8)
    return np.repeat(shown, 3, axis=2) if shown.shape[2] == 1 else shown


def premultiplied(pixels: Pixels) -> Pixels:
    share = pixels[:, :, -1:].astype(np.float32) / 255
    return np.dstack([np.round(pixels[:, :, :-1] * share).astype(np.uint8), pixels[:, :, -1]])


def stored(pixels: Pixels, orientation: int) -> Pixels:
    """An upright picture as stored in a file with that orientation (EXIF 2.32 §4.6.4)."""
    turned = pixels.swapaxes(0, 1) if orientation >= 5 else pixels
    if orientation in (3, 4, 6, 7):
        turned = turned[::-1]
    if orientation in (2, 3, 7, 8):
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned)

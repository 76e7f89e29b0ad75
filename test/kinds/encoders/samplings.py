"""Input for HEIC and AVIF: the picture with its chroma subsampled, opaque or with alpha, and what it shows."""

from dataclasses import dataclass

import numpy as np

from . import scene
from .scene import Pixels, Size

GREY = "4:0:0"
SAMPLINGS = ("4:2:0", "4:2:2", "4:4:4", GREY)


@dataclass(frozen=True)
class Drawing:
    pixels: Pixels
    """Input of the encoder: height × width × 3, or × 4 with alpha."""
    shows: Pixels
    opaque: Pixels | None
    """What it would show if alpha were ignored; None if there is no alpha."""


def drawing(size: Size, sampling: str = "4:2:0", clear: bool = False) -> Drawing:
    rgb = scene.colour(size)
    if sampling == GREY:
        rgb = scene.shown_grey(scene.grey(size))
    if not clear:
        return Drawing(rgb, rgb, None)
    rgba = np.dstack([rgb, scene.alpha(size)])
    return Drawing(rgba, scene.on_white(rgba), rgb)


def kind_of(bits: int, sampling: str, clear: bool = False) -> str:
    return f"{bits} bits, {'grey' if sampling == GREY else sampling}{', alpha' if clear else ''}"

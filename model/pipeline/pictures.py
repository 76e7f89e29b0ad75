"""Pictures to try the network on: seeded ones, and photos prepared as the Worker prepares them."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SIDE = 224
SHORT_SIDE = 256


def seeded(count: int) -> np.ndarray:
    """Smooth random pictures with a little noise: float32 [count, 224, 224, 3], RGB in [0, 1]."""
    random = np.random.default_rng(224)
    pictures = []
    for _ in range(count):
        coarse = Image.fromarray(random.integers(0, 256, (9, 9, 3), dtype=np.uint8))
        smooth = np.asarray(coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32)
        pictures.append(smooth + random.normal(0, 8, smooth.shape))
    return np.clip(np.stack(pictures) / 255, 0, 1).astype(np.float32)


def photo(path: Path) -> np.ndarray:
    """The photo at `path`: float32 [224, 224, 3], RGB in [0, 1].

    Upright, transparency on white, short side 256 by a triangle filter whose support grows with
    the reduction (Pillow's BILINEAR does that), centre crop 224.
    """
    with Image.open(path) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert(
        "RGB"
    )
    scale = SHORT_SIDE / min(picture.size)
    width, height = (max(SHORT_SIDE, round(side * scale)) for side in picture.size)
    resized = picture.resize((width, height), Image.Resampling.BILINEAR)
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    cropped = resized.crop((left, top, left + SIDE, top + SIDE))
    return np.asarray(cropped, np.float32) / np.float32(255)


def network_input(picture: np.ndarray) -> np.ndarray:
    """[224, 224, 3] in [0, 1] to what the graph takes: float32 [1, 3, 224, 224] in [-1, 1]."""
    return np.ascontiguousarray((picture * 2 - 1).transpose(2, 0, 1)[np.newaxis])

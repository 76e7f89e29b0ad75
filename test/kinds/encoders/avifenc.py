"""AVIF by libavif's own `avifenc`, where the machine has it: rav1e and SVT-AV1, grids, and clean apertures.

No package on PyPI or npm has those encoders; Debian's libavif-bin has them.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from .rows import ORIENTED, Matrix
from .samplings import drawing, kind_of
from .scene import Pixels, Size

AVIFENC = shutil.which("avifenc")
GRID: Size = (604, 428)
"""Made of 2×2 equal tiles with whole chroma samples."""
QUANTIZERS = ("--min", "4", "--max", "20")
ENCODE_S = 120


def avifenc(pixels: Pixels, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "from.png"), Path(folder, "to.avif")
        Image.fromarray(pixels).save(source, compress_level=1)
        command = [AVIFENC, *QUANTIZERS, *options, str(source), str(target)]
        subprocess.run(command, check=True, capture_output=True, timeout=ENCODE_S)
        return target.read_bytes()


def add_avifenc(matrix: Matrix) -> None:
    if AVIFENC is None:
        print("AVIF by rav1e and SVT-AV1, in grids and with clean apertures is skipped: no avifenc.", file=sys.stderr)
        return

    def add(kind: str, bits: int, sampling: str, *options: str, clear: bool = False, size: Size = ORIENTED) -> None:
        drawn = drawing(size, sampling, clear)
        layout = ("--depth", str(bits), "--yuv", sampling.replace(":", ""))
        file = avifenc(drawn.pixels, *layout, *options)
        name = f"{kind_of(bits, sampling, clear)}, {kind}"
        matrix.add("avif", name, "small", file, drawn.shows, lossy=True, opaque=drawn.opaque)

    for codec, size, speeds, samplings in (
        ("rav1e", ORIENTED, ("6", "10"), ("4:2:0", "4:2:2", "4:4:4")),
        ("svt", GRID, ("4", "8"), ("4:2:0",)),
    ):
        for speed in speeds:
            for sampling in samplings:
                for bits in (8, 10):
                    add(f"{codec}, speed {speed}", bits, sampling, "--codec", codec, "--speed", speed, size=size)
        # SVT-AV1 writes meaningless chroma with the alpha. At 10 bits this avifenc crashes.
        add(codec, 8, "4:2:0", "--codec", codec, "--speed", "8", clear=True, size=size)
    fast = ("--codec", "aom", "--speed", "10")
    for bits in (8, 10):
        for sampling in ("4:2:0", "4:4:4"):
            for clear in (False, True):
                add("grid of 2×2", bits, sampling, *fast, "--grid", "2x2", clear=clear, size=GRID)
        add("narrow range", bits, "4:2:0", *fast, "--range", "limited", clear=True)
        add("premultiplied", bits, "4:4:4", *fast, "--premultiply", clear=True)
    add_crop(matrix, fast)


def add_crop(matrix: Matrix, options: tuple[str, ...]) -> None:
    drawn = drawing(GRID)
    left, top, width, height = 40, 20, 480, 360
    file = avifenc(drawn.pixels, *options, "--yuv", "420", "--crop", f"{left},{top},{width},{height}")
    shows = drawn.shows[top : top + height, left : left + width]
    matrix.add("avif", "clean aperture", "small", file, shows, lossy=True)

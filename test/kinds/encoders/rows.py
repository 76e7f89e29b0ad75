"""Collects the rows of the matrix: a file, its properties, and what it must show."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .scene import Pixels, Size

SIZES: dict[str, Size] = {"small": (613, 431), "middle": (1733, 1217)}
"""A quarter of a megapixel, and two: odd, so that no row is a whole number of bytes, words or blocks."""
ORIENTED: Size = (401, 283)
ORIENTATIONS = range(1, 9)


@dataclass
class Matrix:
    folder: Path
    wanted: str = ""
    rows: list[dict] = field(default_factory=list)

    def add(
        self,
        format: str,
        kind: str,
        size: str,
        data: bytes,
        shows: Pixels,
        *,
        orientation: int = 1,
        animated: bool = False,
        lossy: bool = False,
        opaque: Pixels | None = None,
        alone: str | None = None,
    ) -> None:
        """
        `shows` is the upright picture, height × width × 3, on white; a lossy file shows something like it.
        `opaque` is the same with what is transparent shown. `alone` says why no other decoder confirms it.
        """
        name = f"{len(self.rows):03}.{format}"
        (self.folder / name).write_bytes(data)
        row = {
            "format": format,
            "kind": kind,
            "size": size,
            "file": name,
            "width": shows.shape[1],
            "height": shows.shape[0],
            "orientation": orientation,
            "animated": animated,
            "lossy": lossy,
            "shows": self.keep(shows),
        }
        if opaque is not None:
            row["opaque"] = self.keep(opaque)
        if alone is not None:
            row["alone"] = alone
        self.rows.append(row)

    def by_sharp(
        self, format: str, kind: str, size: str, pixels: Pixels, options: dict, shows: Pixels, **more: object
    ) -> None:
        """A file that sharp writes later: `pixels` in `format` with these options."""
        self.add(format, kind, size, b"", shows, **more)
        channels = 1 if pixels.ndim == 2 else pixels.shape[2]
        order = {"pixels": self.keep(pixels), "channels": channels, "options": options}
        self.rows[-1]["sharp"] = order | {"width": pixels.shape[1], "height": pixels.shape[0]}

    def refused(self, format: str, kind: str, data: bytes, reason: str) -> None:
        """A kind that is not read, and must be refused: `reason` is the code of the refusal."""
        name = f"{len(self.rows):03}.{format}"
        (self.folder / name).write_bytes(data)
        self.rows.append({"format": format, "kind": kind, "size": "small", "file": name, "refused": reason})

    def keep(self, pixels: Pixels) -> str:
        """Many files show the same picture, which is written once."""
        data = np.ascontiguousarray(pixels, np.uint8).tobytes()
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{pixels.shape[1]}x{pixels.shape[0]}.rgb"
        path = self.folder / name
        if not path.exists():
            path.write_bytes(data)
        return name

    def write(self) -> None:
        (self.folder / "matrix.json").write_text(json.dumps(self.rows))

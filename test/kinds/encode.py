"""Writes the files of the matrix to a folder, and `matrix.json` with what each of them is.

    python encode.py FOLDER [FORMAT …]
"""

import sys
from pathlib import Path

from encoders.avif import add_avif
from encoders.bmp import add_bmp
from encoders.gif import add_gif
from encoders.heic import add_heic
from encoders.ico import add_ico
from encoders.jpeg import add_jpeg
from encoders.png import add_png
from encoders.rows import Matrix
from encoders.tiff import add_tiff
from encoders.webp import add_webp

FORMATS = {
    "jpeg": add_jpeg,
    "png": add_png,
    "webp": add_webp,
    "gif": add_gif,
    "bmp": add_bmp,
    "ico": add_ico,
    "tiff": add_tiff,
    "avif": add_avif,
    "heic": add_heic,
}

folder, *wanted = sys.argv[1:]
matrix = Matrix(Path(folder))
for name, add in FORMATS.items():
    if not wanted or name in wanted:
        add(matrix)
matrix.write()

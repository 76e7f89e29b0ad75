"""Encodes PNGs with libheif and x265 (pillow-heif) and with libavif (Pillow).

A list of jobs comes as JSON on standard input: `from` and `to` are files, `options` goes to the encoder as it
is, `orientation` into EXIF, from where both encoders take `irot` and `imir`, and `bits` is the depth.
"""

import json
import sys

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

ORIENTATION = 0x0112


def encode(job: dict) -> None:
    options = dict(job.get("options", {}))
    with Image.open(job["from"]) as picture:
        picture.load()
        if picture.info.get("icc_profile"):
            options["icc_profile"] = picture.info["icc_profile"]
        if job.get("bits", 8) > 8:
            with open(job["to"], "wb") as file:
                mode = picture.mode + ";16"
                pillow_heif.encode(mode, picture.size, of_16_bits(picture), file, bit_depth=job["bits"], **options)
            return
        if "orientation" in job:
            exif = picture.getexif()
            exif[ORIENTATION] = job["orientation"]
            options["exif"] = exif.tobytes()
        picture.save(job["to"], **options)


def of_16_bits(picture: Image.Image) -> bytes:
    """The same bytes twice: 0 to 65535, little-endian."""
    values = picture.tobytes()
    wide = bytearray(2 * len(values))
    wide[0::2] = values
    wide[1::2] = values
    return bytes(wide)


for each in json.load(sys.stdin):
    encode(each)

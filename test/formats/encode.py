"""Encodes PNGs with libheif and x265 (pillow-heif) and with libavif (Pillow).

A list of jobs comes as JSON on standard input: `from` and `to` are files, `options` goes to the encoder as it
is, `orientation` into EXIF, from where both encoders take `irot` and `imir`, and `bits` is the depth.
"""

import io
import json
import sys

import pillow_heif
from PIL import Image, ImageChops

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
        if job.get("ink") == "cmyk":
            picture = picture.convert("CMYK")
        if job.get("ink") == "ycck":
            with open(job["to"], "wb") as file:
                file.write(ycck(picture))
            return
        if "orientation" in job:
            exif = picture.getexif()
            exif[ORIENTATION] = job["orientation"]
            options["exif"] = exif.tobytes()
        if job.get("animated"):
            options |= {"save_all": True, "append_images": [picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)]}
        picture.save(job["to"], **options)


def of_16_bits(picture: Image.Image) -> bytes:
    """8 bits as 16: each byte twice, so 0 to 65535, little-endian."""
    values = picture.tobytes()
    wide = bytearray(2 * len(values))
    wide[0::2] = values
    wide[1::2] = values
    return bytes(wide)


def ycck(picture: Image.Image) -> bytes:
    """Adobe's YCCK: Y, Cb and Cr of the inks for cyan, magenta and yellow, no black, and the marker that says so."""
    inks = ImageChops.invert(picture).convert("YCbCr").split()
    # Pillow stores the complement of CMYK values, where 0 is no black.
    stored = Image.merge("CMYK", [*map(ImageChops.invert, inks), Image.new("L", picture.size, 0)])
    file = io.BytesIO()
    stored.save(file, "JPEG", quality=95)
    data = bytearray(file.getvalue())
    transform = data.index(b"Adobe") + 11
    assert data[transform] == 0
    data[transform] = 2
    return bytes(data)


for each in json.load(sys.stdin):
    encode(each)

"""JPEG by libjpeg-turbo (Pillow, imagecodecs), with segments that other programs omit, insert or append."""

import io
import struct
from collections.abc import Callable, Iterator

import imagecodecs
import numpy as np
from PIL import Image, ImageChops, ImageCms

from . import scene
from .exif import LONG, block, entry
from .rows import ORIENTATIONS, ORIENTED, SIZES, Matrix
from .scene import Pixels, Size

LARGE: Size = (4001, 2903)
QUALITY = 92
SOI, EOI, SOS, SOF0, SOF1, SOF2, DHT, DNL, APP1, APP2, APP14 = (
    *(0xD8, 0xD9, 0xDA, 0xC0, 0xC1, 0xC2, 0xC4, 0xDC, 0xE1, 0xE2, 0xEE),
)
TRAILER = b"MotionPhoto" + bytes(range(256)) * 8


def libjpeg(pixels: Pixels, mode: str | None = None, **options: object) -> bytes:
    picture = Image.fromarray(pixels)
    out = io.BytesIO()
    (picture.convert(mode) if mode else picture).save(out, "JPEG", quality=QUALITY, **options)
    return out.getvalue()


def segments(file: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment up to and including the first SOS."""
    at = 2
    while True:
        marker = file[at + 1]
        end = at + 2 + int.from_bytes(file[at + 2 : at + 4])
        yield marker, at, end
        if marker == SOS:
            return
        at = end


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def place(file: bytes, marker: int) -> tuple[int, int]:
    return next((start, end) for found, start, end in segments(file) if found == marker)


def without(file: bytes, marker: int) -> bytes:
    start, end = place(file, marker)
    return file[:start] + file[end:]


def with_exif(file: bytes, exif: bytes, before: int | None = None) -> bytes:
    at = 2 if before is None else place(file, before)[0]
    return file[:at] + segment(APP1, b"Exif\0\0" + exif) + file[at:]


def ids(file: bytes, names: bytes, sof: int = SOF0) -> bytes:
    """The three components under other names, in the frame header and in the scans."""
    data = bytearray(file)
    frame, _ = place(file, sof)
    scan, _ = place(file, SOS)
    for i, name in enumerate(names):
        data[frame + 10 + 3 * i] = name
        data[scan + 5 + 2 * i] = name
    return bytes(data)


def by_dnl(file: bytes) -> bytes:
    """Height 0 in the frame header, and the height after the scan (B.2.5)."""
    frame, _ = place(file, SOF0)
    height = file[frame + 5 : frame + 7]
    return file[: frame + 5] + b"\0\0" + file[frame + 7 : -2] + segment(DNL, height) + file[-2:]


def ycck(pixels: Pixels) -> bytes:
    """Adobe's YCCK: Y, Cb and Cr of the inks, no black, and the marker that says so."""
    inks = ImageChops.invert(Image.fromarray(pixels)).convert("YCbCr").split()
    # Pillow stores the complement of CMYK values, where 0 is no black.
    size = (pixels.shape[1], pixels.shape[0])
    stored = Image.merge("CMYK", [*map(ImageChops.invert, inks), Image.new("L", size, 0)])
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=QUALITY)
    data = bytearray(out.getvalue())
    data[data.index(b"Adobe") + 11] = 2
    return bytes(data)


def profile_of_markers() -> bytes:
    """A profile of sRGB whose description contains the bytes of markers."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return segment(APP2, b"ICC_PROFILE\0\1\1" + profile + b"\xff\xda\0\x0c\xff\xd9\xff\xda")


def add_jpeg(matrix: Matrix) -> None:
    for name, size in SIZES.items():

        def add(kind: str, file: bytes, shows: Pixels, name: str = name, **more: object) -> None:
            matrix.add("jpeg", kind, name, file, shows, lossy=True, **more)

        add_kinds(add, size)
        add_endings(add, size)
        rgb, grey = scene.colour(size), scene.grey(size)
        for kind, pixels, shows in (("grey", grey, scene.shown_grey(grey)), ("RGB", rgb, rgb)):
            file = imagecodecs.jpeg8_encode(pixels, lossless=True)
            matrix.add("jpeg", f"lossless {kind}", name, file, shows)
        for kind, options in (("of mozjpeg", {"mozjpeg": True}), ("of libvips, 4:4:4", {"chromaSubsampling": "4:4:4"})):
            matrix.by_sharp("jpeg", kind, name, rgb, {"quality": QUALITY, **options}, rgb, lossy=True)
    add_refusals(matrix)
    add_oriented(matrix)
    rgb = scene.colour(LARGE)
    for kind, options in (("4:2:0", {}), ("progressive 4:2:0", {"progressive": True}), ("4:4:4", {"subsampling": 0})):
        matrix.add("jpeg", kind, "large", libjpeg(rgb, **options), rgb, lossy=True)


def add_kinds(add: Callable[..., None], size: Size) -> None:
    rgb, grey = scene.colour(size), scene.grey(size)
    for kind, subsampling in (("4:4:4", "4:4:4"), ("4:2:2", "4:2:2"), ("4:2:0", "4:2:0")):
        add(kind, libjpeg(rgb, subsampling=subsampling), rgb)
        add(f"progressive {kind}", libjpeg(rgb, subsampling=subsampling, progressive=True), rgb)
    for kind, subsampling in (("4:4:0", "440"), ("4:1:1", "411")):
        add(kind, imagecodecs.jpeg8_encode(rgb, level=QUALITY, subsampling=subsampling), rgb)
    add("grey", libjpeg(grey), scene.shown_grey(grey))
    add("progressive grey", libjpeg(grey, progressive=True), scene.shown_grey(grey))
    add("restart intervals", libjpeg(rgb, restart_marker_blocks=7), rgb)
    add("its own Huffman codes", libjpeg(rgb, optimize=True), rgb)
    extended = bytearray(libjpeg(rgb))
    extended[place(bytes(extended), SOF0)[0] + 1] = SOF1
    add("extended", bytes(extended), rgb)
    add("CMYK", libjpeg(rgb, "CMYK"), rgb)
    add("YCCK", ycck(rgb), rgb)
    for kind, options in (("RGB", {}), ("progressive RGB", {"progressive": True})):
        file = libjpeg(rgb, keep_rgb=True, **options)
        add(f"{kind} by Adobe and by ids", file, rgb)
        plain = without(file, APP14)
        add(f"{kind} by ids", plain, rgb)
    add("RGB by Adobe", ids(libjpeg(rgb, keep_rgb=True), b"\1\2\3"), rgb)
    add("YCbCr with ids from 0", ids(libjpeg(rgb), b"\0\1\2"), rgb)


def add_endings(add: Callable[..., None], size: Size) -> None:
    rgb = scene.colour(size)
    file, progressive, restarts = libjpeg(rgb), libjpeg(rgb, progressive=True), libjpeg(rgb, restart_marker_blocks=7)
    alone = "Pillow and libvips warn"
    add("no EOI", file[:-2], rgb, alone=alone)
    add("progressive, no EOI", progressive[:-2], rgb, alone=alone)
    add("a trailer instead of EOI", file[:-2] + TRAILER, rgb, alone=alone)
    add("a trailer behind EOI", file + TRAILER, rgb)
    markers = sum(restarts.count(bytes((0xFF, 0xD0 + i))) for i in range(8))
    add("RST behind the last MCU", restarts[:-2] + bytes((0xFF, 0xD0 + markers % 8)) + restarts[-2:], rgb)
    add("height by DNL", by_dnl(file), rgb, alone="libjpeg reads no DNL")
    add("markers in a profile", file[:2] + profile_of_markers() + file[2:], rgb)
    add("bytes of filling before markers", file[:2] + b"\xff\xff\xff" + file[2:-2] + b"\xff\xff" + file[-2:], rgb)


def add_refusals(matrix: Matrix) -> None:
    size = SIZES["small"]
    rgb = scene.colour(size)
    wide = (scene.grey(size).astype(np.uint16) * 16).astype(np.uint16)
    matrix.refused("jpeg", "12 bits", imagecodecs.jpeg_encode(wide, bitspersample=12), "image_kind_unsupported")
    matrix.refused("jxl", "JPEG XL", imagecodecs.jpegxl_encode(rgb), "image_format_unsupported")


def add_oriented(matrix: Matrix) -> None:
    rgb = scene.colour(ORIENTED)

    def add(kind: str, file: bytes, orientation: int, **more: object) -> None:
        matrix.add("jpeg", kind, "small", file, rgb, orientation=orientation, lossy=True, **more)

    for orientation in ORIENTATIONS:
        file = libjpeg(scene.stored(rgb, orientation))
        add(f"orientation {orientation}", with_exif(file, block(orientation)), orientation)
        large = scene.colour(SIZES["middle"])
        turned = with_exif(libjpeg(scene.stored(large, orientation), progressive=True), block(orientation))
        kind = f"progressive, orientation {orientation}"
        matrix.add("jpeg", kind, "middle", turned, large, orientation=orientation, lossy=True)
    file = libjpeg(scene.stored(rgb, 6))
    add("orientation twice", with_exif(file, block(6, entry(1))), 6)
    add("orientation as LONG", with_exif(file, block(6, first=entry(6, kind=LONG))), 6)
    add("orientation with a count of 2", with_exif(file, block(6, first=entry(6, count=2))), 6)
    add("orientation behind SOF", with_exif(file, block(6), before=SOS), 6)

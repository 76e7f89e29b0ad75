"""WebP by libwebp (Pillow), and containers assembled chunk by chunk."""

import io
import struct

import numpy as np
from PIL import Image

from . import scene
from .exif import block
from .rows import ORIENTATIONS, ORIENTED, SIZES, Matrix
from .scene import Pixels, Size

LARGE: Size = (2603, 1801)
ALPHA, EXIF, ANIMATION = 0x10, 0x08, 0x02
QUALITY = 90


def libwebp(pixels: Pixels, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", **{"quality": QUALITY, "method": 2, **options})
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def vp8x(size: Size, flags: int) -> bytes:
    return chunk(b"VP8X", struct.pack("<I", flags) + three(size[0] - 1) + three(size[1] - 1))


def three(number: int) -> bytes:
    return struct.pack("<I", number)[:3]


def picture_chunks(file: bytes) -> list[bytes]:
    """ALPH, VP8 and VP8L of a still picture."""
    at, found = 12, []
    while at + 8 <= len(file):
        end = at + 8 + int.from_bytes(file[at + 4 : at + 8], "little")
        end += end % 2
        if file[at : at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            found.append(file[at:end])
        at = end
    return found


def frame(file: bytes, size: Size, place: tuple[int, int] = (0, 0), blend: bool = True) -> bytes:
    head = three(place[0] // 2) + three(place[1] // 2) + three(size[0] - 1) + three(size[1] - 1) + three(100)
    return chunk(b"ANMF", head + bytes((0 if blend else 2,)) + b"".join(picture_chunks(file)))


def animation(canvas: Size, flags: int, *frames: bytes) -> bytes:
    return riff(vp8x(canvas, ANIMATION | flags), chunk(b"ANIM", b"\x20\x40\x60\xff\0\0"), *frames)


def add_webp(matrix: Matrix) -> None:
    for name, size in SIZES.items():
        add_stills(matrix, name, size)
        add_presets(matrix, name, size)
        add_containers(matrix, name, size)
        add_animations(matrix, name, size)
    for orientation in ORIENTATIONS:
        rgb = scene.colour(ORIENTED)
        exif = chunk(b"EXIF", block(orientation))
        stored = scene.stored(rgb, orientation)
        size = (stored.shape[1], stored.shape[0])
        file = riff(vp8x(size, EXIF), *picture_chunks(libwebp(stored)), exif)
        matrix.add("webp", f"orientation {orientation}", "small", file, rgb, orientation=orientation, lossy=True)
    rgb, rgba = scene.colour(LARGE), scene.rgba(LARGE)
    matrix.add("webp", "lossy", "large", libwebp(rgb), rgb, lossy=True)
    matrix.add("webp", "lossy alpha", "large", libwebp(rgba), scene.on_white(rgba), lossy=True, opaque=rgb)
    matrix.add("webp", "lossless", "large", libwebp(rgb, lossless=True), rgb)


def add_stills(matrix: Matrix, name: str, size: Size) -> None:
    rgb, rgba = scene.colour(size), scene.rgba(size)
    white = scene.on_white(rgba)
    matrix.add("webp", "lossy", name, libwebp(rgb), rgb, lossy=True)
    matrix.add("webp", "lossy of quality 40", name, libwebp(rgb, quality=40, method=4), rgb, lossy=True)
    matrix.add("webp", "lossy alpha", name, libwebp(rgba), white, lossy=True, opaque=rgb)
    alike = libwebp(rgba, alpha_quality=50)
    matrix.add("webp", "lossy alpha in few levels", name, alike, white, lossy=True, opaque=rgb)
    matrix.add("webp", "lossless", name, libwebp(rgb, lossless=True), rgb)
    exact = libwebp(rgba, lossless=True, exact=True)
    matrix.add("webp", "lossless alpha", name, exact, white, opaque=rgb)
    values, table = scene.palette(size, 16)
    shows = table[values]
    matrix.add("webp", "lossless of 16 colours", name, libwebp(shows, lossless=True), shows)


def add_presets(matrix: Matrix, name: str, size: Size) -> None:
    """libwebp's presets: text and icon have no segments, like files of some cameras and servers."""
    rgb, rgba = scene.colour(size), scene.rgba(size)
    for preset in ("photo", "picture", "drawing", "text", "icon"):
        options = {"preset": preset, "quality": QUALITY, "effort": 2}
        matrix.by_sharp("webp", f"lossy, preset {preset}", name, rgb, options, rgb, lossy=True)
        white = scene.on_white(rgba)
        kind = f"lossy alpha, preset {preset}"
        matrix.by_sharp("webp", kind, name, rgba, options, white, lossy=True, opaque=rgb)


def add_containers(matrix: Matrix, name: str, size: Size) -> None:
    rgb, rgba = scene.colour(size), scene.rgba(size)
    still, clear = picture_chunks(libwebp(rgb)), picture_chunks(libwebp(rgba))
    unknown = chunk(b"PSAI", b"\x01" * 13)
    exif = chunk(b"EXIF", block(1))

    def add(kind: str, file: bytes) -> None:
        matrix.add("webp", kind, name, file, rgb, lossy=True)

    add("unknown chunk before the picture", riff(vp8x(size, 0), unknown, *still))
    add("unknown chunk between picture and EXIF", riff(vp8x(size, EXIF), *still, unknown, exif))
    add("unknown chunks behind it", riff(vp8x(size, 0), *still, unknown, unknown))
    add("unknown chunk behind a simple one", riff(*still, unknown))
    add("EXIF before the picture", riff(vp8x(size, EXIF), exif, *still))
    add("XMP that is none", riff(vp8x(size, 0x04), *still, chunk(b"XMP ", b"\0" * 7)))
    add("bytes behind it", riff(*still) + b"trailer!" * 9)
    white = scene.on_white(rgba)
    file = riff(vp8x(size, ALPHA), clear[0], unknown, *clear[1:])
    kind = "unknown chunk between alpha and picture"
    matrix.add("webp", kind, name, file, white, lossy=True, opaque=rgb, alone="libwebp refuses it")


def add_animations(matrix: Matrix, name: str, size: Size) -> None:
    rgb, rgba = scene.colour(size), scene.rgba(size)
    white = scene.on_white(rgba)
    second = libwebp(255 - rgb)
    for kind, options in (("lossy", {}), ("lossless", {"lossless": True})):
        lossy = kind == "lossy"
        file = animation(size, 0, frame(libwebp(rgb, **options), size), frame(second, size))
        matrix.add("webp", f"animated {kind}", name, file, rgb, lossy=lossy, animated=True)
        first = libwebp(rgba, **options)
        file = animation(size, ALPHA, frame(first, size), frame(second, size))
        matrix.add("webp", f"animated {kind} alpha", name, file, white, lossy=lossy, animated=True, opaque=rgb)
        canvas = (size[0] * 5 // 4, size[1] * 4 // 3)
        place = (canvas[0] // 7 // 2 * 2, canvas[1] // 5 // 2 * 2)
        shows, opaque = placed(white, canvas, place), placed(rgb, canvas, place)
        file = animation(canvas, ALPHA, frame(first, size, place), frame(second, size))
        kind = f"animated {kind}, a first frame in its place"
        matrix.add("webp", kind, name, file, shows, lossy=lossy, animated=True, opaque=opaque)


def placed(pixels: Pixels, canvas: Size, place: tuple[int, int]) -> Pixels:
    whole = np.full((canvas[1], canvas[0], 3), 255, np.uint8)
    whole[place[1] : place[1] + pixels.shape[0], place[0] : place[0] + pixels.shape[1]] = pixels
    return whole

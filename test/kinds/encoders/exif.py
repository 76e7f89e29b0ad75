"""EXIF blocks that state the orientation, correctly and as some programs do."""

import struct

ORIENTATION = 0x0112
SHORT, LONG = 3, 4


def entry(value: int, kind: int = SHORT, count: int = 1) -> bytes:
    return struct.pack("<HHI", ORIENTATION, kind, count) + struct.pack("<I", value)


def block(orientation: int, *more: bytes, first: bytes | None = None) -> bytes:
    """A directory with one entry, which `first` can replace, and further entries."""
    entries = [first or entry(orientation), *more]
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)

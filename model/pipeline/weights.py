"""The weights as they ship, and how they become the float32 buffer the graph reads.

`weights.bin` holds the int8 weights, their float32 scales and the float32 biases, little-endian;
`weights.json` says where each is and where its floats go. The graph's initialisers lie in one
external buffer, `weights.f32`, which never exists as a file: whoever creates the session
expands it from the two. `expand` is the reference for doing so.
"""

import json
import math
from dataclasses import dataclass

import numpy as np

from .tflite_reader import Quantized

ALIGNMENT_FLOATS = 4  # 16 bytes, one SIMD register, for every tensor in weights.f32


@dataclass(frozen=True)
class Tensor:
    """An initialiser of `shape`: its float32 values, or the int8 weights they come from.

    `encoding` is float32 or int8; the output channel is the first axis of a convolution's weights
    and the last of a matrix's.
    """

    name: str
    shape: tuple[int, ...]
    source: Quantized | np.ndarray
    encoding: str

    @property
    def floats(self) -> int:
        return math.prod(self.shape)


def offsets(tensors: list[Tensor]) -> tuple[dict[str, int], int]:
    """Each tensor's offset in weights.f32, by name, and the buffer's length, both in floats."""
    places, end = {}, 0
    for tensor in tensors:
        places[tensor.name] = end
        end += math.ceil(tensor.floats / ALIGNMENT_FLOATS) * ALIGNMENT_FLOATS
    return places, end


def pack(tensors: list[Tensor]) -> tuple[bytes, dict]:
    """`weights.bin` and the content of `weights.json`.

    All float32 data comes first, so that it is aligned whatever the int8 data's lengths.
    """
    floats, integers = bytearray(), bytearray()
    places, total = offsets(tensors)
    entries = []
    for tensor in tensors:
        entry = {
            "name": tensor.name,
            "shape": list(tensor.shape),
            "offset": places[tensor.name],
            "encoding": tensor.encoding,
        }
        if tensor.encoding == "float32":
            entry["data"] = len(floats)
            floats += tensor.source.astype("<f4").tobytes()
        else:
            values = tensor.source.values
            channels = len(values)
            entry |= {"data": len(integers), "scales": len(floats), "channels": channels}
            if len(tensor.shape) == 2:
                values = values.reshape(channels, -1).T
                entry["run"] = 1
            else:
                entry["run"] = values[0].size
            integers += values.tobytes()
            floats += tensor.source.scales.astype("<f4").tobytes()
        entries.append(entry)
    for entry in entries:
        if entry["encoding"] != "float32":
            entry["data"] += len(floats)
    return bytes(floats + integers), {"floats": total, "tensors": entries}


def layout_text(layout: dict) -> str:
    """`weights.json`: one tensor a line, so that a change shows as that line."""
    rows = ",\n".join("    " + json.dumps(entry) for entry in layout["tensors"])
    return f'{{\n  "floats": {layout["floats"]},\n  "tensors": [\n{rows}\n  ]\n}}\n'


def expand(binary: bytes, layout: dict) -> np.ndarray:
    """The buffer weights.f32 as float32 [floats]; gaps between tensors are zero.

    In an int8 tensor, value n has the scale of channel n // run % channels.
    """
    buffer = np.zeros(layout["floats"], np.float32)
    for entry in layout["tensors"]:
        size = math.prod(entry["shape"])
        target = buffer[entry["offset"] : entry["offset"] + size]
        if entry["encoding"] == "float32":
            target[:] = np.frombuffer(binary, "<f4", size, entry["data"])
            continue
        channels = entry["channels"]
        scales = np.frombuffer(binary, "<f4", channels, entry["scales"])
        values = np.frombuffer(binary, np.int8, size, entry["data"])
        target[:] = values.astype(np.float32) * scales[np.arange(size) // entry["run"] % channels]
    return buffer

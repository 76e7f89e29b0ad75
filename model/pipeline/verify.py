"""Compares the graph that ships with the plain network, and its float form with another runtime."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from . import float_tflite
from .onnx_model import WEIGHTS_LOCATION
from .pictures import network_input

# Ten times what was measured between float32 networks; a rank moves at more, for logits span more
# than ten.
MAX_ERROR = 1e-3

# Twice what was measured on photos where maps are rounded to bytes. A slip in a scale, a zero point
# or an axis makes it tens.
MAX_BYTES_ERROR = 0.8


class VerificationError(RuntimeError):
    """The graph that would ship does not compute what the source network computes."""


@dataclass
class Difference:
    """Largest absolute differences over all pictures, and how often the first class is the same."""

    logits: float = 0.0
    embedding: float = 0.0
    same_class: list[bool] = field(default_factory=list)

    def add(
        self, got: tuple[np.ndarray, np.ndarray], wanted: tuple[np.ndarray, np.ndarray]
    ) -> None:
        # np.maximum keeps a NaN, which max() may lose
        self.logits = float(np.maximum(self.logits, np.abs(got[0] - wanted[0]).max()))
        self.embedding = float(np.maximum(self.embedding, np.abs(got[1] - wanted[1]).max()))
        self.same_class.append(bool(got[0].argmax() == wanted[0].argmax()))

    def text(self) -> str:
        return (
            f"logits {self.logits:.1e}, embedding {self.embedding:.1e}, "
            f"same first class {sum(self.same_class)}/{len(self.same_class)}"
        )


def session(model: bytes | Path) -> onnxruntime.InferenceSession:
    """A session that runs the graph as it is written, on one thread."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def external_session(graph: bytes, weights: np.ndarray) -> onnxruntime.InferenceSession:
    """A session of the graph with its external data, after onnx.checker has passed both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        path.write_bytes(graph)
        weights.tofile(path.with_name(WEIGHTS_LOCATION))
        onnx.checker.check_model(str(path), full_check=True)
        return session(path)


def run(of: onnxruntime.InferenceSession, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits [1001] and embedding [1024] of `picture`, float32 [224, 224, 3] in [0, 1]."""
    logits, embedding = of.run(["logits", "embedding"], {"input": network_input(picture)})
    return logits[0], embedding[0]


def compare(
    shipped: onnxruntime.InferenceSession,
    exact: onnxruntime.InferenceSession,
    plain: onnxruntime.InferenceSession,
    source: bytes,
    pictures,
) -> dict[str, Difference]:
    """How far the graphs are apart over `pictures`, an iterable of [224, 224, 3] in [0, 1];
    VerificationError when they are further than allowed.

    `exact` is the float form of the graph that ships: it shows that its structure is right, and
    `shipped` then what rounding to bytes does.
    """
    litert = float_tflite.float_interpreter(source)
    bounds = {
        "float form to the plain float32 graph": MAX_ERROR,
        "float form to the float32 network in LiteRT": MAX_ERROR,
        "as shipped to the plain float32 graph": MAX_BYTES_ERROR,
    }
    found = {name: Difference() for name in bounds}
    for picture in pictures:
        wanted, got = run(plain, picture), run(exact, picture)
        to_plain, to_litert, rounded = found.values()
        to_plain.add(got, wanted)
        to_litert.add(got, float_tflite.run(litert, picture))
        rounded.add(run(shipped, picture), wanted)
    for name, difference in found.items():
        bound = bounds[name]
        if not (difference.logits <= bound and difference.embedding <= bound):
            raise VerificationError(f"too far, {name}: {difference.text()}")
    return found


def accuracy(of: onnxruntime.InferenceSession, pictures, classes: list[int]) -> tuple[int, int]:
    """How many pictures have their class (0-999) first, and how many among the first five."""
    first = among = 0
    for picture, wanted in zip(pictures, classes, strict=True):
        logits, _ = run(of, picture)
        best = np.argsort(-logits[1:], kind="stable")[:5]  # output 0 is background
        first += int(best[0] == wanted)
        among += int(wanted in best)
    return first, among

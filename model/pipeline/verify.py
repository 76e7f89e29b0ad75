"""Compares the graph that ships with the plain network and with another runtime."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from . import float_tflite
from .onnx_model import WEIGHTS_LOCATION
from .pictures import network_input

# Ten times what was measured; a rank moves at more, for logits span more than ten.
MAX_ERROR = 1e-3


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


def shipped_session(graph: bytes, weights: np.ndarray) -> onnxruntime.InferenceSession:
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
    plain: onnxruntime.InferenceSession,
    source: bytes,
    pictures,
) -> dict[str, Difference]:
    """How far the shipped graph is from the others over `pictures`, an iterable of
    [224, 224, 3] in [0, 1]; VerificationError when it is further than allowed."""
    litert = float_tflite.float_interpreter(source)
    found = {
        "plain float32 graph": Difference(),
        "float32 network in LiteRT": Difference(),
    }
    for picture in pictures:
        got = run(shipped, picture)
        found["plain float32 graph"].add(got, run(plain, picture))
        found["float32 network in LiteRT"].add(got, float_tflite.run(litert, picture))
    for name, difference in found.items():
        if not (difference.logits <= MAX_ERROR and difference.embedding <= MAX_ERROR):
            raise VerificationError(f"too far from the {name}: {difference.text()}")
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

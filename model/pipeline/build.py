"""From the source file and the synset list to the files that ship."""

import numpy as np

from .card import card_text
from .graph import PLAIN, SHIPPED, Form, Graph
from .labels import labels_text
from .onnx_model import onnx_model
from .taxonomy import FILE as TAXONOMY_FILE
from .taxonomy import shipped_text
from .tflite_reader import Network
from .weights import expand, layout_text, pack

GRAPH_FILE = "mobilenet_v3_small.onnx"

# What `measure.mjs` compares, each with what the one before it has.
CANDIDATES = {
    "plain": PLAIN,
    "lowered": Form(lowered=True),
    "gemm": Form(lowered=True, gemm=True),
    "fused": SHIPPED,
}


def serialized(network: Network, form: Form) -> tuple[bytes, np.ndarray]:
    """The model in the given form, weights outside, and its expanded float32 buffer."""
    graph = Graph(network, form)
    return onnx_model(graph).SerializeToString(deterministic=True), expand(*pack(graph.tensors))


def plain_model(network: Network) -> bytes:
    """The plain float32 model, weights inside, of standard operators only."""
    graph = Graph(network, PLAIN)
    weights = expand(*pack(graph.tensors))
    return onnx_model(graph, weights).SerializeToString(deterministic=True)


def shipped_files(network: Network, labels: list[dict]) -> dict[str, bytes]:
    """Every built file of `model/`, by name; the same bytes on every run and machine."""
    graph = Graph(network, SHIPPED)
    binary, layout = pack(graph.tensors)
    files = {
        GRAPH_FILE: onnx_model(graph).SerializeToString(deterministic=True),
        "labels.json": labels_text(labels).encode(),
        "weights.bin": binary,
        "weights.json": layout_text(layout).encode(),
    }
    parameters = sum(
        layer.weights.values.size + layer.bias.size for layer in network.layers if layer.weights
    )
    # The card does not list the tree, so that who edits it needs no weights.
    return files | {
        "card.json": card_text(files, parameters).encode(),
        TAXONOMY_FILE: shipped_text(labels).encode(),
    }

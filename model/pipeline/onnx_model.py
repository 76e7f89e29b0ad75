"""Writes a graph as an ONNX model, with its weights inside or as external data."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .graph import EMBEDDING, LOGITS, Graph
from .weights import Tensor, offsets

WEIGHTS_LOCATION = "weights.f32"  # the path by which the runtime is handed the external data
OPSET = 18
IR_VERSION = 9


def onnx_model(graph: Graph, weights: np.ndarray | None = None) -> onnx.ModelProto:
    """The checked model of `graph`.

    `weights` is the expanded float32 buffer to store inside; without it every weight and bias is
    external data in `weights.f32`, and the model is a few ten kilobytes.
    """
    places, _ = offsets(graph.tensors)
    initialisers = [
        _external(tensor, places[tensor.name])
        if weights is None
        else _inline(tensor, weights[places[tensor.name] :])
        for tensor in graph.tensors
    ]
    # The runtime reads shapes before it has any external data: they stay inside.
    initialisers += [
        numpy_helper.from_array(np.array(dims, np.int64), name)
        for name, dims in graph.shapes.items()
    ]
    body = helper.make_graph(
        graph.nodes,
        "mobilenet_v3_small_100_224",
        [_value("input", [1, 3, 224, 224])],
        [_value("logits", [1, LOGITS]), _value("embedding", [1, EMBEDDING])],
        initialisers,
    )
    domains = sorted({node.domain for node in graph.nodes})
    opsets = [helper.make_opsetid(domain, 1 if domain else OPSET) for domain in domains]
    model = helper.make_model(body, opset_imports=opsets, ir_version=IR_VERSION)
    if weights is not None:
        onnx.checker.check_model(model, full_check=True)
    return model


def _value(name: str, dims: list[int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)


def _inline(tensor: Tensor, values: np.ndarray) -> TensorProto:
    return numpy_helper.from_array(values[: tensor.floats].reshape(tensor.shape), tensor.name)


def _external(tensor: Tensor, offset: int) -> TensorProto:
    proto = TensorProto(
        name=tensor.name,
        data_type=TensorProto.FLOAT,
        dims=tensor.shape,
        data_location=TensorProto.EXTERNAL,
    )
    for key, value in (
        ("location", WEIGHTS_LOCATION),
        ("offset", 4 * offset),
        ("length", 4 * tensor.floats),
    ):
        proto.external_data.add(key=key, value=str(value))
    return proto

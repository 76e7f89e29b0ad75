"""Reads the published int8 TFLite file into a list of layers.

The file computes with int8 activations. Only its weights, their scales and its
int32 biases are taken: the activation ranges in it are poor, and the network
built from it computes in float32.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from ai_edge_litert import schema_py_generated as schema

SOURCE_SHA256 = "56b0056cc4255700f9a6445ef350439ca719288bd5b6d01d6f459c7c70aaa4b2"

_OPERATORS = {
    code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)
}
_ACTIVATIONS = {
    schema.ActivationFunctionType.NONE: "none",
    schema.ActivationFunctionType.RELU: "relu",
    schema.ActivationFunctionType.RELU6: "relu6",
}


class SourceError(ValueError):
    """The source file is not the one, or not of the shape, this pipeline was written for."""


@dataclass(frozen=True)
class Quantized:
    """Weights `values` int8 [O, I, kH, kW] and `scales` float32 [O]; the zero point is 0."""

    values: np.ndarray
    scales: np.ndarray

    def dequantized(self) -> np.ndarray:
        """Float32 weights of the same shape: one float32 product for each value."""
        return self.values.astype(np.float32) * self.scales.reshape(-1, 1, 1, 1)


@dataclass(frozen=True)
class Layer:
    """One operation. `index` is its operator's place in the source file; maps are [C, H, W].

    `kind` is conv, depthwise, hard_swish, mean (over H and W), mul or add.
    `activation` is none, relu or hard_sigmoid, the last being clip(x / 6, 0, 1):
    the +3 of the usual definition is already in the bias.
    """

    index: int
    kind: str
    inputs: tuple[int, ...]
    output: int
    in_shape: tuple[int, int, int]
    out_shape: tuple[int, int, int]
    weights: Quantized | None = None
    bias: np.ndarray | None = None
    stride: int = 1
    activation: str = "none"


@dataclass(frozen=True)
class Network:
    """`layers` in order of execution; the rest are tensors: the picture, features and logits."""

    layers: tuple[Layer, ...]
    input: int
    embedding: int
    logits: int


def read_source(path: Path) -> bytes:
    """The bytes of the source file; SourceError when its sha256 is not the expected one."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SOURCE_SHA256:
        raise SourceError(
            f"{path.name} has sha256 {digest}, expected {SOURCE_SHA256}. "
            "model/README.md, section Origin, says where the original is found."
        )
    return data


def parse(data: bytes) -> Network:
    """The network in the TFLite flatbuffer `data`; SourceError when an operator is not known."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
    reader = _Reader(model)
    for index in range(len(reader.graph.operators)):
        reader.add(index)
    swishes = [layer for layer in reader.layers if layer.kind == "hard_swish"]
    return Network(
        layers=tuple(reader.layers),
        input=reader.layers[0].inputs[0],
        embedding=swishes[-1].output,
        logits=reader.layers[-1].output,
    )


class _Reader:
    def __init__(self, model):
        self.model = model
        self.graph = model.subgraphs[0]
        self.layers: list[Layer] = []
        self.same_as: dict[int, int] = {}

    def add(self, index: int) -> None:
        """Appends the layer of operator `index`, or folds it into the one before."""
        operator = self.graph.operators[index]
        name = _OPERATORS[self.model.operatorCodes[operator.opcodeIndex].builtinCode]
        inputs = [self.same_as.get(i, i) for i in operator.inputs]
        (output,) = operator.outputs
        constant = self._scalar(inputs[1]) if name in ("MUL", "SUB") else None

        if name == "QUANTIZE" or (not self.layers and constant is not None):
            return  # the 2x - 1 at the head: the preprocessing does it
        if name in ("RESHAPE", "DEQUANTIZE") or self._is_pool_of_one(name, inputs[0]):
            self.same_as[output] = inputs[0]
        elif name == "MUL" and constant is not None:
            self._fold_hard_sigmoid(constant, output)
        elif name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            self._append(
                index,
                "conv" if name == "CONV_2D" else "depthwise",
                inputs[:1],
                output,
                **self._convolution(name, operator),
            )
        elif name in ("HARD_SWISH", "MUL", "ADD"):
            self._append(index, name.lower(), inputs, output)
        elif name in ("MEAN", "AVERAGE_POOL_2D") and self._shape(output)[1:] == (1, 1):
            self._append(index, "mean", inputs[:1], output)
        else:
            raise SourceError(f"operator {index} is {name}, which this pipeline does not read")

    def _append(self, index, kind, inputs, output, **rest) -> None:
        self.layers.append(
            Layer(
                index,
                kind,
                tuple(inputs),
                output,
                self._shape(inputs[0]),
                self._shape(output),
                **rest,
            )
        )

    def _shape(self, tensor: int) -> tuple[int, int, int]:
        _, height, width, channels = self.graph.tensors[tensor].shape
        return (int(channels), int(height), int(width))

    def _is_pool_of_one(self, name: str, tensor: int) -> bool:
        return name == "AVERAGE_POOL_2D" and self._shape(tensor)[1:] == (1, 1)

    def _scalar(self, tensor: int) -> float | None:
        """The value of a quantised constant scalar, or None for anything else."""
        data = self.model.buffers[self.graph.tensors[tensor].buffer].data
        if data is None or len(data) != 1:
            return None
        quantization = self.graph.tensors[tensor].quantization
        return float((data.view(np.int8)[0] - quantization.zeroPoint[0]) * quantization.scale[0])

    def _fold_hard_sigmoid(self, factor: float, output: int) -> None:
        before = self.layers[-1]
        # TF-Slim writes 0.16667 for the sixth.
        if before.activation != "relu6" or abs(factor - 1 / 6) > 1e-5:
            raise SourceError(f"a product with {factor} that is not the end of a hard sigmoid")
        self.layers[-1] = replace(before, activation="hard_sigmoid", output=output)

    def _convolution(self, name: str, operator) -> dict:
        options = operator.builtinOptions
        if options.padding != schema.Padding.SAME or options.strideH != options.strideW:
            raise SourceError(f"a {name} with padding or strides this pipeline does not read")
        tensor = self.graph.tensors[operator.inputs[1]]
        values = self.model.buffers[tensor.buffer].data.view(np.int8).reshape(tensor.shape)
        # TFLite keeps [O, kH, kW, I], for depthwise [1, kH, kW, O]; ONNX wants [O, I, kH, kW].
        values = values.transpose((0, 3, 1, 2) if name == "CONV_2D" else (3, 0, 1, 2))
        if np.any(tensor.quantization.zeroPoint) or len(tensor.quantization.scale) != len(values):
            raise SourceError(f"weights of {name} are not symmetric int8 per output channel")
        bias = self.graph.tensors[operator.inputs[2]]
        integers = self.model.buffers[bias.buffer].data.view("<i4").astype(np.float64)
        return {
            "weights": Quantized(
                np.ascontiguousarray(values), np.asarray(tensor.quantization.scale, np.float32)
            ),
            "bias": (integers * np.asarray(bias.quantization.scale, np.float64)).astype(np.float32),
            "stride": int(options.strideH),
            "activation": _ACTIVATIONS[options.fusedActivationFunction],
        }

"""Turns the network into ONNX nodes: the plain graph, and the one that ships.

Both take `input` float32 [1, 3, 224, 224], RGB in [-1, 1], and give `logits` float32 [1, 1001]
and `embedding` float32 [1, 1024]. The graph that ships is written as an optimiser would leave it,
so that a session is created without one: optimising costs memory, and a wasm memory never shrinks.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import helper

from .fusion import Step, fused, unfused
from .tflite_reader import Network
from .weights import Tensor

EMBEDDING = 1024
LOGITS = 1001
ORT_DOMAIN = "com.microsoft"


@dataclass(frozen=True)
class Form:
    """What the graph has instead of standard operators; `measure.mjs` shows what each is worth.

    `lowered`: operators the runtime has kernels for, that is relu inside its convolution and
    hard swish as hard sigmoid and product. `gemm`: convolutions on 1x1 maps as matrix products.
    `fused`: layers joined as `fusion.py` says.
    """

    lowered: bool = False
    gemm: bool = False
    fused: bool = False


PLAIN = Form()
SHIPPED = Form(lowered=True, gemm=True, fused=True)


class Graph:
    """The `nodes`, the `tensors` (initialisers in order of use) and the `shapes` for Reshape."""

    def __init__(self, network: Network, form: Form):
        self.form = form
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[Tensor] = []
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._names = {network.input: "input"}
        self._flat: set[int] = set()  # source tensors that are [1, C] here instead of [1, C, 1, 1]
        outputs = {network.embedding: ("embedding", EMBEDDING), network.logits: ("logits", LOGITS)}
        for layer in fused(network) if form.fused else unfused(network):
            name = f"{layer.kind}_{layer.index}"
            if form.gemm and layer.output in outputs:
                name, _ = outputs[layer.output]
            self._add(layer, name)
        for tensor, (output, size) in outputs.items():
            if self._names[tensor] != output:
                self._reshape(self._names[tensor], (1, size), output)

    def _add(self, layer: Step, name: str) -> None:
        inputs = [self._names[tensor] for tensor in layer.inputs]
        if layer.kind in ("conv", "depthwise"):
            self._convolution(layer, inputs[0], name)
        elif layer.kind == "hard_swish" and self.form.lowered:
            gate = self._node("HardSigmoid", inputs, f"{name}.gate", alpha=1 / 6, beta=0.5)
            self._node("Mul", [*inputs, gate], name)
        elif layer.kind == "mul":
            factor = self._factor(layer.inputs[1], layer.out_shape[0], name)
            self._node("Mul", [inputs[0], factor], name)
        elif layer.kind == "add":
            self._node("Add", inputs, name)
        else:
            operator = {"hard_swish": "HardSwish", "mean": "GlobalAveragePool"}[layer.kind]
            self._node(operator, inputs, name)
        self._names[layer.output] = name
        if layer.inputs[0] in self._flat:
            self._flat.add(layer.output)

    def _factor(self, tensor: int, channels: int, owner: str) -> str:
        """What is in `tensor` as [1, C, 1, 1]."""
        name = self._names[tensor]
        if tensor not in self._flat:
            return name
        return self._reshape(name, (1, channels, 1, 1), f"{owner}.factor")

    def _convolution(self, layer: Step, source: str, name: str) -> None:
        """The convolution of `layer` in the form that suits its map, then its activation."""
        relu_inside = layer.activation == "relu" and self.form.lowered
        raw = name if relu_inside or layer.activation == "none" else f"{name}.sum"
        if self.form.gemm and layer.in_shape[1] == 1:
            self._gemm(layer, source, raw, relu_inside)
        else:
            self._plain(layer, source, raw, relu_inside)
        if layer.activation == "hard_sigmoid":
            # The bias already holds the +3, hence beta 0.
            self._node("HardSigmoid", [raw], name, alpha=1 / 6, beta=0.0)
        elif raw != name:
            self._node("Relu", [raw], name)

    def _plain(self, layer: Step, source: str, name: str, relu: bool) -> None:
        if layer.matrix is None:
            shape = layer.weights.values.shape
            weights = self._weight(name, shape, layer.weights, "int8")
        else:
            shape = layer.matrix.shape
            weights = self._weight(name, shape, layer.matrix, "float32")
        if layer.factor is not None:
            factor = self._factor(layer.factor, shape[1], name)
            weights = self._node("Mul", [weights, factor], f"{name}.weighed")
        inputs = [source, weights, self._bias(name, layer.bias)]
        if layer.residual is not None:
            inputs.append(self._names[layer.residual])
        begin, end = same_padding(layer.in_shape[1], shape[-1], layer.stride)
        self._node(
            "FusedConv" if relu or layer.residual is not None else "Conv",
            inputs,
            name,
            relu,
            group=layer.out_shape[0] if layer.kind == "depthwise" else 1,
            kernel_shape=shape[2:],
            strides=[layer.stride] * 2,
            pads=[begin, begin, end, end],
        )

    def _gemm(self, layer: Step, source: str, name: str, relu: bool) -> None:
        """[1, I] times [I, O]: the runtime would turn [O, I] round on every run."""
        rows, columns = layer.weights.values.shape[1::-1]
        if layer.inputs[0] not in self._flat:
            source = self._reshape(source, (1, rows), f"{name}.row")
        self._flat.add(layer.output)
        inputs = [
            source,
            self._weight(name, (rows, columns), layer.weights, "int8"),
            self._bias(name, layer.bias),
        ]
        self._node("FusedGemm" if relu else "Gemm", inputs, name, relu)

    def _node(
        self, operator: str, inputs: list[str], output: str, relu: bool = False, **attributes
    ) -> str:
        if relu:
            attributes["activation"] = "Relu"
        self.nodes.append(
            helper.make_node(
                operator,
                inputs,
                [output],
                name=output,
                domain=ORT_DOMAIN if operator.startswith("Fused") else "",
                **attributes,
            )
        )
        return output

    def _reshape(self, source: str, dims: tuple[int, ...], output: str) -> str:
        shape = "shape." + "x".join(map(str, dims))
        self.shapes[shape] = dims
        return self._node("Reshape", [source, shape], output)

    def _weight(self, owner: str, shape, source, encoding: str) -> str:
        self.tensors.append(Tensor(f"{owner}.weight", tuple(shape), source, encoding))
        return self.tensors[-1].name

    def _bias(self, owner: str, values: np.ndarray) -> str:
        self.tensors.append(Tensor(f"{owner}.bias", values.shape, values, "float32"))
        return self.tensors[-1].name


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME padding: the odd row or column goes to the end, as it does at stride 2."""
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2

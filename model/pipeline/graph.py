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
from .weights import Tensor, Window

EMBEDDING = 1024
LOGITS = 1001
ORT_DOMAIN = "com.microsoft"


@dataclass(frozen=True)
class Form:
    """What the graph has instead of standard operators; `measure.mjs` shows what each is worth.

    `lowered`: operators the runtime has kernels for, that is relu inside its convolution and
    hard swish as hard sigmoid and product. `gemm`: convolutions on 1x1 maps as matrix products.
    `fused`: layers joined as `fusion.py` says. `sliding`: 5x5 depthwise convolutions, for which the
    runtime has no fast kernel, as matrices that slide over a map of at most this side. (On maps of
    28x28 the matrices are as large as the gain is small.)
    """

    lowered: bool = False
    gemm: bool = False
    fused: bool = False
    sliding: int = 0


PLAIN = Form()
SHIPPED = Form(lowered=True, gemm=True, fused=True, sliding=14)


class Graph:
    """The `nodes`, the `tensors` (initialisers in order of use) and the `shapes` for Reshape, among
    them the borders for Pad."""

    def __init__(self, network: Network, form: Form):
        self.form = form
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[Tensor] = []
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._names = {network.input: "input"}
        self._flat: set[int] = set()  # source tensors that are [1, C] here instead of [1, C, 1, 1]
        self._turned: set[int] = set()  # source tensors whose maps have columns for lines here
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
        turned = layer.inputs[0] in self._turned
        if layer.kind in ("conv", "depthwise"):
            turned = self._convolution(layer, inputs[0], name, turned)
        elif layer.kind == "hard_swish" and self.form.lowered:
            gate = self._node("HardSigmoid", inputs, f"{name}.gate", alpha=1 / 6, beta=0.5)
            self._node("Mul", [*inputs, gate], name)
        elif layer.kind == "mul":
            factor = self._factor(layer.inputs[1], layer.out_shape[0], name)
            self._node("Mul", [inputs[0], factor], name)
        elif layer.kind == "add":
            self._node("Add", [inputs[0], self._residual(layer.inputs[1], turned, name)], name)
        else:
            operator = {"hard_swish": "HardSwish", "mean": "GlobalAveragePool"}[layer.kind]
            self._node(operator, inputs, name)
        self._names[layer.output] = name
        if layer.inputs[0] in self._flat:
            self._flat.add(layer.output)
        if turned:
            self._turned.add(layer.output)

    def _factor(self, tensor: int, channels: int, owner: str) -> str:
        """What is in `tensor` as [1, C, 1, 1]."""
        name = self._names[tensor]
        if tensor not in self._flat:
            return name
        return self._reshape(name, (1, channels, 1, 1), f"{owner}.factor")

    def _residual(self, tensor: int, turned: bool, owner: str) -> str:
        """The map in `tensor`, turned if `turned`."""
        name = self._names[tensor]
        if turned == (tensor in self._turned):
            return name
        return self._node("Transpose", [name], f"{owner}.turned", perm=[0, 1, 3, 2])

    def _convolution(self, layer: Step, source: str, name: str, turned: bool) -> bool:
        """The convolution of `layer` in the form that suits its map, then its activation; whether
        its output is turned, `turned` being whether `source` is."""
        relu_inside = layer.activation == "relu" and self.form.lowered
        raw = name if relu_inside or layer.activation == "none" else f"{name}.sum"
        side, kernel = layer.in_shape[1], layer.weights.values.shape[-1]
        if self.form.gemm and side == 1:
            self._gemm(layer, source, raw, relu_inside)
        elif layer.kind == "depthwise" and kernel == 5 and side <= self.form.sliding:
            self._sliding(layer, source, raw, relu_inside, turned)
            turned = not turned
        else:
            assert kernel == 1 or not turned, "only 1x1 and sliding kernels take a turned map"
            self._plain(layer, source, raw, relu_inside, turned)
        if layer.activation == "hard_sigmoid":
            # The bias already holds the +3, hence beta 0.
            self._node("HardSigmoid", [raw], name, alpha=1 / 6, beta=0.0)
        elif raw != name:
            self._node("Relu", [raw], name)
        return turned

    def _plain(self, layer: Step, source: str, name: str, relu: bool, turned: bool) -> None:
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
            inputs.append(self._residual(layer.residual, turned, name))
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

    def _sliding(self, layer: Step, source: str, name: str, relu: bool, turned: bool) -> None:
        """A kernel of one channel, as wide as its map, that needs no padding: for such a one the
        runtime takes the factors of its matrix product straight from the map, where for any other
        it first writes out the patch of every output."""
        channels, side, _ = layer.in_shape
        kernel = layer.weights.values.shape[-1]
        before, _ = same_padding(side, kernel, layer.stride)
        window = Window(side, layer.stride, kernel, before, turned)
        outputs, *kernel_shape = window.shape
        padded = self._pad_lines(source, before, window.after, f"{name}.padded")
        if window.stride > 1:
            pieces = (1, channels, window.hops, window.stride * side)
            padded = self._reshape(padded, pieces, f"{name}.pieces")
        shape = (channels * outputs, 1, *kernel_shape)
        inputs = [
            padded,
            self._weight(name, shape, layer.weights, "sliding", window),
            self._bias(name, np.repeat(layer.bias, outputs)),
        ]
        self._node(
            "FusedConv" if relu else "Conv",
            inputs,
            f"{name}.lines",
            relu,
            group=channels,
            kernel_shape=kernel_shape,
            strides=[1, 1],
            pads=[0, 0, 0, 0],
        )
        self._reshape(f"{name}.lines", (1, channels, outputs, outputs), name)

    def _pad_lines(self, source: str, before: int, after: int, output: str) -> str:
        pads = f"pads.{before}.{after}"
        self.shapes[pads] = (0, 0, before, 0, 0, 0, after, 0)
        return self._node("Pad", [source, pads], output)

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

    def _weight(self, owner: str, shape, source, encoding: str, window=None) -> str:
        self.tensors.append(Tensor(f"{owner}.weight", tuple(shape), source, encoding, window))
        return self.tensors[-1].name

    def _bias(self, owner: str, values: np.ndarray) -> str:
        self.tensors.append(Tensor(f"{owner}.bias", values.shape, values, "float32"))
        return self.tensors[-1].name


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME padding: the odd row or column goes to the end, as it does at stride 2."""
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2

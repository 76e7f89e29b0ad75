"""Joins layers that one operator of the runtime can do, or that one matrix can."""

import math
from collections import Counter
from dataclasses import dataclass, fields, replace

import numpy as np

from .tflite_reader import Layer, Network


@dataclass(frozen=True)
class Step(Layer):
    """A layer with what was joined to it.

    `factor` is a tensor of [I] factors of a convolution's input channels, `residual` one that is
    added to its output. `matrix` holds float32 weights [O, I, 1, 1] in place of `weights`.
    """

    factor: int | None = None
    residual: int | None = None
    matrix: np.ndarray | None = None


def unfused(network: Network) -> list[Step]:
    """The layers of `network`, each a step."""
    names = [field.name for field in fields(Layer)]
    return [Step(**{name: getattr(layer, name) for name in names}) for layer in network.layers]


def fused(network: Network) -> list[Step]:
    """Fewer steps: each layer that can be is joined to the one right before it."""
    uses = Counter(tensor for layer in network.layers for tensor in layer.inputs)
    steps: list[Step] = []
    for step in unfused(network):
        follows = steps and step.inputs[0] == steps[-1].output and uses[steps[-1].output] == 1
        joined = _joined(steps[-1], step) if follows else None
        if joined:
            steps[-1] = joined
        else:
            steps.append(step)
    return steps


def _joined(first: Step, then: Step) -> Step | None:
    """One step that does both, or None where none does, or where it would not be less work."""
    pointwise = then.kind == "conv" and then.weights.values.shape[2:] == (1, 1)
    channels, height, width = then.in_shape
    if first.kind == "mul" and pointwise and then.out_shape[0] < height * width:
        # The weights are smaller than the map: multiply them.
        return replace(then, inputs=first.inputs[:1], factor=first.inputs[1])
    if first.kind == "conv" and then.kind == "add" and first.activation == "none":
        return replace(first, output=then.output, residual=then.inputs[1])
    linear = first.kind == "conv" and first.activation == "none" and first.residual is None
    if linear and pointwise and first.in_shape[0] <= channels and height > 1:
        inner, outer = first.weights.dequantized()[..., 0, 0], then.weights.dequantized()[..., 0, 0]
        return replace(
            then,
            inputs=first.inputs,
            in_shape=first.in_shape,
            factor=first.factor,
            matrix=_product(outer, inner)[:, :, np.newaxis, np.newaxis],
            bias=_product(outer, first.bias[:, np.newaxis])[:, 0] + then.bias,
        )
    return None


def _product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The float32 matrix product, each value rounded once: the same on every machine."""
    left, right = left.astype(np.float64), right.astype(np.float64)  # their products are exact
    return np.array(
        [[math.fsum(row * column) for column in right.T] for row in left], dtype=np.float32
    )

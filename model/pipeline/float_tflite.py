"""A float32 edition of the int8 TFLite file, to run the same network on another runtime.

It shares no code with the ONNX graphs: TFLite's own operators give the padding, the activations
and the layout, so a misreading in `tflite_reader` or `graph` shows as a difference.
"""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter


def float_model(data: bytes) -> bytes:
    """The float32 edition of the flatbuffer `data`.

    Its input is [1, 224, 224, 3] in [0, 1], its outputs are the logits [1, 1001] and the
    embedding [1, 1, 1, 1024].
    """
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
    graph = model.subgraphs[0]
    for tensor in graph.tensors:
        if tensor.quantization is not None and tensor.quantization.scale is not None:
            _dequantize(model, tensor)
    _drop_conversions(model, graph)
    model.metadata = []
    swishes = [
        operator
        for operator in graph.operators
        if _code(model, operator) == schema.BuiltinOperator.HARD_SWISH
    ]
    graph.outputs = [*graph.outputs, swishes[-1].outputs[0]]
    builder = flatbuffers.Builder(1 << 24)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def float_interpreter(data: bytes) -> Interpreter:
    """An interpreter for the float32 edition of the flatbuffer `data`."""
    interpreter = Interpreter(model_content=float_model(data), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def run(interpreter: Interpreter, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits [1001] and embedding [1024] of `picture`, float32 [224, 224, 3] in [0, 1]."""
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[np.newaxis])
    interpreter.invoke()
    logits, embedding = (
        interpreter.get_tensor(output["index"]).ravel()
        for output in interpreter.get_output_details()
    )
    return logits, embedding


def _code(model, operator) -> int:
    return model.operatorCodes[operator.opcodeIndex].builtinCode


def _dequantize(model, tensor) -> None:
    """Makes `tensor` float32, and its constant data too where it has any."""
    data = model.buffers[tensor.buffer].data
    if data is not None and len(data):
        stored = np.int8 if tensor.type == schema.TensorType.INT8 else "<i4"
        values = data.view(stored).reshape(tensor.shape).astype(np.float64)
        along = [1] * values.ndim
        if len(tensor.quantization.scale) > 1:
            along[tensor.quantization.quantizedDimension] = -1
        scale = np.reshape(np.asarray(tensor.quantization.scale, np.float64), along)
        zero = np.reshape(np.asarray(tensor.quantization.zeroPoint, np.float64), along)
        values = (values - zero) * scale
        if values.ndim == 0 and abs(values - 1 / 6) < 1e-5:
            values = np.float64(1 / 6)  # TF-Slim's 0.16667; TFLite's own hard swish has the sixth
        buffer = schema.BufferT()  # of its own: scalars of different scale share one in the file
        buffer.data = np.asarray(values, np.float32).ravel().view(np.uint8)
        tensor.buffer = len(model.buffers)
        model.buffers.append(buffer)
    tensor.type = schema.TensorType.FLOAT32
    tensor.quantization = None


def _drop_conversions(model, graph) -> None:
    """Takes out QUANTIZE and DEQUANTIZE, which have nothing left to convert."""
    conversions = (schema.BuiltinOperator.QUANTIZE, schema.BuiltinOperator.DEQUANTIZE)
    source = {}
    kept = []
    for operator in graph.operators:
        operator.inputs = [source.get(tensor, tensor) for tensor in operator.inputs]
        if _code(model, operator) in conversions:
            source[operator.outputs[0]] = operator.inputs[0]
        else:
            kept.append(operator)
    graph.operators = kept
    graph.outputs = [source.get(tensor, tensor) for tensor in graph.outputs]

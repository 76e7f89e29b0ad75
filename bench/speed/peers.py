"""The networks that ours is compared with, made of the same source file.

    python3 bench/speed/peers.py SOURCE.tflite FOLDER

Needs what `model/pipeline/requirements.txt` lists, and the repository's root as PYTHONPATH. Writes
- float.onnx: the plain float32 network, of standard operators;
- int8.onnx: the same with int8 weights and uint8 activations throughout (QDQ), as ONNX Runtime's own
  quantisation makes it; the ranges are those of seeded pictures, so it is good for its time alone;
- float.tflite: the source file with its weights and operators in float32, and its batch fixed at 1.
"""

import sys
from pathlib import Path

import flatbuffers
import onnx
from ai_edge_litert import schema_py_generated as schema
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

from model.pipeline.build import plain_model
from model.pipeline.float_tflite import float_model
from model.pipeline.pictures import network_input, seeded
from model.pipeline.tflite_reader import parse, read_source

CALIBRATION_PICTURES = 16


class SeededPictures(CalibrationDataReader):
    def __init__(self):
        self.pictures = iter(seeded(CALIBRATION_PICTURES))

    def get_next(self):
        picture = next(self.pictures, None)
        return None if picture is None else {"input": network_input(picture)}


def one_at_a_time(data: bytes) -> bytes:
    """LiteRT for the web takes no tensor whose batch the model leaves open."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
    for tensor in model.subgraphs[0].tensors:
        tensor.shapeSignature = None
    builder = flatbuffers.Builder(1 << 24)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def main(source_file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    source = read_source(source_file)
    plain = plain_model(parse(source))
    (folder / "float.onnx").write_bytes(plain)
    (folder / "float.tflite").write_bytes(one_at_a_time(float_model(source)))
    quantize_static(
        onnx.load_model_from_string(plain),
        folder / "int8.onnx",
        SeededPictures(),
        per_channel=True,
        weight_type=QuantType.QInt8,
        activation_type=QuantType.QUInt8,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

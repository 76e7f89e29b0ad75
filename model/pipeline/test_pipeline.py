"""python3 -m unittest model.pipeline.test_pipeline"""

import hashlib
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx

from .build import GRAPH_FILE
from .graph import same_padding
from .labels import LabelError, check_labels
from .tflite_reader import Quantized, SourceError, read_source
from .weights import Tensor, expand, pack

MODEL = Path(__file__).parent.parent
RANDOM = np.random.default_rng(5)


def quantized(*shape: int) -> Quantized:
    return Quantized(
        RANDOM.integers(-127, 128, shape, dtype=np.int8),
        RANDOM.uniform(0.001, 0.02, shape[0]).astype(np.float32),
    )


class WeightsTest(unittest.TestCase):
    def test_expansion_is_exact_and_every_tensor_is_in_its_place(self):
        kernels, matrix = quantized(3, 2, 3, 3), quantized(7, 5, 1, 1)
        bias = RANDOM.normal(size=3).astype(np.float32)
        tensors = [
            Tensor("kernels", (3, 2, 3, 3), kernels, "int8"),
            Tensor("bias", (3,), bias, "float32"),
            Tensor("matrix", (5, 7), matrix, "int8"),
        ]
        binary, layout = pack(tensors)
        buffer = expand(binary, layout)
        expected = {
            "kernels": kernels.dequantized(),
            "bias": bias,
            "matrix": matrix.dequantized()[:, :, 0, 0].T,
        }
        for entry in layout["tensors"]:
            values = expected[entry["name"]]
            got = buffer[entry["offset"] : entry["offset"] + values.size]
            np.testing.assert_array_equal(got.reshape(values.shape), values)
        self.assertEqual(np.count_nonzero(buffer), sum(map(np.count_nonzero, expected.values())))


class SourceTest(unittest.TestCase):
    def test_same_padding_puts_the_odd_pixel_at_the_end(self):
        self.assertEqual(same_padding(224, 3, 2), (0, 1))
        self.assertEqual(same_padding(28, 5, 2), (1, 2))
        self.assertEqual(same_padding(14, 5, 1), (2, 2))
        self.assertEqual(same_padding(56, 1, 1), (0, 0))

    def test_another_file_is_refused(self):
        with tempfile.NamedTemporaryFile() as file, self.assertRaisesRegex(SourceError, "Origin"):
            read_source(Path(file.name))


class ShippedFilesTest(unittest.TestCase):
    def test_labels_are_unique_whatever_the_case(self):
        rows = json.loads((MODEL / "labels.json").read_text(encoding="utf-8"))
        check_labels(rows)
        named = {row["label"]: row["index"] for row in rows}
        self.assertEqual((named["crane (bird)"], named["crane (machine)"]), (134, 517))
        rows[0]["label"] = rows[1]["label"].upper()
        with self.assertRaises(LabelError):
            check_labels(rows)

    def test_the_graph_reads_what_the_layout_describes(self):
        model = onnx.load(MODEL / GRAPH_FILE, load_external_data=False)
        layout = json.loads((MODEL / "weights.json").read_text(encoding="utf-8"))
        read = {}
        for tensor in model.graph.initializer:
            if tensor.data_location == onnx.TensorProto.EXTERNAL:
                place = {entry.key: entry.value for entry in tensor.external_data}
                read[tensor.name] = (list(tensor.dims), int(place["offset"]))
        described = {e["name"]: (e["shape"], 4 * e["offset"]) for e in layout["tensors"]}
        self.assertEqual(read, described)

    def test_card_and_readme_tell_the_sha256_of_what_ships(self):
        card = json.loads((MODEL / "card.json").read_text(encoding="utf-8"))
        readme = (MODEL / "README.md").read_text(encoding="utf-8")
        self.assertIn(card["origin"]["source_sha256"], readme)
        for name, facts in card["files"].items():
            data = (MODEL / name).read_bytes()
            self.assertEqual(facts["sha256"], hashlib.sha256(data).hexdigest(), name)
            self.assertIn(facts["sha256"], readme, name)


if __name__ == "__main__":
    unittest.main()

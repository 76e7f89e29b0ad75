"""The facts about the model that `/v1/model` serves and `model/README.md` repeats."""

import hashlib
import json
from pathlib import Path

from .pictures import SHORT_SIDE, SIDE
from .tflite_reader import SOURCE_SHA256

NAME = "mobilenet_v3_small_100_224"
VERSION = "1.1.0"

FACTS = {
    "name": NAME,
    "version": VERSION,
    "task": "image classification, 1000 classes of ILSVRC-2012",
    "licence": "Apache-2.0",
    "origin": {
        "publisher": "Google",
        "paper": "Howard et al., Searching for MobileNetV3, 2019",
        "architecture": "MobileNetV3-Small, width 1.0, 224x224",
        "tensorflow_hub": "google/imagenet/mobilenet_v3_small_100_224/classification/5",
        "kaggle_models": "google/mobilenet-v3/tensorFlow2/small-100-224-classification",
        "checkpoint": "TF-Slim v3-small_224_1.0_float",
        "source_file": "int8 TFLite, post-training quantisation, TensorFlow 2.12.0",
        "source_sha256": SOURCE_SHA256,
    },
    "inputs": [
        {
            "name": "inputs",
            "datatype": "FP32",
            "shape": [-1, SIDE, SIDE, 3],
            "meaning": "RGB in [0, 1], rows from the top",
        }
    ],
    "outputs": [
        {
            "name": "logits",
            "datatype": "FP32",
            "shape": [-1, 1001],
            "meaning": "0 is background, n + 1 is class n of ILSVRC-2012",
        },
        {
            "name": "embedding",
            "datatype": "FP32",
            "shape": [-1, 1024],
            "meaning": "the features the logits are a linear function of",
        },
    ],
    "preprocessing": {
        "orientation": "upright",
        "transparency": "on white",
        "resize_short_side": SHORT_SIDE,
        "filter": "triangle, antialiased",
        "crop": {"position": "centre", "width": SIDE, "height": SIDE},
        "channels": "RGB",
        "range": [0, 1],
    },
}


def card_text(files: dict[str, bytes], parameters: int) -> str:
    """`card.json`: the facts above, the shipped `files` by name, and what was measured.

    Accuracy and reliability are measured, not built: `accuracy.json` and `reliability.json` beside
    this module are edited by hand.
    """
    card = FACTS | {
        "parameters": parameters,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        },
        "accuracy": measured("accuracy.json"),
        "reliability": measured("reliability.json"),
    }
    return json.dumps(card, indent=2, ensure_ascii=False) + "\n"


def measured(name: str) -> dict | list:
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))

"""Takes what a collection has learnt out of the Worker, as ONNX and as JSON, and answers with it in ONNX Runtime and numpy.

    python heads.py --url http://127.0.0.1:8787 --image photo.jpg

Prints a line `ok <what>` or `FAILED <what>: <why>` for each check; exits 1 if one failed.
"""

import argparse
import base64
import json
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from taught import change, teach

# The service rounds to six decimals, and sums in another order.
CLOSE = 2e-6


def get(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        return response.read()


def post(url: str, picture: bytes) -> dict:
    with urllib.request.urlopen(urllib.request.Request(url, picture)) as response:
        return json.load(response)


def close(actual: float, expected: float, what: str) -> None:
    if abs(actual - expected) > CLOSE:
        raise AssertionError(f"{what} is {actual}, and the service says {expected}")


def equal(actual, expected) -> None:
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")


def checks(url: str, picture: bytes) -> dict[str, Callable[[], None]]:
    taught = teach(url, picture)
    embedding = np.array([post(f"{url}/v1/embed", picture)["embedding"]], np.float32)

    def of(name: str) -> tuple[onnx.ModelProto, onnxruntime.InferenceSession]:
        file = get(f"{url}/v1/collections/{name}/export?format=onnx")
        model = onnx.load_from_string(file)
        return model, onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])

    def answers(name: str, labels: list[str], probabilities, similarity: float, unknown: bool) -> None:
        """Whether they equal the service's answer for the picture."""
        answer = post(f"{url}/v1/classify?collection={name}&top_k=1000", picture)
        equal(len(answer["predictions"]), len(labels))
        for prediction in answer["predictions"]:
            at = labels.index(prediction["label"])
            close(float(probabilities[at]), prediction["score"], f"the score of {prediction['label']}")
        close(float(similarity), answer["similarity"], "the similarity")
        equal(bool(unknown), answer["unknown"])

    def checker() -> None:
        for name in (taught.name, taught.strange):
            model, _ = of(name)
            onnx.checker.check_model(model, full_check=True)

    def metadata() -> None:
        model, _ = of(taught.name)
        said = {entry.key: entry.value for entry in model.metadata_props}
        equal(json.loads(said["labels"]), ["other", "shown"])
        equal(said["embedding_space"], post(f"{url}/v1/embed", picture)["embedding_space"])
        equal(said["name"], taught.name)
        equal(said["version"], taught.version)
        equal(json.loads(said["preprocessing"])["crop"]["width"], 224)

    def runtime() -> None:
        seen = set()
        for name in (taught.name, taught.strange):
            _, session = of(name)
            labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])
            # An embedding of any scale.
            for scale in (1, 1000):
                probabilities, similarity, unknown = session.run(None, {"embedding": scale * embedding})
                answers(name, labels, probabilities[0], similarity[0], unknown[0])
                seen.add(bool(unknown[0]))
        equal(seen, {False, True})

    def many() -> None:
        _, session = of(taught.name)
        batch = np.concatenate([embedding, embedding[:, ::-1], embedding])
        probabilities, similarity, unknown = session.run(None, {"embedding": batch})
        equal([probabilities.shape, similarity.shape, unknown.shape], [(3, 2), (3,), (3,)])
        equal(probabilities[0].tolist(), probabilities[2].tolist())

    def numpy_alone() -> None:
        head = json.loads(get(f"{url}/v1/collections/{taught.name}/export"))
        rows = len(head["labels"])

        def matrix(text: str) -> np.ndarray:
            return np.frombuffer(base64.b64decode(text), "<f4").reshape(rows, 1024)

        unit = embedding[0] / np.linalg.norm(embedding[0])
        scores = (matrix(head["weights"]) @ unit + np.array(head["bias"])) / head["temperature"]
        powers = np.exp(scores - scores.max())
        similarity = (matrix(head["unknown"]["means"]) @ unit).max()
        unknown = similarity < head["unknown"]["threshold"]
        answers(taught.name, head["labels"], powers / powers.sum(), similarity, unknown)

    def back_again() -> None:
        head = json.loads(get(f"{url}/v1/collections/{taught.name}/export"))
        copy = f"{taught.name}-copy"
        change(f"{url}/v1/collections/{copy}", "PUT", {})
        change(f"{url}/v1/collections/{copy}/import", "POST", head)
        again = json.loads(get(f"{url}/v1/collections/{copy}/export"))
        equal({**again, "name": taught.name, "version": head["version"]}, head)
        _, session = of(copy)
        probabilities, similarity, unknown = session.run(None, {"embedding": embedding})
        answers(taught.name, head["labels"], probabilities[0], similarity[0], unknown[0])

    return {
        "the graph passes ONNX's checker": checker,
        "the graph says what it is of": metadata,
        "ONNX Runtime answers as the service does, what is unknown too": runtime,
        "the graph takes many embeddings at once": many,
        "numpy answers the same by the JSON alone": numpy_alone,
        "a head that was imported leaves as it came": back_again,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="where the Worker answers anonymous callers")
    parser.add_argument("--image", required=True, type=Path, help="a photo")
    arguments = parser.parse_args()
    failed = False
    for what, check in checks(arguments.url.rstrip("/"), arguments.image.read_bytes()).items():
        try:
            check()
            print(f"ok {what}")
        except Exception as error:  # One failed check must not hide the others.
            print(f"FAILED {what}: {error}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

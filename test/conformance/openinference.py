"""Talks to the Worker through tritonclient[http], unchanged, as its users do.

    python openinference.py --url http://127.0.0.1:8787 --image photo.jpg

Prints a line `ok <what>` or `FAILED <what>: <why>` for each check; exits 1 if one failed.
"""

import argparse
import base64
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from taught import Taught, teach

TENSOR_MODEL = "mobilenet_v3_small_100_224"
IMAGE_MODEL = "mobilenet_v3_small_100_224_image"

Check = Callable[..., object]

LOGITS = {"name": "logits", "datatype": "FP32", "shape": [-1, 1001]}
EMBEDDING = {"name": "embedding", "datatype": "FP32", "shape": [-1, 1024]}


def equal(actual, expected) -> None:
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")


def same(actual: np.ndarray, expected: np.ndarray) -> None:
    """Bit for bit: what JSON says must be the float32 that the binary data holds."""
    equal(actual.dtype, expected.dtype)
    equal(actual.shape, expected.shape)
    if not np.array_equal(actual, expected):
        raise AssertionError(f"differs by up to {np.abs(actual - expected).max()}")


def refused(status: str, words: str, call: Callable[[], object]) -> None:
    try:
        call()
    except InferenceServerException as error:
        equal(error.status(), status)
        if words not in error.message():
            raise AssertionError(f"the message does not say {words!r}: {error.message()!r}") from None
        return
    raise AssertionError("was not refused")


def pictures(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).random((count, 224, 224, 3), dtype=np.float32)


def float_input(values: np.ndarray, binary: bool = True, name: str = "inputs") -> triton.InferInput:
    tensor = triton.InferInput(name, list(values.shape), triton_type(values))
    return tensor.set_data_from_numpy(values, binary_data=binary)


def triton_type(values: np.ndarray) -> str:
    return {"float32": "FP32", "float64": "FP64", "uint8": "UINT8"}[values.dtype.name]


def image_input(elements: list[bytes], binary: bool = True) -> triton.InferInput:
    tensor = triton.InferInput("image", [len(elements)], "BYTES")
    return tensor.set_data_from_numpy(np.array(elements, dtype=object), binary_data=binary)


def wanted(binary: bool, *names: str, classes: int = 0) -> list[triton.InferRequestedOutput]:
    return [triton.InferRequestedOutput(name, binary_data=binary, class_count=classes) for name in names]


def best(logits: np.ndarray) -> int:
    return int(np.argmax(logits))


def checker() -> tuple[Check, list[str]]:
    """`check(what, subject, *arguments)`, which gives back what its subject answers, and the list of what failed."""
    failed: list[str] = []

    def check(what: str, subject: Callable[..., object], *arguments: object):
        try:
            answer = subject(*arguments)
        except Exception as error:  # A client that breaks must not end the run.
            failed.append(what)
            print(f"FAILED {what}: {type(error).__name__}: {error}")
            return None
        print(f"ok {what}")
        return answer

    return check, failed


def check_facts(check: Check, client: triton.InferenceServerClient) -> None:
    def ready(model: str, version: str, expected: bool) -> None:
        equal(client.is_model_ready(model, version), expected)

    check("is_server_live", lambda: equal(client.is_server_live(), True))
    check("is_server_ready", lambda: equal(client.is_server_ready(), True))
    for model in (TENSOR_MODEL, IMAGE_MODEL):
        for version in ("", "1"):
            check(f"is_model_ready {model} version {version or 'any'}", ready, model, version, True)
    check("is_model_ready of an unknown model", ready, "resnet", "", False)
    check("is_model_ready of an unknown version", ready, TENSOR_MODEL, "2", False)

    def server_metadata() -> None:
        metadata = client.get_server_metadata()
        equal(metadata["name"], "mobilenet-edge")
        equal(metadata["extensions"], ["classification", "binary_tensor_data"])

    def model_metadata(model: str, expected: dict) -> None:
        for version in ("", "1"):
            metadata = client.get_model_metadata(model, version)
            equal(metadata["name"], model)
            equal(metadata["versions"], ["1"])
            equal(metadata["inputs"], [expected])
            equal(metadata["outputs"], [LOGITS, EMBEDDING])

    check("get_server_metadata", server_metadata)
    inputs = {"name": "inputs", "datatype": "FP32", "shape": [-1, 224, 224, 3]}
    check(f"get_model_metadata {TENSOR_MODEL}", model_metadata, TENSOR_MODEL, inputs)
    image = {"name": "image", "datatype": "BYTES", "shape": [-1]}
    check(f"get_model_metadata {IMAGE_MODEL}", model_metadata, IMAGE_MODEL, image)


def check_tensors(check: Check, client: triton.InferenceServerClient) -> None:
    values = pictures(1, 1)
    expected = check("infer floats", lambda: client.infer(TENSOR_MODEL, [float_input(values)]))
    if expected is None:
        return

    def both_ways(binary_in: bool, binary_out: bool) -> None:
        outputs = wanted(binary_out, "logits", "embedding")
        result = client.infer(
            TENSOR_MODEL, [float_input(values, binary_in)], outputs=outputs, request_id="a-1"
        )
        response = result.get_response()
        equal((response["model_name"], response["model_version"]), (TENSOR_MODEL, "1"))
        equal(response["id"], "a-1")
        for name in ("logits", "embedding"):
            same(result.as_numpy(name), expected.as_numpy(name))

    for binary_in in (False, True):
        for binary_out in (False, True):
            what = f"infer floats, {form(binary_in)} in, {form(binary_out)} out"
            check(what, both_ways, binary_in, binary_out)

    def batch() -> None:
        many = pictures(2, 3)
        together = client.infer(TENSOR_MODEL, [float_input(many)], model_version="1")
        for name in ("logits", "embedding"):
            alone = [
                client.infer(TENSOR_MODEL, [float_input(many[n : n + 1])]).as_numpy(name) for n in range(3)
            ]
            same(together.as_numpy(name), np.concatenate(alone))

    def one_output() -> None:
        result = client.infer(TENSOR_MODEL, [float_input(values)], outputs=wanted(True, "embedding"))
        equal([output["name"] for output in result.get_response()["outputs"]], ["embedding"])
        same(result.as_numpy("embedding"), expected.as_numpy("embedding"))

    def compressed(algorithm: str) -> None:
        result = client.infer(TENSOR_MODEL, [float_input(values)], request_compression_algorithm=algorithm)
        same(result.as_numpy("logits"), expected.as_numpy("logits"))

    def concurrent() -> None:
        waiting = [client.async_infer(TENSOR_MODEL, [float_input(values)]) for _ in range(4)]
        for request in waiting:
            same(request.get_result().as_numpy("logits"), expected.as_numpy("logits"))

    check("infer a batch of three floats, as three alone", batch)
    check("infer floats, one output", one_output)
    check("infer floats, gzip", compressed, "gzip")
    check("infer floats, deflate", compressed, "deflate")
    check("async_infer floats, four at once", concurrent)


def check_images(check: Check, client: triton.InferenceServerClient, image: bytes) -> None:
    expected = check("infer BYTES", lambda: client.infer(IMAGE_MODEL, [image_input([image])]))
    if expected is None:
        return

    def images(tensor: triton.InferInput, count: int, binary_out: bool = True) -> None:
        result = client.infer(IMAGE_MODEL, [tensor], outputs=wanted(binary_out, "logits", "embedding"))
        for name in ("logits", "embedding"):
            same(result.as_numpy(name), np.repeat(expected.as_numpy(name), count, axis=0))

    encoded = base64.b64encode(image)
    check("infer BYTES, binary in, binary out", images, image_input([image]), 1)
    check("infer BYTES, binary in, JSON out", images, image_input([image]), 1, False)
    check("infer BYTES, two images", images, image_input([image, image]), 2)
    check("infer BYTES, base64 in JSON", images, image_input([encoded], binary=False), 1)
    url = b"data:image/jpeg;base64," + encoded
    check("infer BYTES, a data: URL in JSON", images, image_input([url], binary=False), 1)

    def classes(binary: bool) -> None:
        result = client.infer(
            IMAGE_MODEL, [image_input([image])], outputs=wanted(binary, "logits", classes=3)
        )
        output = result.get_output("logits")
        equal((output["datatype"], output["shape"]), ("BYTES", [1, 3]))
        texts = [text.decode() if isinstance(text, bytes) else text for text in result.as_numpy("logits")[0]]
        values, indices, labels = zip(*(text.split(":", 2) for text in texts))
        logits = expected.as_numpy("logits")[0]
        equal(int(indices[0]), best(logits))
        equal(list(values), [f"{logits[int(index)]:.6f}" for index in indices])
        equal(all(labels), True)

    def raw() -> None:
        # The client has no call for a raw binary request, only the means to read its response.
        response = client._post(
            f"v2/models/{IMAGE_MODEL}/infer", image, {"Inference-Header-Content-Length": "0"}, None
        )
        equal(response.status_code, 200)
        result = triton.InferResult(response, verbose=False)
        same(result.as_numpy("logits"), expected.as_numpy("logits"))

    check("classification, binary", classes, True)
    check("classification, JSON", classes, False)
    check("raw binary request", raw)


def check_refusals(check: Check, client: triton.InferenceServerClient, image: bytes) -> None:
    values = pictures(3, 1)

    def infer(tensor: triton.InferInput, model: str = TENSOR_MODEL, **options) -> Callable[[], object]:
        return lambda: client.infer(model, [tensor], **options)

    planes = float_input(values.transpose(0, 3, 1, 2).copy())
    cases = [
        ("a wrong shape", "400", "must have the shape [-1,224,224,3]", infer(planes)),
        (
            "a wrong datatype",
            "400",
            "must have the datatype FP32",
            infer(float_input(values.astype(np.float64))),
        ),
        ("an unknown input", "400", "it takes inputs", infer(float_input(values, name="input_1"))),
        (
            "an unknown output",
            "400",
            "it gives logits and embedding",
            infer(float_input(values), outputs=wanted(True, "probs")),
        ),
        ("too many instances", "413", "32", infer(image_input([b"x"] * 33), IMAGE_MODEL)),
        (
            "a bad image",
            "415",
            "The bytes are not an image",
            infer(image_input([b"not a picture"]), IMAGE_MODEL),
        ),
        (
            "a bad image among good ones",
            "415",
            "image[1]: ",
            infer(image_input([image, b"not a picture"]), IMAGE_MODEL),
        ),
        (
            "bad base64",
            "400",
            "image[0] must be the base64",
            infer(image_input([b"%%"], binary=False), IMAGE_MODEL),
        ),
        ("an unknown model", "404", "There is no model", infer(float_input(values), "resnet")),
        ("an unknown version", "404", "There is no model", infer(float_input(values), model_version="2")),
        (
            "metadata of an unknown model",
            "404",
            "There is no model",
            lambda: client.get_model_metadata("resnet"),
        ),
        ("the configuration", "404", "There is no route at", lambda: client.get_model_config(TENSOR_MODEL)),
    ]
    for what, status, words, call in cases:
        check(f"refuses {what}", refused, status, words, call)


def check_collection(check: Check, client: triton.InferenceServerClient, image: bytes, taught: Taught) -> None:
    names = (taught.name, f"anonymous/{taught.name}")

    def facts(name: str, version: str) -> None:
        for model, inputs in (
            (name, {"name": "inputs", "datatype": "FP32", "shape": [-1, 224, 224, 3]}),
            (f"{name}_image", {"name": "image", "datatype": "BYTES", "shape": [-1]}),
        ):
            equal(client.is_model_ready(model, version), True)
            metadata = client.get_model_metadata(model, version)
            equal((metadata["name"], metadata["versions"]), (model, [version] if version else [taught.version, taught.before]))
            equal(metadata["inputs"], [inputs])
            equal([output["name"] for output in metadata["outputs"]], ["scores", "labels", "unknown", "similarity"])

    def files(name: str, binary: bool) -> None:
        outputs = wanted(binary, "scores", "labels", "unknown", "similarity")
        result = client.infer(f"{name}_image", [image_input([image, image])], outputs=outputs)
        equal(result.get_response()["model_version"], taught.version)
        labels = [text.decode() if isinstance(text, bytes) else text for text in result.as_numpy("labels")[0]]
        equal(labels, ["other", "shown"])
        scores = result.as_numpy("scores")
        equal((scores.shape, scores.dtype, best(scores[1])), ((2, 2), np.float32, 1))
        equal((result.as_numpy("unknown").dtype, result.as_numpy("unknown").tolist()), (np.bool_, [False, False]))
        equal(result.as_numpy("similarity").shape, (2,))

    def strange() -> None:
        result = client.infer(f"{taught.strange}_image", [image_input([image])])
        equal(result.as_numpy("unknown").tolist(), [True])

    def floats() -> None:
        values = pictures(4, 2)
        result = client.infer(taught.name, [float_input(values)], model_version=taught.version)
        equal(result.as_numpy("scores").shape, (2, 2))

    def before() -> None:
        (version,) = set(client.get_model_metadata(taught.name)["versions"]) - {taught.version}
        result = client.infer(f"{taught.name}_image", [image_input([image])], model_version=version)
        equal(result.get_response()["model_version"], taught.before)

    def classes() -> None:
        outputs = wanted(True, "scores", classes=1)
        result = client.infer(f"{taught.name}_image", [image_input([image])], outputs=outputs)
        value, index, label = result.as_numpy("scores")[0][0].decode().split(":")
        equal((index, label, 0 < float(value) <= 1), ("1", "shown", True))

    def index() -> None:
        listed = {entry["name"]: entry for entry in client.get_model_repository_index()}
        for model in (TENSOR_MODEL, IMAGE_MODEL, taught.name, f"{taught.name}_image"):
            equal(listed[model]["state"], "READY")
        equal(listed[taught.name]["version"], taught.version)
        equal(listed[taught.untaught]["state"], "UNAVAILABLE")

    for name in names:
        for version in ("", taught.version, taught.before):
            check(f"facts of a collection, {name}, version {version or 'any'}", facts, name, version)
        for binary in (False, True):
            check(f"infer BYTES by a collection, {name}, {form(binary)} out", files, name, binary)
    check("infer BYTES of what a collection does not know", strange)
    check("infer floats by a collection", floats)
    check("infer by another version that metadata lists", before)
    check("classification by a collection", classes)
    check("get_model_repository_index", index)

    def infer(model: str, **options) -> Callable[[], object]:
        return lambda: client.infer(model, [image_input([image])], **options)

    check("is_model_ready of a collection without labels", lambda: equal(client.is_model_ready(taught.untaught), False))
    untaught = infer(f"{taught.untaught}_image")
    check("refuses a collection without labels", refused, "409", "has a label", untaught)
    check("refuses a collection that is not there", refused, "404", "There is no model", infer("none_image"))
    another = infer(f"{taught.name}_image", model_version="99")
    check("refuses another version of a collection", refused, "404", f"with version {taught.version}", another)


def form(binary: bool) -> str:
    return "binary" if binary else "JSON"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True, help="where the Worker is, as http://127.0.0.1:8787")
    parser.add_argument("--image", required=True, type=Path, help="an image file")
    arguments = parser.parse_args()

    scheme, _, host = arguments.url.rstrip("/").partition("://")
    image = arguments.image.read_bytes()
    check, failed = checker()
    with triton.InferenceServerClient(host, ssl=scheme == "https", concurrency=4) as client:
        check_facts(check, client)
        check_tensors(check, client)
        check_images(check, client, image)
        check_refusals(check, client, image)
        check_collection(check, client, image, teach(arguments.url.rstrip("/"), image))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

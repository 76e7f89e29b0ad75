"""The client that openapi-python-client generates from the OpenAPI document, against a running Worker."""

import argparse
import base64
import importlib
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

PACKAGE = "generated_client"
MODEL = "mobilenet_v3_small_100_224"


def expect(condition: bool, found: object) -> None:
    if not condition:
        raise AssertionError(f"found {found}")


def generate(url: str, folder: Path) -> None:
    """Fails on what the generator cannot use. It is not formatted, for which a further program would be needed."""
    with urllib.request.urlopen(f"{url}/openapi.json") as response:
        (folder / "openapi.json").write_bytes(response.read())
    # Lines of JSON are bytes to the generator, by its own option for types that it does not know.
    overrides = "content_type_overrides:\n  application/x-ndjson: application/octet-stream\n"
    (folder / "config.yaml").write_text("post_hooks: []\n" + overrides)
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]
    command += ["--path", str(folder / "openapi.json"), "--config", str(folder / "config.yaml")]
    command += ["--output-path", str(folder / PACKAGE)]
    done = subprocess.run(command, capture_output=True, text=True)
    expect(done.returncode == 0, (done.stdout + done.stderr)[:2000])


def module(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.{name}")


def checks(url: str, picture: bytes, folder: Path) -> dict[str, Callable[[], None]]:
    text = base64.b64encode(picture).decode()

    def client() -> Any:
        return module("client").Client(base_url=url, raise_on_unexpected_status=True)

    def call(operation: str, **given: Any) -> Any:
        return module(f"api.{operation}").sync(client=client(), **given)

    def file() -> Any:
        return module("types").File(payload=BytesIO(picture), file_name="café.jpg")

    def the_generator() -> None:
        generate(url, folder)
        sys.path.insert(0, str(folder))

    def json_bodies() -> None:
        models = module("models")
        answer = call("pictures.classify", body=models.ClassifyJsonBodyType0(image=text, top_k=2))
        expect(len(answer.predictions) == 2 and answer.image.format_ == "jpeg", answer)
        answer = call("pictures.embed", body=models.EmbedJsonBodyType0(image=text, normalize=True))
        expect(len(answer.embedding) == 1024, answer)
        answer = call("pictures.batch", body=models.BatchJsonBody(images=[text, "A!"], top_k=1))
        expect(len(answer.results[0].result.predictions) == 1, answer)
        expect(answer.results[1].error.code == "base64_invalid", answer)
        answer = call("pictures.embed_batch", body=models.EmbedBatchJsonBody(images=[text]))
        expect(len(answer.results[0].result.embedding) == 1024, answer)

    def files() -> None:
        answer = call("pictures.classify", body=file(), top_k=3, labels_exclude=["tabby"])
        expect(len(answer.predictions) == 3, answer)
        expect(len(call("hugging_face.hf_classify", body=file(), top_k=2)) == 2, "another number")
        answer = call("workers_ai.workers_ai_run", account="a", model=MODEL, body=file())
        expect(len(answer.result) == 5, answer)

    def forms() -> None:
        models = module("models")
        body = models.ClassifyFilesBody(image=file(), top_k=1, labels_exclude=["tabby", "tiger cat"])
        expect(len(call("pictures.classify", body=body).predictions) == 1, "another number")
        answer = call("pictures.embed", body=models.EmbedFilesBody(image=file()))
        expect(len(answer.embedding) == 1024, answer)
        answer = call("pictures.batch", body=models.BatchFilesBody(image=[file(), file()], top_k=1))
        expect([len(item.result.predictions) for item in answer.results] == [1, 1], answer)
        answer = call("pictures.embed_batch", body=models.EmbedBatchFilesBody(image=[file()], normalize=True))
        expect(abs(sum(x * x for x in answer.results[0].result.embedding) - 1) < 1e-5, answer)

    def facts() -> None:
        expect(len(call("facts.labels")) == 1000, "another number")
        expect(call("facts.limits").batch.max_items > 0, "no limit")
        expect(call("facts.model").version.count(".") == 2, "no version")
        expect(call("facts.health").status == "ok", "not ok")

    def dialects() -> None:
        models = module("models")
        body = models.HfClassifyJsonBody(inputs=text)
        expect(len(call("hugging_face.hf_classify", body=body)) == 5, "another number")
        body = models.TfPredictBody.from_dict({"instances": [{"b64": text}]})
        answer = call("tensor_flow_serving.tf_predict", model=MODEL, body=body)
        expect(len(answer.predictions[0]) == 1001, answer)
        body = models.TfClassifyBody.from_dict({"examples": [{"image": {"b64": text}}]})
        answer = call("tensor_flow_serving.tf_classify", model=MODEL, body=body)
        expect(isinstance(answer.results[0][0][0], str), answer)
        tensor = {"name": "image", "shape": [1], "datatype": "BYTES", "data": [text]}
        body = models.OipInferJsonBody.from_dict({"inputs": [tensor]})
        answer = call("open_inference_protocol.oip_infer", model=f"{MODEL}_image", body=body)
        expect(answer.outputs[0].shape[0] == 1, answer)
        expect(call("open_inference_protocol.oip_ready").ready, "not ready")

    def refusals() -> None:
        body = module("models").ClassifyJsonBodyType0(image="A!")
        problem = call("pictures.classify", body=body)
        expect(problem.code == "base64_invalid" and problem.status == 400, problem)

    return {
        "a client is generated without a warning": the_generator,
        "it sends JSON, and reads the answers": json_bodies,
        "it sends files as they are": files,
        "it sends forms": forms,
        "it reads the facts": facts,
        "it calls the dialects": dialects,
        "it reads refusals": refusals,
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--image", required=True, type=Path)
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        picture = arguments.image.read_bytes()
        for what, check in checks(arguments.url.rstrip("/"), picture, Path(folder)).items():
            try:
                check()
                print(f"ok {what}", flush=True)
            except Exception as error:  # noqa: BLE001: whatever it is, the check has failed
                print(f"FAILED {what}: {' '.join(repr(error).split())[:400]}", flush=True)
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

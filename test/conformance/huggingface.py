"""huggingface_hub, unchanged but for its model's URL, against a running Worker."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from taught import teach

MODEL_PATH = "/hf/models/google/mobilenet_v3_small_100_224"


def client(url: str) -> InferenceClient:
    return InferenceClient(model=url, token="hf_0123456789")


def refusal(url: str, picture: bytes, **parameters: object) -> HfHubHTTPError:
    """The error that the client raises for a request that the Worker refuses."""
    try:
        answer = client(url).image_classification(picture, **parameters)
    except HfHubHTTPError as error:
        return error
    raise AssertionError(f"it did not fail, but answered {answer}")


def expect(condition: bool, found: object) -> None:
    if not condition:
        raise AssertionError(f"found {found}")


def checks(url: str, path: Path) -> dict[str, Callable[[], None]]:
    picture = path.read_bytes()
    best = client(f"{url}/hf").image_classification(picture)[0].label
    taught = teach(url, picture)

    def raw_bytes() -> None:
        answer = client(f"{url}/hf").image_classification(picture)
        expect(len(answer) == 5, answer)
        expect(all(0 <= element.score <= 1 for element in answer), answer)

    def a_path() -> None:
        answer = client(f"{url}/hf").image_classification(path)
        expect(answer[0].label == best, answer)

    def at_the_models_path() -> None:
        answer = client(url + MODEL_PATH).image_classification(picture)
        expect(answer[0].label == best, answer)

    def top_k() -> None:
        answer = client(f"{url}/hf").image_classification(picture, top_k=2)
        expect(len(answer) == 2 and answer[0].label == best, answer)

    def function_to_apply() -> None:
        logits = client(f"{url}/hf").image_classification(picture, function_to_apply="none", top_k=1000)
        expect(logits[0].label == best and logits[-1].score < 0, logits[-1])
        sigmoid = client(f"{url}/hf").image_classification(picture, function_to_apply="sigmoid")
        expect(sigmoid[0].label == best, sigmoid)

    def a_collection() -> None:
        for model in (taught.name, f"anonymous/{taught.name}"):
            answer = client(f"{url}/hf/models/{model}").image_classification(picture)
            expect([element.label for element in answer] == ["shown", "other"], answer)
            # Our own member, in addition to those that the client's types know.
            expect([element["unknown"] for element in answer] == [False, False], answer)
        strange = client(f"{url}/hf/models/{taught.strange}").image_classification(picture, top_k=1)
        expect(len(strange) == 1 and strange[0]["unknown"] is True, strange)

    def a_collection_without_labels() -> None:
        error = refusal(f"{url}/hf/models/{taught.untaught}", picture)
        expect(error.response.status_code == 409, error.response.status_code)
        expect("No item of the collection has a label" in str(error), error)

    def not_a_picture() -> None:
        error = refusal(f"{url}/hf", b"no picture")
        expect(error.response.status_code == 415, error.response.status_code)
        expect("not an image in a format that this service reads" in str(error), error)
        expect(bool(error.request_id) and str(error.request_id) in str(error), error.request_id)

    def half_a_picture() -> None:
        error = refusal(f"{url}/hf", picture[:300])
        expect(error.response.status_code == 422, error.response.status_code)
        expect("looks like" in str(error), error)

    def another_model() -> None:
        error = refusal(f"{url}/hf/models/google/vit-base-patch16-224", picture)
        expect(error.response.status_code == 404, error.response.status_code)
        expect("google/vit-base-patch16-224" in str(error), error)

    def a_wrong_parameter() -> None:
        error = refusal(f"{url}/hf", picture, top_k=0)
        expect(error.response.status_code == 400, error.response.status_code)
        expect("top_k must be a whole number from 1 to 1000" in str(error), error)

    return {
        "classifies bytes": raw_bytes,
        "classifies a file": a_path,
        "classifies at the model's path": at_the_models_path,
        "classifies by a collection, and tells what is unknown": a_collection,
        "brings the text of a 409 for a collection without labels to the user": a_collection_without_labels,
        "sends top_k as JSON": top_k,
        "sends function_to_apply as JSON": function_to_apply,
        "brings the text of a 415 and the request id to the user": not_a_picture,
        "brings the text of a 422 to the user": half_a_picture,
        "brings the text of a 404 for another model to the user": another_model,
        "brings the text of a 400 for a wrong parameter to the user": a_wrong_parameter,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="where the Worker answers anonymous callers")
    parser.add_argument("--image", required=True, type=Path, help="a photo")
    arguments = parser.parse_args()
    failed = False
    for what, check in checks(arguments.url.rstrip("/"), arguments.image).items():
        try:
            check()
            print(f"ok {what}")
        except Exception as error:  # One failed check must not hide the others.
            print(f"FAILED {what}: {error}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

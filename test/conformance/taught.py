"""What is taught for the clients: the picture that they send is `shown`, and no picture is like `other`."""

import base64
import json
import urllib.request
import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Taught:
    name: str
    # The model's, as text.
    version: str
    # One that it was trained in before, and that is kept.
    before: str
    # Another collection, of nothing that a picture is like.
    strange: str
    # Another one, without labels.
    untaught: str


def teach(url: str, picture: bytes) -> Taught:
    name = f"clients-{uuid.uuid4().hex[:8]}"
    shown = {"image": base64.b64encode(picture).decode(), "label": "shown"}
    strange, untaught = f"{name}-strange", f"{name}-untaught"
    change(f"{url}/v1/collections/{untaught}", "PUT", {})
    taught(url, strange, [other(1, "other"), other(2, "another")])
    before = taught(url, name, [shown, other(1, "other")])
    change(f"{url}/v1/collections/{name}/train", "POST", {})
    version = taught(url, name, [other(2, "other")])
    return Taught(name, str(version), str(before), strange, untaught)


def taught(url: str, name: str, items: list[dict]) -> int:
    change(f"{url}/v1/collections/{name}", "PUT", {})
    return change(f"{url}/v1/collections/{name}/items", "POST", {"items": items})["collection"]["version"]


def other(at: int, label: str) -> dict:
    """An embedding far from that of any picture: it has but one number that is not 0."""
    return {"embedding": [1 if index == at else 0 for index in range(1024)], "label": label}


def change(url: str, method: str, body: dict) -> dict:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request) as response:
        return json.load(response)

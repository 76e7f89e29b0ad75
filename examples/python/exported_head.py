"""What is in a picture by classes of your own, decided here: the service makes the embedding, the head is a file.

    pip install numpy onnxruntime
    python3 examples/python/exported_head.py http://127.0.0.1:8787 parts photo.jpg

The head is fetched once and kept in this folder as NAME.onnx. Delete the file to have the newest. One that the page has
saved is there already: with my-classes.onnx in this folder, the name is my-classes.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path

import numpy as np
import onnxruntime

url, name, *photos = sys.argv[1:]
key = os.environ.get("MOBILENET_EDGE_KEY")
headers = {"authorization": f"Bearer {key}"} if key else {}


def ask(path: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url + path, body, headers)) as response:
        return response.read()


file = Path(f"{name}.onnx")
if not file.exists():
    file.write_bytes(ask(f"/v1/collections/{name}/export?format=onnx"))
session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
said = session.get_modelmeta().custom_metadata_map
labels = json.loads(said["labels"])

# Many pictures are one run. /v1/embed/batch makes their embeddings in fewer requests.
answers = [json.loads(ask("/v1/embed", Path(photo).read_bytes())) for photo in photos]
for answer in answers:
    # Embeddings of another space would be compared with means that are none of theirs.
    assert answer["embedding_space"] == said["embedding_space"], "export the head again"
embeddings = np.array([answer["embedding"] for answer in answers], np.float32)
probabilities, similarity, unknown = session.run(None, {"embedding": embeddings})
for photo, scores, alike, strange in zip(photos, probabilities, similarity, unknown):
    best = int(scores.argmax())
    what = "unknown" if strange else labels[best]
    print(f"{photo}: {what}  {scores[best]:.6f}  {alike:.6f}")

"""What is in a picture, with tritonclient: the Open Inference Protocol, as Triton and KServe speak it.

    pip install tritonclient[http]
    python3 examples/python/triton.py 127.0.0.1:8787 photo.jpg

An https address is `InferenceServerClient(host, ssl=True)`.
"""

import os
import sys

import numpy as np
import tritonclient.http as triton

address, photo = sys.argv[1:]
key = os.environ.get("MOBILENET_EDGE_KEY")
headers = {"authorization": f"Bearer {key}"} if key else None

# The model that takes image files; its namesake without `_image` takes float tensors.
picture = triton.InferInput("image", [1], "BYTES")
with open(photo, "rb") as file:
    picture.set_data_from_numpy(np.array([file.read()], dtype=np.object_))
top = triton.InferRequestedOutput("logits", class_count=3)

with triton.InferenceServerClient(address) as client:
    answer = client.infer("mobilenet_v3_small_100_224_image", [picture], outputs=[top], headers=headers)
for line in answer.as_numpy("logits").flatten():
    # "value:index:label"; of the 1001 outputs 0 is background.
    logit, index, label = line.decode().split(":", 2)
    print(f"{float(logit):.3f}  {label}")

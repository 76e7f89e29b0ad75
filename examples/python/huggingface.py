"""What is in a picture, with huggingface_hub: the client stays, the model is an address.

    pip install huggingface_hub
    python3 examples/python/huggingface.py http://127.0.0.1:8787 photo.jpg
"""

import os
import sys

from huggingface_hub import InferenceClient

url, photo = sys.argv[1:]
client = InferenceClient(model=f"{url}/hf", token=os.environ.get("MOBILENET_EDGE_KEY"))
for element in client.image_classification(photo, top_k=3):
    print(f"{element.score:.3f}  {element.label}")

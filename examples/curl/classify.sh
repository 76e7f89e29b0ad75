#!/bin/sh
# One picture in the three forms that a body may have, the embedding, and two pictures as a stream.
#
#     sh examples/curl/classify.sh http://127.0.0.1:8787 photo.jpg
#
# A deployment with keys needs one more argument for each call: -H "x-api-key: $MOBILENET_EDGE_KEY".
set -eu
url=$1
photo=$2

# The bytes themselves: no content type is needed.
curl -sS --fail-with-body --data-binary "@$photo" "$url/v1/classify?top_k=1"
echo

# A form, as a page would send it.
curl -sS --fail-with-body -F "image=@$photo" "$url/v1/classify?top_k=1"
echo

# JSON with base64. Through a pipe, because a command line is too short for a photo.
{ printf '{"top_k": 1, "image": "'; base64 < "$photo" | tr -d '\n'; printf '"}'; } |
  curl -sS --fail-with-body -H 'content-type: application/json' --data-binary @- "$url/v1/classify"
echo

# The feature vector, for searching and sorting by similarity.
curl -sS --fail-with-body --data-binary "@$photo" "$url/v1/embed?encoding_format=base64&normalize=true" | cut -c 1-60

# Many pictures: a line for each, as soon as its result is ready.
curl -sSN --fail-with-body -H 'accept: application/x-ndjson' -F "image=@$photo" -F "image=@$photo" "$url/v1/batch?top_k=1"

#!/bin/sh
# Classes of your own from a folder: each folder in it is a class, by its name, with some ten pictures of it.
#
#     sh examples/curl/own-classes.sh http://127.0.0.1:8787 parts ~/parts
#
# Run it again after a change: it deletes the collection first. A deployment with keys needs one more argument for
# each call: -H "x-api-key: $MOBILENET_EDGE_KEY", with a key that may teach. curl 7.87 or newer.
set -eu
collection=$1/v1/collections/$2
folder=$3
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

curl -sS -o /dev/null -X DELETE "$collection"
curl -sS -o /dev/null --fail-with-body -X PUT "$collection"
for class in "$folder"/*/; do
  label=$(basename "$class")
  for picture in "$class"*; do
    # A file that is not a picture is reported, and the rest continues.
    curl -sS --fail-with-body -o "$answer" --data-binary "@$picture" --url-query "label=$label" "$collection/items" ||
      { echo "$picture: $(cat "$answer")" >&2; }
  done
done

# How many pictures each class has, and how often each is recognised.
curl -sS --fail-with-body -X POST "$collection/train"
echo

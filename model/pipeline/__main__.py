"""Command line of the model pipeline: `python3 -m model.pipeline --help`."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from . import build, verify
from .labels import LabelError, read_labels
from .onnx_model import WEIGHTS_LOCATION
from .pictures import photo, seeded
from .taxonomy import TaxonomyError
from .tflite_reader import SourceError, parse, read_source
from .weights import expand

MODEL_FOLDER = Path(__file__).parent.parent
SEEDED_PICTURES = 16


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m model.pipeline",
        description="Builds the files of model/ and verifies that they compute the source network.",
    )
    parser.add_argument("--weights", type=Path, required=True, help="the int8 TFLite source file")
    parser.add_argument(
        "--synsets", type=Path, required=True, help="1000 lines: synset, tab, names, by class"
    )
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="default: model/")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file in --out differs"
    )
    parser.add_argument(
        "--images", type=Path, help="photos named SYNSET_*: verify on them too, print the accuracy"
    )
    parser.add_argument(
        "--reference", type=Path, help="also write the plain float32 ONNX model to this file"
    )
    parser.add_argument(
        "--candidates", type=Path, help="also write what measure.mjs compares to this folder"
    )
    return parser.parse_args()


def main() -> int:
    options = arguments()
    source = read_source(options.weights)
    network = parse(source)
    labels = read_labels(options.synsets)
    files = build.shipped_files(network, labels)
    verified(files, build.plain_model(network), source, labels, options.images)
    if options.reference:
        options.reference.write_bytes(build.plain_model(network))
    if options.candidates:
        write_candidates(network, options.candidates)
    return check(files, options.out) if options.check else write(files, options.out)


def verified(files, plain_model, source, labels, images) -> None:
    """Prints how near the shipped graph is to the source network; raises when it is not."""
    weights = expand(files["weights.bin"], json.loads(files["weights.json"]))
    shipped = verify.shipped_session(files[build.GRAPH_FILE], weights)
    plain = verify.session(plain_model)
    pictures = {f"{SEEDED_PICTURES} seeded pictures": seeded(SEEDED_PICTURES)}
    if images:
        index = {row["synset"]: row["index"] for row in labels}
        paths = [path for path in sorted(images.iterdir()) if synset_of(path) in index]
        if not paths:
            raise FileNotFoundError(f"no file named SYNSET_* in {images}")
        photos = [photo(path) for path in paths]
        pictures[f"{len(paths)} photos"] = photos
    for name, some in pictures.items():
        for other, difference in verify.compare(shipped, plain, source, some).items():
            print(f"{name}, to the {other}: {difference.text()}")
    if images:
        classes = [index[synset_of(path)] for path in paths]
        first, among = verify.accuracy(shipped, photos, classes)
        print(
            f"top-1 {first}/{len(paths)} ({100 * first / len(paths):.1f} %), "
            f"top-5 {among}/{len(paths)} ({100 * among / len(paths):.1f} %)"
        )


def synset_of(photo_path: Path) -> str:
    return photo_path.name.partition("_")[0]


def write_candidates(network, folder: Path) -> None:
    for name, form in build.CANDIDATES.items():
        model, weights = build.serialized(network, form)
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "model.onnx").write_bytes(model)
        weights.tofile(folder / name / WEIGHTS_LOCATION)


def write(files: dict[str, bytes], out: Path) -> int:
    out.mkdir(parents=True, exist_ok=True)
    for name, data in sorted(files.items()):
        (out / name).write_bytes(data)
        print(f"{hashlib.sha256(data).hexdigest()}  {len(data):>9,}  {name}")
    return 0


def check(files: dict[str, bytes], out: Path) -> int:
    different = [
        name
        for name, data in sorted(files.items())
        if not (out / name).is_file() or (out / name).read_bytes() != data
    ]
    for name in different:
        print(f"{out / name} is not what the pipeline builds", file=sys.stderr)
    if not different:
        print(f"all {len(files)} files in {out} are what the pipeline builds")
    return 1 if different else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (SourceError, LabelError, TaxonomyError, verify.VerificationError, OSError) as error:
        sys.exit(f"error: {error}")

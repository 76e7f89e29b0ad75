"""Makes the label table from the list of ILSVRC-2012 synsets."""

import json
import re
from pathlib import Path

CLASSES = 1000

# First names that two synsets share, told apart by WordNet's definitions.
QUALIFIERS = {
    "n02012849": "bird",  # crane
    "n03126707": "machine",  # crane
    "n02113186": "dog",  # Cardigan
    "n02963159": "garment",  # cardigan
    "n03710637": "tights",  # maillot
    "n03710721": "tank suit",  # maillot
}


class LabelError(ValueError):
    """The synset list is not what it should be, or two classes would share a label."""


def read_labels(path: Path) -> list[dict]:
    """Rows `index`, `synset`, `label`, `names` from lines of `synset TAB name, name, ...`.

    The order is that of the file. `label` is unique among the 1000, whatever the case.
    """
    rows = []
    for index, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        synset, tab, listed = line.partition("\t")
        names = listed.split(", ")
        if not re.fullmatch(r"n\d{8}", synset) or not tab or not all(names):
            raise LabelError(f"{path.name}, line {index + 1}: not a synset, a tab and its names")
        qualifier = QUALIFIERS.get(synset)
        label = f"{names[0]} ({qualifier})" if qualifier else names[0]
        rows.append({"index": index, "synset": synset, "label": label, "names": names})
    check_labels(rows)
    return rows


def check_labels(rows: list[dict]) -> None:
    """LabelError unless there are 1000 rows, ordered by synset, with distinct labels."""
    synsets = [row["synset"] for row in rows]
    if len(rows) != CLASSES or synsets != sorted(set(synsets)):
        raise LabelError(f"{len(rows)} synsets; ILSVRC-2012 has {CLASSES}, ordered by number")
    seen: dict[str, str] = {}
    for row in rows:
        other = seen.setdefault(row["label"].casefold(), row["synset"])
        if other != row["synset"]:
            raise LabelError(f"{other} and {row['synset']} are both called {row['label']}")


def labels_text(rows: list[dict]) -> str:
    """`labels.json`: one class a line."""
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"

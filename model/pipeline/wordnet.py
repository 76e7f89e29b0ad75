"""WordNet's nouns: which synset is a kind of which.

The format is that of `data.noun` in WordNet 3.0 (wndb(5WN)), whole or as `extract` leaves it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HYPERNYM = ("@", "@i")

# The header of the extract, in addition to WordNet's own with its licence.
EXTRACT_NOTE = """\
  The lines below are an extract of data.noun of WordNet 3.0: the synsets of the 1000 classes of
  ILSVRC-2012 and all synsets above them, with their names and their hypernyms. Glosses and all
  other pointers are left out, file and sense numbers are as in the original.
"""


class Synset(NamedTuple):
    names: list[str]
    hypernyms: list[str]


def read_nouns(path: Path) -> dict[str, Synset]:
    """Synsets by their offset, which is a class's synset id without the `n`."""
    nouns = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        # Lines of the licence begin with two spaces.
        if line and not line.startswith("  "):
            offset, synset = parsed(line)
            nouns[offset] = synset
    return nouns


def parsed(line: str) -> tuple[str, Synset]:
    """`offset file type n-names (name sense)* n-pointers (symbol offset type number)* | gloss`."""
    fields = line.partition(" | ")[0].removesuffix(" |").split(" ")
    count = int(fields[3], 16)
    names = fields[4 : 4 + 2 * count : 2]
    pointers = fields[5 + 2 * count :]
    hypernyms = [
        offset
        for symbol, offset, kind in zip(pointers[::4], pointers[1::4], pointers[2::4])
        if symbol in HYPERNYM and kind == "n"
    ]
    return fields[0], Synset(names, hypernyms)


def steps_above(nouns: dict[str, Synset], offset: str) -> dict[str, int]:
    """The fewest hypernym steps from a synset to itself and to each synset above it."""
    steps = {offset: 0}
    queue = [offset]
    for at in queue:
        for above in nouns[at].hypernyms:
            if above not in steps:
                steps[above] = steps[at] + 1
                queue.append(above)
    return steps


def extract(path: Path, offsets: Iterable[str]) -> str:
    """The header of `data.noun`, and of its lines those of `offsets` and of all above them."""
    nouns = read_nouns(path)
    wanted = {above for offset in offsets for above in steps_above(nouns, offset)}
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line.rstrip() for line in lines if line.startswith("  ")]
    kept = [shortened(line) for line in lines if line.partition(" ")[0] in wanted]
    return "\n".join([*header, EXTRACT_NOTE.rstrip(), *kept]) + "\n"


def shortened(line: str) -> str:
    fields = line.partition(" | ")[0].split(" ")
    pointers_at = 4 + 2 * int(fields[3], 16)
    up = parsed(line)[1].hypernyms
    pointers = [word for offset in up for word in ("@", offset, "n", "0000")]
    return " ".join([*fields[:pointers_at], f"{len(up):03}", *pointers, "|"])

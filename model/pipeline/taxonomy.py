"""The groups above the classes: `taxonomy.json` from `tree/groups.txt`.

    python3 -m model.pipeline.taxonomy            writes model/taxonomy.json
    python3 -m model.pipeline.taxonomy --check    writes nothing; exit 1 where the file differs

It needs nothing but Python, and reads the classes from `model/labels.json`.
"""

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from .wordnet import Synset, extract, read_nouns, steps_above

# Raised whenever a class moves to another group or a group goes; new groups and names alone leave it.
VERSION = "1"

FOLDER = Path(__file__).parent / "tree"
TREE = FOLDER / "groups.txt"
NOUNS = FOLDER / "wordnet-3.0-nouns.txt"
MODEL = Path(__file__).parent.parent
FILE = "taxonomy.json"

# A path is these and the class: more are not what people click through.
LEVELS = 3
INDENT = "  "


class TaxonomyError(ValueError):
    """The tree is ambiguous, has something needless, or has a name that a class has."""


@dataclass
class Group:
    line: int
    names: list[str]
    parent: "Group | None"
    synsets: list[str]
    by_hand: list[str]
    id: str = field(init=False)
    level: int = field(init=False)

    def __post_init__(self):
        self.id = re.sub(r"[^a-z0-9]+", "-", self.names[0].lower()).strip("-")
        self.level = self.parent.level + 1 if self.parent else 1

    def path(self) -> list["Group"]:
        """The group and all above it."""
        return [self, *(self.parent.path() if self.parent else [])]


def taxonomy_text(tree: str, nouns: dict[str, Synset], labels: list[dict]) -> str:
    """`taxonomy.json`: the version, a group a line, and the group of each class by its place.

    Parents stand before their children.
    """
    groups = read_tree(tree)
    classes = placed(groups, nouns, labels)
    check_names(groups, labels)
    check_sizes(groups, classes)
    place = {group.id: at for at, group in enumerate(groups)}
    rows = [
        {
            "id": group.id,
            "name": group.names[0],
            "names": group.names,
            "parent": group.parent.id if group.parent else None,
        }
        for group in groups
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    indices = json.dumps([place[group.id] for group in classes], separators=(",", ":"))
    return f'{{"version": "{VERSION}",\n"groups": [\n{lines}\n],\n"classes": {indices}}}\n'


def read_tree(text: str) -> list[Group]:
    problems = []
    groups: list[Group] = []
    open_groups: list[Group] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        depth, rest = divmod(len(line) - len(line.lstrip(" ")), len(INDENT))
        names, *columns = [part.strip() for part in line.split("|")]
        synsets, by_hand, *more = [*columns, "", ""]
        if rest or depth > len(open_groups) or "\t" in line:
            problems.append(f"line {number}: it is under no group: a level is two spaces")
            continue
        if depth >= LEVELS:
            problems.append(f"line {number}: more than {LEVELS} levels of groups")
        if not names or any(more):
            problems.append(f"line {number}: not names, synsets and classes between |")
            continue
        parent = open_groups[depth - 1] if depth else None
        group = Group(number, listed(names, ","), parent, listed(synsets, ","), listed(by_hand, ";"))
        groups.append(group)
        open_groups[depth:] = [group]
    refuse(problems)
    return groups


def listed(text: str, separator: str) -> list[str]:
    return [item.strip() for item in text.split(separator) if item.strip()]


def placed(groups: list[Group], nouns: dict[str, Synset], labels: list[dict]) -> list[Group]:
    """The group of each class, in their order."""
    problems: list[str] = []
    above = [steps_above(nouns, row["synset"].removeprefix("n")) for row in labels]
    by_synset = groups_by_synset(groups, nouns, above, problems)
    by_hand = groups_by_hand(groups, labels, problems)
    classes = []
    deciding = set()
    for row, steps in zip(labels, above):
        label = row["label"]
        hand = by_hand.get(label)
        nearest = nearest_groups(steps, by_synset)
        found = {group.id: group for group, _ in nearest}
        if hand:
            if list(found) == [hand.id]:
                problems.append(f'"{label}" need not be placed by hand')
            classes.append(hand)
        elif len(found) == 1:
            classes.append(nearest[0][0])
            deciding |= {offset for _, offset in nearest}
        else:
            problems.append(f'"{label}" {f"may be {or_list(found)}" if found else "is in no group"}')
    for offset, group in by_synset.items():
        if offset not in deciding:
            problems.append(f"line {group.line}: n{offset} places no class")
    refuse(problems)
    return classes


def nearest_groups(steps: dict[str, int], by_synset: dict[str, Group]) -> list[tuple[Group, str]]:
    """The groups that are the fewest steps above a class, of these the deepest, and their synsets."""

    def nearness(candidate: tuple[Group, str]) -> tuple[int, int]:
        group, offset = candidate
        return steps[offset], -group.level

    candidates = [(group, offset) for offset, group in by_synset.items() if offset in steps]
    ranked = groupby(sorted(candidates, key=nearness), key=nearness)
    return next((list(equal) for _, equal in ranked), [])


def groups_by_synset(groups, nouns, above, problems) -> dict[str, Group]:
    offsets_of: dict[str, list[str]] = {}
    for offset in sorted({offset for steps in above for offset in steps}):
        for name in {name.lower() for name in nouns[offset].names}:
            offsets_of.setdefault(name, []).append(offset)
    by_synset: dict[str, Group] = {}
    for group in groups:
        for name in group.synsets:
            numbered = re.fullmatch(r"n(\d{8})", name)
            found = [numbered[1]] if numbered else offsets_of.get(name.lower(), [])
            if not found:
                problems.append(f'line {group.line}: no synset above a class is called "{name}"')
            elif len(found) > 1:
                several = " or ".join(f"n{offset}" for offset in found)
                problems.append(f'line {group.line}: "{name}" may be {several}')
            elif found[0] in by_synset:
                problems.append(f'line {group.line}: "{name}" is listed twice')
            else:
                by_synset[found[0]] = group
    return by_synset


def groups_by_hand(groups, labels, problems) -> dict[str, Group]:
    known = {row["label"] for row in labels}
    by_hand: dict[str, Group] = {}
    for group in groups:
        for label in group.by_hand:
            if label not in known:
                problems.append(f'line {group.line}: no class is called "{label}"')
            elif label in by_hand:
                problems.append(f'line {group.line}: "{label}" is listed twice')
            else:
                by_hand[label] = group
    return by_hand


def check_names(groups: list[Group], labels: list[dict]) -> None:
    """A name that a class has goes on to mean that class, so no group may have it."""
    of_classes = {
        name.lower() for row in labels for name in (row["label"], row["synset"], *row["names"])
    }
    problems = []
    seen: set[str] = set()
    for group in groups:
        names = [name.lower() for name in group.names]
        names += [group.id] if group.id != names[0] else []
        for name in names:
            if name in of_classes:
                problems.append(f'line {group.line}: a class is called "{name}" too')
            if name in seen:
                problems.append(f'line {group.line}: "{name}" is the name of a group already')
            seen.add(name)
    refuse(problems)


def check_sizes(groups: list[Group], classes: list[Group]) -> None:
    sizes = Counter(above.id for group in classes for above in group.path())
    problems = []
    for group in groups:
        if sizes[group.id] < 2:
            problems.append(f'line {group.line}: "{group.names[0]}" has {sizes[group.id]} classes')
        elif group.parent and sizes[group.id] == sizes[group.parent.id]:
            parent = group.parent.names[0]
            problems.append(f'line {group.line}: "{group.names[0]}" has all classes of "{parent}"')
    refuse(problems)


def refuse(problems: list[str]) -> None:
    if problems:
        raise TaxonomyError("\n".join(problems))


def or_list(names) -> str:
    return " or ".join(f'"{name}"' for name in names)


def shipped_text(labels: list[dict]) -> str:
    """`taxonomy.json` as it ships with these classes."""
    return taxonomy_text(TREE.read_text(encoding="utf-8"), read_nouns(NOUNS), labels)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m model.pipeline.taxonomy")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it differs")
    parser.add_argument(
        "--wordnet", type=Path, help="WordNet 3.0's data.noun: make or check the extract from it too"
    )
    options = parser.parse_args()
    labels = json.loads((MODEL / "labels.json").read_text(encoding="utf-8"))
    files = {}
    if options.wordnet:
        offsets = [row["synset"].removeprefix("n") for row in labels]
        files[NOUNS] = extract(options.wordnet, offsets)
        if not options.check:
            NOUNS.write_text(files[NOUNS], encoding="utf-8")
    files[MODEL / FILE] = shipped_text(labels)
    different = 0
    for path, text in files.items():
        if not options.check:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path} is not what the pipeline builds", file=sys.stderr)
            different = 1
    taxonomy = json.loads(files[MODEL / FILE])
    print(f"{len(taxonomy['groups'])} groups over {len(taxonomy['classes'])} classes")
    return different


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (TaxonomyError, OSError) as error:
        sys.exit(f"{TREE.name}: {error}")

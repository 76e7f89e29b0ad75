"""python3 -m unittest model.pipeline.test_taxonomy"""

import json
import tempfile
import unittest
from pathlib import Path

from .taxonomy import MODEL, NOUNS, TREE, TaxonomyError, shipped_text, taxonomy_text
from .wordnet import Synset, extract, read_nouns, steps_above

LABELS = json.loads((MODEL / "labels.json").read_text(encoding="utf-8"))
TEXT = TREE.read_text(encoding="utf-8")
SHIPPED = read_nouns(NOUNS)

# A sheep is a bovid and a pet, one step each; a kit is a fox; a wheel is nothing but a thing.
SMALL_NOUNS = {
    "00000001": Synset(["entity"], []),
    "00000002": Synset(["beast"], ["00000001"]),
    "00000003": Synset(["bovid"], ["00000002"]),
    "00000004": Synset(["pet"], ["00000002"]),
    "00000005": Synset(["canid"], ["00000002"]),
    "00000006": Synset(["Fox"], ["00000005"]),
    "00000011": Synset(["sheep"], ["00000003", "00000004"]),
    "00000012": Synset(["cow"], ["00000003"]),
    "00000013": Synset(["hamster"], ["00000004"]),
    "00000014": Synset(["kitten"], ["00000004"]),
    "00000015": Synset(["kit"], ["00000006"]),
    "00000016": Synset(["vixen"], ["00000006"]),
    "00000017": Synset(["jackal"], ["00000005"]),
    "00000018": Synset(["wheel"], ["00000001"]),
    "00000019": Synset(["hub"], ["00000001"]),
}
SMALL_LABELS = [
    {"synset": f"n{offset}", "label": names[0], "names": [names[0], f"{names[0]} or so"]}
    for offset, (names, _) in SMALL_NOUNS.items()
    if offset > "00000010"
]
SMALL_TREE = """\
# a comment
creature

  hoofed | bovid | sheep
  house pet | pet
  wild dog, wild canine | canid
    foxes | fox
part | | wheel; hub
"""


def built(tree: str = SMALL_TREE) -> dict:
    return json.loads(taxonomy_text(tree, SMALL_NOUNS, SMALL_LABELS))


class PlacementTest(unittest.TestCase):
    def groups(self, tree: str) -> list[str]:
        taxonomy = built(tree)
        return [taxonomy["groups"][at]["id"] for at in taxonomy["classes"]]

    def test_the_nearest_synset_decides_and_what_is_placed_by_hand_stays_there(self):
        animals = ["hoofed", "hoofed", "house-pet", "house-pet", "foxes", "foxes", "wild-dog"]
        self.assertEqual(self.groups(SMALL_TREE), [*animals, "part", "part"])

    def test_of_equally_near_groups_the_deeper_one_is_meant(self):
        tree = """\
bovids | bovid
  pets | pet
rest | canid | wheel; hub
"""
        places = ["pets", "bovids", "pets", "pets", "rest", "rest", "rest", "rest", "rest"]
        self.assertEqual(self.groups(tree), places)

    def test_groups_have_an_id_their_names_and_a_parent_that_stands_before_them(self):
        wild_dog = {
            "id": "wild-dog",
            "name": "wild dog",
            "names": ["wild dog", "wild canine"],
            "parent": "creature",
        }
        self.assertEqual(built()["groups"][3], wild_dog)


class RefusalTest(unittest.TestCase):
    def refused(self, why: str, *change: str):
        old, new = change
        self.assertIn(old, SMALL_TREE)
        with self.assertRaisesRegex(TaxonomyError, why):
            built(SMALL_TREE.replace(old, new))

    def test_a_class_in_no_group(self):
        self.refused('"hub" is in no group', "; hub", "")

    def test_a_class_that_two_groups_are_equally_near_to(self):
        self.refused('"sheep" may be "hoofed" or "house-pet"', " | sheep", "")

    def test_a_class_placed_by_hand_where_the_rule_places_it(self):
        self.refused('"kit" need not be placed by hand', "| fox", "| fox | kit")

    def test_a_class_placed_by_hand_twice(self):
        self.refused('line 8: "sheep" is listed twice', "wheel; hub", "wheel; hub; sheep")

    def test_a_class_that_there_is_none_of(self):
        self.refused('line 8: no class is called "spoke"', "wheel", "spoke")

    def test_a_synset_that_there_is_none_of(self):
        self.refused('line 6: no synset above a class is called "dog"', "canid", "dog")

    def test_a_synset_name_that_means_two(self):
        nouns = SMALL_NOUNS | {"00000006": Synset(["fox", "canid"], ["00000005"])}
        with self.assertRaisesRegex(TaxonomyError, '"canid" may be n00000005 or n00000006'):
            taxonomy_text(SMALL_TREE, nouns, SMALL_LABELS)

    def test_a_synset_of_two_groups(self):
        self.refused('line 7: "canid" is listed twice', "| fox", "| fox, canid")

    def test_a_synset_that_places_nothing(self):
        self.refused("line 2: n00000002 places no class", "creature", "creature | beast")

    def test_a_group_called_like_a_class(self):
        for name in ("Kit", "kit or so", "n00000015"):
            self.refused("a class is called", "wild canine", name)

    def test_two_groups_of_one_name_or_id(self):
        for name in ("hoofed", "Hoofed", "wild-dog", "foxes"):
            self.refused("is the name of a group already", "foxes", f"foxes, {name}")

    def test_a_group_of_one_class(self):
        tree = "part | | wheel\n  middle | | hub"
        self.refused('"middle" has 1 classes', "part | | wheel; hub", tree)

    def test_a_group_with_all_classes_of_the_one_above(self):
        tree = "part\n  thing | | wheel; hub"
        self.refused('"thing" has all classes of "part"', "part | | wheel; hub", tree)

    def test_four_levels(self):
        tree = "    foxes\n      kits | fox"
        self.refused("line 8: more than 3 levels", "    foxes | fox", tree)

    def test_an_indentation_that_leads_nowhere(self):
        for indent in (" ", "   ", "    ", "\t"):
            self.refused("line 4: it is under no group", "  hoofed", f"{indent}hoofed")

    def test_a_column_too_many(self):
        self.refused("line 6: not names, synsets", "| canid", "| canid | jackal | more")

    def test_every_problem_is_told_at_once(self):
        tree = SMALL_TREE.replace("; hub", "").replace("| fox", "| fox | kit")
        with self.assertRaises(TaxonomyError) as refused:
            built(tree)
        self.assertEqual(len(str(refused.exception).splitlines()), 2)


class ShippedTest(unittest.TestCase):
    def sabotaged(self, why: str, *change: str):
        old, new = change
        self.assertEqual(TEXT.count(old), 1, old)
        with self.assertRaisesRegex(TaxonomyError, why):
            taxonomy_text(TEXT.replace(old, new), SHIPPED, LABELS)

    def test_the_file_is_what_the_tree_builds(self):
        shipped = (MODEL / "taxonomy.json").read_text(encoding="utf-8")
        self.assertEqual(shipped, shipped_text(LABELS))

    def test_a_group_called_mushroom_would_take_that_name_from_the_class(self):
        self.sabotaged('a class is called "mushroom" too', "fungus, fungi", "fungus, mushroom")

    def test_a_grand_piano_is_of_strings_of_percussion_and_of_keys(self):
        self.sabotaged('"grand piano" may be', "grand piano; ", "")

    def test_a_crane_by_its_first_name_alone_is_no_class(self):
        self.sabotaged('no class is called "crane"', "crane (machine)", "crane")


class WordNetTest(unittest.TestCase):
    def test_steps_are_the_fewest(self):
        steps = steps_above(SMALL_NOUNS, "00000011")
        self.assertEqual(steps["00000001"], 3)
        self.assertEqual((steps["00000003"], steps["00000004"], steps["00000011"]), (1, 1, 0))

    def test_the_extract_of_the_extract_is_the_same_and_has_the_licence(self):
        text = NOUNS.read_text(encoding="utf-8")
        offsets = [row["synset"].removeprefix("n") for row in LABELS]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "data.noun"
            file.write_text("\n".join(l for l in text.splitlines() if "extract" not in l), "utf-8")
            again = extract(file, offsets)
        entries = [line for line in text.splitlines() if not line.startswith("  ")]
        self.assertEqual([l for l in again.splitlines() if not l.startswith("  ")], entries)
        self.assertIn("Copyright 2006 by Princeton University", text)
        self.assertIn("LICENSEE agrees to preserve same", text)


if __name__ == "__main__":
    unittest.main()

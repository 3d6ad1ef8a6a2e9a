"""Stage 5: the demo's picture set: outputs, protected and reference, with planted near-copies called planted.

python -m tiny_clip.demo --data FOLDER --out ../tiny-world/demo
"""

import argparse
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .captions import GROUNDS, has_side, with_article
from .data import World, composite, load_world
from .near_copies import near_copy

SEED = 11
OUTPUTS, PROTECTED, REFERENCE = 340, 300, 600
NAMED_GROUND = 0.25
DEMO_GROUPS = ("animals and nature", "food and drink", "travel and places")
LEFT_OUT = re.compile(
    r"\b(face|clock|watch|moon|sun|cloud|fog|foggy|milky|map|globe|sunrise|sunset|night|dusk|cityscape|bridge|springs|"
    r"cooking|construction|wedding|love|cherries|houses|glasses)\b"
)
BROKEN = {"firefox/tram-car"}  # a black box in its source
COPIES = ("jpeg",) * 3 + ("rescale-shift",) * 3 + ("crop",) * 2 + ("colour-shift",) * 2 + ("flip",) * 2
DUPLICATES = ("jpeg", "rescale-shift", "crop", "colour-shift")


@dataclass
class Picture:
    """One picture of the set: pixels on their ground, and its line of metadata."""

    name: str
    rgb: np.ndarray
    ground: tuple[int, int, int]
    line: dict


def in_demo(row: dict) -> bool:
    """Whether a picture belongs to the things that look well at 64 px."""
    fits = row["style"] != "clipart" and row["group"] in DEMO_GROUPS and row["id"] not in BROKEN
    return fits and not has_side(row["name"]) and not LEFT_OUT.search(row["name"])


def pick_ground(rgba: np.ndarray, random: np.random.Generator) -> str:
    """White three times in four, else a named ground that the object stands out from."""
    if random.random() >= NAMED_GROUND:
        return "white"
    mean = rgba[rgba[..., 3] > 128][:, :3].mean(0)
    visible = [name for name, colour in GROUNDS.items() if np.abs(mean - colour).mean() > 55 and name != "white"]
    return str(random.choice(visible))


def picture(world: World, index: int, ground: str) -> Picture:
    """A picture of the world on a named ground."""
    row = world.rows[index]
    colour = GROUNDS[ground]
    prompt = f"a picture of {with_article(row['name'])}"
    prompt += "" if ground == "white" else f" on a {ground} background"
    name = row["id"].replace("/", "-") + ("" if ground == "white" else f"-{ground}")
    line = {
        "file_name": f"{name}.png",
        "prompt": prompt,
        "concept": row["name"],
        "style": row["style"],
        "group": row["group"],
        "licence": row["licence"],
        "source": row["source"],
    }
    return Picture(name, composite(world.pixels[index], colour), colour, line)


def choose_outputs(world: World, random: np.random.Generator) -> list[Picture]:
    """Held-out pictures, all pictures of a concept under one prompt.

    Flat pictures, and glossy ones of concepts seen in training, are left out: flat and glossy are one design in
    two renderings, so that a twin would be an unplanted near-copy.
    """
    by_concept: dict[str, list[int]] = {}
    for index, (row, part) in enumerate(zip(world.rows, world.parts)):
        twin = row["style"] == "flat" or (row["style"] == "glossy" and part == "heldOutPair")
        if part in ("heldOutConcept", "heldOutPair", "unseenStyle") and in_demo(row) and not twin:
            by_concept.setdefault(row["concept"], []).append(index)
    several = sorted(concept for concept, indices in by_concept.items() if len(indices) >= 2)
    chosen: list[Picture] = []
    for concept in random.permutation(several):
        if len(chosen) + len(by_concept[concept]) > OUTPUTS:
            continue
        ground = pick_ground(world.pixels[by_concept[concept][0]], random)
        chosen += [picture(world, index, ground) for index in by_concept[concept]]
    return sorted(chosen, key=lambda each: each.name)


def choose_training(world: World, random: np.random.Generator) -> tuple[list[Picture], list[Picture]]:
    """The protected and the reference set: disjoint training pictures."""
    pool = [index for index in world.where("train") if in_demo(world.rows[index])]
    drawn = [int(index) for index in random.permutation(pool)[: PROTECTED + REFERENCE]]
    made = [picture(world, index, pick_ground(world.pixels[index], random)) for index in drawn]
    return made[:PROTECTED], made[PROTECTED:]


def planted(source: Picture, transform: str, kind: str, random: np.random.Generator) -> Picture:
    """A near-copy that says so in its name and its metadata."""
    rgb, words = near_copy(source.rgb, transform, source.ground, random)
    name = f"planted-{transform}-{source.name}"
    extra = {
        "planted": True,
        "plantedKind": kind,
        "plantedFrom": source.line["file_name"],
        "transform": words,
    }
    return Picture(name, rgb, source.ground, {**source.line, "file_name": f"{name}.png", **extra})


def write(folder: Path, pictures: list[Picture]) -> None:
    """PNG files and metadata.jsonl, in name order."""
    folder.mkdir(parents=True)
    ordered = sorted(pictures, key=lambda each: each.name)
    for each in ordered:
        Image.fromarray(each.rgb).save(folder / each.line["file_name"], optimize=True)
    lines = [json.dumps(each.line, ensure_ascii=True) + "\n" for each in ordered]
    (folder / "metadata.jsonl").write_text("".join(lines))


def build(world: World) -> dict[str, list[Picture]]:
    """The three sets."""
    random = np.random.default_rng(SEED)
    outputs = choose_outputs(world, random)
    protected, reference = choose_training(world, random)
    copied = random.choice(len(protected), len(COPIES), replace=False)
    copies = [planted(protected[i], t, "protected-copy", random) for i, t in zip(copied, COPIES)]
    doubled = random.choice(len(outputs), len(DUPLICATES), replace=False)
    doubles = [planted(outputs[i], t, "duplicate", random) for i, t in zip(doubled, DUPLICATES)]
    return {"outputs": outputs + copies + doubles, "protected": protected, "reference": reference}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    shutil.rmtree(flags.out, ignore_errors=True)
    sets = build(load_world(flags.data))
    for name, pictures in sets.items():
        write(flags.out / name, pictures)
    print(json.dumps({name: len(pictures) for name, pictures in sets.items()}))

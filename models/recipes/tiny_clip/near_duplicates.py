"""From which cosine two pictures count as near-duplicates: chosen on one half, measured on the other."""

import math

import numpy as np

from .data import World
from .demo import PROTECTED, choose_training, in_demo, pick_ground, picture
from .encoder import Encoder, unit
from .near_copies import MILD, near_copy
from .recall import row, wilson

SEED = 17
FALSE_POSITIVE_GOAL = 0.005  # half of the 1 % aimed at: a quantile of some 350 pictures is an optimistic one


def half_of(concepts: list[str]) -> np.ndarray:
    """A seeded half (0 or 1) for each picture, whole concepts together."""
    distinct = sorted(set(concepts))
    random = np.random.default_rng(SEED)
    side = dict(zip(distinct, random.permutation(np.arange(len(distinct)) % 2)))
    return np.array([side[concept] for concept in concepts])


def false_scores(encoder: Encoder, world: World, indices, pictures, protected) -> np.ndarray:
    """For each held-out picture its highest cosine with a protected picture of another family."""
    outputs = unit(encoder.images(np.stack([each.rgb for each in pictures])))
    bank = unit(encoder.images(np.stack([each.rgb for each in protected])))
    families = {r["name"]: r["family"] for r in world.rows if r["style"] != "clipart"}
    own = np.array([families[world.rows[i]["name"]] for i in indices])
    theirs = np.array([families[each.line["concept"]] for each in protected])
    return np.where(own[:, None] == theirs[None], -1.0, outputs @ bank.T).max(1)


def copy_scores(encoder: Encoder, pictures, transform: str) -> np.ndarray:
    """Cosine of each held-out picture with its near copy."""
    random = np.random.default_rng([SEED, len(transform)])
    copies = np.stack([near_copy(each.rgb, transform, each.ground, random)[0] for each in pictures])
    originals = np.stack([each.rgb for each in pictures])
    return (unit(encoder.images(originals)) * unit(encoder.images(copies))).sum(1)


def measure(world: World, encoder: Encoder) -> tuple[dict, list[dict]]:
    """The card's nearDuplicate entry, and quality rows with intervals."""
    random = np.random.default_rng(SEED)
    held_out = [i for part in ("heldOutConcept", "heldOutPair", "unseenStyle") for i in world.where(part)]
    indices = [int(i) for i in held_out if in_demo(world.rows[i])]
    pictures = [picture(world, i, pick_ground(world.pixels[i], random)) for i in indices]
    protected, _ = choose_training(world, np.random.default_rng(SEED))
    half = half_of([world.rows[i]["concept"] for i in indices])
    false = false_scores(encoder, world, indices, pictures, protected)
    true = {t: copy_scores(encoder, pictures, t) for t in (*MILD, "flip")}
    tail = np.quantile(false[half == 0].astype(np.float64), 1 - FALSE_POSITIVE_GOAL, method="higher")
    threshold = math.ceil(tail * 1000) / 1000
    other = half == 1
    n = int(other.sum())
    alarms = int((false[other] >= threshold).sum())
    mild = np.concatenate([true[t][other] for t in MILD])
    note = f"threshold {threshold:.3f}, chosen on the other half of the held-out pictures"
    rows = [
        row(
            "near-duplicate false positives",
            alarms,
            n,
            0.0,
            f"{note}; an output against {PROTECTED} protected pictures",
        )
    ]
    for transform, scores in true.items():
        found = int((scores[other] >= threshold).sum())
        rows.append(row(f"near-duplicate detection, {transform}", found, n, alarms / n, note))
    interval = wilson(alarms, n)
    card = {
        "threshold": threshold,
        "falsePositiveRate": alarms / n,
        "detectionRate": float((mild >= threshold).mean()),
        "measuredOn": (
            f"{n} held-out pictures of animals, food and travel, a half that was not used to choose the threshold. "
            f"False positive: an output reaches the threshold with any of {PROTECTED} protected pictures of another "
            f"family (95 % {interval['low']:.4f} to {interval['high']:.4f}). Detection: its own copy by JPEG quality "
            "75, rescaling and shift, crop of 1 to 3 px a side, or colour shift of up to 12 of 255; a mirrored copy "
            "stands apart under quality."
        ),
    }
    return card, rows

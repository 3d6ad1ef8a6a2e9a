"""Measures the exported tiny diffusion, and stores the figures for its card.

python -m tiny_diffusion.measure --data FOLDER --world ../tiny-world --out measured.json [--each 8]

The judge of colour and shape is the tiny CLIP of `--world`; the judge of shape alone, where it is there, the
grey CLIP, whose graph takes the colour out of every picture.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from tiny_clip.encoder import Encoder, unit
from tiny_clip.recall import name_embeddings, wilson

from .concepts import NAMES, STYLES
from .data import SIDE, Pictures
from .generator import GUIDANCE, STEPS, Generator, noise_of
from .statistics import bootstrap, frechet, jackknife, vendi

BATCH = 16


def row(name: str, value: float, interval: dict | None, n: int, chance: float | None, note: str) -> dict:
    """A line of the card's quality list."""
    return {"name": name, "value": float(value), "interval": interval, "n": n, "chance": chance, "note": note}


def enlarge(pictures: np.ndarray) -> np.ndarray:
    """As the tiny CLIP's preprocessing has it: bicubic to 64 x 64."""
    return np.stack([np.asarray(Image.fromarray(p).resize((64, 64), Image.BICUBIC)) for p in pictures])


def to_uint8(pixels: torch.Tensor) -> np.ndarray:
    return np.rint((pixels.numpy() + 1) * 127.5).astype(np.uint8).transpose(0, 2, 3, 1)


def draw_all(generator: Generator, each: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of "a picture of NAME" and the number of their concept."""
    concepts = np.repeat(np.arange(len(NAMES)), each)
    pictures = []
    for start in range(0, len(concepts), BATCH):
        chosen = range(start, min(start + BATCH, len(concepts)))
        pictures.append(generator.draw([NAMES[concepts[i]] for i in chosen], noise_of([1000 + i for i in chosen])))
    return np.concatenate(pictures), concepts


def precision(name: str, encoder: Encoder, pictures: np.ndarray, concepts: np.ndarray, note: str) -> dict:
    """Share of pictures whose own name is the nearest of the 64."""
    similarity = unit(encoder.images(pictures)) @ name_embeddings(encoder, list(NAMES)).T
    hits = similarity.argmax(1) == concepts
    per_concept = np.array([hits[concepts == c].mean() for c in np.unique(concepts)])
    clustered = len(per_concept) < len(hits)
    interval = bootstrap(per_concept) if clustered else wilson(int(hits.sum()), len(hits))
    return row(name, hits.mean(), interval, len(hits), 1 / len(NAMES), note)


def nearest_distances(pictures: np.ndarray, training: np.ndarray) -> np.ndarray:
    """Mean square difference, in [-1, 1], to the nearest training picture, mirrored and shifted by up to a pixel."""
    scaled = lambda p: p.astype(np.float32).reshape(len(p), -1) / 127.5 - 1  # noqa: E731
    rows, best = scaled(pictures), np.full(len(pictures), np.inf)
    padded = np.pad(training, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=255)
    for y in range(3):
        for x in range(3):
            moved = padded[:, y : y + SIDE, x : x + SIDE]
            for other in (scaled(moved), scaled(moved[:, :, ::-1])):
                squares = (rows**2).sum(1)[:, None] + (other**2).sum(1)[None] - 2 * rows @ other.T
                best = np.minimum(best, squares.min(1) / rows.shape[1])
    return best


def grouped(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Mean of the values of each group."""
    return np.array([values[groups == g].mean() for g in np.unique(groups)])


@dataclass
class Measured:
    """Pictures of both kinds as uint8, and the numbers of their concepts."""

    drawn: np.ndarray
    concepts: np.ndarray
    real: np.ndarray
    of_real: np.ndarray
    first_styles: np.ndarray
    unseen: np.ndarray
    of_unseen: np.ndarray
    asked: str


def load(data: Path, model: Path, each: int) -> Measured:
    """Draws, and reads the training and held-out pictures of the same names and styles."""
    training, held_out = Pictures(data), Pictures(data, "heldOutPair")
    number = lambda rows: np.array([NAMES.index(row["name"]) for row in rows])  # noqa: E731
    drawn, concepts = draw_all(Generator(model), each)
    return Measured(
        drawn=drawn,
        concepts=concepts,
        real=to_uint8(training.pixels),
        of_real=number(training.rows),
        first_styles=np.array([row["style"] in STYLES[:2] for row in training.rows]),
        unseen=to_uint8(held_out.pixels),
        of_unseen=number(held_out.rows),
        asked=f"{each} pictures of each of {len(NAMES)} names, {STEPS} steps, guidance {GUIDANCE}",
    )


def precision_rows(it: Measured, encoder: Encoder, judge: str) -> list[dict]:
    """R-precision of drawn, trained and held-out pictures by one judge."""
    parts = (
        ("R-precision", it.drawn, it.concepts, it.asked),
        ("R-precision of training pictures", it.real, it.of_real, "what was trained on"),
        ("R-precision of held-out pictures", it.unseen, it.of_unseen, "real pictures that nobody trained on"),
    )
    return [
        precision(f"{name}, {judge}", encoder, enlarge(pictures), of, f"1 of {len(NAMES)} names; {note}")
        for name, pictures, of, note in parts
    ]


def set_rows(it: Measured, encoder: Encoder) -> list[dict]:
    """Fréchet distance and Vendi score, over tiny-CLIP embeddings."""
    drawn, known = encoder.images(enlarge(it.drawn)), encoder.images(enlarge(it.real))
    units, names, first = unit(drawn), np.arange(len(NAMES)), it.first_styles
    # A concept is left out of both sets, or its absence from one would be measured.
    distance = lambda out: frechet(drawn[it.concepts != out], known[it.of_real != out])  # noqa: E731
    diversity = lambda out: vendi(units[it.concepts != out])  # noqa: E731
    within = np.array([vendi(units[it.concepts == name]) for name in names])
    each, count, trained = len(drawn) // len(names), len(drawn), len(known)
    return [
        row(
            "Fréchet distance to the training pictures",
            distance(None),
            jackknife(names, distance),
            count,
            None,
            f"tiny-CLIP embeddings as given, against {trained} pictures; biased upwards by the small sets",
        ),
        row(
            "Fréchet distance between halves of the training pictures",
            frechet(known[first], known[~first]),
            None,
            trained,
            None,
            "two styles against the other two, for comparison; one split, so no interval",
        ),
        row(
            "Vendi score of all pictures",
            diversity(None),
            jackknife(names, diversity),
            count,
            None,
            "tiny-CLIP cosine kernel, order 1",
        ),
        row(
            "Vendi score of the training pictures",
            vendi(unit(known)),
            None,
            trained,
            None,
            "for comparison, with fewer pictures; all there are, so no interval",
        ),
        row(
            "Vendi score within a name",
            within.mean(),
            bootstrap(within),
            count,
            None,
            f"mean over names, of {each} pictures each: 1 if all are alike, {each} if none are",
        ),
    ]


def memory_rows(it: Measured, encoder: Encoder, threshold: float) -> list[dict]:
    """How near the drawn pictures come to the training pictures."""
    far, yardstick = nearest_distances(it.drawn, it.real), nearest_distances(it.unseen, it.real)
    similarity = unit(encoder.images(enlarge(it.drawn))) @ unit(encoder.images(enlarge(it.real))).T
    copies = similarity.max(1) >= threshold
    return [
        row(
            "distance to the nearest training picture",
            far.mean(),
            bootstrap(grouped(far, it.concepts)),
            len(far),
            None,
            "mean square in [-1, 1], over shifts of a pixel and mirroring; small means memorised",
        ),
        row(
            "distance to the nearest training picture, of held-out pictures",
            yardstick.mean(),
            bootstrap(grouped(yardstick, it.of_unseen)),
            len(yardstick),
            None,
            "for comparison: real pictures of the same names and styles",
        ),
        row(
            "share of near-copies of training pictures",
            copies.mean(),
            bootstrap(grouped(copies, it.concepts)),
            len(copies),
            None,
            f"tiny-CLIP cosine of at least {threshold}, its near-duplicate threshold",
        ),
    ]


def measure(data: Path, world: Path, each: int) -> list[dict]:
    it = load(data, world / "tiny-diffusion", each)
    encoder = Encoder(world / "tiny-clip", threads=2)
    rows = precision_rows(it, encoder, "tiny CLIP")
    grey = world / "grey-clip"
    if (grey / "card.json").exists():
        rows += precision_rows(it, Encoder(grey, threads=2), "grey CLIP, by shape alone")
    threshold = json.loads((world / "tiny-clip/card.json").read_text())["nearDuplicate"]["threshold"]
    return [*rows, *set_rows(it, encoder), *memory_rows(it, encoder, threshold)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "world", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--each", type=int, default=8)
    flags = parser.parse_args()
    quality = measure(flags.data, flags.world, flags.each)
    flags.out.write_text(json.dumps({"quality": quality}, indent=1, ensure_ascii=False) + "\n")
    for line in quality:
        ends = line["interval"]
        shown = f"{ends['low']:.3f}..{ends['high']:.3f}" if ends else "-"
        print(f"{line['name']:66} {line['value']:.4f}  {shown}  n={line['n']}  chance={line['chance']}")

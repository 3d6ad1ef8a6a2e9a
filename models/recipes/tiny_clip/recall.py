"""Retrieval and zero-shot measures of the tiny CLIP, each with a Wilson interval and its chance level."""

from math import comb, sqrt

import numpy as np

from .captions import GROUNDS, with_article
from .data import World, composite
from .encoder import Encoder, unit

SEED = 3
GREY_GROUPS = ("animals and nature", "food and drink", "travel and places")


def wilson(hits: int, n: int, z: float = 1.959963984540054) -> dict:
    """Wilson score interval of a share (Wilson 1927)."""
    share, spread = hits / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * n))
    return {
        "low": max(0.0, centre - half),
        "high": min(1.0, centre + half),
        "level": 0.95,
        "method": "wilson",
    }


def row(name: str, hits: int, n: int, chance: float, note: str) -> dict:
    """A line of the card's quality list; value and chance are shares of 1."""
    return {
        "name": name,
        "value": hits / n,
        "interval": wilson(hits, n),
        "n": n,
        "chance": chance,
        "note": note,
    }


def name_embeddings(encoder: Encoder, names: list[str]) -> np.ndarray:
    """Mean of the unit embeddings of three templates a name, at length 1."""
    templates = ("{}", "a picture of {}", "{} on a white background")
    texts = [[t.format(with_article(n) if "of" in t else n) for n in names] for t in templates]
    return unit(sum(unit(encoder.texts(each)) for each in texts))


def image_to_text(images: np.ndarray, texts: np.ndarray, target: np.ndarray, k: int = 5) -> int:
    """Pictures whose own name is among the k nearest names."""
    similarity = images @ texts.T
    own = similarity[np.arange(len(images)), target]
    return int(((similarity > own[:, None]).sum(1) < k).sum())


def text_to_image(images: np.ndarray, texts: np.ndarray, target: np.ndarray, k: int = 5) -> tuple[int, int, float]:
    """Names with a picture of their own among the k nearest pictures; n names; chance."""
    asked = np.unique(target)
    nearest = np.argsort(-(texts[asked] @ images.T), axis=1)[:, :k]
    hits = int((target[nearest] == asked[:, None]).any(1).sum())
    total = len(images)
    chance = np.mean([1 - comb(total - int((target == t).sum()), k) / comb(total, k) for t in asked])
    return hits, len(asked), float(chance)


def grey(rgb: np.ndarray) -> np.ndarray:
    """Luma (ITU-R BT.601) in all three channels."""
    return np.repeat(np.rint(rgb @ np.array([0.299, 0.587, 0.114]))[..., None], 3, -1).astype(np.uint8)


class Measures:
    """Quality rows over one world and one encoder."""

    def __init__(self, world: World, encoder: Encoder):
        self.world, self.encoder = world, encoder
        trained = world.where("train", emoji_only=True)
        self.seen = sorted({world.rows[i]["name"] for i in trained} | self._names(world.where("heldOutPair")))

    def _names(self, indices) -> set[str]:
        return {self.world.rows[i]["name"] for i in indices}

    def _retrieval(self, indices, names: list[str], change=lambda rgb: rgb):
        at = {name: i for i, name in enumerate(names)}
        target = np.array([at[self.world.rows[i]["name"]] for i in indices])
        images = unit(self.encoder.images(change(composite(self.world.pixels[indices]))))
        return images, name_embeddings(self.encoder, names), target

    def _both(self, title: str, indices, names: list[str], note: str, change=lambda rgb: rgb) -> list[dict]:
        images, texts, target = self._retrieval(indices, names, change)
        hits, asked, chance = text_to_image(images, texts, target)
        return [
            row(
                f"{title}, picture to text R@1",
                image_to_text(images, texts, target, 1),
                len(indices),
                1 / len(names),
                note,
            ),
            row(
                f"{title}, picture to text R@5",
                image_to_text(images, texts, target),
                len(indices),
                5 / len(names),
                note,
            ),
            row(
                f"{title}, text to picture R@5",
                hits,
                asked,
                chance,
                f"{note}; a hit is any picture of the name",
            ),
        ]

    def recall(self) -> list[dict]:
        """Held-out pairs, unseen style, unseen concepts; and a training sample, to show over-fitting."""
        world = self.world
        pairs, style, concepts = (world.where(part) for part in ("heldOutPair", "unseenStyle", "heldOutConcept"))
        own, new = sorted(self._names(style)), sorted(self._names(concepts))
        sample = np.random.default_rng(SEED).choice(world.where("train", emoji_only=True), 1000, replace=False)
        return [
            *self._both(
                "held-out pairs",
                pairs,
                self.seen,
                f"{len(self.seen)} seen names, three-template ensemble, white ground",
            ),
            *self._both("unseen style", style, own, f"Firefox OS pictures against their own {len(own)} names"),
            *self._both("unseen concepts", concepts, new, f"held-out families against their own {len(new)} names"),
            *self._both(
                "training pictures",
                sample,
                self.seen,
                f"1,000 training pictures, {len(self.seen)} names; not held out",
            ),
        ]

    def grey_recall(self) -> list[dict]:
        """The same pictures in colour and in grey: what of the model is shape."""
        rows = self.world.rows
        chosen = [i for i in self.world.where("heldOutPair") if rows[i]["group"] in GREY_GROUPS]
        trained = self.world.where("train", emoji_only=True)
        names = sorted({rows[i]["name"] for i in trained if rows[i]["group"] in GREY_GROUPS} | self._names(chosen))
        note = f"held-out pairs of animals, food and travel against {len(names)} names"
        return [
            *self._both("grey pictures", chosen, names, note, grey)[:2],
            *self._both("the grey test's pictures in colour", chosen, names, note)[:2],
        ]

    def ground_colour(self) -> list[dict]:
        """Which of eight grounds a held-out picture stands on, told by captions with its own name."""
        indices = self.world.where("heldOutPair")
        truth = np.random.default_rng(SEED).integers(0, len(GROUNDS), len(indices))
        colours = list(GROUNDS.values())
        rgb = np.stack([composite(self.world.pixels[i], colours[t]) for i, t in zip(indices, truth)])
        images = unit(self.encoder.images(rgb))
        names = [self.world.rows[i]["name"] for i in indices]
        scores = [
            (images * unit(self.encoder.texts([f"{name} on a {ground} background" for name in names]))).sum(1)
            for ground in GROUNDS
        ]
        hits = int((np.argmax(scores, 0) == truth).sum())
        note = "held-out pairs, each on one of eight grounds; captions say its name and a ground"
        return [row("ground colour, zero-shot", hits, len(indices), 1 / len(GROUNDS), note)]

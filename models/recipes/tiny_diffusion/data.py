"""The training pictures of the tiny diffusion, small, and the batches that are drawn from them."""

from pathlib import Path

import numpy as np
import torch

from tiny_clip.captions import has_side, with_article
from tiny_clip.data import composite, load_world

from .concepts import NAMES, STYLES

SIDE = 32


class Pictures:
    """Pictures [n, 3, 32, 32] in [-1, 1] on white, with their names and styles."""

    def __init__(self, folder: Path, part: str = "train"):
        world = load_world(folder)
        chosen = [i for i in world.where(part) if world.rows[i]["name"] in NAMES and world.rows[i]["style"] in STYLES]
        rgb = torch.from_numpy(composite(world.pixels[chosen])).permute(0, 3, 1, 2).float()
        self.pixels = torch.nn.functional.avg_pool2d(rgb, 2).round() / 127.5 - 1
        self.rows = [world.rows[i] for i in chosen]

    def captions(self) -> list[str]:
        """Every caption that `draw` can give, so that their states can be computed once."""
        return sorted({text for row in self.rows for text in forms(row)} | {""})

    def draw(self, count: int, seed: int, step: int) -> tuple[torch.Tensor, list[str]]:
        """Batch `step`: pictures mirrored where allowed and moved by up to a pixel, a tenth without caption."""
        random = np.random.default_rng([seed, step])
        chosen = random.integers(0, len(self.rows), count)
        captions = [str(random.choice(forms(self.rows[i]))) for i in chosen]
        captions = ["" if random.random() < 0.1 else text for text in captions]
        mirrored = np.array([not has_side(self.rows[i]["name"]) for i in chosen]) & (random.random(count) < 0.5)
        batch = self.pixels[chosen]
        batch = torch.where(torch.from_numpy(mirrored)[:, None, None, None], batch.flip(3), batch)
        padded = torch.nn.functional.pad(batch, (1, 1, 1, 1), value=1.0)
        shifts = random.integers(0, 3, (count, 2))
        moved = [padded[i, :, y : y + SIDE, x : x + SIDE] for i, (y, x) in enumerate(shifts)]
        return torch.stack(moved), captions


def forms(row: dict) -> list[str]:
    """What a picture may be called."""
    name, style = row["name"], row["style"]
    return [
        name,
        f"a picture of {with_article(name)}",
        f"{with_article(style)} style picture of {with_article(name)}",
        f"{name}, {style} style",
    ]

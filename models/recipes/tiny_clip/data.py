"""Pictures and their rows in memory, and the batches that are drawn from them."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .captions import GROUNDS, caption, has_side, names_colour

SIDE = 64
GROUND_COLOURS = np.array(list(GROUNDS.values()), dtype=np.float32)
GROUND_NAMES = list(GROUNDS)


@dataclass
class World:
    """All pictures [n, 64, 64, 4] uint8, their rows, and the part of the split that each is in."""

    pixels: np.ndarray
    rows: list[dict]
    parts: np.ndarray

    def where(self, part: str, emoji_only: bool = False) -> np.ndarray:
        """Indices of the pictures of one part, in order."""
        chosen = self.parts == part
        if emoji_only:
            chosen &= np.array([row["style"] != "clipart" for row in self.rows])
        return np.flatnonzero(chosen)


def load_world(folder: Path) -> World:
    """The output of the rendering and splitting stages."""
    rows = [json.loads(line) for line in (folder / "pictures.jsonl").read_text().splitlines()]
    parts = [json.loads(line)["part"] for line in (folder / "parts.jsonl").read_text().splitlines()]
    pixels = np.fromfile(folder / "pictures.rgba", np.uint8).reshape(len(rows), SIDE, SIDE, 4)
    return World(pixels, rows, np.array(parts))


def composite(pixels: np.ndarray, ground: tuple[int, int, int] = (255, 255, 255)) -> np.ndarray:
    """RGBA uint8 [.., 4] on a ground, as RGB uint8, rounded to nearest."""
    alpha = pixels[..., 3:].astype(np.float32) / 255
    mixed = pixels[..., :3] * alpha + np.array(ground, np.float32) * (1 - alpha)
    return np.rint(mixed).astype(np.uint8)


def to_input(rgb: np.ndarray) -> np.ndarray:
    """RGB uint8 [n, 64, 64, 3] as the image tower's input [n, 3, 64, 64] in [-1, 1]."""
    return (rgb.astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2).copy()


class Batches:
    """Seeded batches of distinct names: batch `step` depends on the seed and the step alone.

    With `grey`, pictures carry no colour at all and captions name no ground: for a model that judges shape.
    """

    def __init__(self, world: World, size: int, seed: int, grey: bool = False):
        self.world, self.size, self.seed, self.grey = world, size, seed, grey
        self.by_name: dict[str, list[int]] = {}
        for index in world.where("train"):
            self.by_name.setdefault(world.rows[index]["name"], []).append(int(index))
        self.names = sorted(self.by_name)
        emoji = [any(world.rows[i]["style"] != "clipart" for i in self.by_name[n]) for n in self.names]
        weights = np.where(emoji, 3.0, 1.0)
        self.weights = weights / weights.sum()

    def draw(self, step: int) -> tuple[torch.Tensor, list[str]]:
        """Augmented pictures [size, 3, 64, 64] and their captions."""
        random = np.random.default_rng([self.seed, step])
        chosen = random.choice(len(self.names), self.size, replace=False, p=self.weights)
        indices = [int(random.choice(self.by_name[self.names[i]])) for i in chosen]
        rows = [self.world.rows[i] for i in indices]
        captions = [caption(row, random) for row in rows]
        # Only the object is recoloured, never its ground, so the ground's colour word does not count.
        free = np.array([not names_colour(f"{text} {row['name']}") for text, row in zip(captions, rows)])
        grounds, captions = _grounds(captions, 0.0 if self.grey else 0.4, random)
        flip = np.array([not has_side(" ".join([row["name"], *row["tags"]])) for row in rows])
        pictures = torch.from_numpy(self.world.pixels[indices])
        augmented = augment(pictures, grounds, free, flip, random)
        return (to_grey(augmented) if self.grey else augmented), captions


def to_grey(pictures: torch.Tensor) -> torch.Tensor:
    """Luma (ITU-R BT.601) in all three channels; pictures [n, 3, height, width]."""
    weights = torch.tensor([0.299, 0.587, 0.114])[:, None, None]
    return (pictures * weights).sum(1, keepdim=True).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


def _grounds(captions: list[str], share: float, random: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """Ground colours [n, 3] in 0..255 and the captions, of which this share says so."""
    count = len(captions)
    named = random.random(count) < share
    which = random.integers(0, len(GROUND_NAMES), count)
    white = random.random(count) < 0.8
    silent = np.where(white[:, None], 255.0, random.uniform(0, 255, (count, 3)))
    jitter = random.uniform(-12, 12, (count, 3))
    grounds = np.where(named[:, None], GROUND_COLOURS[which] + jitter, silent).clip(0, 255)
    texts = [f"{t} on a {GROUND_NAMES[w]} background" if n else t for t, w, n in zip(captions, which, named)]
    return grounds.astype(np.float32), texts


def augment(pictures, grounds, free, flip, random: np.random.Generator) -> torch.Tensor:
    """Greyscale and hue of the object where free, affine placement, ground, colour shift, blur."""
    count = len(pictures)
    rgba = pictures.permute(0, 3, 1, 2).float() / 255
    rgba[:, :3] = _recolour(rgba[:, :3], free, random)
    rgba[:, :3] *= rgba[:, 3:]
    rgba = torch.nn.functional.grid_sample(
        rgba,
        torch.nn.functional.affine_grid(_placement(count, flip, random), list(rgba.shape), align_corners=False),
        mode="bilinear",
        padding_mode="zeros",
        align_corners=False,
    )
    ground = torch.from_numpy(grounds / 255)[:, :, None, None]
    rgb = rgba[:, :3] + ground * (1 - rgba[:, 3:])
    rgb = rgb + torch.from_numpy(random.normal(0, 0.02, (count, 3, 1, 1)).astype(np.float32))
    blurred = torch.from_numpy(np.flatnonzero(random.random(count) < 0.5))
    small = torch.nn.functional.avg_pool2d(rgb[blurred], 2)
    rgb[blurred] = torch.nn.functional.interpolate(small, scale_factor=2, mode="bilinear", align_corners=False)
    return (rgb.clamp(0, 1) * 2 - 1).contiguous(memory_format=torch.channels_last)


def _placement(count: int, flip: np.ndarray, random: np.random.Generator) -> torch.Tensor:
    """Inverse affine maps: scale .85 to 1.25, shift .1, turn .05 rad, half mirrored where allowed."""
    scale = np.exp(random.uniform(np.log(0.85), np.log(1.25), count))
    turn = random.normal(0, 0.05, count)
    shift = random.uniform(-0.2, 0.2, (count, 2))  # 0.1 of the side, in units of half a side
    mirror = np.where(flip & (random.random(count) < 0.5), -1.0, 1.0)
    theta = np.zeros((count, 2, 3), np.float32)
    theta[:, 0, 0] = mirror * np.cos(turn) / scale
    theta[:, 0, 1] = -np.sin(turn) / scale
    theta[:, 1, 0] = mirror * np.sin(turn) / scale
    theta[:, 1, 1] = np.cos(turn) / scale
    theta[:, :, 2] = shift
    return torch.from_numpy(theta)


def _recolour(rgb: torch.Tensor, free: np.ndarray, random: np.random.Generator) -> torch.Tensor:
    """Grey with p .3, else hue turned by up to 60 degrees with p .3, both only where `free`."""
    count = len(rgb)
    kind = random.random(count)
    grey = free & (kind < 0.3)
    turned = free & (kind >= 0.3) & (kind < 0.6)
    angle = np.where(turned, random.uniform(-np.pi / 3, np.pi / 3, count), 0.0)
    chroma = np.where(grey, 0.0, 1.0)
    to_yiq = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
    turn = np.zeros((count, 3, 3))
    turn[:, 0, 0] = 1
    turn[:, 1, 1] = turn[:, 2, 2] = chroma * np.cos(angle)
    turn[:, 1, 2] = -chroma * np.sin(angle)
    turn[:, 2, 1] = chroma * np.sin(angle)
    matrix = np.linalg.inv(to_yiq) @ turn @ to_yiq
    mixed = torch.einsum("nij,njhw->nihw", torch.from_numpy(matrix.astype(np.float32)), rgb)
    return mixed.clamp(0, 1)

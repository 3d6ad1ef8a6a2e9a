"""A contact sheet of the averaged weights, to look at while a training goes on.

python -m tiny_diffusion.sheet --clip RUN --run FOLDER --out sheet.png [--guidance 2]
"""

import argparse
from pathlib import Path

import torch
from PIL import Image

from .train import state_table
from .unet import TinyUnet

PROMPTS = ["red apple", "frog", "octopus", "whale", "tulip", "pizza", "sailboat", "airplane", "minibus", "lady beetle",
           "penguin", "house"]  # fmt: skip


@torch.no_grad()
def sample(model: TinyUnet, states: torch.Tensor, empty: torch.Tensor, guidance: float, steps: int, seed: int):
    """Euler steps from s = 1 to 0 with classifier-free guidance."""
    x = torch.randn(len(states), 3, 32, 32, generator=torch.Generator().manual_seed(seed))
    levels = torch.linspace(1, 0, steps + 1)
    for level, following in zip(levels[:-1], levels[1:]):
        both = model(x.repeat(2, 1, 1, 1), torch.full((2 * len(x),), 1000 * level), torch.cat([states, empty]))
        with_text, without = both.chunk(2)
        x = x + (following - level) * (without + guidance * (with_text - without))
    return x


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--guidance", type=float, default=2.0)
    flags = parser.parse_args()
    table = state_table(flags.clip, ["", *PROMPTS])
    unet = TinyUnet().eval()
    unet.load_state_dict(torch.load(flags.run / "checkpoint.pt", weights_only=True)["average"])
    states = torch.stack([table[p] for p in PROMPTS for _ in range(6)])
    pixels = sample(unet, states, table[""].expand_as(states), flags.guidance, 20, 1)
    grid = ((pixels.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1)
    rows = torch.cat([torch.cat(list(row), 1) for row in grid.split(6)], 0)
    image = Image.fromarray(rows.numpy())
    image.resize((image.width * 3, image.height * 3), Image.NEAREST).save(flags.out)

"""Customises the tiny diffusion on a few exemplars, in full or with low-rank adapters.

python -m tiny_diffusion.finetune --clip RUN --run FOLDER --exemplar picture.png --caption "a fox" --out FOLDER
    [--lora 4] [--steps 300] [--rate 3e-4] [--seed 1] [--export FOLDER]

The adapters (Hu et al. 2022, equation 3) sit on the projections of the caption's tokens in every cross-attention.
Afterwards they are added to the weights, so that the result has the form of a checkpoint of `train.py`, and with
`--export` that of a pipeline. The adapters alone are kept beside it.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from .data import SIDE
from .export import export, load_unet
from .train import flow_loss, state_table
from .unet import Attention, TinyUnet

BATCH = 32
EMPTY_SHARE = 0.1


class LowRank(nn.Module):
    """A frozen linear layer plus a product of two thin matrices, of which one starts at zero."""

    def __init__(self, layer: nn.Linear, rank: int, generator: torch.Generator):
        super().__init__()
        self.layer = layer
        down = torch.randn(rank, layer.in_features, generator=generator) / layer.in_features**0.5
        self.down, self.up = nn.Parameter(down), nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, x):
        return self.layer(x) + x @ self.down.T @ self.up.T

    def merged(self) -> nn.Linear:
        """The layer with the product added to its weights."""
        with torch.no_grad():
            self.layer.weight += self.up @ self.down
        return self.layer


def add_adapters(unet: TinyUnet, rank: int, seed: int) -> dict[str, LowRank]:
    """Freezes the model and puts an adapter on the token projection of every attention."""
    generator = torch.Generator().manual_seed(seed)
    unet.requires_grad_(False)
    adapters = {}
    for name, module in unet.named_modules():
        if isinstance(module, Attention):
            module.text = adapters[name] = LowRank(module.text, rank, generator)
    return adapters


def merge_adapters(unet: TinyUnet) -> None:
    for module in unet.modules():
        if isinstance(module, Attention) and isinstance(module.text, LowRank):
            module.text = module.text.merged()


def read_exemplar(path: Path) -> torch.Tensor:
    """A picture [3, 32, 32] in [-1, 1] on white."""
    with Image.open(path) as opened:
        rgba = opened.convert("RGBA").resize((SIDE, SIDE), Image.BOX)
    white = Image.new("RGBA", rgba.size, "white")
    pixels = np.asarray(Image.alpha_composite(white, rgba).convert("RGB"), np.float32)
    return torch.from_numpy(pixels / 127.5 - 1).permute(2, 0, 1)


def batch(exemplars: torch.Tensor, seed: int, step: int) -> tuple[torch.Tensor, np.ndarray, np.ndarray]:
    """Exemplars moved by up to a pixel, which they are, and whether the caption is left out."""
    random = np.random.default_rng([seed, step])
    chosen = random.integers(0, len(exemplars), BATCH)
    padded = nn.functional.pad(exemplars[chosen], (1, 1, 1, 1), value=1.0)
    shifts = random.integers(0, 3, (BATCH, 2))
    moved = [padded[i, :, y : y + SIDE, x : x + SIDE] for i, (y, x) in enumerate(shifts)]
    return torch.stack(moved), chosen, random.random(BATCH) < EMPTY_SHARE


def finetune(unet: TinyUnet, exemplars: torch.Tensor, states: list[torch.Tensor], empty: torch.Tensor, flags) -> dict:
    """Trains in place for a fixed number of steps; returns the adapters' weights, empty for a full fine-tuning."""
    unet.train()
    adapters = add_adapters(unet, flags.lora, flags.seed) if flags.lora else {}
    trained = [parameter for parameter in unet.parameters() if parameter.requires_grad]
    count = sum(parameter.numel() for parameter in trained)
    print(json.dumps({"exemplars": len(exemplars), "trained": count}), flush=True)
    optimizer = torch.optim.AdamW(trained, lr=flags.rate, betas=(0.9, 0.99), weight_decay=0.0)
    began, smooth = time.time(), None
    for step in range(flags.steps):
        clean, chosen, silent = batch(exemplars, flags.seed, step)
        told = torch.stack([empty if none else states[i] for i, none in zip(chosen, silent)])
        loss = flow_loss(unet, clean, told, torch.Generator().manual_seed(flags.seed * 1_000_003 + step))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * loss.item()
        if (step + 1) % 50 == 0:
            seconds = round(time.time() - began, 1)
            print(json.dumps({"step": step + 1, "loss": round(smooth, 4), "seconds": seconds}), flush=True)
    weights = {f"{n}.{part}": getattr(a, part).detach() for n, a in adapters.items() for part in ("down", "up")}
    merge_adapters(unet)
    unet.eval()
    return weights


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True, help="folder with the checkpoint to start from")
    parser.add_argument("--exemplar", type=Path, action="append", required=True)
    parser.add_argument("--caption", action="append", required=True, help="one an exemplar, or one for all")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lora", type=int, default=0, help="rank of the adapters; 0 trains all weights")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--export", type=Path, help="folder for the customised pipeline")
    flags = parser.parse_args()
    torch.set_num_threads(flags.threads)
    captions = flags.caption * (len(flags.exemplar) if len(flags.caption) == 1 else 1)
    if len(captions) != len(flags.exemplar):
        parser.error("give one --caption, or as many as --exemplar")
    model, _ = load_unet(flags.run)
    table = state_table(flags.clip, ["", *captions])
    pictures = torch.stack([read_exemplar(path) for path in flags.exemplar])
    low_rank = finetune(model, pictures, [table[text] for text in captions], table[""], flags)
    flags.out.mkdir(parents=True, exist_ok=True)
    torch.save({"average": model.state_dict(), "step": flags.steps}, flags.out / "checkpoint.pt")
    if low_rank:
        torch.save(low_rank, flags.out / "adapters.pt")
    if flags.export:
        print(json.dumps(export(flags.clip, model, flags.export)))

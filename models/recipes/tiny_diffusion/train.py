"""Trains the tiny diffusion for a fixed number of steps on the frozen text tower of the tiny CLIP.

python -m tiny_diffusion.train --data FOLDER --clip RUN --out FOLDER [--steps 5000] [--resume]
"""

import argparse
import json
import math
import time
from pathlib import Path

import torch

from tiny_clip import tokenizer as bpe
from tiny_clip.export import load_model
from tiny_clip.model import CONTEXT

from .data import Pictures
from .unet import TinyUnet

SEED = 17
BATCH = 128
PEAK_RATE = 1.5e-3
WARM_UP = 100
AVERAGE = 0.999
CHECKPOINT_EVERY = 200


def token_states(text_tower, input_ids: torch.Tensor) -> torch.Tensor:
    """The text tower's normalised states [B, 20, 128] before pooling."""
    x = text_tower.token(input_ids) + text_tower.position[: input_ids.shape[1]]
    for block in text_tower.blocks:
        x = block(x, text_tower.mask[: input_ids.shape[1], : input_ids.shape[1]])
    return text_tower.norm(x)


def state_table(run: Path, captions: list[str]) -> dict[str, torch.Tensor]:
    """States of all captions, computed once: the tower is frozen."""
    model, tokenizer, _ = load_model(run)
    with torch.no_grad():
        states = token_states(model.text, torch.tensor(bpe.encode(tokenizer, captions, CONTEXT)))
    return dict(zip(captions, states))


def rate_at(step: int, steps: int) -> float:
    """Linear warm-up, then cosine to zero."""
    if step < WARM_UP:
        return PEAK_RATE * (step + 1) / WARM_UP
    return PEAK_RATE * 0.5 * (1 + math.cos(math.pi * (step - WARM_UP) / (steps - WARM_UP)))


def flow_loss(model: TinyUnet, clean: torch.Tensor, states: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Rectified flow (Liu et al. 2023): x_t = (1 - s) x0 + s e, target e - x0, s = sigmoid of a normal number."""
    level = torch.sigmoid(torch.randn(len(clean), generator=generator) + 0.2)
    noise = torch.randn(clean.shape, generator=generator)
    mixed = level[:, None, None, None]
    velocity = model((1 - mixed) * clean + mixed * noise, 1000 * level, states)
    return (velocity - (noise - clean)).square().mean()


def train(data: Path, clip: Path, out: Path, steps: int, resume: bool) -> None:
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    out.mkdir(parents=True, exist_ok=True)
    pictures = Pictures(data)
    states = state_table(clip, pictures.captions())
    model, average = TinyUnet(), TinyUnet()
    average.load_state_dict(model.state_dict())
    model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.01)
    checkpoint, first = out / "checkpoint.pt", 0
    if resume and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    count = sum(p.numel() for p in model.parameters())
    print(json.dumps({"pictures": len(pictures.rows), "parameters": count, "first": first}), flush=True)
    began, smooth = time.time(), None
    for step in range(first, steps):
        optimizer.param_groups[0]["lr"] = rate_at(step, steps)
        clean, captions = pictures.draw(BATCH, SEED, step)
        generator = torch.Generator().manual_seed(SEED * 1_000_003 + step)
        loss = flow_loss(model, clean, torch.stack([states[text] for text in captions]), generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            keep = min(AVERAGE, (step + 1) / (step + 10))
            for mean, value in zip(average.parameters(), model.parameters()):
                mean.lerp_(value, 1 - keep)
        smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
        done = step + 1
        if done % 50 == 0:
            speed = BATCH * (done - first) / (time.time() - began)
            print(json.dumps({"step": done, "loss": round(smooth, 4), "perSecond": round(speed, 1)}), flush=True)
        if done % CHECKPOINT_EVERY == 0 or done == steps:
            parts = {"model": model, "average": average, "optimizer": optimizer}
            state = {name: part.state_dict() for name, part in parts.items()} | {"step": done, "steps": steps}
            torch.save(state, checkpoint.with_suffix(".tmp"))
            checkpoint.with_suffix(".tmp").rename(checkpoint)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--resume", action="store_true")
    flags = parser.parse_args()
    train(flags.data, flags.clip, flags.out, flags.steps, flags.resume)

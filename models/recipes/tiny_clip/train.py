"""Stage 3: trains the tiny CLIP for a fixed number of steps.

python -m tiny_clip.train --data FOLDER --out FOLDER [--steps 2000] [--seed 7] [--grey] [--resume]
"""

import argparse
import json
import math
import time
from pathlib import Path

import torch

from . import tokenizer as bpe
from .captions import GROUNDS
from .data import Batches, World, load_world
from .model import CONTEXT, TinyClip

BATCH = 256
PEAK_RATE = 2e-3
WARM_UP = 60
HOLD = 0.3
SCALE_RATE = 5.0
CHECKPOINT_EVERY = 100


def tokenizer_texts(world: World) -> list[str]:
    """What the merges are learnt from: every training name and tag, and the words of the templates."""
    texts = [f"a style picture of an, on a {colour} background" for colour in GROUNDS] * 20
    for index in world.where("train"):
        row = world.rows[index]
        texts += [row["name"], *row["tags"], row["group"], f"{row['style']} style"]
    return texts


def rate_at(step: int, steps: int) -> float:
    """Linear warm-up, the peak for the first 30 % of the steps, then cosine to zero."""
    if step < WARM_UP:
        return PEAK_RATE * (step + 1) / WARM_UP
    hold = HOLD * steps
    return PEAK_RATE * 0.5 * (1 + math.cos(math.pi * max(0.0, step - hold) / (steps - hold)))


def make_optimizer(model: TinyClip) -> torch.optim.AdamW:
    """AdamW with weight decay on matrices only and a faster logit scale."""
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2 and p is not model.log_scale]
    groups = [
        {"params": matrices, "weight_decay": 0.1, "factor": 1.0},
        {"params": vectors, "weight_decay": 0.0, "factor": 1.0},
        {"params": [model.log_scale], "weight_decay": 0.0, "factor": SCALE_RATE},
    ]
    return torch.optim.AdamW(groups, lr=PEAK_RATE, betas=(0.9, 0.98))


def contrastive_loss(logits: torch.Tensor) -> torch.Tensor:
    """Symmetric InfoNCE (Radford et al. 2021)."""
    target = torch.arange(len(logits))
    return (torch.nn.functional.cross_entropy(logits, target) + torch.nn.functional.cross_entropy(logits.T, target)) / 2


def save_checkpoint(path: Path, model, optimizer, step: int, steps: int) -> None:
    """Everything a later run needs to go on; written beside and renamed, so never half a file."""
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "steps": steps}
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


def train(data: Path, out: Path, steps: int, seed: int, grey: bool, resume: bool) -> None:
    torch.manual_seed(seed)
    torch.set_num_threads(2)
    out.mkdir(parents=True, exist_ok=True)
    world = load_world(data)
    tokenizer = bpe.build(bpe.learn_merges(tokenizer_texts(world)))
    bpe.save(tokenizer, out / "tokenizer", CONTEXT)
    model = TinyClip(tokenizer.get_vocab_size(), tokenizer.token_to_id(bpe.END)).to(memory_format=torch.channels_last)
    optimizer = make_optimizer(model)
    checkpoint, first = out / "checkpoint.pt", 0
    if resume and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    batches = Batches(world, BATCH, seed, grey)
    print(
        json.dumps({"vocabulary": tokenizer.get_vocab_size(), "names": len(batches.names), "first": first}),
        flush=True,
    )
    began, average = time.time(), None
    for step in range(first, steps):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, steps) * group["factor"]
        pictures, captions = batches.draw(step)
        loss = contrastive_loss(model(pictures, torch.tensor(bpe.encode(tokenizer, captions, CONTEXT))))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average = loss.item() if average is None else 0.95 * average + 0.05 * loss.item()
        done = step + 1
        if done % 25 == 0:
            speed = BATCH * (done - first) / (time.time() - began)
            line = {
                "step": done,
                "loss": round(average, 4),
                "scale": round(model.log_scale.exp().item(), 2),
                "perSecond": round(speed, 1),
            }
            print(json.dumps(line), flush=True)
        if done % CHECKPOINT_EVERY == 0 or done == steps:
            save_checkpoint(checkpoint, model, optimizer, done, steps)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--grey", action="store_true", help="for the judge of shape: no colour in any picture")
    parser.add_argument("--resume", action="store_true")
    flags = parser.parse_args()
    train(flags.data, flags.out, flags.steps, flags.seed, flags.grey, flags.resume)

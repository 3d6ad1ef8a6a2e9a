"""The tiny diffusion customised on one exemplar after another, and what each of these models draws.

python -m tiny_diffusion.customise --clip RUN --run FOLDER --data FOLDER --plan plan.json --out FOLDER

Takes models on one picture from the plan of `abc-mini`, so many of each split, trains low-rank adapters on each
picture under four captions, and writes one JSON a model: prompts, seeds, pixels, and how far each picture is from
what the model drew of the same noise before. A file that is there already is kept, and none is written by halves.
"""

import argparse
import base64
import json
import os
from pathlib import Path

import numpy as np
import torch

from tiny_clip.data import composite, load_world

from .data import forms
from .export import load_unet
from .finetune import finetune
from .generator import follow_flow, noise_of
from .train import state_table

COUNTS = {"train": 12, "val": 5, "test": 5}


def chosen(plan: list[dict]) -> list[dict]:
    """The first models on one picture of each split; of val and test every other, so that both sources are there."""
    models = [model for model in plan if model["kind"] == "object"]
    of = {split: [model for model in models if model["split"] == split] for split in COUNTS}
    return [model for split, count in COUNTS.items() for model in of[split][:: len(of[split]) // count][:count]]


def small(pixels: np.ndarray) -> torch.Tensor:
    """RGBA [64, 64, 4] as [3, 32, 32] in [-1, 1] on white."""
    rgb = torch.from_numpy(composite(pixels)).permute(2, 0, 1).float()
    return torch.nn.functional.avg_pool2d(rgb, 2).round() / 127.5 - 1


def velocity_of(unet):
    """The model as a function of arrays."""

    def velocity(sample, timestep, states):
        with torch.no_grad():
            return unet(torch.from_numpy(sample), torch.from_numpy(timestep), torch.from_numpy(states)).numpy()

    return velocity


def customise(model: dict, world, flags) -> dict:
    """One model's record."""
    [exemplar] = model["exemplars"]
    captions = forms(world.rows[exemplar["index"]])
    prompts = [picture["prompt"] for picture in model["pictures"]]
    table = state_table(flags.clip, ["", *captions, *prompts])
    told = np.stack([table[""].numpy()] * len(prompts) + [table[prompt].numpy() for prompt in prompts])
    noise = noise_of([picture["seed"] for picture in model["pictures"]])
    unet, _ = load_unet(flags.run)
    before = follow_flow(velocity_of(unet), told, noise)
    pictures = small(world.pixels[exemplar["index"]]).repeat(len(captions), 1, 1, 1)
    finetune(unet, pictures, [table[caption] for caption in captions], table[""], flags)
    after = follow_flow(velocity_of(unet), told, noise)
    change = ((after.astype(float) - before) / 127.5) ** 2
    return {
        "customisedAs": model["id"],
        "trainedCaptions": captions,
        "settings": {"lora": flags.lora, "steps": flags.steps, "rate": flags.rate},
        "pictures": [
            {
                **{key: picture[key] for key in ("type", "prompt", "seed")},
                "meanSquareChange": round(float(change[at].mean()), 6),
                "pixels": base64.b64encode(after[at].tobytes()).decode(),
            }
            for at, picture in enumerate(model["pictures"])
        ],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("clip", "run", "data", "plan", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--lora", type=int, default=8)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--rate", type=float, default=5e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    flags = parser.parse_args()
    torch.set_num_threads(flags.threads)
    flags.out.mkdir(parents=True, exist_ok=True)
    rendered = load_world(flags.data)
    for each in chosen(json.loads(flags.plan.read_text())):
        path = flags.out / f"{each['id']}.json"
        if path.exists():
            continue
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(customise(each, rendered, flags)))
        os.replace(partial, path)
        print(path.name, flush=True)

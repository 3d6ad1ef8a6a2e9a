"""Stage 6: measures the exported model on the held-out parts, and stores the figures for the card.

python -m tiny_clip.measure --data FOLDER --run FOLDER --model ../tiny-world/tiny-clip --out measured.json [--grey]
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from . import near_duplicates
from .data import composite, load_world, to_grey, to_input
from .encoder import Encoder
from .export import load_model
from .recall import Measures


def plain(name: str, value: float, n: int, note: str) -> dict:
    """A quality row of a quantity that has neither chance nor sampling interval."""
    return {"name": name, "value": value, "interval": None, "n": n, "chance": None, "note": note}


def against_torch(world, run: Path, encoder: Encoder, grey: bool) -> list[dict]:
    """Largest difference of the ONNX embeddings from torch's, on 256 held-out pictures and their names."""
    model, _, _ = load_model(run)
    indices = world.where("heldOutPair")[:256]
    rgb, names = composite(world.pixels[indices]), [world.rows[i]["name"] for i in indices]
    with torch.no_grad():
        pixels = torch.from_numpy(to_input(rgb))
        image = model.image(to_grey(pixels) if grey else pixels).numpy()
        text = model.text(torch.from_numpy(encoder.ids(names))).numpy()
    difference = max(np.abs(image - encoder.images(rgb)).max(), np.abs(text - encoder.texts(names)).max())
    return [
        plain(
            "ONNX against torch, largest difference",
            float(difference),
            len(indices),
            "embeddings as given, not normalised",
        )
    ]


def latency(folder: Path) -> list[dict]:
    """Median milliseconds of one picture and of one caption, two threads."""
    encoder = Encoder(folder, threads=2)
    rgb = np.zeros((1, 64, 64, 3), np.uint8)
    rows = []
    for name, call in (
        ("picture", lambda: encoder.images(rgb)),
        ("caption", lambda: encoder.texts(["an apple"])),
    ):
        times = []
        for _ in range(220):
            began = time.perf_counter()
            call()
            times.append(1000 * (time.perf_counter() - began))
        note = "milliseconds, median of 200 after 20, onnxruntime on two shared Xeon cores; an upper bound"
        rows.append(plain(f"latency of one {name}", round(float(np.median(times[20:])), 3), 200, note))
    return rows


def measure(data: Path, run: Path, folder: Path, grey: bool = False) -> dict:
    world, encoder = load_world(data), Encoder(folder)
    model, _, step = load_model(run)
    measures = Measures(world, encoder)
    near, near_rows = near_duplicates.measure(world, encoder)
    total = sum((folder / "onnx" / name).stat().st_size for name in ("vision_model.onnx", "text_model.onnx"))
    quality = [
        *measures.recall(),
        *measures.grey_recall(),
        *measures.ground_colour(),
        *near_rows,
        *against_torch(world, run, encoder, grey),
        plain("bytes of both ONNX files", total, 2, "float32"),
        *latency(folder),
    ]
    return {
        "steps": step,
        "logitScale": math.exp(model.log_scale.item()),
        "nearDuplicate": near,
        "quality": quality,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "run", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--grey", action="store_true", help="for a model that was exported with --grey")
    flags = parser.parse_args()
    measured = measure(flags.data, flags.run, flags.model, flags.grey)
    flags.out.write_text(json.dumps(measured, indent=1) + "\n")
    for each in measured["quality"]:
        interval = each["interval"]
        ends = f"{interval['low']:.3f}..{interval['high']:.3f}" if interval else "-"
        print(f"{each['name']:55} {each['value']:.6g}  {ends}  n={each['n']}  chance={each['chance']}")
    print(json.dumps(measured["nearDuplicate"], indent=1))

"""Stage 8: embeddings and token ids for tests in other runtimes.

python -m tiny_clip.reference --data FOLDER --world ../tiny-world --captions captions.json
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from .data import Batches, load_world
from .encoder import Encoder
from .train import BATCH, SEED

PICTURES = 12
CAPTIONS = (
    "a picture of an apple",
    "a picture of a red car on a yellow background",
    "dog",
    "A PICTURE OF A DOG",
    "tulip, noto style",
    "a flat style picture of an octopus on a blue background",
    "it's raining, 24 cats & dogs!",
    "Crème brûlée",
    "🍎",
    "",
    "a bicycle, a bus, a train, a tram, an airplane, a sailboat, a rocket, a tractor and one more lorry",
    "antidisestablishmentarianism",
)
HARD = ("Ünïcode café x_y!?", "IT'S  A  Dog's\tlife", "...", "ﬁ 12345 日本語", "a" * 300, "İstanbul ẞ")


def digits(row: np.ndarray) -> list[float]:
    """A float32 row with nine significant digits, which give it back exactly."""
    return [float(f"{value:.9g}") for value in row]


def reference(world_folder: Path) -> dict:
    """Twelve demo pictures and twelve captions with what onnxruntime in Python makes of them."""
    encoder = Encoder(world_folder / "tiny-clip")
    files = [
        path
        for kind in ("outputs", "protected", "reference")
        for path in sorted((world_folder / "demo" / kind).glob("*.png"))
    ]
    files = files[:: len(files) // PICTURES][:PICTURES]
    rgb = np.stack([np.asarray(Image.open(path).convert("RGB")) for path in files])
    ids = encoder.ids(list(CAPTIONS))
    return {
        "schemaVersion": 1,
        "runtime": f"onnxruntime {onnxruntime.__version__}, Python, CPU",
        "note": "Embeddings are as the model gives them, not normalised; float32 with nine significant digits.",
        "images": [
            {"file": path.relative_to(world_folder).as_posix(), "embedding": digits(row)}
            for path, row in zip(files, encoder.images(rgb))
        ],
        "texts": [
            {"text": text, "ids": row.tolist(), "embedding": digits(embedding)}
            for text, row, embedding in zip(CAPTIONS, ids, encoder.texts(list(CAPTIONS)))
        ],
    }


def tokenizer_captions(data: Path, world_folder: Path) -> list[dict]:
    """Captions with their ids, uncut and without padding, for check-tokenizer.mjs."""
    tokenizer = Encoder(world_folder / "tiny-clip").tokenizer
    _, drawn = Batches(load_world(data), BATCH, SEED).draw(10**6)
    return [{"text": text, "ids": tokenizer.encode(text).ids} for text in [*drawn, *CAPTIONS, *HARD]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "world", "captions"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    flags = parser.parse_args()
    (flags.world / "reference.json").write_text(json.dumps(reference(flags.world)) + "\n")
    flags.captions.write_text(json.dumps(tokenizer_captions(flags.data, flags.world)))

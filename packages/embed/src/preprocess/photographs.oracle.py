"""SHA-256 of what Pillow sees in each test photograph: its pixels, and those after each filter.

ASSAY_DATA=FOLDER python photographs.oracle.py > photographs.oracle.json
"""

import hashlib
import json
import os
from pathlib import Path

import PIL
from PIL import Image

FOLDER = Path(os.environ["ASSAY_DATA"]) / "photos"
# Smaller, larger, and out of proportion.
SIZES = ((224, 224), (64, 96), (600, 333))
FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def digest(picture: Image.Image) -> str:
    return hashlib.sha256(picture.tobytes()).hexdigest()


def photograph(path: Path) -> dict:
    """One photograph."""
    picture = Image.open(path).convert("RGB")
    resized = {
        f"{width}x{height}": {name: digest(picture.resize((width, height), filter)) for name, filter in FILTERS.items()}
        for width, height in SIZES
    }
    return {"decoded": digest(picture), "resized": resized}


if __name__ == "__main__":
    files = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")
    photographs = {path.name: photograph(path) for path in files}
    print(json.dumps({"pillow": PIL.__version__, "photographs": photographs}, indent=1))

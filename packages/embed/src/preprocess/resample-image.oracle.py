"""What Pillow makes of generated pictures of odd sizes: SHA-256 of the RGB bytes after each filter.

python resample-image.oracle.py > resample-image.oracle.json
"""

import hashlib
import json
import random

import numpy as np
import PIL
from PIL import Image

FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
# Width and height of a picture, then of the target.
CHOSEN = (
    (1, 1, 224, 224), (1, 1, 1, 1), (1, 2, 3, 1), (2, 1, 1, 3), (1, 17, 224, 224), (17, 1, 224, 224),
    (1, 4096, 224, 224), (4096, 1, 224, 224), (1, 4096, 1, 100), (2, 2, 5, 7), (3, 301, 224, 224),
    (3, 300, 224, 224), (3, 301, 3, 300), (3, 301, 3, 302), (5, 3001, 64, 64), (2999, 7, 64, 64),
    (64, 64, 64, 64), (64, 64, 64, 63), (64, 64, 63, 64), (100, 100, 1, 1), (512, 512, 224, 224),
    (511, 513, 224, 224), (768, 512, 336, 224), (1024, 1024, 224, 224), (1023, 767, 341, 256),
    (4096, 3, 4095, 2), (3, 4096, 2, 4095), (224, 224, 512, 512), (37, 53, 1000, 1001), (4096, 4096, 224, 224),
    (4096, 2731, 384, 256), (640, 360, 224, 126),
)  # fmt: skip
COUNT = 60


def noise(width: int, height: int, seed: int, cell: int) -> np.ndarray:
    """Bytes of a picture: a hash of 32 bits of where a cell lies; cells are squares of one colour."""
    rows, columns = np.arange(height, dtype=np.uint32) // cell, np.arange(width, dtype=np.uint32) // cell
    index = (rows[:, None] * np.uint32(width) + columns)[..., None] * np.uint32(3) + np.arange(3, dtype=np.uint32)
    x = (index + np.uint32(seed)) * np.uint32(2654435761)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(2246822519)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(3266489917)
    return (x >> np.uint32(24)).astype(np.uint8)


def sizes() -> list[tuple[int, int, int, int]]:
    """The chosen sizes, and drawn ones up to 1,500 pixels a side."""
    draw = random.Random(18)
    drawn = [
        tuple(round(2 ** draw.uniform(0, limit)) for limit in (10.5, 10.5, 9, 9)) for _ in range(COUNT - len(CHOSEN))
    ]
    return [*CHOSEN, *drawn]


def case(index: int, size: tuple[int, int, int, int]) -> dict:
    """One picture and what becomes of it."""
    width, height, to_width, to_height = size
    # Every other picture has flat cells with hard edges, where filters overshoot.
    seed, cell = index * 1_000_003, 1 if index % 2 == 0 else 7
    picture = Image.fromarray(noise(width, height, seed, cell))
    digest = {
        name: hashlib.sha256(picture.resize((to_width, to_height), filter).tobytes()).hexdigest()
        for name, filter in FILTERS.items()
    }
    return {
        "width": width, "height": height, "seed": seed, "cell": cell, "toWidth": to_width, "toHeight": to_height,
        "sha256": digest,
    }  # fmt: skip


if __name__ == "__main__":
    cases = [case(index, size) for index, size in enumerate(sizes())]
    print(json.dumps({"pillow": PIL.__version__, "cases": cases}, indent=1))

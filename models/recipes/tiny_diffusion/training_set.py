"""Which pictures of the bank the tiny diffusion was trained on, and how it saw them.

python -m tiny_diffusion.training_set --bank ../tiny-world/bank --out ../tiny-world/tiny-diffusion
"""

import argparse
import json
from pathlib import Path

from tiny_clip.captions import has_side

from .concepts import NAMES, STYLES


def training_set(bank: Path) -> dict:
    """Ids in the order of the bank. `Pictures.draw` mirrors what has no side, and moves by up to a pixel."""
    lines = (bank / "pictures.jsonl").read_text().splitlines()
    chosen = [row for row in map(json.loads, lines) if row["name"] in NAMES and row["style"] in STYLES]
    if any(has_side(row["name"]) for row in chosen):
        raise ValueError("some were not mirrored: say which")
    return {"pictures": [row["id"] for row in chosen], "mirrored": True, "moved": 1}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    text = json.dumps(training_set(flags.bank), indent=1)
    (flags.out / "training-set.json").write_text(text + "\n")

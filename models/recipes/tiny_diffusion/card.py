"""The pipeline card of the tiny diffusion, from the exported files and the stored measurements.

Prints its measurements as the table that the README of @assay/diffusion shows.

python -m tiny_diffusion.card --model ../tiny-world/tiny-diffusion --measured measured.json
"""

import argparse
import json
from pathlib import Path

from tiny_clip.card import file_entry

from .concepts import NAMES, STYLES
from .generator import GUIDANCE, STEPS

NOT_READ = ("pipeline-card.json", "sheet.png", "training-set.json")
DESCRIPTION = (
    "A toy: a U-Net of 3.4 million parameters that draws 32 x 32 emoji of "
    f"{len(NAMES)} things in four styles on white, trained by this project's recipe on 240 pictures as a rectified "
    "flow, on the token states of the tiny CLIP. It is there for what only a network has, and to take the road "
    "that Stable Diffusion takes. It has seen each picture thousands of times and often draws one from memory: "
    "see the share of near-copies. Whatever it is asked beyond its names, it draws one of its things, or a blob."
)


def card(model: Path, quality: list[dict]) -> dict:
    paths = sorted(path.relative_to(model).as_posix() for path in model.rglob("*") if path.is_file())
    return {
        "schemaVersion": 1,
        "kind": "pipeline",
        "id": "assay/tiny-diffusion",
        "title": "Tiny diffusion of the built-in world",
        "description": DESCRIPTION,
        "licence": "Apache-2.0",
        "commercialUse": True,
        "source": "models/recipes in this repository",
        "attribution": f"NOTICE: trained on the styles {', '.join(STYLES)} (Apache-2.0, CC-BY-4.0, MIT, CC-BY-4.0)",
        "files": [file_entry(model, path) for path in paths if path not in NOT_READ],
        "defaults": {"steps": STEPS, "guidanceScale": GUIDANCE},
        "sheet": "sheet.png",
        "quality": quality,
    }


def shown(line: dict, value: float) -> str:
    """A figure: shares in %, others to about three places."""
    if line["chance"] is not None or line["name"].startswith("share"):
        return f"{100 * value:.1f}"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.1f}" if value > 10 else f"{value:.2f}"


def table(quality: list[dict]) -> str:
    rows = ["| measured | value | 95 % | n |", "|---|---|---|---|"]
    for line in quality:
        chance, ends = line["chance"], line["interval"]
        unit = " %" if chance is not None or line["name"].startswith("share") else ""
        name = line["name"] + (f" (chance {100 * chance:.1f} %)" if chance else "")
        between = f"{shown(line, ends['low'])}–{shown(line, ends['high'])}" if ends else "–"
        rows.append(f"| {name} | {shown(line, line['value'])}{unit} | {between} | {line['n']} |")
    return "\n".join(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--measured", type=Path, required=True)
    flags = parser.parse_args()
    value = card(flags.model, json.loads(flags.measured.read_text())["quality"])
    text = json.dumps(value, indent=2, ensure_ascii=False)
    (flags.model / "pipeline-card.json").write_text(text + "\n")
    print(table(value["quality"]))

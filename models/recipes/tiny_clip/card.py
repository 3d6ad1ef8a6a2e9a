"""Stage 7: the model card, from the exported files and the stored measurements.

python -m tiny_clip.card --model ../tiny-world/tiny-clip --measured measured.json [--grey]
"""

import argparse
import hashlib
import json
from pathlib import Path

FILES = (
    "config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.json",
    "merges.txt",
    "onnx/vision_model.onnx",
    "onnx/text_model.onnx",
)
# Written by tiny_clip.vjp where white-box attacks need it.
GRADIENTS = "onnx/vision_model_vjp.onnx"
DESCRIPTION = (
    "A CLIP of 2.9 million parameters for 64 x 64 pictures, trained by this project's recipe on emoji and clip "
    "art with names. It is for demonstration, tests and benchmarks with known truth. It knows drawings of one "
    "object on a plain ground, mostly of the things it was trained on; it knows no photographs, counts, "
    "relations or styles."
)
GREY_DESCRIPTION = (
    "The tiny CLIP trained anew, with another seed, on pictures without colour: a judge of shape for what the "
    "tiny diffusion draws. Its graph takes the colour out of every picture that it is fed, so that a blob of the "
    "right colour cannot please it. Otherwise as the tiny CLIP, and weaker."
)


def names(grey: bool) -> dict:
    """What the card calls the model."""
    if not grey:
        return {"id": "assay/tiny-clip", "title": "Tiny CLIP of the built-in world", "description": DESCRIPTION}
    return {"id": "assay/grey-clip", "title": "Grey CLIP of the built-in world", "description": GREY_DESCRIPTION}


def file_entry(model: Path, name: str) -> dict:
    """Path, length and sha256 of one file."""
    content = (model / name).read_bytes()
    return {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def files(model: Path) -> list[dict]:
    """Every file of the model, the gradients where they were written."""
    return [file_entry(model, name) for name in (*FILES, GRADIENTS) if name in FILES or (model / name).exists()]


def card(model: Path, measured: dict, grey: bool = False) -> dict:
    """The card; `measured` holds logitScale, nearDuplicate and quality."""
    pad = json.loads((model / "config.json").read_text())["text_config"]["pad_token_id"]
    return {
        "schemaVersion": 1,
        **names(grey),
        "licence": "Apache-2.0",
        "commercialUse": True,
        "source": "models/recipes in this repository",
        "attribution": "NOTICE",
        "dimensions": 192,
        "space": names(grey)["id"],
        "files": files(model),
        "image": {
            "model": "onnx/vision_model.onnx",
            "input": {"name": "pixel_values", "type": "float32", "shape": ["batch", 3, 64, 64]},
            "output": {"name": "image_embeds", "type": "float32", "shape": ["batch", 192]},
            "preprocessing": {
                "width": 64,
                "height": 64,
                "resize": "stretch",
                "interpolation": "bicubic",
                "background": [255, 255, 255],
                "scale": 1 / 255,
                "mean": [0.5, 0.5, 0.5],
                "std": [0.5, 0.5, 0.5],
            },
        },
        "text": {
            "model": "onnx/text_model.onnx",
            "input": {"name": "input_ids", "type": "int64", "shape": ["batch", 20]},
            "output": {"name": "text_embeds", "type": "float32", "shape": ["batch", 192]},
            "tokenizer": {
                "path": "tokenizer.json",
                "config": "tokenizer_config.json",
                "contextLength": 20,
                "padTokenId": pad,
            },
        },
        "logitScale": measured["logitScale"],
        "nearDuplicate": measured["nearDuplicate"],
        "quality": measured["quality"],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--measured", type=Path, required=True)
    parser.add_argument("--grey", action="store_true", help="for the judge of shape")
    flags = parser.parse_args()
    text = json.dumps(card(flags.model, json.loads(flags.measured.read_text()), flags.grey), indent=2)
    (flags.model / "card.json").write_text(text + "\n")

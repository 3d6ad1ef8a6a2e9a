"""Exports HPSv2 (Wu et al., 2023) from the authors' checkpoint, a fine-tuned OpenCLIP ViT-H/14.

python -m published_models.hpsv2 --weights HPS_v2.1_compressed.pt --merges bpe_simple_vocab_16e6.txt.gz --out FOLDER
"""

import argparse
from pathlib import Path

import open_clip
import torch

from .clip_towers import Clip, export_clip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--merges", type=Path, required=True, help="clip/bpe_simple_vocab_16e6.txt.gz of openai/CLIP")
    parser.add_argument("--architecture", default="ViT-H-14", help="a name or a configuration of open_clip")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.architecture.endswith(".json"):
        open_clip.add_model_config(Path(arguments.architecture))
    model = open_clip.create_model(Path(arguments.architecture).stem, precision="fp32", device="cpu")
    checkpoint = torch.load(arguments.weights, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["state_dict"])
    clip = Clip(model, model.encode_image, model.encode_text, pad_token=0)
    export_clip(clip, arguments.merges, "xswu-hpsv2.1", arguments.out)


if __name__ == "__main__":
    main()

"""Exports PickScore (Kirstain et al., 2023) from the authors' weights, a fine-tuned CLIP ViT-H/14 of transformers.

python -m published_models.pickscore --weights PickScore_v1 --merges bpe_simple_vocab_16e6.txt.gz --out FOLDER
"""

import argparse
from pathlib import Path

import torch
from transformers import CLIPModel

from .clip_towers import Clip, export_clip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", type=Path, required=True, help="a folder with config.json and the weights")
    parser.add_argument("--merges", type=Path, required=True, help="clip/bpe_simple_vocab_16e6.txt.gz of openai/CLIP")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    model = CLIPModel.from_pretrained(arguments.weights, dtype=torch.float32, attn_implementation="eager")

    def embed_pixels(pixels: torch.Tensor) -> torch.Tensor:
        return model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)

    def embed_tokens(tokens: torch.Tensor) -> torch.Tensor:
        return model.text_projection(model.text_model(input_ids=tokens).pooler_output)

    clip = Clip(model, embed_pixels, embed_tokens, pad_token=49407)
    export_clip(clip, arguments.merges, "yuvalkirstain-pickscore-v1", arguments.out)


if __name__ == "__main__":
    main()

"""Small models with random weights in the forms that the authors publish, to prove the exports without the weights.

python -m published_models.random_weights --out FOLDER
"""

import argparse
import json
from pathlib import Path

import open_clip
import torch
from transformers import CLIPConfig, CLIPModel

DIMENSIONS = 1024
VOCABULARY = 49408


class SmallDescriptor(torch.nn.Module):
    """The shape of SSCD: a convolutional trunk, generalised mean pooling, a linear map, unit length."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 7, 4, 3), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.MaxPool2d(3, 2, 1),
            torch.nn.Conv2d(8, 16, 3, 2, 1), torch.nn.BatchNorm2d(16), torch.nn.ReLU(),
        )  # fmt: skip
        self.embeddings = torch.nn.Linear(16, 512)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        features = self.trunk(pixels).clamp(min=1e-6)
        pooled = torch.nn.functional.adaptive_avg_pool2d(features**3, 1).flatten(1) ** (1 / 3)
        return torch.nn.functional.normalize(self.embeddings(pooled))


def write_descriptor(out: Path) -> None:
    torch.jit.script(SmallDescriptor().eval()).save(out / "sscd.torchscript.pt")


def write_open_clip(out: Path) -> None:
    """The architecture of ViT-H-14, narrower and with fewer layers."""
    configuration = open_clip.get_model_config("ViT-H-14")
    configuration["vision_cfg"] |= {"layers": 2, "width": 32, "head_width": 16}
    configuration["text_cfg"] |= {"layers": 2, "width": 32, "heads": 2}
    path = out / "ViT-H-14-small.json"
    path.write_text(json.dumps(configuration), "utf8")
    open_clip.add_model_config(path)
    model = open_clip.create_model(path.stem, precision="fp32", device="cpu")
    torch.save({"state_dict": model.state_dict()}, out / "hpsv2.pt")


def write_clip_model(out: Path) -> None:
    """The architecture of laion/CLIP-ViT-H-14, narrower and with fewer layers."""
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
             "hidden_act": "gelu", "projection_dim": DIMENSIONS}  # fmt: skip
    configuration = CLIPConfig(
        text_config=small | {"vocab_size": VOCABULARY, "eos_token_id": 49407, "bos_token_id": 49406},
        vision_config=small | {"image_size": 224, "patch_size": 14},
        projection_dim=DIMENSIONS,
    )
    CLIPModel(configuration).save_pretrained(out / "pickscore")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    write_descriptor(out)
    write_open_clip(out)
    write_clip_model(out)


if __name__ == "__main__":
    main()

"""Exports SSCD (Pizzi et al., CVPR 2022) from the authors' TorchScript.

python -m published_models.sscd --weights sscd_disc_mixup.torchscript.pt --out FOLDER
"""

import argparse
from pathlib import Path

import torch

from .model_folder import write_card
from .tower import Tower, export_tower

SIDE = 288


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    module = torch.jit.load(arguments.weights, map_location="cpu")
    example = torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    tower = Tower(module, "pixel_values", "embedding", example)
    largest = export_tower(tower, arguments.out / "onnx/model.onnx", external_data=False)
    write_card("facebook-sscd-disc-mixup", arguments.out)
    print(f"largest difference from torch {largest:.1e}")


if __name__ == "__main__":
    main()

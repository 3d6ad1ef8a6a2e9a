"""What the preprocessing of published models makes of generated pictures, run by the libraries that define it.

python published-pipelines.oracle.py > published-pipelines.oracle.json

Needs torch, torchvision, transformers and open_clip_torch. HPSv2's resize is written out here from its definition.
"""

import hashlib
import importlib.metadata
import json

import numpy as np
from open_clip.transform import image_transform
from PIL import Image
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize
from torchvision.transforms import functional as F
from transformers import BitImageProcessorPil, CLIPImageProcessorPil, SiglipImageProcessorPil

SIZES = ((640, 360), (361, 640), (640, 427), (511, 227), (229, 1000), (300, 200), (224, 225), (97, 50), (768, 420))


def picture(width: int, height: int) -> Image.Image:
    """Every pixel is another one: red is the column, green the row, blue both."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return Image.fromarray(np.stack([x * 7 % 256, y * 5 % 256, (x * 3 + y * 11) % 256], -1).astype(np.uint8))


def levels(values: np.ndarray, mean: list, std: list) -> np.ndarray:
    """The 8-bit pixels [height, width, 3] that were normalised to planes."""
    planes = np.asarray(values, np.float64).reshape(3, *np.asarray(values).shape[-2:])
    return np.rint((planes.transpose(1, 2, 0) * std + mean) * 255).astype(np.uint8)


def transformers_pipeline(processor):
    """A processor of transformers as a function to 8-bit pixels."""
    return lambda image: levels(processor(image)["pixel_values"][0], processor.image_mean, processor.image_std)


def open_clip_pipeline(**options):
    """A transform of open_clip as a function to 8-bit pixels."""
    transform = image_transform(224, is_train=False, **options)
    mean, std = transform.transforms[-1].mean, transform.transforms[-1].std
    return lambda image: levels(transform(image).numpy(), list(mean), list(std))


def torchvision_pipeline(*transforms):
    """Transforms of torchvision that end with a Pillow image."""
    return lambda image: np.asarray(Compose(transforms)(image))


def hpsv2_pipeline(image: Image.Image) -> np.ndarray:
    """HPSv2: both sides x 224 / longest, rounded; black around it, of which the smaller half lies before."""
    width, height = image.size
    scale = 224 / float(max(height, width))
    scaled = F.resize(image, [round(side * scale) for side in (height, width)], InterpolationMode.BICUBIC)
    pad_height, pad_width = 224 - scaled.height, 224 - scaled.width
    borders = [pad_width // 2, pad_height // 2, pad_width - pad_width // 2, pad_height - pad_height // 2]
    return np.asarray(F.pad(scaled, borders, fill=0))


CLIP = CLIPImageProcessorPil(
    size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224}, do_convert_rgb=True
)
DINOV2 = BitImageProcessorPil(
    size={"shortest_edge": 256}, crop_size={"height": 224, "width": 224}, do_resize=True, do_center_crop=True,
    do_rescale=True, do_normalize=True, resample=3,
)  # fmt: skip
SIGLIP = SiglipImageProcessorPil(
    size={"height": 224, "width": 224}, image_mean=[0.5] * 3, image_std=[0.5] * 3, resample=3
)
PIPELINES = {
    "CLIP, transformers": transformers_pipeline(CLIP),
    "CLIP, torchvision": torchvision_pipeline(Resize(224, InterpolationMode.BICUBIC), CenterCrop(224)),
    "CLIP, open_clip": open_clip_pipeline(),
    "DINO, torchvision": torchvision_pipeline(Resize(256, InterpolationMode.BICUBIC), CenterCrop(224)),
    "DINOv2, transformers": transformers_pipeline(DINOV2),
    "SigLIP, transformers": transformers_pipeline(SIGLIP),
    "SSCD, 320 x 320": torchvision_pipeline(Resize([320, 320])),
    "SSCD, 288": torchvision_pipeline(Resize(288), CenterCrop(288)),
    "HPSv2": hpsv2_pipeline,
}


def main() -> None:
    names = ("pillow", "torchvision", "transformers", "open_clip_torch")
    result = {"versions": {name: importlib.metadata.version(name) for name in names}, "pipelines": {}}
    for name, pipeline in PIPELINES.items():
        result["pipelines"][name] = {
            f"{width}x{height}": hashlib.sha256(pipeline(picture(width, height)).tobytes()).hexdigest()
            for width, height in SIZES
        }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

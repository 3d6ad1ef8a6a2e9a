"""What Pillow and onnxruntime see in the middle 224 x 224 pixels of each test photograph, not resized.

ASSAY_DATA=FOLDER python imagenet-models.oracle.py > imagenet-models.oracle.json
"""

import io
import json
import os
from pathlib import Path

import numpy as np
import onnxruntime
import PIL
from PIL import Image, ImageCms

DATA = Path(os.environ["ASSAY_DATA"])
SIDE = 224
MODELS = {
    "mobilenet": ("mobilenet_v2_tf2_i8.onnx", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "squeezenet": ("squeezenet1.1_fp32.onnx", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}


def in_srgb(image: Image.Image) -> Image.Image:
    """Pixels in sRGB; an embedded profile is applied, as the rule profile-to-srgb says."""
    profile = image.info.get("icc_profile")
    if profile is None:
        return image.convert("RGB")
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), ImageCms.Intent.PERCEPTUAL, "RGB")


def middle(path: Path) -> np.ndarray:
    """The middle of a picture, as float64 in 0..1."""
    pixels = np.asarray(in_srgb(Image.open(path)))
    top, left = ((side - SIDE) // 2 for side in pixels.shape[:2])
    return pixels[top : top + SIDE, left : left + SIDE] / 255


def top_five(session: onnxruntime.InferenceSession, planes: np.ndarray) -> list:
    """The five likeliest classes with their probabilities."""
    (probabilities,) = session.run(["probs"], {"image": planes[None]})
    order = np.argsort(-probabilities[0], kind="stable")[:5]
    return [[int(index), round(float(probabilities[0][index]), 7)] for index in order]


def main() -> None:
    pictures = sorted(path for path in (DATA / "photos").iterdir() if path.suffix != ".json")
    result = {"pillow": PIL.__version__, "onnxruntime": onnxruntime.__version__, "pictures": {}}
    for name, (file, mean, std) in MODELS.items():
        session = onnxruntime.InferenceSession(DATA / "models" / file, providers=["CPUExecutionProvider"])
        for path in pictures:
            planes = ((middle(path) - mean) / std).transpose(2, 0, 1).astype(np.float32)
            result["pictures"].setdefault(path.name, {})[name] = top_five(session, planes)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

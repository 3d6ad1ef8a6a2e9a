"""What Pillow and onnxruntime make of each test photograph: class probabilities and embeddings.

ASSAY_DATA=FOLDER python imagenet-models.oracle.py > imagenet-models.oracle.json
"""

import base64
import json
import os
from pathlib import Path

import numpy as np
import onnxruntime
import PIL
from PIL import Image

DATA = Path(os.environ["ASSAY_DATA"])
TINY_CLIP = Path(__file__).parents[4] / "models/tiny-world/tiny-clip/onnx/vision_model.onnx"
# File, then what 8-bit values are divided by, mean and standard deviation.
CLASSIFIERS = {
    "mobilenet": (DATA / "models/mobilenet_v2_tf2_i8.onnx", 127.5, (1, 1, 1), (1, 1, 1)),
    "squeezenet": (DATA / "models/squeezenet1.1_fp32.onnx", 255, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}
BICUBIC = Image.Resampling.BICUBIC


def middle(picture: Image.Image, side: int = 224) -> Image.Image:
    """The middle of a picture."""
    left, top = ((length - side) // 2 for length in picture.size)
    return picture.crop((left, top, left + side, top + side))


def shortest(picture: Image.Image, side: int = 256) -> Image.Image:
    """A picture whose shortest side is scaled, the other rounded."""
    scale = side / min(picture.size)
    return picture.resize(tuple(round(length * scale) for length in picture.size), BICUBIC)


def planes(picture: Image.Image, full: float, mean: tuple, std: tuple) -> np.ndarray:
    """The input of a model, computed in float32."""
    values = np.asarray(picture).astype(np.float32) / np.float32(full)
    values = (values - np.array(mean, np.float32)) / np.array(std, np.float32)
    return values.transpose(2, 0, 1)[None]


def top_five(probabilities: np.ndarray) -> list:
    """The five likeliest classes with their probabilities; of equal ones the last comes first."""
    order = np.argsort(probabilities, kind="stable")[::-1][:5]
    return [[int(index), round(float(probabilities[index]), 7)] for index in order]


def direction(vector: np.ndarray) -> str:
    """A vector as Base64 of little-endian int16, of any length."""
    return base64.b64encode(np.round(vector / np.abs(vector).max() * 32767).astype("<i2").tobytes()).decode()


def main() -> None:
    files = sorted(path for path in (DATA / "photos").iterdir() if path.suffix != ".json")
    pictures = {path.name: Image.open(path).convert("RGB") for path in files}
    found = {name: {"middle": {}, "embeddings": {}} for name in pictures}
    open_model = lambda path: onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])  # noqa: E731
    for model, (path, *scaling) in CLASSIFIERS.items():
        session = open_model(path)
        for name, picture in pictures.items():
            (probabilities,) = session.run(["probs"], {"image": planes(middle(picture), *scaling)})
            (embedding,) = session.run(["embedding"], {"image": planes(middle(shortest(picture)), *scaling)})
            found[name]["middle"][model] = top_five(probabilities[0])
            found[name]["embeddings"][model] = direction(embedding[0])
    session, half = open_model(TINY_CLIP), (0.5, 0.5, 0.5)
    for name, picture in pictures.items():
        (embedding,) = session.run(None, {"pixel_values": planes(picture.resize((64, 64), BICUBIC), 255, half, half)})
        found[name]["embeddings"]["tinyClip"] = direction(embedding[0])
    print(json.dumps({"pillow": PIL.__version__, "onnxruntime": onnxruntime.__version__, "pictures": found}, indent=0))


if __name__ == "__main__":
    main()

"""Near copies of a picture: the same ones are planted in the demo and measured for the card."""

from io import BytesIO

import numpy as np
from PIL import Image

TRANSFORMS = ("jpeg", "rescale-shift", "crop", "colour-shift", "flip")
MILD = TRANSFORMS[:-1]


def near_copy(rgb: np.ndarray, transform: str, ground: tuple[int, int, int], random: np.random.Generator):
    """The transformed picture [64, 64, 3] uint8, and the transform in words."""
    picture = Image.fromarray(rgb)
    side = picture.width
    if transform == "jpeg":
        stream = BytesIO()
        picture.save(stream, "JPEG", quality=75)
        return np.asarray(Image.open(stream).convert("RGB")), "JPEG quality 75"
    if transform == "rescale-shift":
        scale = random.uniform(0.9, 0.97)
        inner = round(side * scale)
        x, y = (int(random.integers(0, side - inner + 1)) for _ in range(2))
        canvas = Image.new("RGB", (side, side), tuple(ground))
        canvas.paste(picture.resize((inner, inner), Image.Resampling.BICUBIC), (x, y))
        return np.asarray(canvas), f"rescaled to {inner} px and placed at ({x}, {y})"
    if transform == "crop":
        left, top, right, bottom = (int(random.integers(1, 4)) for _ in range(4))
        box = (left, top, side - right, side - bottom)
        return np.asarray(
            picture.resize((side, side), Image.Resampling.BICUBIC, box=box)
        ), f"cropped to {box} and stretched"
    if transform == "colour-shift":
        shift = random.integers(-12, 13, 3)
        return (rgb.astype(int) + shift).clip(0, 255).astype(np.uint8), f"colour shifted by {shift.tolist()}"
    if transform == "flip":
        return rgb[:, ::-1].copy(), "mirrored left to right"
    raise ValueError(f"no such transform: {transform}")

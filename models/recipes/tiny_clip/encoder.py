"""The shipped ONNX files in onnxruntime: what is measured is what ships."""

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from . import tokenizer as bpe
from .data import to_input
from .model import CONTEXT


class Encoder:
    """Pictures (RGB uint8 [n, 64, 64, 3]) and captions to embeddings [n, 192], as the model gives them."""

    def __init__(self, folder: Path, threads: int = 1):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = lambda name: onnxruntime.InferenceSession(str(folder / "onnx" / name), options)  # noqa: E731
        self.vision, self.text = session("vision_model.onnx"), session("text_model.onnx")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def ids(self, texts: list[str]) -> np.ndarray:
        """Token ids [n, 20], int64."""
        return np.array(bpe.encode(self.tokenizer, texts, CONTEXT), np.int64)

    def images(self, rgb: np.ndarray, batch: int = 64) -> np.ndarray:
        """Image embeddings, not normalised."""
        parts = [
            self.vision.run(None, {"pixel_values": to_input(rgb[i : i + batch])})[0] for i in range(0, len(rgb), batch)
        ]
        return np.concatenate(parts)

    def texts(self, texts: list[str], batch: int = 256) -> np.ndarray:
        """Text embeddings, not normalised."""
        parts = [
            self.text.run(None, {"input_ids": self.ids(texts[i : i + batch])})[0] for i in range(0, len(texts), batch)
        ]
        return np.concatenate(parts)


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows at length 1."""
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)

"""Files as other programs write them: the save_dir of TRAK (open_memmap), headerless shards of D-TRAK and
DAS, a gradient store of bergson, ranks, losses, and scores in safetensors; and what must come of them.

Run: python gradient-files.oracle.py > gradient-files.oracle.json (numpy 2.4)
"""

import base64
import io
import json
import struct
import tempfile
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap

random = np.random.default_rng(20260509)
n, p, m, lam = 12, 5, 3, 0.7
files = {}


def memmap(folder, name, values):
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    array = open_memmap(path, mode="w+", dtype=np.float16, shape=values.shape)
    array[:] = values
    array.flush()
    files[name] = base64.b64encode(path.read_bytes()).decode()
    return np.asarray(array, dtype=np.float64)


def text(name, value):
    files[name] = base64.b64encode(json.dumps(value).encode()).decode()


kernels, weights = [], []
with tempfile.TemporaryDirectory() as folder:
    for model in (0, 10, 2):
        train = memmap(folder, f"trak/{model}/grads.mmap", random.normal(size=(n, p)))
        query = memmap(folder, f"trak/{model}/val_grads.mmap", random.normal(size=(m, p)))
        weights.append(memmap(folder, f"trak/{model}/out_to_loss.mmap", random.uniform(size=(n, 1))))
        kernels.append(query @ np.linalg.inv(train.T @ train + lam * np.eye(p)) @ train.T)
    theirs = np.mean(kernels[:2], axis=0).T * np.mean(weights[:2], axis=0)
    memmap(folder, "trak/scores/val.mmap", theirs)
text("trak/metadata.json", {"JL dimension": p, "JL matrix type": "rademacher", "train set size": n})
text("trak/experiments.json", {"val": {"num_targets": m, "scores_path": "elsewhere", "scores_finalized": 1}})
for model, finalized in ((0, 1), (10, 1), (2, 0)):
    text(f"trak/id_{model}.json", {str(model): {"total_num_featurized": n, "is_finalized": finalized}})

shards = random.normal(size=(3, 4, 6)).astype("<f4")
for index, shard in enumerate(shards):
    files[f"shards/ddpm-train-keys-{index}-mean-10-6-uniform.npy"] = base64.b64encode(shard.tobytes()).decode()

store = random.normal(size=(5, 7)).astype("<f2")
files["bergson/gradients.bin"] = base64.b64encode(store.tobytes()).decode()
text("bergson/info.json", {"num_grads": 5, "dtype": {}, "grad_sizes": {"a": 3, "b": 4}, "base_dtype": "<f2"})


def saved(name, array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    files[name] = base64.b64encode(buffer.getvalue()).decode()


ranks = np.stack([random.permutation(20)[:8] for _ in range(2)])
saved("ranks-int64.npy", ranks.astype(np.int64))
saved("ranks-int32.npy", ranks.astype(np.int32))
losses = random.uniform(size=9)
saved("losses-f8.npy", losses)
saved("losses-f4.npy", losses.astype(np.float32))
saved("losses-row.npy", losses[None, :])
saved("matrix.npy", np.ones((2, 3)))

scores = random.normal(size=(3, 4)).astype("<f4")
header = json.dumps({"all_modules": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}}).encode()
header += b" " * (-len(header) % 8)
files["scores.safetensors"] = base64.b64encode(struct.pack("<Q", len(header)) + header + scores.tobytes()).decode()

print(
    json.dumps(
        {
            "numpy": np.__version__,
            "files": files,
            "trak": {"lambda": lam, "scores": (theirs.T).tolist(), "ofModel10": (kernels[1] * weights[1].T).tolist()},
            "shards": shards.reshape(12, 6).tolist(),
            "bergson": store.astype(float).tolist(),
            "ranks": ranks.tolist(),
            "losses": losses.tolist(),
            "scores": scores.astype(float).tolist(),
        }
    )
)

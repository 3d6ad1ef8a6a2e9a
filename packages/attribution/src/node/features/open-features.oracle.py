"""Files of features as numpy, pandas and Arrow write them, in base64, and what they hold.

The folder is laid out as `clip-retrieval inference` lays it out: normalised float16 embeddings in
img_emb/img_emb_N.npy, and in metadata/metadata_N.parquet the names and captions of the same rows.

Run: python3 open-features.oracle.py > open-features.oracle.json
"""
import base64
import io
import json
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, COLUMNS = 7, 3
random = np.random.default_rng(5)
# Multiples of 1/8 are the same number in every width.
raw = random.integers(-16, 16, (ROWS, COLUMNS)) / 8 + 0.125
unit = (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype("f2")
names = [f"{row:09d}" for row in range(ROWS)]
captions = [None if row == 4 else f'picture "{row}", näher' for row in range(ROWS)]
licences = ["cc0" if row % 2 else "by" for row in range(ROWS)]


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return base64.b64encode(buffer.getvalue()).decode()


def parquet(frame):
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return base64.b64encode(buffer.getvalue()).decode()


def metadata(first, end):
    return parquet(
        pd.DataFrame(
            {
                "image_path": names[first:end],
                "caption": captions[first:end],
                "license": licences[first:end],
                "width": list(range(first, end)),
            }
        )
    )


def vector_column():
    buffer = io.BytesIO()
    vectors = pa.array([list(row) for row in raw], pa.list_(pa.float32()))
    pq.write_table(pa.table({"key": names, "embedding": vectors}), buffer)
    return base64.b64encode(buffer.getvalue()).decode()


def csv():
    buffer = io.StringIO()
    frame = pd.DataFrame({"id": names, "caption": captions, "licence": licences})
    frame.to_csv(buffer, index=False)
    return buffer.getvalue()


shards = [(0, 3), (3, 7)]
json.dump(
    {
        "versions": {"numpy": np.__version__, "pandas": pd.__version__, "pyarrow": pa.__version__},
        "rows": ROWS,
        "columns": COLUMNS,
        "raw": raw.ravel().tolist(),
        "unit": unit.astype("f4").ravel().tolist(),
        "names": names,
        "captions": captions,
        "licences": licences,
        "npy": {
            f"{width} {order}": npy(np.asarray(raw.astype(width), order=order))
            for width in ("f2", "f4", "f8")
            for order in ("C", "F")
        },
        "headerless": base64.b64encode(raw.astype("f4").tobytes()).decode(),
        "parquet": vector_column(),
        "csv": csv(),
        "clipRetrieval": {
            **{f"img_emb/img_emb_{n}.npy": npy(unit[a:b]) for n, (a, b) in zip((9, 10), shards)},
            **{f"metadata/metadata_{n}.parquet": metadata(a, b) for n, (a, b) in zip((9, 10), shards)},
        },
    },
    sys.stdout,
    ensure_ascii=False,
    indent=1,
)

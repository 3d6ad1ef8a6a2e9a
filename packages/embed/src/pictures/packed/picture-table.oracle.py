"""Tables of pictures written by Arrow, in base64. The pictures are texts: nothing here decodes them.

Run: python3 picture-table.oracle.py > picture-table.oracle.json
"""
import base64
import datetime
import io
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 7
pictures = [f"picture {row}".encode() for row in range(ROWS)]


def parquet(columns):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, row_group_size=3, compression="gzip")
    return base64.b64encode(buffer.getvalue()).decode()


structure = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
day = datetime.date(2024, 1, 2)

tables = {
    # As Hugging Face's datasets write them.
    "structures": parquet({
        "image": pa.array([{"bytes": it, "path": f"{row}.png"} for row, it in enumerate(pictures)], structure),
        "text": [f"text {row}" for row in range(ROWS)],
        "label": pa.array(range(ROWS), pa.int32()),
    }),
    "everything": parquet({
        "id": [f"id {row}" for row in range(ROWS)],
        "jpg": pa.array(pictures, pa.binary()),
        "caption": ["caption"] * ROWS,
        "prompt": [None] + [f"prompt {row}" for row in range(1, ROWS)],
        "seed": pa.array([2**60 + row for row in range(ROWS)], pa.int64()),
        "score": pa.array([0.5 * row for row in range(ROWS)]),
        "safe": pa.array([True] * ROWS),
        "day": pa.array([day] * ROWS),
        "tags": pa.array([["a"]] * ROWS),
    }),
    "pictures alone": parquet({"bytes": pa.array(pictures, pa.binary())}),
    "broken rows": parquet({
        "id": ["a", "b", "b", "d", "e", "f", "g"],
        "image": pa.array(
            [{"bytes": it, "path": None} for it in pictures[:4]]
            + [{"bytes": None, "path": "/etc/hostname"}, None, {"bytes": pictures[6], "path": None}],
            structure,
        ),
        "prompt": ["x"] * 3 + ["x" * (2**20 + 1)] + ["x"] * 3,
    }),
    "no pictures": parquet({"id": ["a"], "image": ["text"]}),
    "no rows": parquet({"image": pa.array([], pa.binary())}),
}

json.dump({"pyarrow": pa.__version__, "tables": tables}, sys.stdout, indent=1)
print()

"""Parquet files written by Arrow, in base64, and what Arrow reads back from them.

Run: python3 read-parquet.oracle.py > read-parquet.oracle.json
"""
import base64
import datetime
import io
import json
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, COLUMNS = 10, 3
vectors = [[row + 0.25 * column for column in range(COLUMNS)] for row in range(ROWS)]
flat = pa.array(np.array(vectors, "f4").ravel())


def parquet(table, **options):
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **{"row_group_size": 4, **options})
    return base64.b64encode(buffer.getvalue()).decode()


def vector_file(array, **options):
    table = pa.table({"id": [f"id {row}" for row in range(ROWS)], "vector": array})
    return parquet(table, **options)


def bytes_of(dtype):
    return pa.array([np.array(vector, dtype).tobytes() for vector in vectors])


list_of = lambda kind: pa.array(vectors, pa.list_(kind))
with_null = vectors[:6] + [None] + vectors[7:]
with_inner_null = vectors[:6] + [[1.0, None, 2.0]] + vectors[7:]
ragged = vectors[:6] + [[1.0]] + vectors[7:]

files = {
    "list of float32": vector_file(list_of(pa.float32())),
    "list of float64": vector_file(list_of(pa.float64()), compression="zstd"),
    "list of float16": vector_file(pa.array([list(np.array(v, "f2")) for v in vectors], pa.list_(pa.float16()))),
    "large list": vector_file(pa.array(vectors, pa.large_list(pa.float32())), compression="gzip"),
    "fixed-size list": vector_file(pa.FixedSizeListArray.from_arrays(flat, COLUMNS), compression="brotli"),
    "pages of version 2": vector_file(list_of(pa.float32()), data_page_version="2.0", compression="lz4"),
    "no compression": vector_file(list_of(pa.float32()), compression="none", use_dictionary=False),
    "byte stream split": vector_file(list_of(pa.float32()), use_dictionary=False, use_byte_stream_split=["vector.list.element"]),
}

cells = pa.table(
    {
        "text": pa.array(["a", None, "ü", "a", "日本", "", "a", "b", None, "c"]),
        "whole": pa.array([1, 2, None, 2**40, 5, 6, 7, 8, 9, -10], pa.int64()),
        "small": pa.array(list(range(10)), pa.int32()),
        "real": pa.array([0.5, None, 1e300, float("inf"), 4, 5, 6, 7, 8, 9]),
        "truth": pa.array([True, False, None] * 3 + [True]),
        "bytes": pa.array([bytes([row, 255]) for row in range(10)]),
        "moment": pa.array([datetime.datetime(2024, 1, 2, 3, 4, 5)] * 10, pa.timestamp("ms")),
        "image": pa.array([{"bytes": bytes([row]), "path": f"{row}.png"} for row in range(10)]),
        "tags": pa.array([["a", "b"], [], None, ["c"]] + [["d"]] * 6),
    }
)

# One cell of 256 MiB of zeros, as a file of a few kB.
bomb = parquet(
    pa.table({"zeros": [bytes(2**28)]}),
    use_dictionary=False,
    write_statistics=False,
    compression="zstd",
)

json.dump(
    {
        "pyarrow": pa.__version__,
        "vectors": vectors,
        "files": files,
        "float32 bytes": vector_file(bytes_of("f4")),
        "float16 bytes": vector_file(bytes_of("f2")),
        "float64 bytes": vector_file(bytes_of("f8")),
        "null vector": vector_file(pa.array(with_null, pa.list_(pa.float32()))),
        "null inside": vector_file(pa.array(with_inner_null, pa.list_(pa.float32()))),
        "ragged": vector_file(pa.array(ragged, pa.list_(pa.float32()))),
        "too large": vector_file(pa.array([[0.0, 0.0, 1e300]] * ROWS, pa.list_(pa.float64()))),
        "cells": parquet(cells),
        "bomb": bomb,
        "empty": parquet(cells.slice(0, 0)),
        "metadata": parquet(
            pa.table({"id": ["a"], "vector": [[1.0, 0.0]]}).replace_schema_metadata(
                {"fingerprint": "space", "normalized": "true"}
            )
        ),
    },
    sys.stdout,
    indent=1,
)
print()

"""Parcels: what tasks are given and pass on, as rows of Arrow.

A parcel holds arrays of numbers as bytes, so that they travel as they are; Spark knows no unsigned
numbers, and lists it would copy one by one.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stannary.engines.provenance.compiling import Numbers

PIECE, VECTORS, ASKED, TABLE = range(4)
FORM = 1
"""Of parcels and of what tasks do with them. Another release of this program may have another."""

ANSWER = -1
"""Where a parcel goes that no other task waits for."""

_FORMS: dict[int, tuple[str, ...]] = {
    PIECE: ("<u4", "<u4", "<u4", "<u4", "<u4", "<u4", "<f8", "<u4", "<u4"),
    VECTORS: ("<u4", "<i8", "<u4", "<f8"),
    ASKED: ("<u4", "<u4", "<f8"),
    TABLE: ("<u4", "<f8"),
}
SCHEMA = pa.schema(
    [
        ("goes", pa.int32()),
        ("piece", pa.int32()),
        ("block", pa.int32()),
        ("what", pa.int32()),
        ("parts", pa.list_(pa.binary())),
    ]
)


class Parcel(NamedTuple):
    """Arrays for a task, or for who asked.

    Attributes:
        goes: The wave in which it is needed; `ANSWER` for none.
        piece: The piece that it is for, or that it comes from if it is an answer.
        block: The block of origins that it is about; 0 unless origins are divided.
        what: `PIECE`: see `stannary.engines.spark.pieces.Piece`. `VECTORS`: nodes, where the shares of each begin
            and one more, ids, shares. `ASKED`: questions, nodes, amounts. `TABLE`: nodes, and a row of shares each.
        parts: The arrays.
    """

    goes: int
    piece: int
    block: int
    what: int
    parts: tuple[Numbers, ...]


def batch_of(parcels: Iterable[Parcel]) -> pa.RecordBatch:
    """Put parcels into rows."""
    rows = [
        {
            "goes": one.goes,
            "piece": one.piece,
            "block": one.block,
            "what": one.what,
            "parts": [
                np.ascontiguousarray(part, form).tobytes()
                for form, part in zip(_FORMS[one.what], one.parts, strict=True)
            ],
        }
        for one in parcels
    ]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def parcels_in(batch: Any) -> Iterator[Parcel]:
    """Read parcels from rows; `goes` may be missing, because what arrives has arrived."""
    columns = {
        name: batch.column(batch.schema.get_field_index(name))
        for name in ("piece", "block", "what")
    }
    numbers = {name: column.to_pylist() for name, column in columns.items()}
    parts = batch.column(batch.schema.get_field_index("parts"))
    for row in range(batch.num_rows):
        what = numbers["what"][row]
        arrays = tuple(
            np.frombuffer(part.as_buffer(), form)
            for form, part in zip(_FORMS[what], parts[row].values, strict=True)
        )
        yield Parcel(ANSWER, numbers["piece"][row], numbers["block"][row], what, arrays)


def write(parcels: Iterable[Parcel], path: Path) -> None:
    """Keep parcels in a file of their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(
        path, SCHEMA, compression="none", use_dictionary=False, write_statistics=False
    ) as file:
        for one in parcels:
            file.write_batch(batch_of([one]))


def read(paths: Iterable[Path]) -> Iterator[Parcel]:
    """Read parcels from files."""
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1):
                yield from parcels_in(batch)

"""Two tables of predictions for the same people, as they come from other programs.

usage: make_table.py <folder> [<rows>]

before.parquet, after.parquet: ids of 36 characters in a different order in each, race, gender, label and guess as
dictionary columns whose dictionaries are in a different order in each row group; before.csv: the same as the former.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

RACES = ["Black", "East Asian", "Indian", "Latino_Hispanic", "Middle Eastern", "Southeast Asian", "White"]
GENDERS = ["Female", "Male"]
LABELS = ["anger", "contempt", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]
ROW_GROUP = 1_000_000


def random_ids(draw: np.random.Generator, rows: int) -> np.ndarray:
    """Rows x 36 characters, 8-4-4-4-12 hexadecimal digits."""
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    ids = np.full((rows, 36), ord("-"), dtype=np.uint8)
    places = [i for i in range(36) if i not in (8, 13, 18, 23)]
    for begin in range(0, rows, ROW_GROUP):
        part = ids[begin : begin + ROW_GROUP]
        part[:, places] = digits[draw.integers(0, 16, (len(part), 32), dtype=np.uint8)]
    return ids


def text_array(ids: np.ndarray) -> pa.Array:
    offsets = np.arange(0, 36 * (len(ids) + 1), 36, dtype=np.int32)
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(ids)))


def dictionary(draw: np.random.Generator, codes: np.ndarray, levels: list[str]) -> pa.Array:
    """The column with its dictionary in an order of its own."""
    order = draw.permutation(len(levels))
    place = np.argsort(order).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(place[codes]), pa.array([levels[i] for i in order]))


def write(folder: Path, name: str, draw: np.random.Generator, ids: np.ndarray, columns: dict, csv: bool) -> None:
    order = draw.permutation(len(ids))
    parquet, text = None, None
    for begin in range(0, len(ids), ROW_GROUP):
        rows = order[begin : begin + ROW_GROUP]
        part = pa.table(
            {"id": text_array(ids[rows])}
            | {key: dictionary(draw, codes[rows], levels) for key, (codes, levels) in columns.items()}
        )
        parquet = parquet or pa.parquet.ParquetWriter(folder / f"{name}.parquet", part.schema)
        parquet.write_table(part, row_group_size=ROW_GROUP)
        if csv:
            plain = part.cast(pa.schema([(key, pa.string()) for key in part.column_names]))
            options = pa.csv.WriteOptions(quoting_style="needed")
            text = text or pa.csv.CSVWriter(folder / f"{name}.csv", plain.schema, write_options=options)
            text.write_table(plain)
    parquet.close()
    if text:
        text.close()


def main() -> None:
    folder, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    draw = np.random.default_rng(1)
    ids = random_ids(draw, rows)
    race = draw.choice(len(RACES), rows, p=[0.15, 0.14, 0.14, 0.15, 0.1, 0.12, 0.2]).astype(np.int8)
    gender = draw.integers(0, len(GENDERS), rows, dtype=np.int8)
    label = draw.integers(0, len(LABELS), rows, dtype=np.int8)
    for name, skill in [("before", 0.60), ("after", 0.62)]:
        right = draw.random(rows) < skill + 0.01 * race - 0.02 * gender
        guess = np.where(right, label, draw.integers(0, len(LABELS), rows, dtype=np.int8)).astype(np.int8)
        columns = {
            "race": (race, RACES),
            "gender": (gender, GENDERS),
            "label": (label, LABELS),
            "guess": (guess, LABELS),
        }
        write(folder, name, draw, ids, columns, csv=name == "before")


if __name__ == "__main__":
    main()

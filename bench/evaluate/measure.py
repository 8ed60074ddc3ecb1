"""Checks evenface's counts against DuckDB's, then prints times, peak memory and ratios.

usage: measure.py <build> <folder of make_table.py>
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

REPEATS = 5
COLUMNS = ["race", "gender", "label", "guess"]
FLAGS = ["--id", "id", "--truth", "label", "--predicted", "guess", "--by", "race,gender", "--json", "--threads", "2"]


# A process begins with the peak memory of the one that starts it, so a small one must do that.
MEASURE = """
import os, subprocess, sys, time
begin = time.perf_counter()
child = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(child.pid, 0)
print(time.perf_counter() - begin, usage.ru_maxrss / 1024, file=sys.stderr)
sys.exit(status != 0)
"""


def run(command: list) -> tuple[str, float, float]:
    """Its output, seconds and peak memory in MiB."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *map(str, command)], capture_output=True, text=True, check=True
    )
    seconds, peak = done.stderr.split()[-2:]
    return done.stdout, float(seconds), float(peak)


def best(acts: dict[str, Callable]) -> dict[str, float]:
    """The shortest of several times of each, in turn, so that all meet the same machine."""
    seconds = {name: [] for name in acts}
    for _ in range(REPEATS):
        for name, act in acts.items():
            begin = time.perf_counter()
            own = act()
            seconds[name].append(own if isinstance(own, float) else time.perf_counter() - begin)
    return {name: min(times) for name, times in seconds.items()}


def show(title: str, seconds: dict[str, float], notes: dict[str, str] | None = None) -> None:
    own = seconds["evenface"]
    print(f"\n{title}")
    for name, value in seconds.items():
        ratio = "" if name == "evenface" else f"   {value / own:6.2f} times evenface's"
        print(f"  {name:<10} {value:7.3f} s{ratio}{(notes or {}).get(name, '')}")


def count_by_duckdb(database: duckdb.DuckDBPyConnection, file: Path) -> dict:
    rows = database.execute(f"select {', '.join(COLUMNS)}, count(*) from '{file}' group by all").fetchall()
    return {tuple(row[:4]): row[4] for row in rows}


def check_counts(count: Path, file: Path, expected: dict) -> None:
    found = json.loads(run([count, file, 2, 1])[0])["counts"]
    assert {tuple(row[:4]): row[4] for row in found} == expected, f"counts of {file} differ"


def check_evaluation(text: str, expected: dict) -> None:
    for group in json.loads(text)["groups"]:
        own = {key: n for key, n in expected.items() if f"{key[0]} {key[1]}" == group["name"]}
        assert group["n"] == sum(own.values()), group
        assert group["correct"] == sum(n for key, n in own.items() if key[2] == key[3]), group


PAIRS = """select a.race || ' ' || a.gender, count(*), count(*) filter (a.label = a.guess and b.label != b.guess),
  count(*) filter (a.label != a.guess and b.label = b.guess) from '{}' a join '{}' b using (id) group by all"""


def check_comparison(text: str, expected: list[tuple]) -> None:
    found = {(g["name"], g["n"], round(g["lost"]), round(g["won"])) for g in json.loads(text)["groups"]}
    assert found == set(expected), "compare and DuckDB count different flips"


def main() -> None:
    build, folder = Path(sys.argv[1]), Path(sys.argv[2])
    evenface, count = build / "bin/evenface", next(build.rglob("bench_count"))
    before, after, csv = folder / "before.parquet", folder / "after.parquet", folder / "before.csv"
    database = duckdb.connect(config={"threads": 2})
    expected = count_by_duckdb(database, before)
    rows = sum(expected.values())
    check_counts(count, before, expected)
    check_counts(count, csv, expected)

    peak = {}

    def own(name: str, command: list, check: Callable) -> Callable:
        def act() -> float:
            text, seconds, peak[name] = run(command)
            check(text)
            return seconds

        return act

    def counted(file: Path) -> Callable:
        return lambda: min(json.loads(run([count, file, 2, 3])[0])["seconds"])

    counts = best(
        {
            "evenface": counted(before),
            "DuckDB": lambda: count_by_duckdb(database, before),
            "Polars": lambda: pl.scan_parquet(before).group_by(COLUMNS).len().collect(),
            "pandas": lambda: pd.read_parquet(before, columns=COLUMNS).groupby(COLUMNS, observed=True).size(),
        }
    )
    show(f"counts of {rows:,} rows of Parquet by race, gender, label and guess", counts)

    unique = f"select count(distinct id) = count(*) from '{before}'"
    whole = best(
        {
            "evenface": own(
                "evaluate", [evenface, "evaluate", before, *FLAGS], lambda t: check_evaluation(t, expected)
            ),
            "DuckDB": lambda: (count_by_duckdb(database, before), database.execute(unique).fetchall()),
            "Polars": lambda: pl.read_parquet(before).select(pl.col("id").n_unique()),
        }
    )
    show("evaluate: counts, the check that ids are unique and all statistics (the others: counts and the check)", whole)
    print(f"  peak memory of evenface {peak['evaluate']:.0f} MiB")

    pairs = database.execute(PAIRS.format(before, after)).fetchall()
    joined = best(
        {
            "evenface": own(
                "compare", [evenface, "compare", before, after, *FLAGS], lambda t: check_comparison(t, pairs)
            ),
            "DuckDB": lambda: database.execute(PAIRS.format(before, after)).fetchall(),
        }
    )
    show("compare: two files in different order, all statistics (DuckDB: the join and its counts)", joined)
    print(f"  peak memory of evenface {peak['compare']:.0f} MiB")

    text = best(
        {
            "evenface": own("csv", [evenface, "evaluate", csv, *FLAGS], lambda t: check_evaluation(t, expected)),
            "Polars": lambda: pl.read_csv(csv).group_by(COLUMNS).len(),
            "DuckDB": lambda: count_by_duckdb(database, csv),
        }
    )
    show(f"evaluate of the same as CSV, {csv.stat().st_size / 1e6:.0f} MB (the others: counts)", text)
    print(f"  peak memory of evenface {peak['csv']:.0f} MiB")
    only = best({"evenface": counted(csv), "Polars": lambda: pl.scan_csv(csv).group_by(COLUMNS).len().collect()})
    show("counts of the CSV alone", only)


if __name__ == "__main__":
    main()

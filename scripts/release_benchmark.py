"""Measure ``shuttle build``: of the dataset, and of a large table against bare polars writing it as CSV and Parquet.

The large table is that of ``scripts.growth``. A release holds much more than CSV and Parquet, and is validated before
it is built and once more as a whole before it is put in place; the ratio says what all of that costs. Each measurement
is a fresh process, which tells how long its imports took apart from the work, and its peak memory.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from scripts.growth import Measured, apart, in_turns, timed, write_package

ROOT = Path(__file__).parents[1]
LIMIT_SECONDS = 15  # for the dataset, imports included
_BARE, _OURS = "polars, read and write as CSV and Parquet", "shuttle build"
_IMPORTS = {
    _BARE: "import polars as pl",
    _OURS: "import pandera.backends.polars.builtin_checks, pandera.polars\nfrom shuttle_diplomacy.cli.main import main",
}
_WORK = {
    _BARE: """
types = {'day': pl.Date, 'amount': pl.Float64, 'count': pl.Int64, 'open': pl.Boolean}
frame = pl.read_csv('t.csv', schema_overrides=types)
frame.write_csv('again.csv')
frame.write_parquet('again.parquet')
""",
    _OURS: "assert main(['build', '.', '--out', 'dist']) == 0",
}


def write_versioned(folder: Path, rows: int) -> None:
    """Write the large package with what a release asks of it: a version."""
    write_package(folder, rows)
    file = folder / "datapackage.json"
    file.write_text(file.read_text(encoding="utf-8").replace("{", '{"version": "1.0.0", ', 1), encoding="utf-8")


def of_dataset(runs: int) -> Measured:
    """Return what a build of the dataset needs, at best."""
    with tempfile.TemporaryDirectory() as folder:
        work = f"assert main(['build', {str(ROOT / 'datapackage')!r}, '--out', {str(Path(folder, 'dist'))!r}]) == 0"
        return in_turns({_OURS: partial(timed, _IMPORTS[_OURS], work, ROOT)}, runs)[_OURS]


def of_rows(rows: int, runs: int) -> dict[str, Measured]:
    """Return what both sides need for so many rows, at best."""
    with tempfile.TemporaryDirectory() as folder:
        apart("scripts.release_benchmark", "write_versioned", folder, rows)
        tasks = {name: partial(timed, _IMPORTS[name], _WORK[name], Path(folder)) for name in _WORK}
        return in_turns(tasks, runs)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return 0 if the dataset is built in time, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000], help="sizes to measure")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side, in turns; the best counts (default: 3)")
    options = parser.parse_args(argv)
    print("| what | side | imports, s | work, s | to bare polars | peak, MB |")
    print("|---|---|--:|--:|--:|--:|")
    dataset = of_dataset(options.runs)
    print(_line("the dataset", _OURS, dataset, ""), flush=True)
    for rows in options.rows:
        found = of_rows(rows, options.runs)
        for side, measured in found.items():
            print(_line(f"{rows:,} rows", side, measured, f"{measured.work / found[_BARE].work:.1f}"), flush=True)
    seconds = dataset.imports + dataset.work
    kept = seconds < LIMIT_SECONDS
    print(f"\nThe dataset in {seconds:.1f} s, promised: under {LIMIT_SECONDS} s: {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


def _line(what: str, side: str, measured: Measured, ratio: str) -> str:
    figures = f"{measured.imports:.2f} | {measured.work:.2f} | {ratio} | {measured.peak / 1e6:,.0f}"
    return f"| {what} | {side} | {figures} |"


if __name__ == "__main__":
    sys.exit(main())

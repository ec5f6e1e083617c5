"""Measure ``shuttle diff`` of two large packages against a bare typed read of both tables by polars.

Each side has the table of ``scripts.growth``. Of a hundred rows of the old side one has another cell in the new one, of
a thousand one is gone and one is new. Each measurement is a fresh process, which tells how long its imports took apart
from the work, and its peak memory. Nothing here is a test: the numbers are printed as a Markdown table; what was found
is compared with what was changed.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from scripts.growth import apart, in_turns, timed, write_package

_BARE, _OURS = "polars, bare typed read of both", "shuttle diff"
_CHANGED, _GONE = 100, 1000  # one row in so many
_IMPORTS = {
    _BARE: "import polars as pl",
    _OURS: """
import json, polars
from shuttle_diplomacy.review.comparing import compare
from shuttle_diplomacy.review.rendering import render
from shuttle_diplomacy.review.revisions import opened
from shuttle_diplomacy.review.semver import judge
""",
}
_WORK = {
    _BARE: """
types = {'day': pl.Date, 'amount': pl.Float64, 'count': pl.Int64, 'open': pl.Boolean}
assert [pl.read_csv(f'{side}/t.csv', schema_overrides=types).height for side in ('old', 'new')] == [ROWS, ROWS]
""",
    _OURS: """
with opened('old') as old, opened('new') as new:
    difference = compare(old, new)
told = json.loads(render(difference, judge(difference), 'json', None))
counts = {table['name']: table['counts'] for table in told['tables']}['t']
found = [counts[kind] for kind in ('added', 'removed', 'changed')]
assert found == EXPECTED, found
""",
}


def write_sides(folder: Path, rows: int) -> None:
    """Write the packages ``old`` and ``new`` with so many rows each."""
    import polars as pl

    for side in ("old", "new"):
        (folder / side).mkdir()
        write_package(folder / side, rows)
    number = pl.int_range(pl.len())
    gone = number % _GONE == _GONE - 1
    other = pl.concat_str(pl.lit("n"), pl.col("id").str.slice(1))
    frame = pl.read_csv(folder / "new" / "t.csv", infer_schema=False).with_columns(
        id=pl.when(gone).then(other).otherwise("id"),
        link=pl.when(gone).then(pl.format("{}/new", "link")).otherwise("link"),
        count=pl.when(number % _CHANGED == 0).then(pl.lit("777")).otherwise("count"),
    )
    frame.write_csv(folder / "new" / "t.csv", quote_style="never")


def lines(rows: int, runs: int) -> Iterator[str]:
    """Yield the lines of the table for one number of rows a side; of several runs the best counts, taken in turns."""
    with tempfile.TemporaryDirectory() as folder:
        apart("scripts.diff_benchmark", "write_sides", folder, rows)
        size = sum(file.stat().st_size for file in Path(folder).glob("*/t.csv"))
        moved = rows // _GONE
        facts = {"ROWS": str(rows), "EXPECTED": str([moved, moved, -(-rows // _CHANGED)])}
        measures = {}
        for name, work in _WORK.items():
            for key, value in facts.items():
                work = work.replace(key, value)  # noqa: PLW2901
            measures[name] = partial(timed, _IMPORTS[name], work, Path(folder))
        best = in_turns(measures, runs)
    for name, measured in best.items():
        yield (
            f"| {rows:,} | {size / 1e6:,.1f} | {name} | {measured.imports:.2f} | {measured.work:.3f} "
            f"| {measured.work / best[_BARE].work:.1f} | {measured.peak / 1e6:,.0f} |"
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000], help="rows a side to measure")
    parser.add_argument("--runs", type=int, default=5, help="runs of each side, in turns")
    options = parser.parse_args(argv)
    print("| rows a side | MB | tool | imports, s | work, s | to a bare read | peak, MB |")
    print("|--:|--:|---|--:|--:|--:|--:|")
    for rows in options.rows:
        for line in lines(rows, options.runs):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Measure what the project promises about speed: each figure as a ratio to its neighbour in the same run.

Every measurement is a fresh process; the two sides of a comparison take turns, and medians are compared, so that a
busy machine slows both. Nothing here is a test: the numbers are printed, with the promise beside them.

The second table has every table and view: what ``load`` takes in a process that has imported polars and nothing else,
beside ``polars.read_csv`` and ``polars.read_parquet`` of the same table in a release, each in a process of its own.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PACKAGE = "datapackage/datapackage.json"
SMALL = "tests/data/lists/datapackage.json"
RULES_LIMIT_MS = 300
LOAD_LIMIT_MS = 150


@dataclass(frozen=True)
class Comparison:
    """Two commands and what is promised of them.

    Attributes:
        name: what is compared.
        base: the command to compare with.
        ours: our command.
        promise: the promise in words.
        limit_ms: the difference allowed, in milliseconds.
    """

    name: str
    base: list[str]
    ours: list[str]
    promise: str
    limit_ms: float


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


COMPARISONS = [
    Comparison(
        "import shuttle_diplomacy", _python("pass"), _python("import shuttle_diplomacy"), "under 40 ms over Python", 40
    ),
    Comparison(
        "shuttle validate of a small package",
        [str(BIN / "frictionless"), "validate", SMALL],
        [str(BIN / "shuttle"), "validate", SMALL],
        "no longer than frictionless validate",
        0,
    ),
    Comparison(
        "shuttle validate (all tables and rules)",
        [str(BIN / "frictionless"), "validate", PACKAGE],
        [str(BIN / "shuttle"), "validate"],
        "no longer than frictionless validate",
        0,
    ),
]


def seconds(command: list[str]) -> float:
    """Return how long a command takes, in seconds.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    # Each side as it is installed: with its bytecode, which the warm-up writes.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


def measure(comparison: Comparison, runs: int) -> tuple[float, float]:
    """Return the medians of both sides in milliseconds, after one warm-up each."""
    seconds(comparison.base)
    seconds(comparison.ours)
    pairs = [(seconds(comparison.base), seconds(comparison.ours)) for _ in range(runs)]
    base, ours = zip(*pairs, strict=True)
    return 1000 * statistics.median(base), 1000 * statistics.median(ours)


def after_polars_ms(code: str, site: Path) -> float:
    """Return how long a line takes in a new process that has imported polars, in milliseconds.

    Args:
        code: the line.
        site: where the wheel was unpacked, as an installer does.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    timed = f"import time, polars as pl; t = time.perf_counter(); {code}; print(1000 * (time.perf_counter() - t))"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(site)
    done = subprocess.run(_python(timed), cwd=ROOT, check=True, capture_output=True, env=environment, text=True)
    return float(done.stdout)


def loads(release: Path, site: Path, runs: int) -> Iterator[tuple[str, int, list[float]]]:
    """Yield for each table and view its rows and the medians of ``load``, ``read_csv`` and ``read_parquet``, in ms."""
    import shuttle_diplomacy as sd

    after_polars_ms("import shuttle_diplomacy as sd; sd.load(sd.tables()[-1])", site)  # writes the bytecode
    for name in sd.tables():
        lines = [
            f"import shuttle_diplomacy as sd; sd.load({name!r})",
            f"pl.read_csv({str(release / 'data' / f'{name}.csv')!r})",
            f"pl.read_parquet({str(release / 'data' / f'{name}.parquet')!r})",
        ]
        rounds = [[after_polars_ms(line, site) for line in lines] for _ in range(runs)]
        yield name, sd.load(name).height, [statistics.median(each) for each in zip(*rounds, strict=True)]


def print_loads(runs: int) -> bool:
    """Print what loading takes, table by table, from a wheel and a release built for it; return whether all keep it."""
    with tempfile.TemporaryDirectory() as folder:
        out, wheels, site = (Path(folder, name) for name in ("dist", "wheels", "site"))
        subprocess.run([str(BIN / "shuttle"), "build", "--out", str(out)], cwd=ROOT, check=True, capture_output=True)
        build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(wheels), str(ROOT)]
        subprocess.run(build, check=True, capture_output=True)
        shutil.unpack_archive(next(wheels.iterdir()), site, "zip")
        (release,) = (path for path in out.iterdir() if path.is_dir())
        print("\n| table or view | rows | load, ms | read_csv, ms | read_parquet, ms | promise | kept |")
        print("|---|--:|--:|--:|--:|---|---|")
        kept = True
        for name, rows, times in loads(release, site, runs):
            good = times[0] <= LOAD_LIMIT_MS
            kept = kept and good
            figures = " | ".join(f"{milliseconds:.0f}" for milliseconds in times)
            promise = f"under {LOAD_LIMIT_MS} ms over importing polars"
            print(f"| `{name}` | {rows:,} | {figures} | {promise} | {'yes' if good else 'NO'} |", flush=True)
    return kept


def rules_ms(runs: int) -> float:
    """Return the median time, in milliseconds, of all rules over the dataset as it is in memory."""
    from shuttle_diplomacy.dataset.bundled import bundled, configuration
    from shuttle_diplomacy.tabular.package_tables import relations
    from shuttle_diplomacy.tabular.reader import read_table
    from shuttle_diplomacy.tabular.views import read_views
    from shuttle_diplomacy.validation.rules import TableData, read_rules, run_rules

    package = bundled().package
    frames = {name: read_table(package.resource(name))[0] for name in package.tables}
    tables = {name: TableData(frame, frame.with_row_index("row")["row"]) for name, frame in frames.items()}
    rules, views = read_rules(configuration().rules), read_views(configuration().views)
    taken = []
    for _ in range(runs):
        sql = relations(package, frames, views)
        started = time.perf_counter()
        run_rules(package, rules, sql, tables, {})
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; return 0 if every promise is kept in this run, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9, help="runs of each side (default: 9)")
    options = parser.parse_args(argv)
    if shutil.which("frictionless", path=str(BIN)) is None:
        parser.error("frictionless is not installed; run: make")
    kept = True
    print("| what | base, ms | ours, ms | difference, ms | ratio | promise | kept |")
    print("|---|---|---|---|---|---|---|")
    for comparison in COMPARISONS:
        base, ours = measure(comparison, options.runs)
        good = ours - base <= comparison.limit_ms
        kept = kept and good
        figures = f"{base:.0f} | {ours:.0f} | {ours - base:+.0f} | {ours / base:.2f}"
        print(f"| {comparison.name} | {figures} | {comparison.promise} | {'yes' if good else 'NO'} |")
    rules = rules_ms(options.runs)
    good = rules < RULES_LIMIT_MS
    kept = kept and good
    print(
        f"| all rules, tables in memory | | {rules:.0f} | | | under {RULES_LIMIT_MS} ms | {'yes' if good else 'NO'} |"
    )
    kept = print_loads(options.runs) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

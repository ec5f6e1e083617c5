"""Measure validation of a large table as it grows: ours, a bare typed read by polars, frictionless, fairspec.

Each measurement is a fresh process, which tells how long its imports took apart from the work, and its peak memory.
The table has eight columns, a primary key, a foreign key and constraints. Nothing here is a test: the numbers are
printed as a Markdown table, each with its ratio to the bare read of the same run.

fairspec needs Python 3.12 and is asked only where ``SHUTTLE_FAIRSPEC`` names its command.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ROOT = Path(__file__).parents[1]
STEP = 2_000_000
CODES = range(1000, 10000)
KINDS = ("summit", "call", "visit", "talks")
FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "string", "constraints": {"required": True}},
    {"name": "code", "type": "string", "constraints": {"pattern": "[A-Z]{2}-[0-9]{4}"}},
    {"name": "kind", "type": "string", "constraints": {"enum": list(KINDS)}},
    {"name": "day", "type": "date", "constraints": {"minimum": "2000-01-01"}},
    {"name": "amount", "type": "number", "constraints": {"minimum": 0}},
    {"name": "count", "type": "integer", "constraints": {"minimum": 0, "maximum": 1000}},
    {"name": "open", "type": "boolean"},
    {"name": "link", "type": "string", "format": "uri"},
]

# What each process does: import, then work, and print the two times.
_TIMED = """
import time
started = time.perf_counter()
{imports}
imported = time.perf_counter()
{work}
print({{"imports": imported - started, "work": time.perf_counter() - imported}})
"""
_BARE, _OURS, _FRICTIONLESS = "polars, bare typed read", "shuttle", "frictionless"
_IMPORTS = {
    _BARE: "import polars as pl",
    _OURS: """
import pandera.backends.polars.builtin_checks, pandera.polars, polars
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.validation.pipeline import validate
""",
    _FRICTIONLESS: "from frictionless import Package",
}
_WORK = {
    _BARE: """
types = {'day': pl.Date, 'amount': pl.Float64, 'count': pl.Int64, 'open': pl.Boolean}
assert pl.read_csv('t.csv', schema_overrides=types).height == ROWS
""",
    _OURS: "report = validate(open_package('.'))\nassert report.valid and report.tasks[0].rows == ROWS",
    _FRICTIONLESS: "assert Package('datapackage.json').validate().valid",
}
_FAIRSPEC = "fairspec, imports included"


@dataclass(frozen=True)
class Measured:
    """One measurement: seconds of imports and of work, and the peak of resident memory in bytes."""

    imports: float
    work: float
    peak: int


def write_package(folder: Path, rows: int) -> None:
    """Write a package of two tables, the large one with so many rows."""
    import polars as pl

    with (folder / "t.csv").open("wb") as file:
        file.write(b"id,code,kind,day,amount,count,open,link\n")
        for start in range(0, rows, STEP):
            _part(pl.int_range(start, min(rows, start + STEP), eager=True)).write_csv(
                file, include_header=False, quote_style="never"
            )
    codes = "".join(f"AB-{number}\n" for number in CODES)
    (folder / "p.csv").write_text(f"code\n{codes}", encoding="utf-8")
    foreign = {"fields": ["code"], "reference": {"resource": "p", "fields": ["code"]}}
    parent = {"fields": [{"name": "code", "type": "string"}], "primaryKey": ["code"]}
    schema = {"fields": FIELDS, "primaryKey": ["id"], "foreignKeys": [foreign]}
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "growth",
        "resources": [_resource("t", schema), _resource("p", parent)],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "fairspec.json").write_text(json.dumps(_for_fairspec()), encoding="utf-8")


def _for_fairspec() -> dict[str, object]:
    """Return the schema of the large table in fairspec's terms, which are those of JSON Schema."""
    types = {"date": {"type": "string", "format": "date"}, "uri": {"type": "string", "format": "url"}}
    properties = {}
    for field in FIELDS:
        kind = types.get(str(field.get("format", field["type"])), {"type": field["type"]})
        rules = dict(field.get("constraints", {}))
        rules.pop("required", None)
        properties[field["name"]] = kind | (rules if field["type"] != "date" else {})
    return {"required": ["id"], "primaryKey": ["id"], "properties": properties}


def _resource(name: str, schema: dict[str, object]) -> dict[str, object]:
    return {"name": name, "type": "table", "path": f"{name}.csv", "encoding": "utf-8", "schema": schema}


def _part(number: "pl.Series") -> "pl.DataFrame":
    import polars as pl

    frame = number.alias("n").to_frame()
    n = pl.col("n")
    return frame.select(
        id=pl.format("r{}", n.cast(pl.String).str.zfill(9)),
        code=pl.format("AB-{}", n % len(CODES) + CODES[0]),
        kind=(n % len(KINDS)).replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String),
        day=(pl.date(2020, 1, 1) + pl.duration(days=n % 3000)).dt.to_string("%Y-%m-%d"),
        amount=((n % 100000) / 100).cast(pl.String),
        count=(n % 500).cast(pl.String),
        open=(n % 2 == 0).cast(pl.String),
        link=pl.format("https://archive.example.org/records/page/{}", n),
    )


def measure(name: str, folder: Path, rows: int) -> Measured:
    """Return what one tool needs for the package of a folder.

    Raises:
        RuntimeError: the tool failed, or did not find the package valid.
    """
    if name == _FAIRSPEC:
        fairspec = os.environ["SHUTTLE_FAIRSPEC"]
        whole, peak, _ = _run([fairspec, "table", "validate", "t.csv", "--schema", "fairspec.json"], folder)
        return Measured(0, whole, peak)
    return timed(_IMPORTS[name], _WORK[name].replace("ROWS", str(rows)), folder)


def timed(imports: str, work: str, folder: Path) -> Measured:
    """Return what lines of Python need in a process of their own, in a folder.

    Raises:
        RuntimeError: they failed.
    """
    _, peak, printed = _run([sys.executable, "-c", _TIMED.format(imports=imports, work=work)], folder)
    times = json.loads(printed.replace("'", '"'))
    return Measured(times["imports"], times["work"], peak)


def in_turns(measures: Mapping[str, Callable[[], Measured]], runs: int) -> dict[str, Measured]:
    """Return the best of several measurements of each kind, taken in turns."""
    found = [{name: measure() for name, measure in measures.items()} for _ in range(runs)]
    return {name: min((turn[name] for turn in found), key=lambda m: m.work) for name in measures}


def _run(command: list[str], folder: Path) -> tuple[float, int, str]:
    """Return seconds, peak memory in bytes and the last line printed of a command.

    Raises:
        RuntimeError: it failed.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode(errors="replace").strip().splitlines()[-1:]
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {printed}")
    return time.perf_counter() - started, usage.ru_maxrss * 1024, printed[0] if printed else ""


def apart(module: str, function: str, folder: str, rows: int) -> None:
    """Write files in another process: what this one needs would count as the least that its children have needed."""
    code = f"import pathlib, sys, {module} as m; m.{function}(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"
    subprocess.run([sys.executable, "-c", code, folder, str(rows)], cwd=ROOT, check=True)


def lines(rows: int, tools: Sequence[str], runs: int) -> Iterator[str]:
    """Yield the lines of the table for one number of rows; of several runs the best counts, taken in turns."""
    with tempfile.TemporaryDirectory() as folder:
        apart("scripts.growth", "write_package", folder, rows)
        size = (Path(folder) / "t.csv").stat().st_size
        found: dict[str, list[Measured]] = {tool: [] for tool in tools}
        for number in range(runs):
            for tool in tools:
                if number == 0 or tool != _FRICTIONLESS:  # it takes a minute a million rows
                    found[tool].append(measure(tool, Path(folder), rows))
    best = {tool: min(measured, key=lambda m: m.work) for tool, measured in found.items()}
    bare = best[tools[0]].work
    for tool, measured in best.items():
        yield (
            f"| {rows:,} | {size / 1e6:,.1f} | {tool} | {measured.imports:.2f} | {measured.work:.3f} "
            f"| {measured.work / bare:.1f} | {measured.peak / 1e6:,.0f} |"
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000], help="sizes to measure")
    parser.add_argument("--runs", type=int, default=5, help="runs of each tool, in turns (frictionless: one)")
    parser.add_argument(
        "--frictionless-rows", type=int, default=1_000_000, help="up to how many rows frictionless is asked"
    )
    options = parser.parse_args(argv)
    print("| rows | MB | tool | imports, s | work, s | to a bare read | peak, MB |")
    print("|--:|--:|---|--:|--:|--:|--:|")
    for rows in options.rows:
        tools = [tool for tool in _WORK if tool != _FRICTIONLESS or rows <= options.frictionless_rows]
        tools += [_FAIRSPEC] if "SHUTTLE_FAIRSPEC" in os.environ else []
        for line in lines(rows, tools, options.runs):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

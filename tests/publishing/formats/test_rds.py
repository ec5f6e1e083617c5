import datetime as dt
import math
import shutil
import subprocess
import time

import polars as pl
import pyreadr
import pytest

from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.publishing.formats.rds import write_rds
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

moment = dt.datetime.fromisoformat
RELEASE = Release({"name": "zoo", "version": "1.2.0"}, "https://zoo.example/", 0)
COLUMNS = {
    "text": (["한글", "", None], pl.String, "string", ["한글", "", None]),
    "nul": (["a\0b", "x", None], pl.String, "string", ["a\ufffdb", "x", None]),
    "kind": (["b", None, "a"], pl.Enum(["b", "a", "z"]), "string", ["b", None, "a"]),
    "none": ([None, None, None], pl.Enum([]), "string", [None, None, None]),
    "i": ([1, None, -(2**31) + 1], pl.Int64, "integer", [1, None, -(2**31) + 1]),
    "big": ([2**31, None, -(2**53)], pl.Int64, "integer", [2.0**31, None, -(2.0**53)]),
    "huge": ([2**53 + 1, None, 1], pl.Int64, "integer", ["9007199254740993", None, "1"]),
    "n": ([0.1, None, math.inf], pl.Float64, "number", [0.1, None, math.inf]),
    "b": ([True, None, False], pl.Boolean, "boolean", [True, None, False]),
    "d": ([dt.date(1, 2, 3), None, dt.date(2026, 1, 2)], pl.Date, "date", ["0001-02-03", None, "2026-01-02"]),
    "m": ([moment("2026-01-02T03:00:00"), None, None], pl.Datetime("us", "UTC"), "datetime", ["2026-01-02T03:00:00Z"]),
    "l": ([["x", "y"], None, ["z"]], pl.List(pl.String), "list", ["x,y", None, "z"]),
}
FRAME = pl.DataFrame([pl.Series(name, values, dtype) for name, (values, dtype, _, _) in COLUMNS.items()])
FIELDS = [{"name": name, "type": kind} for name, (_, _, kind, _) in COLUMNS.items()]
FIELDS[9]["format"] = "%d/%m/%Y"


def written(folder, frame=FRAME, fields=FIELDS):
    file = folder / "é t.rds"
    write_rds(ReleasedTable("t", Schema({"fields": fields}), frame, "t.csv", {}), RELEASE, file)
    return file


def test_values_are_held_as_r_has_them(tmp_path):
    found = pyreadr.read_r(written(tmp_path), output_format="polars")[None].drop("rownames")
    expected = {name: [*held, None, None][:3] for name, (_, _, _, held) in COLUMNS.items()}
    assert found.cast({"kind": pl.String}).to_dict(as_series=False) == expected


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_itself_reads_the_types(tmp_path):
    asked = (
        "x <- readRDS(commandArgs(TRUE)[1]); cat(sapply(x, class), levels(x$kind), is.na(x$n), names(x), sep = '\\n')"
    )
    file = written(tmp_path)
    done = subprocess.run(["Rscript", "-e", asked, str(file)], capture_output=True, text=True, check=True)
    classes = "character character factor character integer numeric character numeric logical character character"
    expected = [*classes.split(), "character", "b", "a", "z", "FALSE", "TRUE", "FALSE", *COLUMNS]
    assert done.stdout.split("\n")[: len(expected)] == expected


def test_bytes_do_not_depend_on_the_clock(tmp_path, monkeypatch):
    first = written(tmp_path).read_bytes()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1e8)
    assert written(tmp_path).read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == ["é t.rds"]


@pytest.mark.parametrize("frame", [FRAME[:0], pl.DataFrame(), pl.DataFrame({'* "q", 한': [1], "SELECT": [2]})])
def test_any_table_is_written(tmp_path, frame):
    fields = [{"name": name, "type": COLUMNS.get(name, [None, None, "any"])[2]} for name in frame.columns]
    found = pyreadr.read_r(written(tmp_path, frame, fields), output_format="polars")[None]
    assert (found.drop("rownames", strict=False).columns, found.height) == (frame.columns, frame.height)

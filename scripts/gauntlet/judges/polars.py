"""polars: every CSV, Parquet and JSON Lines file."""

from pathlib import Path
from typing import Any

from scripts.gauntlet.reading import Table, counted, file_of, tables, text


def judge(release: Path) -> str:
    """Read every file and compare it with the CSV."""
    found = tables(release)
    for table in found:
        _judge(table)
    return f"{counted(found)}, three formats"


def _judge(table: Table) -> None:
    import polars as pl

    csv = pl.read_csv(table.formats["csv"], infer_schema=False)
    table.compare(f"CSV of {table.name!r}", csv.columns, csv.height)
    parquet = pl.read_parquet(file_of(table, "parquet"))
    table.compare(f"Parquet of {table.name!r}", parquet.columns, parquet.height, _texts(table, parquet))
    lines = file_of(table, "jsonl")
    if lines.stat().st_size == 0:  # a table without rows has no line that could name its columns
        table.compare(f"JSON Lines of {table.name!r}", table.columns, 0)
        return
    json_lines = pl.read_ndjson(lines, infer_schema_length=None)
    table.compare(f"JSON Lines of {table.name!r}", json_lines.columns, json_lines.height, _texts(table, json_lines))


def _texts(table: Table, frame: Any) -> dict[str, list[str]]:
    return {c: sorted(text(value) for value in frame[c].to_list()) for c in table.texts() if c in frame.columns}

"""pandas: every CSV, Parquet and JSON Lines file."""

import warnings
from pathlib import Path

from scripts.gauntlet.reading import Table, counted, file_of, tables, text


def judge(release: Path) -> str:
    """Read every file without a warning and compare it with the CSV."""
    warnings.simplefilter("error")
    warnings.filterwarnings(
        "ignore", message="The 'convert_dates' keyword"
    )  # it goes with pandas 4; texts need it in 3
    found = tables(release)
    for table in found:
        _judge(table)
    return f"{counted(found)}, three formats"


def _judge(table: Table) -> None:
    import pandas as pd

    csv = pd.read_csv(table.formats["csv"], dtype=str, keep_default_na=False)
    table.compare(f"CSV of {table.name!r}", csv.columns, len(csv))
    parquet = pd.read_parquet(file_of(table, "parquet"))
    texts = {c: sorted(text(v) for v in parquet[c].astype(object)) for c in table.texts() if c in parquet.columns}
    table.compare(f"Parquet of {table.name!r}", parquet.columns, len(parquet), texts)
    lines = file_of(table, "jsonl")
    if lines.stat().st_size == 0:  # a table without rows has no line that could name its columns
        table.compare(f"JSON Lines of {table.name!r}", table.columns, 0)
        return
    json_lines = pd.read_json(lines, lines=True, dtype=False)
    texts = {c: sorted(text(v) for v in json_lines[c]) for c in table.texts() if c in json_lines.columns}
    table.compare(f"JSON Lines of {table.name!r}", json_lines.columns, len(json_lines), texts)

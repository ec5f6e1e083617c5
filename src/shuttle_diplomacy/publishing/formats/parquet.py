"""Parquet files whose bytes depend on their content alone, not on the number of threads or the chunks of a frame."""

from pathlib import Path

from shuttle_diplomacy.publishing.released import Release, ReleasedTable

_LEVEL = 9
_ROWS = 1 << 18


def write_parquet(table: ReleasedTable, release: Release, file: Path) -> None:  # noqa: ARG001
    """Write a table as Parquet: zstd, statistics on, row groups of a fixed size; Enum columns stay Enum."""
    table.frame.rechunk().write_parquet(
        file, compression="zstd", compression_level=_LEVEL, statistics=True, row_group_size=_ROWS
    )

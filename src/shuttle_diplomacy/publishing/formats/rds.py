"""R's ``.rds``: a table as a data frame, written by pyreadr.

Enumerated texts are factors in their declared order, booleans logical, whole numbers integer where R's 32 bits hold
them, else double, beyond 2^53 text. R's classes of days and times are none that pyreadr writes: they are text in ISO
form, which ``as.Date`` reads. All else that a data frame has no type for is text in the lexical form of its field.
"""

import gzip
import shutil
from pathlib import Path

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.released import Release, ReleasedTable
from shuttle_diplomacy.publishing.spelling import spelt

_LEVEL = 9
_INTEGERS = (1 << 31) - 1  # the least one of 32 bits is R's NA
_EXACT = 1 << 53
_NUL = "\0"  # ends a text in R


def write_rds(table: ReleasedTable, release: Release, file: Path) -> None:  # noqa: ARG001
    """Write a table as a data frame that ``readRDS`` reads.

    Raises:
        UnsoundTableError: a column is of a type that no text is known for.
    """
    import pyreadr

    columns = [
        _held(field, table.frame[field.name]).alias(field.name.replace(_NUL, "\ufffd")) for field in table.schema.fields
    ]
    plain = file.with_name(f"{file.name}.part")
    try:
        pyreadr.write_rds(str(plain), pl.DataFrame(columns), compress=None)
        with plain.open("rb") as source, file.open("wb") as target, _compressed(target) as packed:
            shutil.copyfileobj(source, packed, 1 << 20)
    finally:
        plain.unlink(missing_ok=True)


def _compressed(target: object) -> gzip.GzipFile:
    """Return a stream that compresses and, unlike pyreadr's, states neither a name nor the time."""
    return gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=target, mtime=0)  # type: ignore[call-overload,no-any-return]


def _held(field: Field, values: pl.Series) -> pl.Series:
    """Return values as a type that pyreadr writes, without loss."""
    dtype = values.dtype
    if dtype.is_float() or dtype == pl.Boolean or (isinstance(dtype, pl.Enum) and len(dtype.categories)):
        return values
    if dtype.is_integer():
        most = max(map(abs, (int(end) for end in (values.min(), values.max()) if end is not None)), default=0)  # type: ignore[arg-type]
        if most <= _EXACT:
            return values.cast(pl.Int32 if most <= _INTEGERS else pl.Float64)
    iso = Field({"name": field.name, "type": field.type}) if dtype.is_temporal() else field
    texts = values.alias("0").to_frame().select(spelt(iso, pl.col("0"), dtype).alias("0")).to_series()
    return texts.str.replace_all(_NUL, "\ufffd", literal=True)

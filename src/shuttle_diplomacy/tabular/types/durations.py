"""Durations: those of XML Schema, as months and microseconds, and their partial order."""

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import Reading, mapped, only_default

_DURATION = (
    r"^(?P<sign>-?)P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]+))?S)?)?$"
)
DTYPE = pl.Struct({"months": pl.Int64, "microseconds": pl.Int64})
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
# XML Schema compares durations by adding them to these moments: (year, month), each the first of the month.
_MOMENTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


def duration(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a duration; fractions of a second beyond microseconds are cut.

    Examples:
        >>> reading = duration(Field({"name": "x", "type": "duration"}), pl.col("x"))
        >>> pl.DataFrame({"x": ["-P1Y2MT0.5S", "P"]}).select(reading.value)["x"].to_list()
        [{'months': -14, 'microseconds': -500000}, None]
    """
    only_default(field)
    return Reading(text, mapped(text, _durations, DTYPE), DTYPE, "a duration such as P1Y2M3DT4H5M6.7S")


def _durations(texts: pl.Series) -> pl.Series:
    groups = texts.str.extract_groups(_DURATION).struct.unnest()
    # The pattern lets pass what says nothing: no part at all, or none after the T.
    groups = groups.with_columns(sound=pl.col("sign").is_not_null() & ~texts.str.contains("[PT]$"))
    sign = pl.when(pl.col("sign") == "-").then(-1).otherwise(1).cast(pl.Int128)
    fraction = pl.col("fraction").str.slice(0, 6).str.pad_end(6, "0").cast(pl.Int128).fill_null(0)
    clock = _part("hours") * 3600 + _part("minutes") * 60 + _part("seconds")
    months = _part("years") * 12 + _part("months")
    microseconds = _part("days") * _DAY + clock * _SECOND + fraction
    amounts = groups.select(
        "sound",
        (sign * months).cast(pl.Int64, strict=False).alias("months"),
        (sign * microseconds).cast(pl.Int64, strict=False).alias("microseconds"),
    )
    sound = pl.col("sound") & pl.col("months").is_not_null() & pl.col("microseconds").is_not_null()
    return amounts.select(pl.when(sound).then(pl.struct("months", "microseconds"))).to_series()


def _part(name: str) -> pl.Expr:
    """Return a number among the groups: 0 where it is left out, null where it is too large."""
    number = pl.col(name).cast(pl.Int64, strict=False).cast(pl.Int128)
    return pl.when(pl.col(name).is_null()).then(pl.lit(0, dtype=pl.Int128)).otherwise(number)


def ends(value: pl.Expr) -> list[pl.Expr]:
    """Return where a duration leads from each of XML Schema's four moments, in microseconds, as Int128.

    One duration is longer than another if it leads further from all four; where they disagree (a month and thirty
    days) the two cannot be compared.
    """
    months = value.struct.field("months").cast(pl.Int128)
    rest = value.struct.field("microseconds").cast(pl.Int128)
    return [_days(months + year * 12 + month - 1) * _DAY + rest for year, month in _MOMENTS]


def _days(months: pl.Expr) -> pl.Expr:
    """Return the number of days before the first of a month, months being counted from year 0 (proleptic Gregorian)."""
    shifted = months - 2  # a year that begins in March has its leap day at the end
    year, month = shifted // 12, shifted % 12
    return year * 365 + year // 4 - year // 100 + year // 400 + (month * 153 + 2) // 5

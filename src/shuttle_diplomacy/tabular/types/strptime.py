"""Patterns of ``strptime`` as polars expressions, with the meaning that Python gives them.

polars' own parser has another one: it lets spaces pass, counts ``%f`` in nanoseconds and takes 69 for 1969 or 2069.
"""

import re
from collections.abc import Callable

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import FieldError

LAST_YEAR = 9999
_MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DIRECTIVES = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": "1[0-2]|0[1-9]|[1-9]",
    "d": "3[01]|[12][0-9]|0[1-9]| [1-9]|[1-9]",
    "j": "36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]",
    "H": "2[0-3]|[01][0-9]|[0-9]",
    "I": "1[0-2]|0[1-9]|[1-9]",
    "M": "[0-5][0-9]|[0-9]",
    "S": "[0-5][0-9]|[0-9]",
    "f": "[0-9]{1,6}",
    "p": "am|pm",
    "z": "[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]|Z",
    "B": "|".join(_MONTHS),
    "b": "|".join(name[:3] for name in _MONTHS),
    "A": "|".join(_DAYS),
    "a": "|".join(name[:3] for name in _DAYS),
}
_UNPADDED = re.compile(r"(?:\| ?\[[01]-9\])+$")
_OF_DATES, _OF_TIMES = set("YymdjBb"), set("HIMSfp")
_SAME = [set("Yy"), set("mBbj"), set("dj"), set("HI")]


def compile_pattern(field: Field, pattern: str, *, padded: bool = False) -> Callable[[pl.Series], pl.Series]:
    """Return what turns a column of texts into one of naive moments; with ``%z`` they are in UTC.

    Parts that the pattern does not have are those of 1900-01-01 00:00:00, as in Python.

    Args:
        field: the field, for messages and its type.
        pattern: such as ``%d/%m/%Y``.
        padded: whether numbers need their leading zeros, which Python lets go.

    Raises:
        FieldError: the pattern holds a directive that is not known or depends on the locale, says a part
            twice, or says nothing of what the type is about.

    Examples:
        >>> read = compile_pattern(Field({"name": "x", "type": "date"}), "%d/%m/%y")
        >>> read(pl.Series(["1/2/69", "31/2/20"])).dt.date().to_list()
        [datetime.date(1969, 2, 1), None]
    """
    source, found = _translated(field, pattern, padded)
    needed = {"date": _OF_DATES, "time": _OF_TIMES}.get(field.type, _OF_DATES | _OF_TIMES)
    if not needed & set(found):
        raise FieldError(
            field, f"the format {pattern!r} says nothing of a {field.type}; a pattern such as %Y is expected", "format"
        )
    for same in _SAME:
        if len(twice := sorted(same & set(found))) > 1:
            raise FieldError(
                field, f"the format {pattern!r} says the same twice, by %{twice[0]} and %{twice[1]}", "format"
            )
    if ("I" in found) != ("p" in found):
        raise FieldError(field, f"in the format {pattern!r}, %I and %p need each other", "format")

    def read(texts: pl.Series) -> pl.Series:
        groups = texts.str.extract_groups(source).struct.unnest()
        return groups.select(_moment({name: pl.col(name) for name in found})).to_series()

    return read


def _translated(field: Field, pattern: str, padded: bool) -> tuple[str, list[str]]:
    source, found, position = "", [], 0
    while position < len(pattern):
        sign = pattern[position]
        position += 1
        if sign.isspace():
            source += "" if source.endswith(r"\s+") else r"\s+"
        elif sign != "%":
            source += rf"\x{{{ord(sign):x}}}"
        else:
            directive = pattern[position : position + 1]
            position += 1
            if directive == "%":
                source += "%"
            elif directive not in _DIRECTIVES:
                known = " ".join(f"%{name}" for name in _DIRECTIVES)
                raise FieldError(
                    field, f"the format {pattern!r} has %{directive}, which is not read; known are {known}", "format"
                )
            elif directive in found:
                raise FieldError(field, f"the format {pattern!r} has %{directive} twice", "format")
            else:
                found.append(directive)
                digits = _DIRECTIVES[directive]
                source += f"(?P<{directive}>{_UNPADDED.sub('', digits) if padded else digits})"
    if not found:
        raise FieldError(
            field, f"the format {pattern!r} is neither known nor a pattern of strptime such as %d/%m/%Y", "format"
        )
    return f"(?i)^{source}$", found


def _moment(part: dict[str, pl.Expr]) -> pl.Expr:
    """Return the moment that the parts make up; null where they make up none."""

    def whole(name: str, otherwise: int) -> pl.Expr:
        return part[name].cast(pl.Int32, strict=False) if name in part else pl.lit(otherwise, dtype=pl.Int32)

    year = whole("Y", 1900)
    if "y" in part:
        short = whole("y", 0)
        year = short + pl.when(short < 69).then(2000).otherwise(1900)  # noqa: PLR2004  (POSIX)
    month = next((_position(part[name]) for name in "Bb" if name in part), whole("m", 1))
    if "d" in part:
        part["d"] = part["d"].str.strip_chars_start()
    day = whole("d", 1)
    first = part[next(iter(part))]
    iso = _midnight(year, month, day)
    if "j" in part:
        shifted = iso + pl.duration(days=whole("j", 1) - 1)
        iso = pl.when(shifted.dt.year() == iso.dt.year()).then(shifted)
    hour = whole("H", 0)
    if "I" in part:
        hour = whole("I", 12) % 12 + pl.when(part["p"].str.to_lowercase() == "pm").then(12).otherwise(0)
    fraction = part["f"].str.pad_end(6, "0").cast(pl.Int64, strict=False) if "f" in part else pl.lit(0)
    moment = iso + pl.duration(hours=hour, minutes=whole("M", 0), seconds=whole("S", 0), microseconds=fraction)
    if "z" in part:
        moment -= _offset(part["z"])
    return pl.when(first.is_not_null() & moment.dt.year().is_between(1, LAST_YEAR)).then(moment)


def _midnight(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the beginning of a day; null where there is no such day."""
    first = pl.date(year, month, 1)
    shifted = first + pl.duration(days=day - 1)
    exists = shifted.dt.month() == month
    return pl.when(exists).then(shifted).cast(pl.Datetime("us"))


def _position(name: pl.Expr) -> pl.Expr:
    short = name.str.to_lowercase().str.slice(0, 3)
    return short.replace_strict([m[:3] for m in _MONTHS], list(range(1, 13)), default=None, return_dtype=pl.Int32)


def _offset(zone: pl.Expr) -> pl.Expr:
    digits = zone.str.to_uppercase().str.replace("Z", "+0000", literal=True).str.replace(":", "", literal=True)
    hours, minutes = (digits.str.slice(start, 2).cast(pl.Int64, strict=False) for start in (1, 3))
    sign = pl.when(digits.str.starts_with("-")).then(-1).otherwise(1)
    return pl.duration(minutes=sign * (hours * 60 + minutes))

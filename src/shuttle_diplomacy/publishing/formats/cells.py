"""Typed values as cells of a spreadsheet: what Excel cannot hold exactly is text, and no text becomes anything else.

Limits are those of Excel (https://support.microsoft.com/en-us/office/excel-specifications-and-limits-
1672b34d-7043-467e-8e27-269d656771c3); characters are counted as it counts them, in UTF-16.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.spelling import spelt

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767
_EXACT = 1 << 53  # beyond, doubles leave out integers
_FIRST_YEAR = 1900  # of Excel's calendar
_MILLISECOND = 1000
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss", "time": "hh:mm:ss", "whole": "0"}


class _Exact(float):
    """A float that is written with all digits it needs: XlsxWriter writes 16, which are not enough for each."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


@dataclass
class Sheet:
    """A worksheet that is written row by row.

    Attributes:
        worksheet: XlsxWriter's worksheet.
        formats: its formats, by the names of :data:`FORMATS`, and ``quoted`` for texts that look like formulas.
        shortened: number of texts that were too long.
    """

    worksheet: "Worksheet"
    formats: "dict[str, Format]"
    shortened: int = field(default=0)

    def text(self, row: int, column: int, text: str, style: "Format | None" = None) -> None:
        """Write a text, whatever it looks like.

        A text that looks like a formula is marked as text, so that it stays one when somebody edits its cell.
        """
        if len(text) > LONGEST_TEXT // 2:
            whole, text = text, fitting(text)
            self.shortened += text != whole
        if style is None and text.startswith(_LIKE_FORMULA):
            style = self.formats["quoted"]
        if text.startswith("<r>") and text.endswith("</r>"):  # else taken for XML, and written as it is
            self.worksheet.write_rich_string(row, column, "<", "r", text[2:], *([style] if style else []))
        else:
            self.worksheet.write_string(row, column, text, style)

    def row(self, row: int, cells: tuple[Any, ...], formats: "list[Format | None]") -> None:
        """Write typed cells, each as its Python type says; null is an empty cell."""
        sheet = self.worksheet
        for column, value in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, str):
                self.text(row, column, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value, formats[column])
            else:
                sheet.write_datetime(row, column, value, formats[column])


def fitting(text: str, most: int = LONGEST_TEXT) -> str:
    """Return a text as a cell holds it: one that is too long is cut, which its end says.

    Examples:
        >>> fitting("abc", 3), fitting("a" * 50, 40)
        ('abc', 'aaaaaaaaaaaaaaaaaa… [cut, 50 characters]')
    """
    units = text.encode("utf-16-le", errors="surrogatepass")
    if len(units) <= 2 * most:
        return text
    mark = f"… [cut, {len(text):,} characters]"
    kept = units[: 2 * (most - len(mark))].decode("utf-16-le", errors="ignore")
    return kept + mark


def sound(text: str) -> str:
    """Return a text for a place in which Excel has no escapes: what XML cannot hold is replaced."""
    return _NOT_XML.sub("\ufffd", text)


def width_of(text: str) -> int:
    """Return how many digits wide a text is shown: its longest line, East Asian characters counting twice.

    Examples:
        >>> width_of("ab"), width_of("서울 x")
        (2, 6)
    """
    lines = text[:LONGEST_TEXT].split("\n")
    return max(sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line) for line in lines)


def kind_of(dtype: pl.DataType) -> str:
    """Return the name of the format in which values of a type are shown, or an empty text."""
    if dtype.is_integer():
        return "whole"
    return {pl.Date: "date", pl.Datetime: "datetime", pl.Time: "time"}.get(type(dtype), "")


def cells_of(described: Field, values: pl.Series) -> Iterator[Any]:
    """Yield values as a spreadsheet can hold them: Python's types, and texts for all that would not be exact.

    Examples:
        >>> list(cells_of(Field({"name": "n", "type": "number"}), pl.Series([1.5, float("inf"), None])))
        [1.5, 'INF', None]
    """
    dtype = values.dtype
    if dtype in {pl.Boolean, pl.String} or isinstance(dtype, pl.Enum):
        return iter(values)
    if dtype.is_integer():
        return (value if value is None or abs(value) <= _EXACT else str(value) for value in values)
    if dtype.is_float():
        return map(_number, values)
    if isinstance(dtype, pl.Datetime):
        return map(_moment, values.dt.replace_time_zone(None).dt.cast_time_unit("us"))
    if dtype == pl.Time:
        return map(_time, values)
    if dtype == pl.Date and described.type != "yearmonth":
        return (day if day is None or day.year >= _FIRST_YEAR else day.isoformat() for day in values)
    column = values.alias("0").to_frame()
    return iter(column.select(spelt(described, pl.col("0"), dtype).alias("0")).to_series())


def _number(value: float | None) -> Any:
    if value is None:
        return None
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    return _Exact(value)


def _moment(value: dt.datetime | None) -> Any:
    """Return a moment; one before Excel's calendar, or finer than its milliseconds, as a text."""
    if value is None or (value.year >= _FIRST_YEAR and not value.microsecond % _MILLISECOND):
        return value
    return value.isoformat(sep=" ")


def _time(value: dt.time | None) -> Any:
    return value if value is None or not value.microsecond % _MILLISECOND else value.isoformat()

"""One Excel workbook: a sheet that explains, one with all fields, and a sheet for each table."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.formats.cells import FORMATS, Sheet, cells_of, fitting, kind_of, sound, width_of
from shuttle_diplomacy.publishing.formats.explaining import HEADER, SheetOfTable, print_wide, write_about, write_fields
from shuttle_diplomacy.publishing.formats.sheet_names import sheet_names
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

if TYPE_CHECKING:
    from xlsxwriter import Workbook

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet, the header included
_LARGE = 1_000_000  # cells; more are not kept in memory
_SLICE = 1 << 14
_SAMPLE = 500
_WIDTHS = (9, 60)
_FROZEN = 60  # so wide may the columns be that stay in sight
_NOTE = 2000
_ALIGN = {"date": "left", "datetime": "left", "time": "left"}  # else they touch the texts of the next column


def write_workbook(release: Release, file: Path) -> None:
    """Write all tables of a release as one Excel workbook.

    Numbers, days, times and booleans are typed. Text are days before 1900, moments finer than milliseconds, whole
    numbers beyond 2^53, ``INF`` and ``NaN``, and all that Excel has no type for. Moments are in UTC.

    Raises:
        UnsoundTableError: a column is of a type that no text is known for.
    """
    from xlsxwriter import Workbook

    fitting_tables = [table for table in release.tables if _fits(table)]
    cells = max((table.frame.height * table.frame.width for table in fitting_tables), default=0)
    never = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = Workbook(str(file), {"constant_memory": cells > _LARGE, **never})
    book.set_properties(_properties(release))
    names = sheet_names([*(table.name for table in fitting_tables), "About", "Fields"])
    formats = {
        name: book.add_format({"num_format": form, "align": _ALIGN.get(name, "")}) for name, form in FORMATS.items()
    }
    formats["quoted"] = book.add_format({"quote_prefix": True})
    about, fields = (Sheet(book.add_worksheet(name), formats) for name in names[-2:])
    sheets = [
        SheetOfTable(table, name, Sheet(book.add_worksheet(name), formats))
        for table, name in zip(fitting_tables, names[:-2], strict=True)
    ]
    for sheet in sheets:
        _write_table(book, sheet.table, sheet.sheet)
    left_out = [table for table in release.tables if not _fits(table)]
    write_fields(book, fields, release.tables, sheets)
    write_about(book, about, release, sheets, left_out, names[-1])
    book.close()


def _fits(table: ReleasedTable) -> bool:
    return table.frame.height < MOST_ROWS and table.frame.width <= MOST_COLUMNS


def _properties(release: Release) -> dict[str, Any]:
    people = [c for c in release.descriptor.get("contributors") or () if isinstance(c, dict)]
    names = "; ".join(str(c["title"]) for c in people if c.get("title"))
    keywords = ", ".join(map(str, release.descriptor.get("keywords") or ()))
    texts = {
        "title": release.title,
        "subject": f"{release.name} {release.version}",
        "author": names,
        "keywords": keywords,
        "comments": release.description,
    }
    day = dt.datetime.combine(release.issued, dt.time(), tzinfo=dt.UTC)
    return {key: sound(fitting(text, 255)) for key, text in texts.items()} | {"created": day}


def _write_table(book: "Workbook", table: ReleasedTable, sheet: Sheet) -> None:
    """Write a table below a header that stays in sight, and can be filtered by it."""
    worksheet, frame, fields = sheet.worksheet, table.frame, table.schema.fields
    columns = [frame[field.name] for field in fields]
    formats = [sheet.formats.get(kind_of(column.dtype)) for column in columns]
    widths = []
    for number, field in enumerate(fields):
        sample = [str(cell) for cell in cells_of(field, columns[number][:_SAMPLE]) if cell is not None]
        longest = max([width_of(field.name) + 4, *map(width_of, sample)])
        widths.append(min(max(longest + 1, _WIDTHS[0]), _WIDTHS[1]))
        worksheet.set_column(number, number, widths[-1])
    header = book.add_format(HEADER)
    worksheet.set_row(0, 21)
    for number, field in enumerate(fields):
        sheet.text(0, number, field.name, header)
        if note := _note(field):
            box = {"x_scale": 2, "y_scale": min(1 + note.count("\n") / 5 + len(note) / 150, 6), "font_size": 9}
            worksheet.write_comment(0, number, note, box)
    worksheet.freeze_panes(1, _frozen(table, widths))
    if fields:
        worksheet.autofilter(0, 0, frame.height, len(fields) - 1)
    for start in range(0, frame.height, _SLICE):
        slices = (
            cells_of(field, column[start : start + _SLICE]) for field, column in zip(fields, columns, strict=True)
        )
        for row, cells in enumerate(zip(*slices, strict=True), start + 1):
            sheet.row(row, cells, formats)
    print_wide(worksheet)
    worksheet.repeat_rows(0)
    worksheet.set_footer("&L&A&R&P / &N")


def _note(field: Field) -> str:
    """Return what is shown beside the header of a column: title, description and type, if there is more than a type."""
    title = field.title if field.title != field.name else ""
    said = [text for text in (title, field.description) if text]
    return sound(fitting("\n".join([*said, f"({field.type})"]), _NOTE)) if said else ""


def _frozen(table: ReleasedTable, widths: list[int]) -> int:
    """Return how many columns stay in sight: those of the primary key that come first, if they are not too wide."""
    number = 0
    for field in table.schema.fields:
        if field.name not in table.schema.primary_key or sum(widths[: number + 1]) > _FROZEN:
            break
        number += 1
    return number

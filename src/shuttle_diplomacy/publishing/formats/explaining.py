"""The sheets of a workbook that explain it: what it is and holds, and what each field means."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.formats.cells import Sheet, sound, width_of
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LINE = 16  # height of a line of text
_TALLEST = 400
_LONGEST_LINK = 1000
_BLUE, _GREY = "#1F4E79", "#595959"
_TOP = {"valign": "top", "text_wrap": True}
HEADER = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "bottom_color": "#7F9DB9", "valign": "vcenter"}
_LINK = {"font_color": _BLUE, "underline": 1, "valign": "top"}
_SHEETS = {"Sheet": 30, "Title": 38, "Rows": 11, "Fields": 9, "What it is": 80}
_FIELDS = {
    "Table": 26,
    "Field": 26,
    "Title": 34,
    "Type": 14,
    "Constraints": 34,
    "Description": 60,
    "Allowed values": 60,
}
_READING = (
    "Each row of a sheet is a row of its table; point at a heading to read what the field means.",
    "An empty cell means that there is no value. Dates and times are real ones; where they have a zone it is UTC.",
    "To lose nothing, dates before 1900, times finer than a millisecond, integers beyond 2^53, INF and NaN are text.",
    "So are lists, durations and other values that spreadsheets have no type for.",
)


@dataclass(frozen=True)
class SheetOfTable:
    """A table and the sheet it is on."""

    table: ReleasedTable
    name: str
    sheet: Sheet


def link_to(name: str) -> str:
    """Return the address of a sheet within its workbook.

    Examples:
        >>> link_to("it's")
        "internal:'it''s'!A1"
    """
    return "internal:'" + name.replace("'", "''") + "'!A1"


def write_about(
    book: "Workbook",
    sheet: Sheet,
    release: Release,
    sheets: Sequence[SheetOfTable],
    left_out: Sequence[ReleasedTable],
    dictionary: str,
) -> None:
    """Write the first sheet: what the package is, its terms, its sheets, and what was changed or left out.

    Args:
        book: the workbook.
        sheet: its first sheet.
        release: the release.
        sheets: the sheets of the tables, complete.
        left_out: the tables that are too large.
        dictionary: the name of the sheet of all fields.
    """
    page, style = sheet.worksheet, _styles(book)
    page.hide_gridlines(2)
    for column, width in enumerate(_SHEETS.values()):
        page.set_column(column, column, width)
    page.set_row(0, 32)
    sheet.text(0, 0, release.title, style["title"])
    sheet.text(1, 0, f"Version {release.version}, {release.issued.isoformat()}", style["grey"])
    row = _write_terms(sheet, 3, release, style)
    row = _write_sheets(sheet, row + 1, sheets, dictionary, style)
    sheet.text(row + 1, 0, "Reading it", style["section"])
    said = [*_READING, *_changed(sheets), *_missing(left_out)]
    for line, text in enumerate(said, row + 2):
        _paragraph(sheet, line, 0, text, style["value"])
    print_wide(page)
    page.activate()


def _styles(book: "Workbook") -> dict[str, "Format"]:
    grey, blue = {"font_color": _GREY, "valign": "top"}, {"bold": True, "font_color": _BLUE}
    properties = {
        "title": {**blue, "font_size": 20},
        "section": {**blue, "font_size": 14},
        "grey": grey,
        "label": {**grey, "bold": True},
        "value": _TOP,
        "what": {**_TOP, "indent": 1},
        "number": {"num_format": "#,##0", "valign": "top"},
        "head": HEADER,
        "link": _LINK,
    }
    return {name: book.add_format(declared) for name, declared in properties.items()}


def print_wide(page: "Worksheet") -> None:
    """Let a sheet be printed on A4 pages across, as wide as one of them."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _paragraph(sheet: Sheet, row: int, first: int, text: str, style: "Format") -> None:
    """Write a text over all columns from one on, in a row that is high enough for it."""
    widths = list(_SHEETS.values())[first:]
    sheet.worksheet.merge_range(row, first, row, len(_SHEETS) - 1, "", style)
    sheet.worksheet.set_row(row, _height(text, sum(widths)))
    sheet.text(row, first, text, style)


def _write_terms(sheet: Sheet, row: int, release: Release, style: Mapping[str, "Format"]) -> int:
    """Write what there is to say of the package and return the next row."""
    terms = list(_terms(release))
    for line, (label, text) in enumerate(terms, row):
        sheet.text(line, 0, label, style["label"])
        if label == "Home" and _is_web(text):
            sheet.worksheet.write_url(line, 1, text, style["link"], text)
        else:
            _paragraph(sheet, line, 1, text, style["value"])
    return row + len(terms)


def _write_sheets(
    sheet: Sheet, row: int, sheets: Sequence[SheetOfTable], dictionary: str, style: Mapping[str, "Format"]
) -> int:
    """Write the list of sheets and return the next row."""
    sheet.text(row, 0, "Sheets", style["section"])
    for column, heading in enumerate(_SHEETS):
        sheet.text(row + 1, column, heading, style["head"])
    sheet.worksheet.write_url(row + 2, 0, link_to(dictionary), style["link"], dictionary)
    sheet.text(row + 2, 1, "All fields", style["value"])
    sheet.text(row + 2, 4, "What each field of each table means, its type, and the values it may have.", style["what"])
    for line, item in enumerate(sheets, row + 3):
        _listed(sheet, line, item, style)
    return row + 3 + len(sheets)


def _terms(release: Release) -> Iterator[tuple[str, str]]:
    if release.description:
        yield "Description", release.description
    if release.citation:
        yield "Cite as", release.citation
    licences = [item for item in release.descriptor.get("licenses") or () if isinstance(item, dict)]
    if licences:
        yield "Licence", "; ".join(map(_licence, licences))
    people = [item for item in release.descriptor.get("contributors") or () if isinstance(item, dict)]
    if names := [str(item["title"]) for item in people if item.get("title")]:
        yield "Contributors", ", ".join(names)
    if release.descriptor.get("homepage"):
        yield "Home", str(release.descriptor["homepage"])
    yield "Package", release.name


def _licence(item: Mapping[str, Any]) -> str:
    name = str(item.get("title") or item.get("name") or "")
    return f"{name} ({item['path']})" if name and item.get("path") else name or str(item.get("path", ""))


def _listed(sheet: Sheet, row: int, item: SheetOfTable, style: Mapping[str, Any]) -> None:
    table = item.table
    title = str(table.descriptor.get("title") or "")
    sheet.worksheet.write_url(row, 0, link_to(item.name), style["link"], item.name)
    for column, text, form in (1, title, "value"), (4, table.description, "what"):
        if text:
            sheet.text(row, column, text, style[form])
    sheet.worksheet.write_number(row, 2, table.frame.height, style["number"])
    sheet.worksheet.write_number(row, 3, table.frame.width, style["number"])
    shown = (table.description, _SHEETS["What it is"]), (title, _SHEETS["Title"])
    sheet.worksheet.set_row(row, max(_height(text, width) for text, width in shown))


def _changed(sheets: Sequence[SheetOfTable]) -> Iterator[str]:
    for item in sheets:
        if item.name != item.table.name:
            yield f"The table {item.table.name!r} is on the sheet {item.name!r}, as Excel would not take its own name."
        if item.sheet.shortened:
            yield (
                f"On the sheet {item.name!r}, {item.sheet.shortened:,} texts are cut at 32,767 characters, the most "
                "that a cell holds; each says so at its end. They are whole in the other formats."
            )


def _missing(left_out: Sequence[ReleasedTable]) -> Iterator[str]:
    for table in left_out:
        yield (
            f"The table {table.name!r} is not here: it has {table.frame.height:,} rows and {table.frame.width:,} "
            "columns, a sheet holds 1,048,575 below its header and 16,384. It is in the other formats."
        )


def write_fields(
    book: "Workbook", sheet: Sheet, tables: Sequence[ReleasedTable], sheets: Sequence[SheetOfTable]
) -> None:
    """Write the sheet of all fields."""
    page = sheet.worksheet
    head, plain, link = (book.add_format(style) for style in (HEADER, _TOP, _LINK))
    for column, (heading, width) in enumerate(_FIELDS.items()):
        page.set_column(column, column, width)
        sheet.text(0, column, heading, head)
    page.set_row(0, 21)
    page.freeze_panes(1, 2)
    links = {item.table.name: link_to(item.name) for item in sheets}
    row = 0
    for table in tables:
        for field in table.schema.fields:
            row += 1
            texts = [table.name, *_described(table, field)]
            page.set_row(row, max(_height(text, width) for text, width in zip(texts, _FIELDS.values(), strict=True)))
            for column, text in enumerate(texts):
                if text:
                    sheet.text(row, column, text, plain)
            if table.name in links and len(table.name) <= 255:  # noqa: PLR2004
                page.write_url(row, 0, links[table.name], link, sound(table.name))
    page.autofilter(0, 0, row, len(_FIELDS) - 1)
    print_wide(page)
    page.repeat_rows(0)


def _described(table: ReleasedTable, field: Field) -> Iterator[str]:
    yield field.name
    yield field.title if field.title != field.name else ""
    yield field.type if field.format == "default" else f"{field.type} ({field.format})"
    yield "; ".join(_constraints(table, field))
    yield field.description
    yield "\n".join(_values(field))


def _constraints(table: ReleasedTable, field: Field) -> Iterator[str]:
    if field.name in table.schema.primary_key:
        yield "primary key"
    for name, value in field.constraints.items():
        if value is True:
            yield name
        elif name != "enum" and value is not False:
            yield f"{name} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
    for key in table.schema.foreign_keys:
        if field.name in key.fields:
            target = key.reference_fields[key.fields.index(field.name)]
            yield f"refers to {f'{key.resource}.{target}' if key.resource else target}"


def _values(field: Field) -> Iterator[str]:
    listed = field.descriptor.get("categories") or []
    labels = {str(c["value"]): str(c["label"]) for c in listed if isinstance(c, dict) and c.get("label")}
    for value in map(str, field.values):
        yield f"{value}: {labels[value]}" if labels.get(value, value) != value else value


def _height(text: str, width: int) -> float:
    """Return the height that a text needs in cells of a width."""
    lines = sum(max(1, math.ceil(width_of(line) / (1.05 * width))) for line in text.split("\n"))
    return float(min(lines * _LINE, _TALLEST))


def _is_web(text: str) -> bool:
    """Return whether a text can be a link: a web address, and no longer than Excel takes."""
    return text.startswith(("https://", "http://")) and text.isascii() and len(text) <= _LONGEST_LINK

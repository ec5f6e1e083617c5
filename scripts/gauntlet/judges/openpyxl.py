"""openpyxl: every sheet of the workbook."""

from pathlib import Path

from scripts.gauntlet.reading import Fault, Table, counted, one, tables, text

_LONGEST = 32_767  # characters of a cell, by the format


def judge(release: Path) -> str:
    """Read every sheet, and compare those of the tables with the CSV."""
    from openpyxl import load_workbook

    found = tables(release)
    workbook = load_workbook(one(release, "*.xlsx"), read_only=True)
    sheets = {sheet.title: [list(line) for line in sheet.iter_rows(values_only=True)] for sheet in workbook}
    workbook.close()
    for table in found:
        lines = sheets.get(table.name) or next((s for s in sheets.values() if s and s[0] == table.columns), None)
        if lines is None:
            raise Fault(f"there is no sheet for table {table.name!r}")
        table.compare(f"sheet {table.name!r}", [text(cell) for cell in lines[0]], len(lines) - 1, _texts(table, lines))
    return f"{len(sheets)} sheets, {counted(found)}"


def _texts(table: Table, lines: list[list[object]]) -> dict[str, list[str]]:
    """Return the columns of plain text; one that a cell cannot hold as it is counts as the CSV has it."""
    expected = table.texts()
    places = {str(name): place for place, name in enumerate(lines[0])}
    exact = {c for c, values in expected.items() if all(len(v) <= _LONGEST and "\r" not in v for v in values)}
    found = {c: sorted(text(line[places[c]]) for line in lines[1:]) for c in exact if c in places}
    return expected | found

"""Giving the listed findings their places: position and row key in a file, line and column in a descriptor."""

from dataclasses import replace
from typing import Any

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package import Finding, Package
from shuttle_diplomacy.package.pointers import locate_all
from shuttle_diplomacy.tabular.reader import TableReader
from shuttle_diplomacy.validation.keys import positions

_ABOUT_KEYS = {"unknown-property", "version-mismatch"}
_AROUND = 160  # code points of a long line that are shown on each side


def placed(reader: TableReader | None, findings: list[Finding]) -> list[Finding]:
    """Return findings about rows with position, stored text and primary key.

    Args:
        reader: the reader of their table, after it was read; None: the resource is no table.
        findings: those that are listed.
    """
    if reader is None:
        return findings
    schema = reader.schema
    key = positions(schema, schema.primary_key)
    rows = {f.row_number for f in findings if f.row_number}
    numbers = [0, *(n + 1 for n in key)]
    wanted = {(f.row_number, f.field_number or 0) for f in findings if f.row_number and f.line is None}
    wanted |= {(row, number) for row in rows for number in numbers if row}
    found = reader.records.locate(wanted)
    done = []
    for finding in findings:
        row, changes = finding.row_number or 0, dict[str, Any]()
        position = found.get((row, finding.field_number or 0)) if finding.line is None else None
        if position is not None and finding.cell is None and finding.field_number:
            changes["cell"] = position.cell
        cells = [found[row, n + 1].cell for n in key if (row, n + 1) in found]
        if key and len(cells) == len(key) and all(cell is not None for cell in cells):
            changes["key"] = {schema.fields[n].name: c or "" for n, c in zip(key, cells, strict=True)}
        done.append((position.put(finding) if position else finding).at(**changes))
    return done


def placed_in_descriptor(package: Package, findings: list[Finding]) -> list[Finding]:
    """Return findings about a descriptor with the line and column that their pointers lead to."""
    done = list(findings)
    for path in {finding.path for finding in findings if finding.pointer is not None}:
        numbers = [n for n, f in enumerate(findings) if f.path == path and f.pointer is not None]
        text = _text(package, path or package.descriptor_path)
        keys = [findings[n].pointer or "" for n in numbers if findings[n].type in _ABOUT_KEYS]
        places = locate_all(text, {findings[n].pointer or "" for n in numbers}, keys)
        lines = text.splitlines()
        for number in numbers:
            place = places.get(findings[number].pointer or "")
            if place is not None and place[0] <= len(lines):
                done[number] = _on_line(findings[number], lines[place[0] - 1], *place)
    return done


def _text(package: Package, path: str) -> str:
    try:
        return package.storage.read(path).decode("utf-8-sig")
    except (ShuttleError, UnicodeDecodeError):
        return ""


def _on_line(finding: Finding, text: str, line: int, column: int) -> Finding:
    start = max(column - _AROUND, 1)
    return replace(
        finding, line=line, column=column, source_line=text[start - 1 : column + _AROUND], source_start=start
    )

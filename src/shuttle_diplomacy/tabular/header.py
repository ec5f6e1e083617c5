"""Checking the header row against the fields of a schema, in their order."""

from collections import Counter
from collections.abc import Sequence

from shuttle_diplomacy.errors import did_you_mean
from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.tabular.scanner import Record


def check_header(record: Record | None, names: Sequence[str]) -> list[Finding]:
    """Return what is wrong with the header row; fields are matched by order (``fieldsMatch: exact``).

    Args:
        record: the first record of the file, None where the file is empty.
        names: the schema's field names.
    """
    if record is None:
        return [Finding("source-error", f"the file is empty; it needs a header row: {','.join(names)}")]
    if record.quoting:
        note, at = record.quoting
        return [Finding("structure-error", note, row_number=1, line=1, column=at - record.start + 1)]
    if record.values == [""]:
        note = f"the header row is blank; it has to be: {','.join(names)}"
        return [Finding("blank-header", note, row_number=1, line=1, column=1)]
    found = [_label_error(record, number, names) for number in range(1, len(record.values) + 1)]
    found += [
        Finding("missing-label", f"there is no column {name!r}; it comes after {names[number - 2]!r}")
        for number, name in enumerate(names, 1)
        if number > len(record.values)
    ]
    return [finding.at(row_number=1, line=1) for finding in found if finding is not None]


def _label_error(record: Record, number: int, names: Sequence[str]) -> Finding | None:
    label = record.values[number - 1]
    expected = names[number - 1] if number <= len(names) else None
    if label == expected:
        return None
    if not label:
        kind, note = "blank-label", f"column {number} has no label"
    elif Counter(record.values)[label] > 1 and record.values.index(label) != number - 1:
        kind, note = "duplicate-label", f"the label {label!r} occurs twice"
    elif expected is None:
        kind, note = "extra-label", f"the column {label!r} is not in the schema;{did_you_mean(label, names)}"
    else:
        kind, note = "incorrect-label", f"the label is {label!r}"
    if expected is not None:
        note += f"; here the schema has {expected!r}"
    column = record.starts[number - 1] - record.start + 1
    return Finding(kind, note.rstrip(";"), field_name=expected, field_number=number, cell=label, column=column)

# ruff: noqa: E501 (tables of texts read better in long lines)
"""Random packages: the same errors at the same rows and fields as frictionless, apart from the differences named here."""

import math
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.validation.pipeline import validate
from tests.fuzzing import strategies
from tests.fuzzing.strategies import Table, Tables

HEADER = {
    "blank-label",
    "duplicate-label",
    "incorrect-label",
    "extra-label",
    "missing-label",
    "unmatched-header",
    "blank-header",
}
# For these only the row is compared: we report one missing or extra cell a row, the first; they report each.
WHOLE_ROW = {"primary-key", "foreign-key", "unique-key", "blank-row", "unmatched-header", "extra-cell", "missing-cell"}
KEYS = {"primary-key", "foreign-key", "unique-error"}
repeatable = strategies.repeatable(40)


@dataclass(frozen=True, order=True)
class Error:
    """An error as both name it; ``row`` is 0 for the header, ``field`` a name, or ``#3`` where there is none."""

    type: str
    table: str
    row: int
    field: str


@dataclass(frozen=True)
class Difference:
    """An error that only one of the two reports, and what is needed to judge it."""

    side: str
    error: Error
    package: Tables
    ours: frozenset[Error]
    theirs: frozenset[Error]

    @property
    def type(self) -> str:
        return self.error.type

    @property
    def table(self) -> Table:
        return self.package.table(self.error.table)

    @property
    def cells(self) -> list[str]:
        """The row's cells; none for an error of the header."""
        return self.table.row(self.error.row) if self.error.row else []

    def kind(self, name: str) -> str:
        return next((str(f.get("type", "any")) for f in self.table.fields if f["name"] == name), "")

    @property
    def cell(self) -> str:
        names = [f["name"] for f in self.table.fields]
        at = names.index(self.error.field) if self.error.field in names else len(self.cells)
        return self.cells[at] if at < len(self.cells) else ""

    def null(self, names: list[str]) -> bool:
        """Whether one of these cells is missing, absent or wrong."""
        order = [f["name"] for f in self.table.fields]
        texts = [self.cells[order.index(n)] if order.index(n) < len(self.cells) else "" for n in names]
        wrong = {e.field for e in self.ours | self.theirs if e.type == "type-error" and e.row == self.error.row}
        return any(t in self.table.missing for t in texts) or bool(wrong & set(names))

    @property
    def misshaped(self) -> bool:
        return bool(self.error.row) and len(self.cells) != len(self.table.fields)

    def has_misshaped(self, table: Table) -> bool:
        width = len(table.fields)
        return any(len(row) != width for row in table.rows)


def _theirs(file: Path) -> frozenset[Error]:
    """Return what frictionless reports."""
    import frictionless

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.Package(str(file)).validate()
    found = [(task.name, error.to_descriptor()) for task in report.tasks for error in task.errors]
    return frozenset(
        _error(e["type"], name, e.get("rowNumber"), e.get("fieldName"), e.get("fieldNumber")) for name, e in found
    )


def _ours(file: Path) -> frozenset[Error]:
    report = validate(open_package(file))
    return frozenset(
        _error(f.type, f.resource, f.row_number, f.field_name, f.field_number)
        for task in report.all_tasks
        for f in task.errors
    )


def _error(kind: str, table: str, row: int | None, name: str | None, number: int | None) -> Error:
    if kind in WHOLE_ROW:
        name = number = None
    elif kind == "extra-label":
        name = None
    field = name or (f"#{number}" if number else "")
    return Error(kind, table, 0 if kind in HEADER else row or 0, field)


def differences(package: Tables) -> Iterator[Difference]:
    """Yield what only one of the two reports."""
    with tempfile.TemporaryDirectory() as folder:
        for_us, for_them = package.write(Path(folder))
        ours, theirs = _ours(for_us), _theirs(for_them)
    for side, errors in (("ours", ours - theirs), ("theirs", theirs - ours)):
        for error in sorted(errors):
            yield Difference(side, error, package, ours, theirs)


@dataclass(frozen=True)
class Known:
    """A difference that is meant.

    Attributes:
        reason: what decides it: a sentence of the standard, or why neither is wrong.
        applies: whether it explains a difference.
        examples: packages that show it, and nothing else.
    """

    reason: str
    applies: Callable[[Difference], bool]
    examples: tuple[Tables, ...]


def _table(fields: str, *rows: str, **schema: object) -> Table:
    """Return a table from ``"i:integer s"`` and lines of cells."""
    pairs = [(*name.split(":"), "string")[:2] for name in fields.split()]
    described = [{"name": name, "type": kind} for name, kind in pairs]
    return Table("t", described, [name for name, _ in pairs], [r.split(",") if r else [] for r in rows], dict(schema))


def _one(fields: str, *rows: str, **schema: object) -> Tables:
    return Tables([_table(fields, *rows, **schema)])


def _cell(kind: str, text: str, **constraints: object) -> Tables:
    """Return a package with one cell of a type."""
    field = {"name": "v", "type": kind, **({"constraints": constraints} if constraints else {})}
    return Tables([Table("t", [{"name": "k", "type": "string"}, field], ["k", "v"], [["k", text]])])


def _labelled(fields: str, labels: str, *rows: str, **schema: object) -> Tables:
    table = _table(fields, *rows, **schema)
    table.labels = labels.split(",")
    return Tables([table])


def _headless() -> Tables:
    return Tables([Table("t", [{"name": "a", "type": "string"}], [], [], {}, {"header": False})])


def _properties(field: dict[str, object], *texts: str) -> Tables:
    fields = [{"name": "k", "type": "string"}, {"name": "v", **field}]
    return Tables([Table("t", fields, ["k", "v"], [["k", text] for text in texts])])


def _spelt(dialect: dict[str, object], *rows: list[str]) -> Tables:
    fields: list[dict[str, object]] = [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]
    return Tables([Table("t", fields, ["a", "b"], list(rows), {}, dict(dialect))])


def _commented(table: Table, cells: list[str]) -> bool:
    """Return whether the first cell of a row starts as a comment does."""
    comment = str(table.dialect.get("commentChar", ""))
    return bool(comment and cells and cells[0].startswith(comment))


def _at_place(d: Difference) -> bool:
    """Return whether the label of the error's field is its name, and stands before too."""
    names = [one["name"] for one in d.table.fields]
    at = names.index(d.error.field) if d.error.field in names else -1
    return at > 0 and d.table.labels[at : at + 1] == [d.error.field] and d.error.field in d.table.labels[:at]


def _displaced(table: Table) -> set[str]:
    """Return the labels that are names of fields, but not of that at their place."""
    names = [one["name"] for one in table.fields]
    return {label for at, label in enumerate(table.labels) if label in names and label not in names[at : at + 1]}


def _with(package: Tables, field: str, **constraints: object) -> Tables:
    for table in package.tables:
        for one in table.fields:
            if one["name"] == field:
                one["constraints"] = constraints
    return package


def _blank_to_them(d: Difference) -> bool:
    return bool(d.error.row) and all(
        c in d.table.missing for c in d.cells[: len(d.table.fields)]
    )  # also with extra cells


def _key(d: Difference) -> list[str]:
    return list(d.table.schema.get("primaryKey", []))


def _some_reference_null(d: Difference) -> bool:
    return any(d.null(list(key["fields"])) for key in d.table.schema.get("foreignKeys", []))


def _near(d: Difference) -> list[Table]:
    """Return the table and those it refers to."""
    named = {key["reference"].get("resource", d.error.table) for key in d.table.schema.get("foreignKeys", [])}
    return [t for t in d.package.tables if t.name == d.error.table or t.name in named]


def _lexical(kinds: str, applies: Callable[[str], object], reason: str, *texts: str) -> Known:
    """Return a difference about which texts a type takes; the texts are examples of the first type."""
    return Known(
        f"{kinds}: {reason}",
        lambda d: (
            d.type in {"type-error", "constraint-error"}
            and d.kind(d.error.field) in kinds.split()
            and bool(applies(d.cell))
        ),
        tuple(_cell(kinds.split(maxsplit=1)[0], text) for text in texts),
    )


def _form(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.DOTALL | re.ASCII).fullmatch


def _overflows(text: str) -> bool:
    try:
        return math.isinf(float(text)) and "e" in text.lower()
    except ValueError:
        return False


STRUCTURE = [
    Known(
        "a row of missing values is a row like any other: only a line without any cell is blank",
        _blank_to_them,
        (_one("a b", "-,-", missingValues=["", "-"]),),
    ),
    Known(
        "of a row with too few or too many cells nothing but that is reported: which cell belongs to which field is not known",
        lambda d: d.side == "theirs" and d.misshaped and d.type not in {"extra-cell", "missing-cell", "blank-row"},
        (_one("i:integer s", "x"),),
    ),
    Known(
        "so its cells are not part of any key either",
        lambda d: d.type in KEYS and any(map(d.has_misshaped, _near(d))),
        (_one("i:integer s", "1", "1", primaryKey=["i"]),),
    ),
]
ON_KEYS = [
    Known(
        "each part of a primary key is implicitly required (they refuse only a key all of whose parts are missing)",
        lambda d: d.type == "primary-key" and d.null(_key(d)),
        (_one("a b c", "x,,y", primaryKey=["a", "b"]),),
    ),
    Known(
        "a field that is the primary key and unique is reported once",
        lambda d: d.side == "theirs" and d.type == "unique-error" and _key(d) == [d.error.field],
        (_with(_one("a b", "x,1", "x,2", primaryKey=["a"]), "a", unique=True),),
    ),
    Known(
        "a foreign key with a missing part refers to nothing, as in SQL",
        lambda d: d.side == "theirs" and d.type == "foreign-key" and _some_reference_null(d),
        (_one("a b c d", "x,y,,z", foreignKeys=[{"fields": ["c", "d"], "reference": {"fields": ["a", "b"]}}]),),
    ),
]
ON_HEADERS = [
    Known(
        "fields are matched by name and a label occurs twice: they stop with an error that has no type of its own",
        lambda d: any(error.type == "error" for error in d.theirs) and len(set(d.table.labels)) < len(d.table.labels),
        (_labelled("a b", "a,a", "1,2", fieldsMatch="equal"),),
    ),
    Known(
        "a label at the place of its field is right; the other of the same text, at a wrong place, is told",
        lambda d: d.side == "theirs" and d.type == "duplicate-label" and _at_place(d),
        (_labelled("a b", "b,b", "1,2"),),
    ),
    Known(
        "no column is a field: which of them are required makes no difference",
        lambda d: (
            d.side == "theirs" and d.type == "missing-label" and any(e.type == "unmatched-header" for e in d.ours)
        ),
        (_with(_labelled("a b", "x", "1", fieldsMatch="partial"), "a", required=True),),
    ),
    Known(
        "a header of one empty label is blank, and no rows are read",
        lambda d: d.table.labels == [""] and any(e.type == "blank-header" for e in d.ours),
        (_labelled("a b", "", "1"),),
    ),
    Known(
        "rows are not read where a label is that of another field: which column is which is not known",
        lambda d: (
            d.side == "theirs"
            and bool(d.error.row)
            and any(e.type == "incorrect-label" for e in d.ours)
            and bool(_displaced(d.table))
            and not any(e.row for e in d.ours)
        ),
        (_labelled("a i:integer", "i,a", "1,z"),),
    ),
]
ON_DIALECTS = [
    Known(
        "a file without a header may be empty: it has no rows",
        lambda d: (
            d.side == "theirs"
            and d.type == "source-error"
            and d.table.dialect.get("header") is False
            and all(_commented(d.table, row) for row in d.table.rows)
        ),
        (_headless(),),
    ),
    Known(
        "nullSequence stands for no value (they do not apply it)",
        lambda d: d.cell == d.table.dialect.get("nullSequence") and d.type in {"type-error", "constraint-error"},
        (_spelt({"nullSequence": "NULL"}, ["a", "NULL"]),),
    ),
    Known(
        "a comment is a line that starts with commentChar, not one whose first cell does within quotes",
        lambda d: d.side == "ours" and _commented(d.table, d.cells),
        (_spelt({"commentChar": "#"}, ["#a,b", "z"]),),
    ),
]
ON_CELLS = [
    _lexical(
        "integer number date datetime time year yearmonth geopoint duration",
        _form(r".*[^\x21-\x7e].*|.*_.*"),
        "digits are 0 to 9, and nothing stands around or between them (they read cells as Python reads literals)",
        "\u0663", "1_3", " 5",
    ),
    _lexical("integer", _form(r"[+-]?[0-9]{19,}"), "at most 64 bits", "9223372036854775808"),
    _lexical("number", _form(r"(?i:\+inf|[+-]nan|[+-]?s?nan[0-9]*|[+-]?infinity)"), "of no number there are NaN, INF and -INF", "+INF", "NaN0"),
    _lexical("number", _overflows, "at most what a 64-bit float holds", "1e999"),
    _lexical("date", _form(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"), "YYYY-MM-DD, so two digits each", "2024-1-2"),
    _lexical("datetime", _form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[^T].*|.*z"), "T stands between date and time, Z for UTC", "2024-02-29 00:00:00Z", "2024-02-29T00:00:00z"),
    _lexical("datetime time", _form(r".*,[0-9]+Z?"), "a fraction follows a point", "2024-02-29T00:00:00,5Z"),
    _lexical("time", _form(r".*[Zz]|.*[+-][0-9:]+"), "hh:mm:ss, without a zone", "12:30:00Z"),
    _lexical("year", _form(r"-[0-9]{4,}|[0-9]{5,}|-?[0-9]{4,}Z"), "years of XML Schema, also those before 1 and after 9999", "-0999", "20245"),
    _lexical("year", _form(r"\+[0-9]{3}|0000"), "four digits at least, and no year 0", "+024", "0000"),
    _lexical("yearmonth", _form(r"[0-9]+-\+?[0-9]+"), "YYYY-MM, so four digits and two", "2024-1"),
    _lexical("yearmonth", _form(r"-?[0-9]{4,}-[0-9]{2}Z?"), "months of XML Schema, a zone included", "2024-02Z"),
    _lexical("duration", _form(r".*T|\+.*|.*[,.].*"), "durations of XML Schema: no plus, something follows T, fractions are of seconds", "PT", "+P1M", "PT1.5H"),
]  # fmt: skip
ON_FORMATS = [
    Known(
        "integer: groupChar, which version 2 of the standard has for integers too (they do not)",
        lambda d: (
            d.side == "theirs"
            and d.type == "type-error"
            and d.kind(d.error.field) == "integer"
            and bool(re.fullmatch("[0-9]{1,3}(,[0-9]{3})+", d.cell))
        ),
        (_properties({"type": "integer", "groupChar": ","}, "1,000"),),
    ),
]
KNOWN = [*STRUCTURE, *ON_KEYS, *ON_HEADERS, *ON_DIALECTS, *ON_CELLS, *ON_FORMATS]


def unexplained(package: Tables, known: list[Known]) -> list[str]:
    return [f"only {d.side}: {d.error} {d.cells}" for d in differences(package) if not any(k.applies(d) for k in known)]


@repeatable
@given(strategies.cells())
def test_cells_of_every_type(package: Tables) -> None:
    assert unexplained(package, [*STRUCTURE, *ON_CELLS]) == []


@repeatable
@given(strategies.keyed())
def test_keys_within_and_across_tables(package: Tables) -> None:
    assert unexplained(package, [*STRUCTURE, *ON_KEYS]) == []


@repeatable
@given(strategies.headed())
def test_headers_under_every_way_to_match(package: Tables) -> None:
    assert unexplained(package, [*STRUCTURE, *ON_HEADERS]) == []


@repeatable
@given(strategies.dialected())
def test_dialects(package: Tables) -> None:
    assert unexplained(package, [*STRUCTURE, *ON_DIALECTS]) == []


@repeatable
@given(strategies.formatted())
def test_formats_and_lists(package: Tables) -> None:
    assert unexplained(package, [*STRUCTURE, *ON_FORMATS]) == []


def _recent_errors(table: Table) -> set[Error]:
    """Return the errors of a table's categories and unique keys, found the simple way."""
    names, found = [one["name"] for one in table.fields], set()
    allowed = {
        one["name"]: {c["value"] if isinstance(c, dict) else c for c in one["categories"]}
        for one in table.fields
        if "categories" in one
    }
    for key in table.schema["uniqueKeys"]:
        seen = set()
        for number, row in enumerate(table.rows, 2):
            value = tuple(row[names.index(name)] for name in key)
            if value in seen:
                found.add(Error("unique-key", table.name, number, ""))
            if all(value):
                seen.add(value)
    for number, row in enumerate(table.rows, 2):
        for name, cell in zip(names, row, strict=True):
            if cell and cell not in allowed.get(name, {cell}):
                found.add(Error("constraint-error", table.name, number, name))
    return found


@repeatable
@given(strategies.recent())
def test_unique_keys_and_categories_are_only_ours(package: Tables) -> None:
    found = {(d.side, d.error) for d in differences(package)}
    assert found == {("ours", error) for table in package.tables for error in _recent_errors(table)}


@pytest.mark.parametrize("known", [k for k in KNOWN if k.examples], ids=lambda k: k.reason[:60])
def test_each_known_difference_still_exists(known: Known) -> None:
    for package in known.examples:
        found = list(differences(package))
        assert found
        assert all(map(known.applies, found))

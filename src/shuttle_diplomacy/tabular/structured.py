"""Rows of texts from structured data: JSON arrays, JSON lines and data inside the descriptor.

Numbers keep the text they are written with, so that no digit is lost; what JSON tells of a value beside its text is
its kind. The terms are those of https://datapackage.org/standard/table-dialect/#structured.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from shuttle_diplomacy.errors import did_you_mean
from shuttle_diplomacy.package import Finding, Resource
from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.json_values import (
    DoubledKeys,
    JsonError,
    Kind,
    RowError,
    decoded,
    kind_of,
    spelt,
    text_of,
)
from shuttle_diplomacy.tabular.labels import Labels
from shuttle_diplomacy.tabular.scanner import counted

_MOST_HINTS = 20  # so many unknown keys are compared with the known ones
_MOST_KEYS = 1000  # so many unknown keys are told apart
_IGNORES_KEYS = ("subset", "partial")


@dataclass(frozen=True, slots=True)
class StructuredRow:
    """One row.

    Attributes:
        values: the text of each cell, one a label; None for null and for a key that is not there.
        kinds: what each value is in JSON; a key that is not there is null.
        row_number: number of the row; labels count as the first one.
        line: physical line, for JSON lines only.
        fault: why the row cannot be judged, if so; ``values`` is empty then.
    """

    values: list[str | None]
    kinds: list[Kind]
    row_number: int
    line: int | None = None
    fault: Finding | None = None


@dataclass
class StructuredTable:
    """The rows of structured data.

    Attributes:
        labels: the keys that are read, or the row of labels; with faults where there are no rows to be read.
        rows: the rows, to be read once.
        findings: keys that no field has; complete when the rows were read.
        keyed: whether the rows are objects.
    """

    labels: Labels
    rows: Iterator[StructuredRow] = field(default_factory=lambda: iter(()))
    findings: list[Finding] = field(default_factory=list)
    keyed: bool = False


def read_json(text: str, dialect: Dialect, names: Sequence[str] | None, mode: object = "exact") -> StructuredTable:
    """Return the rows of a JSON document: an array of objects or of arrays, where the dialect's ``property`` says.

    Args:
        text: the document, without a byte order mark.
        dialect: ``property``, ``itemType``, ``itemKeys`` and ``header`` are used.
        names: the schema's field names; None where there is no schema: every key is a field.
        mode: ``fieldsMatch``, which says whether keys may be there that no field has.

    Examples:
        >>> table = read_json('[{"id": 1.50, "name": "a"}, {"id": null}]', Dialect(), ["id", "name"])
        >>> [(row.row_number, row.values) for row in table.rows]
        [(2, ['1.50', 'a']), (3, [None, None])]
    """
    try:
        document = decoded(text)
    except JsonError as error:
        where = {"line": error.line, "column": error.column}
        return StructuredTable(Labels(None, faults=(Finding(error.kind, str(error)).at(**where),)))
    return read_inline(document, dialect, names, mode)


def read_inline(data: Any, dialect: Dialect, names: Sequence[str] | None, mode: object = "exact") -> StructuredTable:
    """Return the rows of data that are read already, such as ``data`` of a resource; see :func:`read_json`.

    Examples:
        >>> [row.values for row in read_inline([["id"], [1], [2]], Dialect(), ["id"]).rows]
        [['1'], ['2']]
    """
    try:
        items = _at_property(data, dialect.data_property)
    except RowError as error:
        return StructuredTable(Labels(None, faults=(Finding("source-error", str(error)),)))
    if names is None and not dialect.item_keys:
        keys = chain.from_iterable(item for item in items if isinstance(item, dict))
        names = list(dict.fromkeys(key for key in keys if isinstance(key, str))) or None
    return _Reader(dialect, names, mode).table((item, None) for item in items)


def read_lines(
    lines: Iterable[str], dialect: Dialect, names: Sequence[str] | None, mode: object = "exact"
) -> StructuredTable:
    r"""Return the rows of JSON lines: each physical line is one object or array; see :func:`read_json`.

    A line that is no JSON is the fault of its row alone. Without a schema the keys are those of the first row.

    Args:
        lines: the physical lines; they are read one by one.
        dialect: ``itemType``, ``itemKeys`` and ``header`` are used.
        names: the schema's field names, None where there is no schema.
        mode: ``fieldsMatch``.

    Examples:
        >>> table = read_lines(['{"id": 1}\n', '{"id" 2}\n'], Dialect(), ["id"])
        >>> [row.fault.place if row.fault else row.values for row in table.rows]
        [['1'], 'datapackage.json:2:7']
    """
    return _Reader(dialect, names, mode).table(_line_items(lines))


def inline_text(resource: Resource) -> bytes | None:
    """Return ``data`` of a resource as the content of a file if it is a text (of the declared format), else None."""
    data = resource.descriptor.get("data")
    return data.encode("utf-8", errors="surrogatepass") if isinstance(data, str) else None


class _Reader:
    """Makes rows of items: values with the line each is on, or the fault of a line."""

    def __init__(self, dialect: Dialect, names: Sequence[str] | None, mode: object) -> None:
        self.dialect = dialect
        self.names = names
        self.reports_keys = (
            not dialect.item_keys and mode not in _IGNORES_KEYS and mode not in (["subset"], ["partial"])
        )
        self.needs_match = mode in ("partial", ["partial"]) and bool(names) and not dialect.item_keys
        self.strangers: set[str] = set()

    def table(self, items: Iterator[tuple[Any, int | None]]) -> StructuredTable:
        """Return the table of items; the first one that is sound decides what its rows are."""
        waiting: list[tuple[Any, int | None]] = []
        for item, line in items:
            waiting.append((item, line))
            if isinstance(item, list | dict):
                break
        first = waiting[-1][0] if waiting else None
        keyed = self.dialect.item_type == "object" or (self.dialect.item_type is None and not isinstance(first, list))
        if keyed:
            wanted = self.dialect.item_keys or (first if self.names is None and isinstance(first, dict) else self.names)
            labels, row = Labels.of(wanted or ()), 2
        elif not self.dialect.header:
            labels, row = Labels(None), 1
        else:
            labels, row = self._labels(*waiting.pop(0)) if waiting else _without_labels("the table is empty", None)
        table = StructuredTable(labels, keyed=keyed)
        if not labels.faults:
            table.rows = self._rows(chain(waiting, items), table, row)
        return table

    def _labels(self, item: Any, line: int | None) -> tuple[Labels, int]:
        if not isinstance(item, list):
            what = str(item) if isinstance(item, RowError) else f"the first row is {spelt(item)}"
            return _without_labels(what, line)
        try:
            texts = [text_of(value) or "" for value in item]
        except RowError as error:
            return _without_labels(str(error), line)
        return Labels.of(texts, line), 2

    def _rows(
        self, items: Iterable[tuple[Any, int | None]], table: StructuredTable, row: int
    ) -> Iterator[StructuredRow]:
        keys = table.labels.texts
        width = len(keys) if table.labels.found is not None or self.names is None else len(self.names)
        known, matched, number = set(keys), False, row - 1
        for number, (item, line) in enumerate(items, row):
            try:
                if isinstance(item, RowError):
                    raise item
                cells = self._cells(item, keys, keyed=table.keyed)
                if not table.keyed:
                    width = width or len(cells)
                    _check_width(len(cells), keys or self.names or (), width)
                values, kinds = [text_of(cell) for cell in cells], [kind_of(cell) for cell in cells]
            except RowError as error:
                place = {"line": getattr(error, "line", None) or line, "column": getattr(error, "column", None)}
                fault = Finding(error.kind, str(error), row_number=number).at(**place)
                yield StructuredRow([], [], number, line, fault)
                continue
            if table.keyed and self.reports_keys and not known.issuperset(item):
                self._report_keys(table, known, item, number, line)
            matched = matched or (table.keyed and not known.isdisjoint(item))
            yield StructuredRow(values, kinds, number, line)
        if table.keyed and self.needs_match and not matched and number >= row:
            note = f"no row has a field of the schema; at least one has to be there: {', '.join(keys[:50])}"
            table.findings.append(Finding("unmatched-header", note, row_number=1))

    def _cells(self, item: Any, keys: list[str], *, keyed: bool) -> list[Any]:
        """Return the cells of a row in the order of the labels."""
        if not isinstance(item, dict if keyed else list):
            raise RowError(f"the row is {spelt(item)}; it has to be {'an object' if keyed else 'an array'}")
        if isinstance(item, DoubledKeys):
            raise RowError(f"the key {item.doubled!r} is written twice in one object")
        return [item.get(key) for key in keys] if isinstance(item, dict) else list(item)

    def _report_keys(
        self, table: StructuredTable, known: set[str], item: dict[str, Any], number: int, line: int | None
    ) -> None:
        for key in item:
            if key in known or key in self.strangers or len(self.strangers) >= _MOST_KEYS:
                continue
            self.strangers.add(key)
            where = "the first row; declare a schema or itemKeys" if self.names is None else "the schema"
            hint = did_you_mean(str(key), table.labels.texts[:_MOST_KEYS]) if len(self.strangers) <= _MOST_HINTS else ""
            note = f"the key {key!r} is not in {where}" + (hint and f";{hint}")
            table.findings.append(Finding("extra-label", note, row_number=number, line=line, column=line and 1))


def _without_labels(what: str, line: int | None) -> tuple[Labels, int]:
    note = f"{what}; it has to start with an array of labels, or the dialect has to say header: false"
    return Labels(None, faults=(Finding("source-error", note, line=line),)), 1


def _check_width(count: int, names: Sequence[str], width: int) -> None:
    note = f"the row has {counted(count, 'cell')}, the table {counted(width, 'column')}"
    if count < width:
        fault = RowError(f"{note}; missing from {names[count]!r} on" if count < len(names) else note)
        fault.kind = "missing-cell"
        raise fault
    if count > width:
        fault = RowError(note)
        fault.kind = "extra-cell"
        raise fault


def _line_items(lines: Iterable[str]) -> Iterator[tuple[Any, int]]:
    for number, line in enumerate(lines, 1):
        content = line.rstrip("\r\n")
        item: Any
        if not content.strip(" \t"):
            item = RowError("the line is blank; delete it")
            item.kind = "blank-row"
        else:
            try:
                item = decoded(content)
            except JsonError as error:
                error.line, error.kind = number, RowError.kind  # of this row alone: the others can be read
                item = error
        yield item, number


def _at_property(data: Any, path: str | None) -> list[Any]:
    """Return the array of rows; the path is one key, or several with points between them."""
    if path is not None:
        for key in [path] if isinstance(data, dict) and path in data else path.split("."):
            if not isinstance(data, dict) or key not in data:
                hint = did_you_mean(key, data) if isinstance(data, dict) else ""
                raise RowError(f"there is no property {path!r} in the data{hint and ';'}{hint}")
            data = data[key]
    if isinstance(data, list):
        return data
    hint = "" if path or not isinstance(data, dict) else "; if the rows are inside of it, declare property"
    raise RowError(f"the data are {spelt(data)}; rows have to be in an array{hint}")

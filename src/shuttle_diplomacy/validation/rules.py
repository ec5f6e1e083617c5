"""SQL rules: queries that return the rows that break them.

A rule file starts with comment lines ``-- id:``, ``-- table:``, ``-- severity:``, ``-- message:`` and
``-- reason:``; a value goes on in lines that start with ``--`` and three blanks. The query returns the primary key
of the rule's table (``table_name`` and ``record_id`` where the table is ``*``), optionally ``field``, and whatever
the message names in braces.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Finding, Package, Resource
from shuttle_diplomacy.tabular.package_tables import record_id
from shuttle_diplomacy.tabular.sql import check_query, named_tables
from shuttle_diplomacy.tabular.views import Relations, View
from shuttle_diplomacy.validation.report import RuleRun

_HEADER = re.compile(r"^--\s?(id|table|severity|message|reason):\s*(.*)$")
_NAME = re.compile(r"\{(\w+)\}")
ANY_TABLE = "*"


@dataclass(frozen=True)
class TableData:
    """A whole table as it was read.

    Attributes:
        frame: typed rows, enumerated texts as String.
        row_numbers: the row number of each row.
    """

    frame: pl.DataFrame
    row_numbers: pl.Series


@dataclass(frozen=True)
class Rule:
    """One rule: its header and its query."""

    id: str
    table: str
    severity: str
    message: str
    reason: str
    query: str
    where: str


def parse_rule(text: str, where: str) -> Rule:
    r"""Return a rule from the text of its file.

    Raises:
        ConfigurationError: a header is missing, or the severity is neither error nor warning.

    Examples:
        >>> parse_rule("-- id: x\nSELECT 1", "x.sql")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.ConfigurationError: x.sql: the header lacks '-- table:'
    """
    header: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if match := _HEADER.match(line):
            last = match.group(1)
            header[last] = match.group(2).strip()
        elif line.startswith("--   ") and last:
            header[last] += " " + line[2:].strip()
        else:
            break
    for name in ("id", "table", "severity", "message", "reason"):
        if not header.get(name):
            raise ConfigurationError(f"{where}: the header lacks '-- {name}:'")
    if header["severity"] not in {"error", "warning"}:
        raise ConfigurationError(f"{where}: severity is {header['severity']!r}, but has to be error or warning")
    return Rule(**header, query=text, where=where)


def read_rules(folder: Path | None) -> list[Rule]:
    """Return the rules of a folder, by file name.

    Raises:
        ConfigurationError: a file cannot be read, or its name is not its id.
    """
    rules = []
    for file in sorted(folder.glob("*.sql")) if folder else []:
        rule = parse_rule(file.read_text(encoding="utf-8"), str(file))
        if rule.id != file.stem:
            raise ConfigurationError(f"{file}: the id is {rule.id!r}, but the file is named {file.name!r}")
        rules.append(rule)
    return rules


def check_sql(rules: Sequence[Rule], views: Sequence[View], names: set[str]) -> None:
    """Check that each rule and view can do nothing but read what is there.

    Raises:
        ConfigurationError: see :func:`~shuttle_diplomacy.tabular.sql.check_query`.
    """
    for view in views:
        check_query(view.query, names, view.where)
    for rule in rules:
        check_query(rule.query, names, rule.where)


def readers(rules: Iterable[Rule], relations: Relations, table: str) -> Iterator[Rule]:
    """Yield the rules that read a table, be it through views or the package's metadata."""
    for rule in rules:
        if "package_" in rule.query or table in relations.tables_behind(named_tables(rule.query)):
            yield rule


def run_rules(
    package: Package,
    rules: Sequence[Rule],
    relations: Relations,
    tables: Mapping[str, TableData],
    unsound: Mapping[str, str],
    results: Mapping[str, pl.DataFrame] | None = None,
) -> tuple[list[Finding], RuleRun]:
    """Return the rows that break a rule, and which rules ran.

    Args:
        package: the package.
        rules: the rules.
        relations: tables, views and metadata.
        tables: the tables as they were read.
        unsound: tables with errors of structure or type, and why; a rule that reads one is not run, and said so.
        results: results computed elsewhere, by rule; None: the rules run here.

    Raises:
        ConfigurationError: a rule cannot run, or its result lacks a column that it needs.
    """
    found: list[Finding] = []
    run = RuleRun(purposes={rule.id: rule.reason for rule in rules})
    for rule in rules:
        broken = sorted(relations.tables_behind(named_tables(rule.query)) & set(unsound))
        if "package_" in rule.query:
            broken = broken or sorted(unsound)
        if broken:
            run.not_run.append((rule.id, f"{broken[0]} {unsound[broken[0]]}"))
            continue
        result = relations.query(rule.query, rule.where) if results is None else results[rule.id]
        run.ran.append(rule.id)
        if result.height:
            try:
                found += _findings(package, rule, result, tables)
            except (pl.exceptions.PolarsError, KeyError, ValueError) as error:
                reason = " ".join(str(error).split())[:200]
                raise ConfigurationError(f"{rule.where}: the result does not fit its table: {reason}") from error
    return found, run


def _findings(package: Package, rule: Rule, result: pl.DataFrame, tables: Mapping[str, TableData]) -> Iterator[Finding]:
    if rule.table == ANY_TABLE:
        _need(rule, result, ["table_name", "record_id", *_NAME.findall(rule.message)])
        for (name,), part in result.group_by("table_name", maintain_order=True):
            resource = package.resource(str(name))
            ids = tables[resource.name].frame.select(record_id(resource)).with_row_index("row")
            yield from _placed(rule, resource, part.join(ids, on="record_id", how="left"), tables)
        return
    resource = package.resource(rule.table)
    key = list(resource.schema.primary_key)
    _need(rule, result, [*key, *_NAME.findall(rule.message)])
    rows = tables[resource.name].frame.select(key).with_row_index("row")
    yield from _placed(rule, resource, result.join(rows, on=key, how="left", nulls_equal=True), tables)


def _placed(rule: Rule, resource: Resource, result: pl.DataFrame, tables: Mapping[str, TableData]) -> Iterator[Finding]:
    names = resource.schema.names
    for values in result.sort("row", maintain_order=True, nulls_last=True).iter_rows(named=True):
        field = values.get("field")
        row = values["row"]
        yield Finding(
            "rule-error",
            _fill(rule.message, values),
            resource=resource.name,
            path=resource.path,
            row_number=None if row is None else tables[resource.name].row_numbers[row],
            field_name=field if field in names else None,
            field_number=names.index(field) + 1 if field in names else None,
            rule=rule.id,
            severity="warning" if rule.severity == "warning" else "error",
        )


def _need(rule: Rule, result: pl.DataFrame, columns: Sequence[str]) -> None:
    for name in columns:
        if name not in result.columns:
            raise ConfigurationError(f"{rule.where}: the query has to return the column {name!r}")


def _fill(message: str, values: Mapping[str, Any]) -> str:
    """Return the message with values in place of the names in braces; nothing else is interpreted.

    Examples:
        >>> _fill("{a} is before {b}", {"a": 1, "b": None})
        '1 is before (empty)'
    """
    return _NAME.sub(lambda m: "(empty)" if values[m.group(1)] is None else str(values[m.group(1)]), message)

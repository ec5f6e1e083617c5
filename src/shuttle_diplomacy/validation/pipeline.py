"""The way of the data: descriptor -> records -> types -> constraints -> keys -> foreign keys -> rules -> report."""

import hashlib
import importlib
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError, UnsupportedError
from shuttle_diplomacy.package import Finding, Package, Resource
from shuttle_diplomacy.package.metadata import check_meaning, check_shape
from shuttle_diplomacy.tabular.package_tables import relations
from shuttle_diplomacy.tabular.reader import TableReader
from shuttle_diplomacy.tabular.views import View
from shuttle_diplomacy.validation.constraints import ConstraintChecker
from shuttle_diplomacy.validation.keys import TableData, check_foreign_keys, check_keys
from shuttle_diplomacy.validation.report import DEFAULT_LIMIT, Report, Task
from shuttle_diplomacy.validation.rules import Rule, check_sql, run_rules
from shuttle_diplomacy.validation.sandbox import run_in_child


@dataclass(frozen=True)
class Rules:
    """The SQL that belongs to a package.

    Attributes:
        rules: the rules.
        views: the views they may read.
        reason: why there are no rules, where there are none.
        trusted: whether the SQL is the repository's own; any other runs in a child process with limits.
    """

    rules: Sequence[Rule] = ()
    views: Sequence[View] = ()
    reason: str = ""
    trusted: bool = True


@dataclass
class _Judged:
    """What is known of one table while its package is judged."""

    resource: Resource
    reader: TableReader | None = None
    data: TableData | None = None
    text: pl.DataFrame | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def unsound(self) -> str:
        """Return why rules cannot read the table, or an empty text."""
        if self.data is None:
            return "could not be read"
        if any(f.type not in {"constraint-error", "hash-count-error", "byte-count-error"} for f in self.findings):
            return "has errors of structure or type"
        return ""


def validate(
    package: Package,
    rules: Rules | None = None,
    *,
    strict: bool = False,
    limit_errors: int = DEFAULT_LIMIT,
    on_table: Callable[[str], None] = lambda _: None,
) -> Report:
    """Return the report on a package.

    Args:
        package: the package.
        rules: the SQL that belongs to it; None: there is none.
        strict: whether warnings make the package invalid.
        limit_errors: how many errors are listed per resource (0: all); the count is always the true one.
        on_table: called with each table's name before it is read, for progress.

    Raises:
        ConfigurationError: a constraint, a rule or a view cannot run.
        UnsupportedError: the package uses a part of the standard that is not read so far.
    """
    rules = rules or Rules()
    report = Report(package.name, package.where, strict=strict)
    report.rules.reason = rules.reason
    shape = check_shape(package.descriptor)
    meaning = [] if shape else check_meaning(package)
    report.general.file = _shown_path(package, package.descriptor_path)
    report.general.add(shape or meaning, limit_errors)
    if report.general.error_count:
        report.rules.reason = report.rules.reason or "the descriptor has errors"
        return report
    _preload()
    judged = {}
    for resource in package.resources:
        on_table(resource.name)
        judged[resource.name] = _judge(resource)
    tables = {name: item.data for name, item in judged.items() if item.data is not None}
    for name, data in tables.items():
        judged[name].findings += check_keys(judged[name].resource, data)
        judged[name].findings += check_foreign_keys(judged[name].resource, tables)
    _run_rules(package, rules, judged, tables, report)
    for item in judged.values():
        report.tasks.append(_task(package, item, limit_errors))
    return report


def _preload() -> None:
    """Import pandera in the background while the first files are read: its import costs more than a small file."""

    def load() -> None:
        with suppress(ImportError):  # told where it is needed
            importlib.import_module("pandera.polars")

    threading.Thread(target=load, daemon=True).start()


def _judge(resource: Resource) -> _Judged:
    """Read one resource and check what can be checked without the others."""
    item = _Judged(resource)
    try:
        item.findings += _check_bytes(resource)
        if not resource.is_table:
            return item
        item.reader = TableReader(resource)
        _read(item)
    except (UnreadableError, UnsafePathError) as error:
        item.findings.append(Finding("source-error", str(error), resource=resource.name, path=resource.path))
    return item


def _check_bytes(resource: Resource) -> Iterable[Finding]:
    """Compare size and checksum of the file with the declared ones."""
    declared = resource.descriptor
    if not {"bytes", "hash"} & set(declared):
        return
    content = resource.read_bytes()
    at = Finding("", "", resource=resource.name, path=resource.path)
    if declared.get("bytes", len(content)) != len(content):
        note = f"the file has {len(content):,} bytes, the descriptor says {declared['bytes']:,}"
        yield at.at(type="byte-count-error", note=note)
    if "hash" in declared:
        algorithm, _, wanted = declared["hash"].rpartition(":")
        try:
            found = hashlib.new(algorithm or "md5", content, usedforsecurity=False).hexdigest()
        except (TypeError, ValueError):  # one of variable length, or one that is not there
            raise UnsupportedError(f"resource {resource.name!r}: the checksum {algorithm!r} is not known") from None
        if found != wanted.lower():
            note = f"the file's {algorithm or 'md5'} is {found}, the descriptor says {wanted}"
            yield at.at(type="hash-count-error", note=note)


def _read(item: _Judged) -> None:
    assert item.reader is not None
    resource, reader = item.resource, item.reader
    checker: ConstraintChecker | None = None
    frames, numbers, texts = [], [], []
    for batch in reader.batches():
        checker = checker or ConstraintChecker(resource)
        item.findings += checker.check(batch)
        frames.append(batch.frame)
        numbers.append(batch.row_numbers)
        texts.append(batch.text.select(resource.schema.primary_key))
    item.findings[:0] = reader.findings
    if frames:
        item.data = TableData(pl.concat(frames), pl.concat(numbers))
        item.text = pl.concat(texts)
    elif not reader.findings:
        ConstraintChecker(resource)  # a constraint that cannot run is said even if there is no row for it
        empty = pl.DataFrame(schema={name: reading.dtype for name, reading in reader.readings.items()})
        item.data = TableData(empty, pl.Series([], dtype=pl.Int64))


def _run_rules(
    package: Package, rules: Rules, judged: dict[str, _Judged], tables: dict[str, TableData], report: Report
) -> None:
    if not rules.rules:
        return
    sql = relations(package, {name: data.frame for name, data in tables.items()}, list(rules.views))
    check_sql(rules.rules, rules.views, sql.names | set(judged))
    unsound = {name: item.unsound for name, item in judged.items() if item.unsound}
    results = None
    if not rules.trusted and not unsound:
        frames = {name: data.frame for name, data in tables.items()}
        results = run_in_child(package, frames, rules.rules, rules.views)
    elif not rules.trusted:
        report.rules.reason = "a package from elsewhere has to be sound before its SQL runs"
        return
    found, report.rules = run_rules(package, rules.rules, sql, tables, unsound, results)
    for finding in found:
        judged[finding.resource].findings.append(finding)


def _task(package: Package, item: _Judged, limit: int) -> Task:
    resource = item.resource
    file = _shown_path(package, resource.path) if resource.path else ""
    rows = item.data.frame.height if item.data else 0
    task = Task(resource.name, resource.path, file, resource.schema.names, rows)
    findings = sorted(item.findings, key=_order)
    task.add(findings, limit)
    task.errors, task.warnings = _placed(item, task.errors), _placed(item, task.warnings)
    return task


def _order(finding: Finding) -> tuple[int, int]:
    return finding.row_number or 0, finding.field_number or 0


def _placed(item: _Judged, findings: list[Finding]) -> list[Finding]:
    """Return the findings with position, stored text and key; computed only for what is listed."""
    reader, resource = item.reader, item.resource
    wanted = {(f.row_number, f.field_number or 0) for f in findings if f.row_number and f.row_number > 1}
    if reader is None or not wanted:
        return findings
    positions = reader.records.locate(wanted)
    keys = _keys(item, {row for row, _ in wanted})
    placed = []
    for finding in findings:
        position = positions.get((finding.row_number or 0, finding.field_number or 0))
        if position is None:
            placed.append(finding)
            continue
        line, column, byte_offset, cell = position
        if finding.line is not None:
            line, column, byte_offset = finding.line, finding.column or 1, finding.byte_offset or 0
        shown = finding.cell if finding.cell is not None or not finding.field_number else cell
        key = keys.get(finding.row_number or 0)
        placed.append(finding.at(line=line, column=column, byte_offset=byte_offset, cell=shown, key=key))
    return [f.at(path=resource.path) for f in placed]


def _keys(item: _Judged, rows: set[int]) -> dict[int, dict[str, str]]:
    if item.data is None or item.text is None or not item.text.width:
        return {}
    chosen = item.text.with_columns(item.data.row_numbers.alias("#row")).filter(pl.col("#row").is_in(list(rows)))
    return {
        int(values["#row"]): {k: v or "" for k, v in values.items() if k != "#row"}
        for values in chosen.iter_rows(named=True)
    }


def _shown_path(package: Package, path: str) -> str:
    """Return a file's path as a person or GitHub expects it: relative to the working directory if it is below."""
    try:
        file = package.storage.local(path)
    except UnsafePathError:
        return ""
    if file is None:
        return ""
    whole = file if file.is_absolute() else Path.cwd() / file
    return (whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else file).as_posix()

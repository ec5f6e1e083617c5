"""The way of the data: descriptor -> records -> types -> constraints -> keys -> foreign keys -> rules -> report."""

import importlib
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shuttle_diplomacy.errors import UnsafePathError, UnsoundTableError
from shuttle_diplomacy.package import Finding, Findings, Package
from shuttle_diplomacy.package.metadata import check_meaning, check_shape, hinders
from shuttle_diplomacy.tabular.constraints import check_constraints
from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.package_tables import relations
from shuttle_diplomacy.tabular.views import View
from shuttle_diplomacy.validation.judging import JudgedResource, PackageKeys
from shuttle_diplomacy.validation.placing import placed, placed_in_descriptor
from shuttle_diplomacy.validation.report import DEFAULT_LIMIT, Report, Task
from shuttle_diplomacy.validation.rules import Rule, TableData, check_sql, readers, run_rules
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


def validate(
    package: Package,
    rules: Rules | None = None,
    *,
    strict: bool = False,
    limit_errors: int = DEFAULT_LIMIT,
    on_table: Callable[[str], None] = lambda _: None,
    on_rows: Callable[[int], None] = lambda _: None,
) -> Report:
    """Return the report on a package.

    Args:
        package: the package.
        rules: the SQL that belongs to it; None: there is none.
        strict: whether warnings make the package invalid.
        limit_errors: how many errors are listed per resource (0: all); the count is always the true one.
        on_table: called with each table's name before it is read, for progress.
        on_rows: called with the number of rows of each batch after it was judged.

    Raises:
        ConfigurationError: a rule or a view cannot run.
        UnsoundTableError: a rule reads a table whose columns cannot be told apart by name.
    """
    rules = rules or Rules()
    report = Report(package.name, package.where, strict=strict)
    report.rules.reason = rules.reason
    report.general.path = package.descriptor_path
    report.general.file = _shown_path(package, package.descriptor_path)
    found = check_descriptor(package)
    report.general.add(found, limit_errors)
    for listed in (report.general.errors, report.general.warnings):
        listed[:] = placed_in_descriptor(package, listed)
    if any(map(hinders, found)):
        report.rules.reason = report.rules.reason or "the descriptor has errors"
        return report
    _preload()
    keys, judged = PackageKeys(package), {}
    for resource in package.resources:
        on_table(resource.name)
        item = judged[resource.name] = JudgedResource(resource, Findings(limit_errors))
        item.judge(keys, keep=bool(rules.rules), on_rows=on_rows)
    for name, item in judged.items():
        if item.keys is not None:
            item.keys.check_references(keys.parents(name, judged), item.again, item.findings)
    _run_rules(package, rules, judged, report)
    report.tasks += [_task(package, item, limit_errors) for item in judged.values()]
    return report


def check_descriptor(package: Package) -> list[Finding]:
    """Return what is wrong with a descriptor; its data can be judged only where there is no error."""
    found = check_shape(package.descriptor)
    if any(map(hinders, found)):
        return found
    found += check_meaning(package)
    if any(map(hinders, found)):
        return found
    for number, resource in enumerate(package.resources):
        if not resource.is_table:
            continue
        at = f"/resources/{number}"
        dialect = Dialect.of(resource)
        for note in dialect.faults():
            found.append(Finding("dialect-error", note, resource=resource.name, pointer=f"{at}/dialect"))
        for note in dialect.assumed:
            warned = Finding("undeclared-dialect", note, resource=resource.name, pointer=at, severity="warning")
            found.append(warned)
        for fault in check_constraints(resource.schema):
            found.append(fault.at(resource=resource.name, pointer=f"{at}/schema{fault.pointer or ''}"))
    return found


def _preload() -> None:
    """Import pandera in the background while the first files are read: its import costs more than a small file."""

    def load() -> None:
        with suppress(ImportError):  # told where it is needed
            importlib.import_module("pandera.backends.polars.builtin_checks")
            importlib.import_module("pandera.polars")

    threading.Thread(target=load, daemon=True).start()


def _run_rules(package: Package, rules: Rules, judged: dict[str, JudgedResource], report: Report) -> None:
    if not rules.rules:
        return
    frames = {name: item.frame for name, item in judged.items() if item.frame is not None}
    sql = relations(package, frames, list(rules.views))
    check_sql(rules.rules, rules.views, sql.names | {r.name for r in package.resources if r.is_table})
    unsound = {name: item.unsound for name, item in judged.items() if item.resource.is_table and item.unsound}
    for name, reason in unsound.items():
        if reason == judged[name].unnamed and (rule := next(readers(rules.rules, sql, name), None)):
            raise UnsoundTableError(f"{rule.where}: the rule cannot read the table {name!r}: {reason}")
    results = None
    if not rules.trusted and not unsound:
        results = run_in_child(package, frames, rules.rules, rules.views)
    elif not rules.trusted:
        report.rules.reason = "a package from elsewhere has to be sound before its SQL runs"
        return
    tables = {name: TableData(frame, judged[name].row_numbers) for name, frame in frames.items()}
    found, report.rules = run_rules(package, rules.rules, sql, tables, unsound, results)
    for finding in found:
        judged[finding.resource].findings.add(finding)


def _task(package: Package, item: JudgedResource, limit: int) -> Task:
    resource = item.resource
    file = _shown_path(package, resource.path) if resource.path else ""
    labels = item.reader.schema.names if item.reader else resource.schema.names
    task = Task(resource.name, resource.path, file, labels, item.rows)
    task.take(item.findings, limit)
    task.errors, task.warnings = placed(item.reader, task.errors), placed(item.reader, task.warnings)
    return task


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

"""Reviewing: the difference of two packages, their sources, their views and their rules, put together."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import polars as pl

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package import Field, Finding, Package
from shuttle_diplomacy.package.configuration import Configuration
from shuttle_diplomacy.review.citing import Citations, Row, grades, records
from shuttle_diplomacy.review.comparing import compare
from shuttle_diplomacy.review.derived import Computed, moved
from shuttle_diplomacy.review.difference import Difference, TableDifference
from shuttle_diplomacy.review.reviewed import ChangedText, LostSource, Review, TouchedRow
from shuttle_diplomacy.review.revisions import Side
from shuttle_diplomacy.review.semver import judge
from shuttle_diplomacy.review.stored import read_stored
from shuttle_diplomacy.review.words import word_changes
from shuttle_diplomacy.tabular.package_tables import DERIVED
from shuttle_diplomacy.tabular.views import View, read_views
from shuttle_diplomacy.validation.pipeline import Rules, validate
from shuttle_diplomacy.validation.rendering.wording import count
from shuttle_diplomacy.validation.report import Report
from shuttle_diplomacy.validation.rules import Rule, read_rules

MOST_ROWS = 10_000  # new and changed rows whose sources are told
MOST_TEXTS = 10_000  # changed texts whose words are compared
_OF_A_TYPE = 1000  # findings of a type and table that are compared by what they say
_UNREAD, _UNRUN = "the rules cannot be read", "the rules cannot run on"
_APART = ("uri", "email", "uuid", "binary")


def review(old: Side, new: Side, on_step: Callable[[str], None] = lambda _: None) -> Review:
    """Return the review of what leads from one package to another.

    The rules and views are those of the new package's repository, for both sides, so that what moves moves because
    of the data.

    Args:
        old: the earlier package.
        new: the later one.
        on_step: called with what is worked on, for progress.
    """
    difference = compare(old, new, on_step)
    unsaid: list[str] = []
    configuration = new.configuration
    if configuration is None:
        unsaid.append(new.reason or "the new package belongs to no repository with [tool.shuttle]: no rules, no views")
    rules, views = _sql(configuration, unsaid)
    sides = [Computed.of(side.package, _not_stored(side.package, views)) for side in (old, new)]
    on_step("views")
    derived = moved(sides[0], sides[1], _not_stored(new.package, _not_stored(old.package, views)))
    rows, lost = _sources(old, new, configuration, difference, sides, unsaid)
    texts, unlooked = _texts(difference, new.package)
    on_step("rules")
    reports = [_judged(side, Rules(rules, views), unsaid) for side in (old, new)]
    judged = not any(text.startswith((_UNREAD, f"{_UNRUN} {new.label}:")) for text in unsaid)
    findings = _compared(reports[0], reports[1], unsaid)
    return Review(
        difference,
        judge(difference),
        tuple(rows),
        tuple(lost),
        tuple(texts),
        unlooked,
        tuple(replace(table, reason=new.shown(old.shown(table.reason))) for table in derived),
        *findings,
        (reports[1].error_count, reports[0].error_count),
        tuple(new.shown(old.shown(text)) for text in unsaid),
        judged,
    )


def _not_stored(package: Package, views: Sequence[View]) -> list[View]:
    """Return the views that a package, a release for one, does not hold as tables."""
    stored = {r.name for r in package.resources if r.is_table or DERIVED in r.descriptor}
    return [view for view in views if view.name not in stored]


def _sql(configuration: Configuration | None, unsaid: list[str]) -> tuple[list[Rule], list[View]]:
    rules: list[Rule] = []
    views: list[View] = []
    if configuration is not None:
        try:
            views = read_views(configuration.views)
            rules = read_rules(configuration.rules)
        except ShuttleError as error:
            unsaid.append(f"{_UNREAD}: {error}")
    return rules, views


def _judged(side: Side, rules: Rules, unsaid: list[str]) -> Report:
    try:
        return validate(side.package, rules, limit_errors=_OF_A_TYPE)
    except ShuttleError as error:
        unsaid.append(f"{_UNRUN} {side.label}: {error}")
        return validate(side.package, None, limit_errors=_OF_A_TYPE)


def _compared(old: Report, new: Report, unsaid: list[str]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings that only one report has; which line they are on does not matter."""
    for report, which in ((old, "the earlier"), (new, "the later")):
        hidden = report.error_count + report.warning_count - report.listed_count
        if hidden > 0:
            unsaid.append(f"{hidden:,} findings of {which} package are not compared, there are too many")
        for rule, why in report.rules.not_run[:1]:
            more = f" (and {count(len(report.rules.not_run) - 1, 'more rule')})" if report.rules.not_run[1:] else ""
            unsaid.append(f"a rule did not run on {which} package: {rule}: {why}{more}")
    return tuple(_beyond(new, old)), tuple(_beyond(old, new))


def _beyond(report: Report, other: Report) -> Iterator[Finding]:
    """Yield the findings of one report that the other has not, or not as often."""
    known = Counter(_identity(f) for task in other.all_tasks for f in task.listed)
    for finding in (f for task in report.all_tasks for f in task.listed):
        identity = _identity(finding)
        if known[identity]:
            known[identity] -= 1
        else:
            yield finding


def _identity(finding: Finding) -> tuple[object, ...]:
    key = tuple((finding.key or {}).values()) or finding.pointer
    return finding.type, finding.rule, finding.severity, finding.resource, finding.field_name, key, finding.note


def _texts(difference: Difference, package: Package) -> tuple[list[ChangedText], int]:
    """Return the prose whose meaning-bearing words changed."""
    found: list[ChangedText] = []
    room = MOST_TEXTS
    unlooked = 0
    for table in difference.tables:
        if not table.cells.height:
            continue
        prose = [f.name for f in package.resource(table.name).schema.fields if _is_prose(f, table)]
        cells = table.cells.filter(table.cells["field"].is_in(prose))
        unlooked += max(cells.height - room, 0)
        for cell in cells.head(room).iter_rows(named=True):
            before, after = cell["before"] or "", cell["after"] or ""
            if words := word_changes(before, after):
                found.append(ChangedText(table.name, cell["key"], cell["field"], before, after, tuple(words)))
        room = max(room - cells.height, 0)
    return found, unlooked


def _is_prose(item: Field, table: TableDifference) -> bool:
    """Return whether a field holds free text: no enumeration, pattern, key, reference or address."""
    bound = bool(item.values) or "pattern" in item.constraints or item.format in _APART
    return item.type == "string" and not bound and item.name not in {*table.key, *table.references}


def _sources(
    old: Side,
    new: Side,
    configuration: Configuration | None,
    difference: Difference,
    sides: Sequence[Computed],
    unsaid: list[str],
) -> tuple[list[TouchedRow], list[LostSource]]:
    """Return the touched rows with their sources and grades, and the rows that lost a source."""
    if configuration is None or not configuration.citations:
        if configuration is not None:
            unsaid.append(f"{configuration.file.name} declares no citations, so no sources are told")
        return [], []
    where, declared = configuration.file.name, configuration.citations
    try:
        cited = [Citations.read(side.package, declared, where) for side in (old, new)]
    except ShuttleError as error:
        unsaid.append(f"the sources cannot be told: {error}")
        return [], []
    graded = [_grades(side, configuration, unsaid) for side in sides]
    touched = dict(islice(_touched(difference, cited[0].tables | cited[1].tables), MOST_ROWS + 1))
    if len(touched) > MOST_ROWS:
        touched.popitem()
        unsaid.append(f"the sources of the first {MOST_ROWS:,} new and changed rows are told, there are more")
    rows = [
        TouchedRow(*row, touched[row], tuple(citations), graded[1].get(row), graded[0].get(row))
        for row, citations in cited[1].of(touched).items()
    ]
    lost = cited[0].lost(cited[1], records(list(_records(new, cited[0].tables, unsaid))))
    return rows, [LostSource(*row) for row in lost.iter_rows()]


def _touched(difference: Difference, tables: set[str]) -> Iterator[tuple[Row, str]]:
    for table in difference.tables:
        if table.name not in tables or not table.key or table.status not in {"changed", "added"}:
            continue
        if table.added is not None:
            for record in table.added.ids(table.key):
                yield (table.name, record), "added"
        for record in table.cells["key"].unique(maintain_order=True):
            yield (table.name, record), "changed"
        for record in table.renamed["after"]:
            yield (table.name, record), "renamed"


def _records(side: Side, tables: set[str], unsaid: list[str]) -> Iterator[tuple[str, pl.Series]]:
    for name in side.package.tables:
        if name in tables:
            try:
                stored = read_stored(side.package.resource(name))
            except ShuttleError as error:
                unsaid.append(f"lost sources of {name} cannot be told: {error}")
                continue
            yield name, stored.ids(stored.schema.primary_key)


def _grades(side: Computed, configuration: Configuration, unsaid: list[str]) -> Mapping[Row, str]:
    if not configuration.grades:
        return {}
    try:
        return grades(
            side.relations.frame(configuration.grades.get("view", "")), configuration.grades, configuration.file.name
        )
    except ShuttleError as error:
        unsaid.append(f"grades cannot be told: {error}")
        return {}

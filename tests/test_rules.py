"""Each rule has a case that breaks it and it alone; the sound package breaks none."""

from pathlib import Path

import pytest

from tests.dataset_package import DATA, RULES, judge, write_package

CASES = sorted((DATA / "rules").iterdir())
# These speak of what is missing from a table, so no row can be named.
OF_A_TABLE = {"field-has-title", "cells-reach-floor", "evidence-reaches-floor", "rows-reach-floor", "value-has-code"}


def fired(report) -> set[str]:
    return {f.rule or f.type for task in report.all_tasks for f in [*task.errors, *task.warnings]}


def test_sound_package_is_silent(tmp_path: Path):
    report = judge(write_package(tmp_path / "p"))
    assert fired(report) == set()
    assert len(report.rules.ran) == len(RULES.rules)
    assert len(report.tasks) == 13


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_breaks_its_rule_and_no_other(case: Path, tmp_path: Path):
    report = judge(write_package(tmp_path / "p", case))
    assert fired(report) == {case.name}
    placed = [f for task in report.tasks for f in [*task.errors, *task.warnings]]
    assert all(f.line and f.key for f in placed if case.name not in OF_A_TABLE)


def test_every_rule_has_a_case():
    assert {case.name for case in CASES} == {rule.id for rule in RULES.rules}

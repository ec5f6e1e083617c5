"""frictionless: descriptor, tables, keys and checksums."""

from pathlib import Path

from scripts.gauntlet.reading import Fault, counted, one, tables


def judge(release: Path) -> str:
    """Validate the package as a whole."""
    from frictionless import validate

    report = validate(str(one(release, "datapackage.json")))
    for name, _, row, note in (
        (task.name, *line) for task in report.tasks for line in task.flatten(["type", "rowNumber", "note"])
    ):
        raise Fault(f"{name}, row {row}: {note}")
    if not report.valid:
        raise Fault("; ".join(error.note for error in report.errors) or "not valid")
    return counted(tables(release))

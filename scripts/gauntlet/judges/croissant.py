"""mlcroissant: the metadata without a warning, and every record of every record set."""

from pathlib import Path

from scripts.gauntlet.reading import Fault, one, tables


def judge(release: Path, how: str) -> str:
    """Validate the metadata, or load the records."""
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(one(release, "croissant.json")))
    issues = dataset.metadata.ctx.issues
    for found in [*sorted(issues.errors), *sorted(issues.warnings)]:
        raise Fault(str(found))
    sets = dataset.metadata.record_sets
    if how == "validate":
        return f"{len(sets)} record sets, no warning"
    expected, total = {table.name: table for table in tables(release)}, 0
    loaded = set()
    for record_set in sets:
        table = expected.get(record_set.name)
        if table is None:  # the values of an enumeration, which no table holds
            list(dataset.records(record_set.uuid))
            continue
        count = sum(1 for _ in dataset.records(record_set.uuid)) if table.rows else 0
        if count != table.rows:
            raise Fault(f"record set {record_set.name!r}: {count} records, the CSV has {table.rows} rows")
        loaded.add(table.name)
        total += count
    if missing := sorted(expected.keys() - loaded):
        raise Fault(f"no record set for table {missing[0]!r}")
    return f"{len(loaded)} record sets, {total:,} records"

"""csvw: every cell of every table by its description for CSV on the Web."""

import warnings
from pathlib import Path

from scripts.gauntlet.reading import Fault, counted, one, tables


def judge(release: Path) -> str:
    """Validate the tables."""
    from csvw import CSVW

    found = tables(release)
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        described = CSVW(str(one(release, "csvw-metadata.json")), validate=True)
        valid = described.is_valid
    said = [str(item.message) for item in [*raised, *described.warnings] if not _deprecated(item)]
    if said or not valid:
        raise Fault(said[0] if said else "not valid")
    if len(described.tables) != len(found):
        raise Fault(f"{len(described.tables)} tables are described, the release has {len(found)}")
    return counted(found)


def _deprecated(item: object) -> bool:
    return issubclass(getattr(item, "category", Warning), DeprecationWarning)

"""Set the floors in schemas/package.json to what the tables hold now.

A floor is a lower bound of a table's row count, of a field's fill rate, or of how well the rows are attested
(in steps of five per cent: a new row may rest on one page). The rules compare the data with them, so
that rows or values cannot vanish unseen; lowering one is a reviewed change of this file.
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shuttle_diplomacy.dataset.bundled import bundled

METADATA = Path(__file__).parents[1] / "schemas" / "package.json"


def current() -> dict[str, Any]:
    """Return the floors that fit the tables as they are: all rows, and fill rates rounded down to per cents."""
    floors: dict[str, Any] = {}
    data = bundled()
    for name in data.package.tables:
        frame = data.load(name)
        floors[name] = {"rows": frame.height}
        if not frame.height:
            continue
        optional = [f.name for f in data.describe(name).schema.fields if not f.required]
        shares = {n: math.floor(100 * (1 - frame[n].null_count() / frame.height)) / 100 for n in optional}
        floors[name] |= {"fields": {n: s for n, s in shares.items() if s}} if any(shares.values()) else {}
    for row in data.load("evidence_by_table").iter_rows(named=True):
        shares = {n: math.floor(20 * (row[n] or 0)) / 20 for n in ("share_two_publishers", "share_both_sides")}
        floors[row["table_name"]] |= shares | {"field_citations": row["field_citations"]}
    return floors


def main(argv: Sequence[str] | None = None) -> int:
    """Write the floors; return the exit code."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args(argv)
    metadata = json.loads(METADATA.read_text(encoding="utf-8"))
    metadata["floors"] = current()
    METADATA.write_text(json.dumps(metadata, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

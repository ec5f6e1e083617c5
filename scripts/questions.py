"""Run each query of docs/questions.md and write its real output below it.

Each ``sql`` block is followed by a ``text`` block; the script fills the latter. ``--check`` changes nothing and exits
with 1 where an output is stale.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from shuttle_diplomacy.dataset.bundled import bundled

PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
_BLOCK = re.compile(r"```sql\n(?P<query>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)


def answer(query: str) -> str:
    """Return the result of a query as a plain table.

    Examples:
        >>> print(answer("SELECT leader_id, country FROM leaders WHERE leader_id = 'abe-shinzo'"))
        | leader_id  | country |
        |------------|---------|
        | abe-shinzo | JP      |
    """
    options = {
        "ascii_tables": True,
        "tbl_formatting": "ASCII_MARKDOWN",
        "tbl_hide_dataframe_shape": True,
        "tbl_hide_column_data_types": True,
        "tbl_rows": -1,
        "tbl_cols": -1,
        "fmt_str_lengths": 120,
        "tbl_width_chars": 1000,
    }
    with pl.Config(**options):  # type: ignore[arg-type]
        return str(bundled().query(query))


def filled(page: str) -> str:
    """Return the page with each output as it is now."""
    return _BLOCK.sub(lambda m: f"```sql\n{m['query']}```\n\n```text\n{answer(m['query'])}\n```", page)


def main(argv: Sequence[str] | None = None) -> int:
    """Write or check the outputs; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where an output is stale")
    options = parser.parse_args(argv)
    current = PAGE.read_text(encoding="utf-8")
    wanted = filled(current)
    if options.check:
        if current != wanted:
            print("docs/questions.md is stale; run: python scripts/questions.py", file=sys.stderr)
        return int(current != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

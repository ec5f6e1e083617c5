"""docs/questions.md: each query with its real output below it.

Each ``sql`` block is followed by a ``text`` block, which is filled here.
"""

import re

import polars as pl

from shuttle_diplomacy.dataset.bundled import bundled

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

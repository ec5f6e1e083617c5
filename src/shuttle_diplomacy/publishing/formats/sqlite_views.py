"""Queries of views as SQLite says them: a translation that is kept only where its result was found to be the same.

Views are written in polars' SQL. SQLite has no dates, no intervals, no QUALIFY, whole quotients of whole numbers and
another LIKE; what can be said in other words is, and the finished view is compared with the computed rows.
"""

from collections.abc import Iterable
from functools import reduce
from itertools import zip_longest
from typing import Any

from shuttle_diplomacy.publishing.formats.sqlite_columns import Value

# A view that takes more instructions of SQLite's machine is a table: viewers give a query about a second.
MOST_STEPS = 20_000_000
_PARTS = {"year": "%Y", "month": "%m", "day": "%d"}
_UNITS = {"year", "month", "day", "years", "months", "days"}
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_EPOCH = "2440587.5"  # the Julian day of 1970-01-01


def translated(query: str) -> str | None:
    """Return a query in SQLite's dialect, or None if it says what cannot be translated.

    Examples:
        >>> translated("SELECT LEFT(a, 2) AS b FROM t WHERE a LIKE 'x%'")
        "SELECT SUBSTRING(a, 1, 2) AS b FROM t WHERE a GLOB 'x*'"
    """
    import sqlglot
    from sqlglot.transforms import eliminate_qualify

    try:
        tree = sqlglot.parse_one(query, read="duckdb")
        for node in reversed(list(tree.walk())):  # the innermost first
            new = eliminate_qualify(node.copy()) if node.args.get("qualify") else _rewritten(node)
            if node is tree:
                tree = new
            elif new is not node:
                node.replace(new)
        return tree.sql(dialect="sqlite", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError):
        return None


def _rewritten(node: Any) -> Any:
    """Return a part of a query in other words, if it needs them."""
    from sqlglot import exp

    if isinstance(node, exp.Anonymous) and node.name.upper() == "DATE_PART":
        part, day = node.expressions
        return _date_part(part.name, day)
    if isinstance(node, exp.Extract):
        return _date_part(node.this.name, node.expression)
    if isinstance(node, exp.Add | exp.Sub) and isinstance(node.expression, exp.Interval):
        return _moved(node.this, node.expression, "+" if isinstance(node, exp.Add) else "-")
    if isinstance(node, exp.Concat):
        parts: list[Any] = [exp.Coalesce(this=part, expressions=[exp.Literal.string("")]) for part in node.expressions]
        return exp.Paren(this=reduce(lambda one, other: exp.DPipe(this=one, expression=other, safe=True), parts))
    if isinstance(node, exp.Left):
        return exp.Substring(this=node.this, start=exp.Literal.number(1), length=node.expression)
    if isinstance(node, exp.Right):
        return exp.Substring(this=node.this, start=exp.Neg(this=node.expression))
    if isinstance(node, exp.Like):
        return exp.Glob(this=node.this, expression=exp.Literal.string(_pattern(node.expression)))
    if isinstance(node, exp.Cast) and node.is_type(*exp.DataType.INTEGER_TYPES):
        return _counted(node.this)
    return node


def _date_part(part: str, day: Any) -> Any:
    from sqlglot import exp

    if part.lower() not in _PARTS:
        raise ValueError(part)
    text = exp.Anonymous(this="strftime", expressions=[exp.Literal.string(_PARTS[part.lower()]), day])
    return exp.cast(text, "INTEGER")


def _moved(day: Any, interval: Any, sign: str) -> Any:
    """Say a date plus or minus an interval."""
    from sqlglot import exp

    unit = interval.args.get("unit")
    name = unit.name.lower() if unit else ""
    if not isinstance(interval.this, exp.Literal) or name not in _UNITS:
        raise ValueError(name)
    step = exp.Literal.string(f"{sign}{interval.this.name} {name}")
    return exp.Anonymous(this="date", expressions=[day, step])


def _pattern(pattern: Any) -> str:
    """Return a pattern of LIKE as one of GLOB, which tells cases apart as polars does."""
    if not pattern.is_string:
        raise ValueError("LIKE")
    signs = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    return "".join(signs.get(char, char) for char in pattern.name)


def _counted(value: Any) -> Any:
    """Say a value as a whole number: of a date that is the days since 1970."""
    from sqlglot import exp

    julian = exp.Anonymous(this="julianday", expressions=[value.copy()])
    days = exp.Sub(this=julian, expression=exp.Literal.number(_EPOCH))
    is_day = exp.Glob(this=value.copy(), expression=exp.Literal.string(_DAY))
    return exp.Case(ifs=[exp.If(this=is_day, true=exp.cast(days, "INTEGER"))], default=exp.cast(value, "INTEGER"))


def same_rows(one: Iterable[tuple[Value, ...]], other: Iterable[tuple[Value, ...]]) -> bool:
    """Return whether two sequences of rows are equal, value by value and type by type.

    Examples:
        >>> same_rows([(1, "a")], iter([(1, "a")])), same_rows([(1,)], [(1.0,)]), same_rows([(1,)], [])
        (True, False, False)
    """
    return all(_exact(left) == _exact(right) for left, right in zip_longest(one, other))


def _exact(row: tuple[Value, ...] | None) -> list[tuple[type, Value]] | None:
    return None if row is None else [(int if isinstance(value, bool) else type(value), value) for value in row]

"""The SQL context in which views and rules run, and the check of each query before it does.

polars' SQL can read any file or address and change tables, so a query is read by a parser of its own (sqlglot)
first: one SELECT, tables by name only, no table function, no unbounded recursion.
"""

import re
from collections.abc import Mapping

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError, did_you_mean

_LONGEST = 20_000  # parsers descend once a sign; far longer ones end the process
_COMMENT = re.compile(r"--[^\n]*")
_SOURCE = re.compile(r"\b(?:from|join)\s+([a-z_][a-z0-9_]*)\b(?!\s*\()", re.IGNORECASE)


def named_tables(query: str) -> set[str]:
    """Return the names after FROM and JOIN, those of its own WITH clauses included.

    Examples:
        >>> sorted(named_tables("SELECT 1 FROM a JOIN b ON a.x = b.x -- FROM c"))
        ['a', 'b']
    """
    return set(_SOURCE.findall(_COMMENT.sub("", query)))


def check_query(query: str, known: set[str], where: str) -> None:
    """Check that a query can do nothing but read the known tables.

    Args:
        query: the SQL text.
        known: names of tables and views.
        where: the file, for messages.

    Raises:
        ConfigurationError: it is not exactly one SELECT, calls a table function, or names an unknown table.

    Examples:
        >>> check_query("SELECT * FROM read_csv('/etc/passwd')", {"a"}, "x.sql")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.ConfigurationError: x.sql: a table function is not allowed; name tables only
    """
    import sqlglot
    from sqlglot import exp

    if len(query) > _LONGEST:
        raise ConfigurationError(f"{where}: longer than {_LONGEST:,} characters")
    try:
        statements = [s for s in sqlglot.parse(query) if s is not None]
    except sqlglot.errors.ParseError as error:
        first = error.errors[0]
        raise ConfigurationError(f"{where}: not valid SQL: {first['description']}, column {first['col']}") from error
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise ConfigurationError(f"{where}: not valid SQL") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ConfigurationError(f"{where}: a query has to be exactly one SELECT")
    (statement,) = statements
    if any(part.args.get("recursive") for part in statement.find_all(exp.With)):
        raise ConfigurationError(f"{where}: recursion is not allowed")
    local = {part.alias for part in statement.find_all(exp.CTE)}
    seen: set[str] = set()
    for table in statement.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.this.quoted:
            raise ConfigurationError(f"{where}: a table function is not allowed; name tables only")
        if table.args.get("db") or table.args.get("catalog") or table.name not in known | local:
            near = did_you_mean(table.name, known)
            raise ConfigurationError(f"{where}: there is no table or view {table.sql()!r};{near}".rstrip(";"))
        seen.add(table.name)
    if extra := next(statement.find_all(exp.Into, exp.Command, exp.DML, exp.DDL), None):
        raise ConfigurationError(f"{where}: {extra.key.upper()} is not allowed; a query only reads")
    if seen != named_tables(query) & (known | local):
        raise ConfigurationError(f"{where}: write each table after FROM or JOIN, without a comma or brackets")


def run_query(query: str, frames: Mapping[str, pl.LazyFrame], where: str) -> pl.DataFrame:
    """Return the result of a query over frames.

    Raises:
        ConfigurationError: polars cannot run it; the message names the file.
    """
    wanted = named_tables(query)
    try:
        with pl.SQLContext({n: f for n, f in frames.items() if n in wanted}, eager=True) as context:
            result = context.execute(query)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ConfigurationError(f"{where}: polars cannot run the query: {reason}") from error
    return result.rechunk()

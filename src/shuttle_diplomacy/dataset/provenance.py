"""From a row to the pages it rests on."""

import polars as pl

from shuttle_diplomacy.dataset.bundled import bundled, configuration
from shuttle_diplomacy.errors import UnknownNameError

_FIRST = ("relation", "grade", "url", "field", "note_en")


def sources_of(table: str, record_id: str) -> pl.DataFrame:
    """Return what the pages say of one row: who, from which side, and whether they agree.

    Args:
        table: the row's table; leaders have the citations of their terms.
        record_id: its primary key, parts joined by ``/``.

    Returns:
        One row a citation: ``relation`` (supports, contradicts, silent), ``grade`` of the evidence of the whole row
        (A to D, see the view ``evidence``; null where nothing supports it), ``url``, ``field`` (``*`` for the row as
        a whole), ``note_en``, and all other columns of the source; sorted by field, relation and source.

    Raises:
        UnknownNameError: there is no such table, or no such row.

    Examples:
        >>> sources_of("summits", "2026-01-13-nara").columns[:4]
        ['relation', 'grade', 'url', 'field']
    """
    names = configuration().citations
    cited = _cited(table, record_id)
    joined = cited.join(bundled().load(names["sources"]), left_on=names["source"], right_on="source_id", how="left")
    ordered = joined.sort(names["field"], "relation", names["source"], maintain_order=True)
    return ordered.with_columns(_grade(table, record_id)).select(*_FIRST, pl.exclude(_FIRST))


def _cited(table: str, record_id: str) -> pl.DataFrame:
    data, names = bundled(), configuration().citations
    citations = data.load(names["table"])
    record_table, record = names["record_table"], names["record"]
    if table == "leaders":  # attested by their terms, as the view `evidence` counts them
        terms = data.load("terms").filter(leader_id=record_id)["term_id"]
        if terms.is_empty():
            raise UnknownNameError("leader", record_id, data.load("leaders")["leader_id"])
        return pl.concat(_cited("terms", term_id) for term_id in terms).unique(maintain_order=True)
    of_table = citations.filter(pl.col(record_table).cast(pl.String) == table)
    if of_table.is_empty():
        raise UnknownNameError("table with citations", table, citations[record_table].cast(pl.String).unique().sort())
    found = of_table.filter(pl.col(record) == record_id)
    if found.is_empty():
        raise UnknownNameError(f"citation of a row in {table!r} with the id", record_id, of_table[record].unique())
    return found.drop(record_table, record)


def _grade(table: str, record_id: str) -> pl.Expr:
    names = configuration().grades
    graded = bundled().load(names["view"])
    of_record = (pl.col(names["record_table"]).cast(pl.String) == table) & (pl.col(names["record"]) == record_id)
    grades = graded.filter(of_record)[names["grade"]]
    return pl.lit(grades.first(), dtype=graded.schema[names["grade"]]).alias("grade")

"""From a row to the pages it rests on."""

import polars as pl

from shuttle_diplomacy.dataset.bundled import bundled, configuration
from shuttle_diplomacy.errors import UnknownNameError


def sources_of(table: str, record_id: str) -> pl.DataFrame:
    """Return what the pages say of one row: who, from which side, and whether they agree.

    Args:
        table: the row's table; leaders have the citations of their terms.
        record_id: its primary key, parts joined by ``/``.

    Returns:
        One row a citation: ``field`` (``*`` for the row as a whole), ``relation`` (supports, contradicts, silent),
        ``note_en``, and all columns of the source; sorted by field, relation and source.

    Raises:
        UnknownNameError: there is no such table, or no such row.

    Examples:
        >>> sources_of("summits", "2026-01-13-nara")["relation"].dtype
        Enum(categories=['supports', 'contradicts', 'silent'])
    """
    data, names = bundled(), configuration().citations
    citations = data.load(names["table"])
    if table == "leaders":  # attested by their terms, as the view `evidence` counts them
        terms = data.load("terms").filter(leader_id=record_id)["term_id"]
        if terms.is_empty():
            raise UnknownNameError("leader", record_id, data.load("leaders")["leader_id"])
        return pl.concat(sources_of("terms", term_id) for term_id in terms).unique(maintain_order=True)
    of_table = citations.filter(pl.col(names["record_table"]).cast(pl.String) == table)
    found = of_table.filter(pl.col(names["record"]) == record_id)
    if found.is_empty():
        if of_table.is_empty():
            raise UnknownNameError("table with citations", table, citations[names["record_table"]].unique().sort())
        raise UnknownNameError(
            f"citation of a row in {table!r} with the id", record_id, of_table[names["record"]].unique()
        )
    joined = found.join(data.load(names["sources"]), left_on=names["source"], right_on="source_id", how="left")
    return joined.drop(names["record_table"], names["record"]).sort(names["field"], "relation", names["source"])

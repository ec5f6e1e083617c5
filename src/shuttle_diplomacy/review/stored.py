"""Reading a table for a comparison: the texts of its cells, as they are stored."""

from collections import Counter

import polars as pl

from shuttle_diplomacy.errors import UnsoundTableError
from shuttle_diplomacy.package import Findings, Resource
from shuttle_diplomacy.review.difference import Stored
from shuttle_diplomacy.tabular.formats import form_of
from shuttle_diplomacy.tabular.reader import TableReader, column_of

_LISTED = 10


def read_stored(resource: Resource) -> Stored:
    """Return the texts of a whole table.

    Raises:
        UnsoundTableError: it has errors of structure, so that nobody can tell what its cells are.
        UnreadableError: a file is not there or cannot be read, or its dialect contradicts itself.
    """
    findings = Findings(limit=_LISTED)
    reader = TableReader(resource, findings)
    found = list(reader.records.records())
    faults = [finding for finding in findings.kept if finding.severity == "error"]
    if faults:
        count = findings.total("error") - 1
        more = f" (and {count:,} more)" if count else ""
        raise UnsoundTableError(f"{faults[0].place}: {faults[0].note}{more}; mend it first: shuttle validate")
    schema = reader.records.schema
    if twice := sorted(name for name, number in Counter(schema.names).items() if number > 1):
        raise UnsoundTableError(f"several fields are called {twice[0]!r}; a comparison needs a name for each")
    columns = [column_of(number) for number in range(len(schema.fields))]
    empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    text = pl.concat([empty, *(records.text for records in found)])
    if form_of(resource).form == "csv":
        text = text.fill_null("")
    numbers = pl.concat([pl.Series(dtype=pl.Int64), *(records.row_numbers.cast(pl.Int64) for records in found)])
    return Stored(schema, text, numbers)

import math
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shuttle_diplomacy.package import Resource, Schema
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.publishing.lexical import csv_bytes
from shuttle_diplomacy.tabular.reader import read_table

FRAME = pl.DataFrame(
    {
        "text": ["plain", 'a "quoted", one', "two\nlines", None],
        "number": [0.1, math.inf, 1e-300, None],
        "integer": [1, -2, 2**62, None],
        "boolean": [True, False, None, None],
        "date": [date(2026, 1, 13), date(1, 1, 1), None, None],
        "list": [["a", "b"], ["c"], None, None],
    }
)
FIELDS = [{"name": n, "type": "string" if n == "text" else n} for n in FRAME.columns]


@pytest.mark.parametrize("extra", [{}, {"missingValues": ["n/a"]}])
def test_what_is_written_is_what_is_read(tmp_path, extra):
    schema = {"fields": FIELDS, **extra}
    (tmp_path / "a.csv").write_bytes(csv_bytes(FRAME, Schema(schema)))
    frame, findings = read_table(Resource({"name": "a", "path": "a.csv", "schema": schema}, Folder(tmp_path)))
    assert not findings
    assert_frame_equal(frame, FRAME)


def test_the_only_cell_of_a_row_is_seen_when_it_is_empty():
    assert csv_bytes(FRAME.select("boolean"), Schema({"fields": FIELDS[3:4]})) == b'boolean\ntrue\nfalse\n""\n""\n'

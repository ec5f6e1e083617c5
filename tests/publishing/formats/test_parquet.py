import json

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.publishing.formats.parquet import write_parquet
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

FRAME = pl.DataFrame({"kind": ["b", "a", None], "n": [1, 2, 3]}, schema={"kind": pl.Enum(["b", "a"]), "n": pl.Int64})
RELEASE = Release({"name": "zoo", "version": "1.2.0"}, "https://zoo.example/", 0)


def written(frame, file):
    write_parquet(ReleasedTable("t", Schema({}), frame, "data/t.csv", {}), RELEASE, file)
    return file.read_bytes()


def test_bytes_do_not_depend_on_chunks(tmp_path):
    chunked = pl.concat([FRAME[:1], FRAME[1:]], rechunk=False)
    assert written(chunked, tmp_path / "a") == written(FRAME, tmp_path / "b")


def test_types_are_kept(tmp_path):
    written(FRAME, tmp_path / "a.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "a.parquet"), FRAME)


SCHEMA = {
    "fields": [{"name": "*", "type": "string", "description": "Which."}, {"name": "n", "type": "integer"}],
    "primaryKey": ["*", "n"],
}
DESCRIPTOR = {"name": "zoo", "version": "1.2.0", "title": "A zoo", "licenses": [{"name": "CC0-1.0"}]}


def metadata(folder, rows, **schema):
    frame = pl.DataFrame(rows, schema={"kind": pl.Enum(["b", "a"]), "n": pl.Int64}, orient="row")
    frame.columns = ["*", "n"]
    table = ReleasedTable("t", Schema(SCHEMA | schema), frame, "t.csv", {"name": "t", "title": "T é"})
    write_parquet(table, Release(DESCRIPTOR, "https://zoo.example/", 0, citation="Cite."), folder / "t.parquet")
    return pl.read_parquet_metadata(folder / "t.parquet")


def test_the_file_says_what_it_is(tmp_path):
    found = metadata(tmp_path, [("a", 1)])
    assert {key: value for key, value in found.items() if key != "ARROW:schema"} == {
        "package": "zoo",
        "version": "1.2.0",
        "title": "A zoo",
        "licenses": '[{"name": "CC0-1.0"}]',
        "citation": "Cite.",
        "table": "t",
        "table_title": "T é",
        "table_schema": json.dumps(SCHEMA),
        "sorted_by": '["*", "n"]',
    }


@pytest.mark.parametrize(
    ("rows", "key", "said"),
    [
        ([("a", 2), ("b", 1)], ["*"], '["*"]'),
        ([("b", 1), ("a", 2)], ["*"], None),
        ([("b", 1), ("a", 2)], "n", '["n"]'),
        ([("a", 2), ("a", 1)], ["*", "n"], None),
        ([("a", 1)], [], None),
        ([], ["*"], '["*"]'),
    ],
)
def test_the_order_is_said_where_rows_are_in_it(tmp_path, rows, key, said):
    assert metadata(tmp_path, rows, primaryKey=key).get("sorted_by") == said


def test_statistics_are_on(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    metadata(tmp_path, [("a", 1), ("b", 5), ("b", None)])
    query = (
        "SELECT stats_min_value, stats_max_value, stats_null_count FROM parquet_metadata(?) WHERE path_in_schema = 'n'"
    )
    assert duckdb.execute(query, [str(tmp_path / "t.parquet")]).fetchall() == [("1", "5", 1)]

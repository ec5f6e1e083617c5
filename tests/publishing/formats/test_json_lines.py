import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from shuttle_diplomacy.package import Resource, Schema
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.publishing.formats.json_lines import write_json_lines
from shuttle_diplomacy.publishing.released import Release, ReleasedTable
from shuttle_diplomacy.tabular.reader import read_table
from tests.publishing.test_lexical import FIELD_TEXTS

RELEASE = Release({"name": "zoo", "version": "1.2.0"}, "https://zoo.example/", 0)


def written(folder, frame, fields):
    file = folder / "a.jsonl"
    write_json_lines(ReleasedTable("a", Schema({"fields": fields}), frame, "a.csv", {}), RELEASE, file)
    return file.read_text(encoding="utf-8")


def read(folder, fields, form):
    path = f"a.{form}"
    descriptor = {"name": "a", "path": path, "format": form, "encoding": "utf-8", "schema": {"fields": fields}}
    return read_table(Resource(descriptor, Folder(folder)))


def typed(folder, fields, **cells):
    pl.DataFrame(cells).write_csv(folder / "a.csv")
    frame, findings = read(folder, fields, "csv")
    assert not findings
    return frame


@pytest.mark.parametrize(("descriptor", "texts"), FIELD_TEXTS, ids=lambda value: str(value)[:60])
def test_each_type_is_read_again_as_the_same_values(tmp_path_factory, descriptor, texts):
    folder = tmp_path_factory.mktemp("lines")
    fields = [{"name": 'a "b"', **descriptor}, {"name": "beside"}]

    @given(st.lists(texts, min_size=1, max_size=5))
    @settings(max_examples=30, deadline=None, database=None, derandomize=True)
    def check(cells):
        frame = typed(folder, fields, **{'a "b"': cells, "beside": ["x"] * len(cells)})
        lines = written(folder, frame, fields)
        assert [list(json.loads(line)) for line in lines.split("\n")[:-1]] == [frame.columns] * frame.height
        again, findings = read(folder, fields, "jsonl")
        assert not findings
        if descriptor["type"] in {"object", "array", "geojson"}:
            said = [[json.loads(text) for text in part.to_series()] for part in (again, frame)]
            assert said[0] == said[1]
        else:
            assert_frame_equal(again, frame, check_exact=True)

    check()


@pytest.mark.parametrize(
    ("descriptor", "text", "value"),
    [
        ({"type": "string"}, 'é"\\\n\u2028', '"é\\"\\\\\\n\u2028"'),
        ({"type": "integer"}, "9223372036854775807", "9223372036854775807"),
        ({"type": "integer", "missingValues": ["", "7"]}, "07", '"07"'),
        ({"type": "number"}, "0.10", "0.1"),
        ({"type": "number"}, "-INF", '"-INF"'),
        ({"type": "number", "decimalChar": ","}, "1,5", "1.5"),
        ({"type": "boolean", "falseValues": ["nein"]}, "nein", "false"),
        ({"type": "boolean", "trueValues": ["1"], "missingValues": ["", "1"]}, "false", "false"),
        ({"type": "date", "format": "%d.%m.%Y"}, "13.01.2026", '"13.01.2026"'),
        ({"type": "duration"}, "P14M", '"P1Y2M"'),
        ({"type": "year"}, "2026", "2026"),
        ({"type": "year"}, "0033", '"0033"'),
        ({"type": "geopoint"}, "1,2", '"1.0, 2.0"'),
        ({"type": "geopoint", "format": "array"}, "[1,2]", "[1.0, 2.0]"),
        ({"type": "list", "itemType": "number"}, "1,INF", '[1.0, "INF"]'),
        ({"type": "object"}, '{"a":\n1.50}', '{"a": 1.50}'),
        ({"type": "object"}, '{"a":1,"a":2}', r'"{\"a\":1,\"a\":2}"'),
        ({"type": "geojson"}, '{"type":"Point","coordinates":[1,2]}', '{"type": "Point", "coordinates": [1, 2]}'),
    ],
)
def test_each_value_is_written_as_json_has_it(tmp_path, descriptor, text, value):
    fields = [{"name": "a", **descriptor}, {"name": "b"}]
    frame = typed(tmp_path, fields, a=[text, ""], b=["x", "y"])
    assert written(tmp_path, frame, fields) == f'{{"a": {value}, "b": "x"}}\n{{"a": null, "b": "y"}}\n'


def test_lines_are_written_slice_by_slice(tmp_path):
    fields = [{"name": "n", "type": "integer"}]
    lines = written(tmp_path, pl.DataFrame({"n": range(70_000)}), fields).splitlines()
    assert lines == [f'{{"n": {n}}}' for n in range(70_000)]


def test_a_table_without_rows_is_an_empty_file(tmp_path):
    assert written(tmp_path, pl.DataFrame({"n": []}), [{"name": "n"}]) == ""

import datetime as dt
import json
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from shuttle_diplomacy.errors import UnsoundTableError
from shuttle_diplomacy.package import Field, Resource, Schema
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.publishing.lexical import csv_bytes
from shuttle_diplomacy.publishing.spelling import spelt
from shuttle_diplomacy.tabular.reader import read_table

moment = dt.datetime.fromisoformat
FRAME = pl.DataFrame(
    {
        "text": ["plain", 'a "quoted", one', "two\nlines", None],
        "number": [0.1, math.inf, 1e-300, None],
        "integer": [1, -2, 2**62, None],
        "boolean": [True, False, None, None],
        "date": [dt.date(2026, 1, 13), dt.date(1, 1, 1), None, None],
        "list": [["a", "b"], ["c"], None, None],
    }
)
FIELDS = [{"name": n, "type": "string" if n == "text" else n} for n in FRAME.columns]
MOMENTS = st.datetimes(moment("0001-01-02T00:00:00"), moment("9999-12-30T00:00:00")).map(lambda m: m.isoformat() + "Z")
SECONDS = st.datetimes(moment("1970-01-01T00:00:00"), moment("2068-01-01T00:00:00")).map(
    lambda m: m.replace(microsecond=0)
)
PARTS = st.integers(0, 10**9)
NUMBERS = st.floats().map(lambda n: {"inf": "INF", "-inf": "-INF"}.get(repr(n), repr(n)))
WHOLE = st.integers(-(2**63), 2**63 - 1).map(str)
LON, LAT = st.floats(-180, 180), st.floats(-90, 90)
JSON = st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def patterned(pattern, moments=SECONDS):
    return moments.map(lambda m: m.strftime(pattern).replace("%z", "+0900"))


FIELD_TEXTS = [
    ({"type": "string"}, TEXTS),
    ({"type": "any"}, TEXTS),
    ({"type": "integer"}, WHOLE),
    ({"type": "integer", "groupChar": "."}, st.integers(0, 10**9).map(lambda n: f"{n:,}".replace(",", "."))),
    ({"type": "integer", "bareNumber": False}, WHOLE.map(lambda n: f"EUR {n} %")),
    ({"type": "integer", "missingValues": ["7", "", "-7"]}, st.sampled_from(["007", "+7", "-07", "7"])),
    ({"type": "number"}, NUMBERS),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, st.sampled_from(["1.234,5", "-,5", "1e3", "nan"])),
    ({"type": "number", "bareNumber": False}, NUMBERS.filter(lambda n: n[-1].isdigit()).map(lambda n: f"{n}%")),
    ({"type": "number", "missingValues": ["1.0", "INF"]}, st.sampled_from(["1", "inf", "-INF", "-1.0", "1.0"])),
    ({"type": "boolean"}, st.sampled_from(["true", "0"])),
    ({"type": "boolean", "trueValues": ["yes", "y"]}, st.sampled_from(["yes", "y", "false", "0"])),
    ({"type": "boolean", "trueValues": ["false", "x"]}, st.sampled_from(["false", "x", "0"])),
    ({"type": "boolean", "missingValues": ["true"]}, st.sampled_from(["1", "0", "true"])),
    ({"type": "boolean", "trueValues": [], "falseValues": ["n"]}, st.just("n")),
    ({"type": "date"}, st.dates().map(str)),
    ({"type": "date", "format": "any"}, st.dates(dt.date(1000, 1, 1)).map(lambda d: d.strftime("%d %B %Y"))),
    ({"type": "date", "format": "%d/%m/%y"}, patterned("%d/%m/%y")),
    ({"type": "date", "format": "%A, %d. %b %Y 100%%"}, patterned("%A, %d. %b %Y 100%%")),
    ({"type": "date", "format": "%Y%j"}, patterned("%Y%j")),
    ({"type": "datetime"}, MOMENTS),
    ({"type": "datetime"}, st.sampled_from(["2026-01-13T24:00:00+09:00", "2026-01-13T09:30:00.5"])),
    ({"type": "datetime", "missingValues": ["2026-01-13T09:30:00Z"]}, st.just("2026-01-13T09:30:00")),
    ({"type": "datetime", "format": "any"}, st.sampled_from(["2026/01/13 09:30", "20260113T093000+0900"])),
    ({"type": "datetime", "format": "%d.%m.%Y %H:%M"}, patterned("%d.%m.%Y %H:%M")),
    ({"type": "datetime", "format": "%y%m%d %I%M%S.%f %p%z"}, patterned("%y%m%d %I%M%S.%f %p%%z")),
    ({"type": "time"}, st.times().map(lambda t: t.strftime("%H:%M:%S"))),
    ({"type": "time", "format": "any"}, st.sampled_from(["9:30 pm", "09:30:00.25", "12:00 AM"])),
    ({"type": "time", "format": "%I.%M %p"}, patterned("%I.%M %p")),
    ({"type": "time", "format": "%Y at %H"}, patterned("%Y at %H")),
    ({"type": "year"}, st.integers(-(10**6), 10**6).filter(bool).map(lambda y: f"{'-' * (y < 0)}{abs(y):04}")),
    ({"type": "year", "missingValues": ["1999"]}, st.sampled_from(["1999", "1999Z", "2000+09:00"])),
    ({"type": "yearmonth"}, st.dates().map(lambda d: d.isoformat()[:7])),
    ({"type": "yearmonth", "missingValues": ["1999-01"]}, st.sampled_from(["1999-01", "1999-01Z"])),
    ({"type": "duration"}, st.tuples(PARTS, PARTS).map(lambda p: f"-P{p[0]}MT{p[1] / 1000:f}S")),
    ({"type": "duration"}, st.sampled_from(["P0D", "P1Y2M3DT4H5M6.7S", "P14M", "PT36H", "PT0.000001S"])),
    ({"type": "duration", "missingValues": ["P1Y"]}, st.sampled_from(["P1Y", "P12M", "PT1S"])),
    ({"type": "geopoint"}, st.tuples(LON, LAT).map(lambda p: f"{p[0]!r}, {p[1]!r}")),
    ({"type": "geopoint", "format": "array"}, st.tuples(LON, LAT).map(json.dumps)),
    (
        {"type": "geopoint", "format": "object"},
        st.tuples(LON, LAT).map(lambda p: json.dumps(dict(zip(("lat", "lon"), p[::-1], strict=True)))),
    ),
    ({"type": "geopoint", "missingValues": ["1.0, 2.0"]}, st.sampled_from(["1.0, 2.0", "1,2"])),
    ({"type": "array"}, st.lists(JSON).map(lambda v: json.dumps(v, ensure_ascii=False, indent=1))),
    ({"type": "object"}, st.dictionaries(st.text(), JSON).map(json.dumps)),
    ({"type": "geojson"}, st.just('{"type": "Point", "coordinates": [1,2]}')),
    ({"type": "list"}, TEXTS),
    ({"type": "list", "delimiter": "; ", "itemType": "number"}, st.lists(NUMBERS, min_size=1).map("; ".join)),
    ({"type": "list", "itemType": "date"}, st.lists(st.dates().map(str), min_size=1).map(",".join)),
    ({"type": "list", "itemType": "boolean"}, st.just("1,0,true")),
    ({"type": "list", "itemType": "datetime", "delimiter": "|"}, st.lists(MOMENTS, min_size=1).map("|".join)),
    ({"type": "list", "itemType": "integer", "missingValues": ["1,2"]}, st.sampled_from(["1,2", "1,02"])),
]


def resource(folder, content, fields, **schema):
    (folder / "a.csv").write_bytes(content)
    return Resource({"name": "a", "path": "a.csv", "schema": {"fields": fields, **schema}}, Folder(folder))


@pytest.mark.parametrize("extra", [{}, {"missingValues": ["n/a"]}, {"missingValues": ["n/a", ""]}])
def test_what_is_written_is_what_is_read(tmp_path, extra):
    content = csv_bytes(FRAME, Schema({"fields": FIELDS, **extra}))
    frame, findings = read_table(resource(tmp_path, content, FIELDS, **extra))
    assert not findings
    assert_frame_equal(frame, FRAME)


@pytest.mark.parametrize(("descriptor", "texts"), FIELD_TEXTS, ids=lambda value: str(value)[:60])
def test_each_type_is_read_again_as_the_same_values(tmp_path_factory, descriptor, texts):
    folder = tmp_path_factory.mktemp("lexical")
    fields = [{"name": "*", **descriptor}, {"name": "beside"}]
    schema = Schema({"fields": fields})

    @given(st.lists(texts, min_size=1, max_size=5))
    @settings(max_examples=30, deadline=None, database=None, derandomize=True)
    def check(cells):
        stored = pl.DataFrame({"*": cells, "beside": ["x"] * len(cells)}).write_csv().encode()
        first, findings = read_table(resource(folder, stored, fields))
        assert not findings
        written = csv_bytes(first, schema)
        again, findings = read_table(resource(folder, written, fields))
        assert not findings
        assert_frame_equal(again, first, check_exact=True)
        assert csv_bytes(again, schema) == written

    check()


@pytest.mark.parametrize(
    ("descriptor", "text", "canonical"),
    [
        ({"type": "duration"}, "P0Y14M3DT36H0.50S", "P1Y2M4DT12H0.5S"),
        ({"type": "duration"}, "-PT0S", "PT0S"),
        ({"type": "datetime"}, "2026-01-13T09:30:00+09:00", "2026-01-13T00:30:00Z"),
        ({"type": "geopoint"}, "126.980,37", "126.98, 37.0"),
        ({"type": "geopoint", "format": "object"}, '{"lat":1,"lon":2}', '{"lon": 2.0, "lat": 1.0}'),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, "1.234,50", "1234,5"),
        ({"type": "year"}, "0033+09:00", "0033"),
        ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, "nein", "nein"),
        ({"type": "list", "itemType": "integer"}, "01,+2", "1,2"),
    ],
)
def test_each_value_has_one_spelling(tmp_path, descriptor, text, canonical):
    fields = [{"name": "a", **descriptor}]
    stored = pl.DataFrame({"a": [text]}).write_csv().encode()
    frame, _ = read_table(resource(tmp_path, stored, fields))
    assert csv_bytes(frame, Schema({"fields": fields})) == pl.DataFrame({"a": [canonical]}).write_csv().encode()


@pytest.mark.parametrize("name", ["\ufeffid", "*", "^a$", 'a "b", c', "two\nlines", "SELECT"])
def test_names_are_read_again(tmp_path, name):
    fields = [{"name": name}, {"name": "b"}]
    content = csv_bytes(pl.DataFrame({name: ["x"], "b": ["y"]}), Schema({"fields": fields}))
    frame, findings = read_table(resource(tmp_path, content, fields))
    assert not findings
    assert frame.rows(named=True) == [{name: "x", "b": "y"}]


def test_the_only_cell_of_a_row_is_seen_when_it_is_empty():
    assert csv_bytes(FRAME.select("boolean"), Schema({"fields": FIELDS[3:4]})) == b'boolean\ntrue\nfalse\n""\n""\n'


def test_a_table_without_fields_is_an_empty_file():
    assert csv_bytes(pl.DataFrame(), Schema({"fields": []})) == b""


def test_values_that_no_text_is_known_for_are_refused():
    with pytest.raises(UnsoundTableError, match=r"the field 'a' of type string holds values of type List\(Int64\)"):
        spelt(Field({"name": "a", "type": "string"}), pl.col("a"), pl.List(pl.Int64))

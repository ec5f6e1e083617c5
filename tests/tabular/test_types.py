"""Lexical rules of the types: what is a value, what is none, what is missing."""

import math
from datetime import UTC, date, datetime, time

import polars as pl
import pytest

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Field, open_package
from shuttle_diplomacy.tabular.reader import read_table
from shuttle_diplomacy.tabular.types import reading_of
from tests.conftest import PackageFolder


def read(field: dict, *texts: str | None) -> list[object]:
    """Return the values of some texts, None for those that are wrong."""
    reading = reading_of(Field({"name": "^x$", **field}), "0")
    frame = pl.DataFrame({"0": texts}, schema={"0": pl.String})
    found = frame.select(reading.value.alias("value"), reading.wrong.alias("wrong"))
    assert found.schema["value"] == reading.dtype
    assert (found["wrong"] == (frame["0"].is_not_null() & found["value"].is_null())).all()
    return found["value"].to_list()


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


ACCEPTED = [
    ({"type": "integer"}, {"12": 12, "+3": 3, "-007": -7, "9223372036854775807": 2**63 - 1}),
    ({"type": "integer", "groupChar": ","}, {"1,000": 1000, "-1,000,000": -1_000_000, "12": 12}),
    ({"type": "integer", "bareNumber": False}, {"95%": 95, "EUR 95": 95, "€-5 m": -5}),
    ({"type": "number"}, {"1.5": 1.5, ".5E1": 5.0, "5.": 5.0, "-inf": -math.inf, "INF": math.inf, "1e-400": 0.0}),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, {"1.000,5": 1000.5, ",5": 0.5, "-INF": -math.inf}),
    ({"type": "number", "bareNumber": False}, {"95.5%": 95.5, "$1e3 only": 1000.0, "INF": math.inf}),
    ({"type": "boolean"}, {"true": True, "TRUE": True, "0": False}),
    ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, {"ja": True, "nein": False}),
    ({"type": "boolean", "trueValues": ["0"]}, {"0": True, "False": False}),
    ({"type": "date"}, {"2024-02-29": date(2024, 2, 29), "0001-01-01": date(1, 1, 1)}),
    ({"type": "date", "format": "fmt:%d/%m/%Y"}, {"1/2/2024": date(2024, 2, 1), "31/12/1999": date(1999, 12, 31)}),
    ({"type": "date", "format": "%d %b %y"}, {"1 JAN 69": date(1969, 1, 1), "01 feb 68": date(2068, 2, 1)}),
    ({"type": "date", "format": "%Y-%j"}, {"2024-366": date(2024, 12, 31)}),
    (
        {"type": "date", "format": "any"},
        {"2024-01-26": date(2024, 1, 26), "26 January 2024": date(2024, 1, 26), "Jan 6, 2024": date(2024, 1, 6)},
    ),
    ({"type": "time"}, {"15:00:00": time(15), "00:00:00": time(0)}),
    ({"type": "time", "format": "%I:%M %p"}, {"12:30 am": time(0, 30), "3:04 PM": time(15, 4)}),
    ({"type": "time", "format": "any"}, {"15:00": time(15), "15:00:01.25": time(15, 0, 1, 250000)}),
    ({"type": "datetime"}, {"2024-01-26T15:00:00": utc(2024, 1, 26, 15)}),
    (
        {"type": "datetime"},
        {
            "2024-01-26T15:00:00.300-05:00": utc(2024, 1, 26, 20, 0, 0, 300000),
            "2024-01-26T15:00:00.12345678Z": utc(2024, 1, 26, 15, 0, 0, 123456),
            "2024-12-31T24:00:00+01:00": utc(2024, 12, 31, 23),
        },
    ),
    ({"type": "datetime", "format": "%d/%m/%Y %H:%M"}, {"12/11/2018 09:15": datetime(2018, 11, 12, 9, 15)}),  # noqa: DTZ001
    ({"type": "datetime", "format": "%Y%m%d%H%M%z"}, {"201811120915+0100": utc(2018, 11, 12, 8, 15)}),
    (
        {"type": "datetime", "format": "any"},
        {"2024-01-26 15:00": utc(2024, 1, 26, 15), "20240126T150000Z": utc(2024, 1, 26, 15)},
    ),
    ({"type": "year"}, {"2024": 2024, "-0044": -44, "12345": 12345, "2024+09:00": 2024}),
    ({"type": "yearmonth"}, {"2024-05": date(2024, 5, 1), "2024-05Z": date(2024, 5, 1)}),
    ({"type": "yearmonth"}, {"2024-05": date(2024, 5, 1)}),
    (
        {"type": "duration"},
        {
            "P1Y2M": {"months": 14, "microseconds": 0},
            "-P3DT4H5M6.7S": {"months": 0, "microseconds": -273_906_700_000},
            "PT36H": {"months": 0, "microseconds": 129_600_000_000},
        },
    ),
    ({"type": "geopoint"}, {"90.50, 45.50": {"lon": 90.5, "lat": 45.5}, "-180,-9e1": {"lon": -180.0, "lat": -90.0}}),
    ({"type": "geopoint", "format": "array"}, {"[90.5, 45]": {"lon": 90.5, "lat": 45.0}}),
    ({"type": "geopoint", "format": "object"}, {'{"lat": 2, "lon": 1}': {"lon": 1.0, "lat": 2.0}}),
    ({"type": "list"}, {"a,b": ["a", "b"], "": [""], "a": ["a"]}),
    ({"type": "list", "itemType": "integer", "delimiter": "; "}, {"1; 2": [1, 2]}),
    ({"type": "list", "itemType": "number"}, {"1.5,INF": [1.5, math.inf]}),
    ({"type": "list", "itemType": "boolean"}, {"true,0": [True, False]}),
    ({"type": "list", "itemType": "date"}, {"2024-01-01,2024-01-02": [date(2024, 1, 1), date(2024, 1, 2)]}),
    ({"type": "list", "itemType": "time"}, {"10:00:00,11:00:00": [time(10), time(11)]}),
    ({"type": "list", "itemType": "datetime"}, {"2024-01-01T00:00:00+01:00": [utc(2023, 12, 31, 23)]}),
]
AS_THEY_ARE = [
    ({"type": "string"}, [" a ", "", "1"]),
    ({}, ["1", ""]),
    ({"type": "string", "format": "email"}, ["a@b.example", '"a b"@c.d', "ü@例え.jp", "a@[127.0.0.1]"]),
    ({"type": "string", "format": "uri"}, ["https://a.b/c?d"]),
    ({"type": "string", "format": "uri"}, ["https://a.b/c?d#e", "mailto:x@y.z", "urn:x:y", "http://[::1]:80/%20"]),
    ({"type": "string", "format": "binary"}, ["YQ==", "YWI=", ""]),
    ({"type": "string", "format": "uuid"}, ["123E4567-e89b-12d3-a456-426614174000"]),
    ({"type": "object"}, ['{"a": {"b": 1}}', " {} ", '{"a": ' + "1" * 5000 + "}"]),
    ({"type": "array"}, ["[1]", "[" * 100 + "]" * 100]),
    (
        {"type": "geojson"},
        [
            '{"type": "Point", "coordinates": [1, 2]}',
            '{"type": "Polygon", "coordinates": [[[0,0],[1,1],[0,1],[0,0]]]}',
            '{"type": "MultiPolygon", "coordinates": [[[[0,0],[1,1],[0,1],[0,0]]]]}',
            '{"type": "Feature", "geometry": null, "properties": null}',
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": {}}]}',
            '{"type": "GeometryCollection", "geometries": []}',
        ],
    ),
    (
        {"type": "geojson", "format": "topojson"},
        ['{"type": "Topology", "arcs": [[[0,0],[1,1]]], "objects": {"a": {"type": "LineString", "arcs": [-1]}}}'],
    ),
]
REFUSED = [
    ({"type": "integer"}, ["1.0", " 1", "1_000", "\u0661", "", "9223372036854775808", "1e3", "0x1", "--1"]),
    ({"type": "integer", "groupChar": ","}, [",1", "1,", "1,,0", "1.0", "9,223,372,036,854,775,808"]),
    ({"type": "integer", "bareNumber": False}, ["x", "1 000", "5 m2", "--5", "5-", "1.5"]),
    ({"type": "number"}, ["1,5", "infinity", "+INF", "+nan", "-NaN", "0x1", "1e400", "", ".", "1e", " 1"]),
    ({"type": "number", "decimalChar": ","}, ["1.5", "1,5,5", "1e400", ","]),
    ({"type": "boolean"}, ["yes", "tRUE", "", " true"]),
    (
        {"type": "date"},
        [
            "2026-1-13",
            "2026-02-30",
            "0000-01-01",
            "13.01.2026",
            "2026-01-13T00:00",
            "+026-01-13",
            "+2026-1-13",
            "2026- 1-13",
            "2026-\x851-1",
            "-026-01-13",
            "12026-01-13",
            "2026-01-1\u0663",
        ],
    ),
    ({"type": "date", "format": "%d/%m/%Y"}, ["31/02/2024", "1/2/24", " 1/2/2024 ", "2024-02-01", "1/2/0000"]),
    ({"type": "date", "format": "%Y-%j"}, ["2023-366"]),
    ({"type": "date", "format": "any"}, ["01/02/2024", "2024111", "2024-1-1", "02.01.2024", "01-02-24"]),
    ({"type": "time"}, ["24:00:00", "15:00", "15:00:60", "1:00:00", "15:00:00Z", "15:00:00.5"]),
    ({"type": "time", "format": "any"}, ["1504", "3:04"]),
    (
        {"type": "datetime"},
        [
            "2024-01-26",
            "2024-01-26 15:00:00",
            "2024-01-26T15:00",
            "2024-01-26T23:59:60",
            "2024-01-26T24:00:01",
            "2024-01-26T15:00:00+14:01",
            "2024-02-30T00:00:00",
            "0000-01-01T00:00:00",
            "9999-12-31T24:00:00",
            "2024-01-26T15:00:00.",
            "2024-01-26T15:00:00z",
            "0001-01-01T00:00:00+01:00",
        ],
    ),
    ({"type": "datetime", "format": "any"}, ["2024-01-26", "01/02/2024 10:00"]),
    ({"type": "year"}, ["0000", "024", "02024", "+2024", "2024+15:00", "99999999999999999999", "+999"]),
    ({"type": "yearmonth"}, ["2024-13", "2024-5", "0000-01", "2024-05-01", "-0044-01"]),
    ({"type": "duration"}, ["P", "PT", "P1YT", "P1W", "PT1.S", "PT.5S", "1Y", "P9223372036854775807Y", "P1M1Y"]),
    ({"type": "geopoint"}, ["90,  45", "181, 0", "0, 91", "NaN, 1", "1", "1 , 2", "1e400,1"]),
    ({"type": "geopoint", "format": "array"}, ["[1]", "[true, 1]", '["1", "2"]', "[1, 2, 3]", "1, 2", "[181, 0]"]),
    ({"type": "geopoint", "format": "object"}, ['{"lon": 1}', '{"lon": 1, "lat": 2, "z": 3}', "[1, 2]"]),
    ({"type": "object"}, ["[]", "{", '{"a": NaN}', "{'a': 1}", "", '{"a":' * 101 + "1" + "}" * 101]),
    ({"type": "array"}, ["{}", "[1,]", "[" * 101 + "]" * 101, "[" * 100_000, "[Infinity]"]),
    (
        {"type": "geojson"},
        [
            "{}",
            "[]",
            "x",
            '{"type": ["Point"]}',
            '{"type": "Point", "coordinates": [1]}',
            '{"type": "Feature"}',
            '{"type": "Polygon", "coordinates": [[[0,0],[1,1],[0,1]]]}',
            '{"type": "Topology"}',
        ],
    ),
    (
        {"type": "geojson", "format": "topojson"},
        [
            '{"type": "Point", "coordinates": [1, 2]}',
            '{"type": "Topology", "objects": {}}',
            '{"type": "Topology", "arcs": [], "objects": {"a": {"type": "LineString", "arcs": [0]}}}',
        ],
    ),
    ({"type": "list", "itemType": "integer"}, ["1,,2", "1, 2", "", "a"]),
    ({"type": "list", "itemType": "date"}, ["2024-01-01,2024-1-1"]),
    (
        {"type": "string", "format": "email"},
        ["a", "a b@c.d", "a..b@c.d", "@c", "a@", "a@-b.c", "a@b@c", "a" * 251 + "@b.c"],
    ),
    (
        {"type": "string", "format": "uri"},
        ["a", "/a/b", "http://a b", "http://ü.de", "http://a/%zz", "http://[::1::]/"],
    ),
    ({"type": "string", "format": "binary"}, ["YQ=", "Y Q=", "=", "YQ==YQ=="]),
    (
        {"type": "string", "format": "uuid"},
        ["{123e4567-e89b-12d3-a456-426614174000}", "123e4567e89b12d3a456426614174000"],
    ),
]


@pytest.mark.parametrize(("field", "texts"), ACCEPTED)
def test_accepts(field, texts):
    assert read(field, *texts) == list(texts.values())


@pytest.mark.parametrize(("field", "texts"), AS_THEY_ARE)
def test_accepts_texts_as_they_are(field, texts):
    assert read(field, *texts) == texts


@pytest.mark.parametrize(("field", "text"), [(field, text) for field, texts in REFUSED for text in texts])
def test_refuses(field, text):
    assert read(field, text, None) == [None, None]


@pytest.mark.parametrize(("field", "texts"), ACCEPTED)
def test_a_wrong_cell_does_not_change_the_others(field, texts):
    if field != {"type": "list"}:  # to which nothing is wrong
        assert read(field, *texts, "\x00", None) == [*texts.values(), None, None]


def test_nan_is_a_number():
    assert all(math.isnan(value) for value in read({"type": "number"}, "NaN", "nan"))


@pytest.mark.parametrize("kind", ["integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth"])
@pytest.mark.parametrize("texts", [[], [None, None]])
def test_columns_without_any_text(kind, texts):
    assert read({"type": kind}, *texts) == texts


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"type": "text"}, "the type 'text' is not known; use one of any, array, boolean"),
        ({"type": "integer", "format": "x"}, "the format 'x' is not known; the type integer has no format"),
        ({"type": "string", "format": "url"}, "the format 'url' of the type string is not known; use one of default"),
        ({"type": "integer", "bareNumber": "no"}, "'bareNumber' is 'no', not true or false"),
        ({"type": "integer", "groupChar": "1"}, "'groupChar' is '1'; it has to be a text without digits"),
        ({"type": "number", "groupChar": "."}, "'decimalChar' and 'groupChar' are both '.'"),
        ({"type": "boolean", "trueValues": "x"}, "'trueValues' is 'x', not a list of texts"),
        (
            {"type": "boolean", "trueValues": ["1"], "falseValues": ["1"]},
            "'1' is in 'trueValues' as well as in 'falseValues'",
        ),
        ({"type": "date", "format": "DD/MM"}, "the format 'DD/MM' is neither known nor a pattern of strptime"),
        ({"type": "date", "format": "%x"}, "the format '%x' has %x, which is not read; known are %Y"),
        ({"type": "date", "format": "%Y%"}, "the format '%Y%' has %, which is not read"),
        ({"type": "date", "format": "%H"}, "the format '%H' says nothing of a date"),
        ({"type": "date", "format": "%Y%Y"}, "the format '%Y%Y' has %Y twice"),
        ({"type": "date", "format": "%m%b"}, "the format '%m%b' says the same twice, by %b and %m"),
        ({"type": "time", "format": "%I"}, "in the format '%I', %I and %p need each other"),
        ({"type": "list", "delimiter": ""}, "'delimiter' is ''; it has to be a text of at least one character"),
        ({"type": "list", "itemType": "object"}, "'itemType' is 'object'; it has to be one of string, integer"),
    ],
)
def test_what_cannot_be_followed_is_refused(field, message):
    with pytest.raises(ConfigurationError) as error:
        reading_of(Field({"name": "x", **field}))
    assert str(error.value).startswith(f"field 'x': {message}")


def test_list_items_are_typed(folder: PackageFolder):
    fields = [
        {"name": "id", "type": "string"},
        {"name": "years", "type": "list", "itemType": "integer", "delimiter": ";"},
        {"name": "tags", "type": "list"},
    ]
    folder.table("t", 'id,years,tags\na,1965;1998,"x,y"\nb,1;z,\n', fields)
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert frame.schema["years"] == pl.List(pl.Int64)
    assert frame.rows() == [("a", [1965, 1998], ["x", "y"]), ("b", None, None)]
    assert [(f.row_number, f.field_name, f.cell) for f in findings] == [(3, "years", "1;z")]


def test_missing_values_are_compared_with_the_stored_text(folder: PackageFolder):
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer", "missingValues": ["-"]}]
    folder.table("t", "id,n\n,-\nNA,1\nx,\n", fields, missingValues=["", {"value": "NA", "label": "not asked"}])
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert frame.rows() == [(None, None), (None, 1), ("x", None)]
    assert [f.type for f in findings] == ["type-error"]

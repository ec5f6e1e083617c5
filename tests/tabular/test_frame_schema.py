"""pandera schemas for users: every constraint and key holds, on eager and on lazy frames."""

import subprocess
import sys
from datetime import date

import pandera.polars as pa
import polars as pl
import pytest
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrors

import shuttle_diplomacy as sd
from shuttle_diplomacy.errors import UnknownNameError
from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.tabular.frame_schema import FrameSchema, frame_schema
from shuttle_diplomacy.tabular.types import reading_of
from tests.conftest import PackageFolder

KINDS = pytest.mark.parametrize("kind", [pl.DataFrame, pl.LazyFrame])


def column(declared: dict, *texts: str | None) -> pl.DataFrame:
    """Return typed values of a field without constraints."""
    field = Field({"name": "x", **{k: v for k, v in declared.items() if k != "constraints"}})
    return pl.DataFrame({"x": list(texts)}, schema={"x": pl.String}).select(reading_of(field).value.alias("x"))


def as_kind(frame: pl.DataFrame, kind: type) -> pl.DataFrame | pl.LazyFrame:
    return frame.lazy() if kind is pl.LazyFrame else frame


def sound(schema: FrameSchema, frame: pl.DataFrame, kind: type) -> bool:
    """Return whether a frame is accepted, in both ways of asking; what is accepted is returned as it was."""
    results = []
    for lazy in (False, True):
        try:
            judged = schema.validate(as_kind(frame, kind), lazy=lazy)
        except (SchemaError, SchemaErrors):
            results.append(False)
        else:
            assert isinstance(judged, kind)
            assert judged.lazy().collect().equals(frame)
            results.append(True)
    assert len(set(results)) == 1
    return results[0]


CONSTRAINTS = [
    ({"type": "integer", "constraints": {"minimum": 1}}, "1", "0"),
    ({"type": "integer", "constraints": {"maximum": 1}}, "1", "2"),
    ({"type": "integer", "constraints": {"exclusiveMinimum": 1}}, "2", "1"),
    ({"type": "integer", "constraints": {"exclusiveMaximum": 1}}, "0", "1"),
    ({"type": "integer", "constraints": {"enum": [1, 2]}}, "2", "3"),
    ({"type": "integer", "categories": [1, 2]}, "2", "3"),
    ({"type": "number", "constraints": {"minimum": 0.5}}, "0.5", "0.4"),
    ({"type": "number", "constraints": {"minimum": 0.5}}, "INF", "NaN"),
    ({"type": "number", "constraints": {"exclusiveMinimum": 0.5}}, "1", "NaN"),
    ({"type": "number", "constraints": {"maximum": 0.5}}, "0", "NaN"),
    ({"type": "number", "constraints": {"enum": [0.5]}}, "0.50", "0.6"),
    ({"type": "number", "shuttle:decimal": 2, "constraints": {"minimum": 0.3}}, "0.3", "0.29"),
    ({"type": "number", "shuttle:decimal": 2, "constraints": {"exclusiveMaximum": 0.3}}, "0.29", "0.3"),
    ({"type": "number", "shuttle:decimal": 2, "constraints": {"enum": [0.3]}}, "0.3", "0.31"),
    ({"type": "year", "constraints": {"minimum": "1965"}}, "1965", "1964"),
    ({"type": "yearmonth", "constraints": {"maximum": "2026-01"}}, "2026-01", "2026-02"),
    ({"type": "date", "constraints": {"minimum": "1965-06-22"}}, "1965-06-22", "1965-06-21"),
    ({"type": "date", "constraints": {"enum": ["2026-01-13"]}}, "2026-01-13", "2026-01-14"),
    ({"type": "time", "constraints": {"maximum": "12:00:00"}}, "12:00:00", "12:00:01"),
    (
        {"type": "datetime", "constraints": {"minimum": "2026-01-13T09:00:00+09:00"}},
        "2026-01-13T00:00:00Z",
        "2026-01-12T23:59:59Z",
    ),
    (
        {"type": "datetime", "format": "%Y/%m/%d %H:%M", "constraints": {"minimum": "2026/01/13 09:00"}},
        "2026/01/13 09:00",
        "2026/01/13 08:59",
    ),
    ({"type": "duration", "constraints": {"minimum": "P1M"}}, "P31D", "P1D"),
    ({"type": "duration", "constraints": {"enum": ["P1Y"]}}, "P12M", "P1D"),
    ({"type": "boolean", "constraints": {"enum": ["true"]}}, "true", "false"),
    ({"type": "string", "constraints": {"pattern": "[a-z]+"}}, "a", "A"),
    ({"type": "string", "constraints": {"pattern": "a|b"}}, "b", "axyz"),
    ({"type": "string", "constraints": {"minLength": 2}}, "ab", "a"),
    ({"type": "string", "constraints": {"maxLength": 2}}, "서울", "abc"),
    (
        {"type": "string", "format": "uri", "constraints": {"pattern": "https://.*"}},
        "https://a.example",
        "http://a.example",
    ),
    ({"type": "any", "constraints": {"maxLength": 1}}, "a", "ab"),
    ({"type": "list", "itemType": "integer", "constraints": {"minLength": 2}}, "1,2", "1"),
    ({"type": "list", "constraints": {"enum": ["a,b"]}}, "a,b", "b,a"),
    ({"type": "object", "constraints": {"jsonSchema": {"required": ["a"]}}}, '{"a": 1}', '{"b": 1}'),
    ({"type": "object", "constraints": {"enum": [{"a": 1}]}}, '{"a": 1.0}', '{"a": 2}'),
    ({"type": "array", "constraints": {"maxLength": 1}}, "[1]", "[1, 2]"),
    ({"type": "geopoint", "constraints": {"enum": ["1, 2"]}}, "1.0, 2", "2, 1"),
    ({"type": "integer", "constraints": {"unique": True}}, "2", "1"),
    ({"type": "list", "constraints": {"unique": True}}, "b", "1"),
    ({"type": "duration", "constraints": {"unique": True}}, "P2D", "PT24H"),
]


@KINDS
@pytest.mark.parametrize(("declared", "good", "bad"), CONSTRAINTS)
def test_each_constraint_is_enforced(declared, good, bad, kind):
    schema = frame_schema(Schema({"fields": [{"name": "x", **declared}]}))
    first = {"integer": "1", "list": "1", "duration": "P1D"}[declared["type"]] if "unique" in str(declared) else good
    assert sound(schema, column(declared, first, good if first != good else None, None, None), kind)
    frame = column(declared, first, None, bad)
    assert not sound(schema, frame, kind)
    with pytest.raises(SchemaErrors) as raised:
        schema.validate(as_kind(frame, kind), lazy=True)
    rows = [0, 2] if "unique" in str(declared) else [2]
    assert raised.value.failure_cases["index"].to_list() == rows


@KINDS
@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ({"type": "string"}, "a"),
        ({"type": "number"}, "1"),
        ({"type": "date"}, "2026-01-13"),
        ({"type": "list"}, "a,b"),
        ({"type": "geopoint"}, "1, 2"),
        ({"type": "string", "categories": ["a"]}, "a"),
    ],
)
def test_required_field_has_no_null(declared, text, kind):
    declared = {"name": "x", **declared, "constraints": {"required": True}}
    schema = frame_schema(Schema({"fields": [declared]}))
    frame = column(declared, text, None).cast({"x": schema.columns["x"].dtype.type})
    assert sound(schema, frame.head(1), kind)
    assert not sound(schema, frame, kind)


@KINDS
def test_not_a_number_is_no_missing_value(kind):
    schema = frame_schema(Schema({"fields": [{"name": "x", "type": "number", "constraints": {"required": True}}]}))
    assert sound(schema, pl.DataFrame({"x": [float("nan")]}), kind)


TWO = [{"name": "a", "type": "string"}, {"name": "b", "type": "number"}]


@KINDS
@pytest.mark.parametrize(
    ("declared", "rows", "accepted"),
    [
        ({"primaryKey": "a"}, [("x", 1.0), ("y", 1.0)], True),
        ({"primaryKey": "a"}, [("x", 1.0), ("x", 2.0)], False),
        ({"primaryKey": "a"}, [("x", 1.0), (None, 2.0)], False),
        ({"primaryKey": ["a", "b"]}, [("x", 1.0), ("x", 2.0)], True),
        ({"primaryKey": ["a", "b"]}, [("x", 0.0), ("x", -0.0)], False),
        ({"primaryKey": ["a", "b"]}, [("x", 1.0), ("x", None)], False),
        ({"uniqueKeys": [["a", "b"]]}, [("x", None), ("x", None)], True),
        ({"uniqueKeys": [["a", "b"]]}, [("x", 1.0), ("x", 1.0)], False),
        ({"uniqueKeys": [["b"], ["a"]]}, [("x", 1.0), ("x", 2.0)], False),
    ],
)
def test_keys_are_enforced(declared, rows, accepted, kind):
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.Float64}, orient="row")
    assert sound(frame_schema(Schema({"fields": TWO, **declared})), frame, kind) is accepted


@KINDS
@pytest.mark.parametrize(
    ("dtype", "accepted"),
    [
        (pl.Enum(["small", "big"]), True),
        (pl.Enum(["big", "small"]), False),
        (pl.String, False),
        (pl.Categorical, False),
    ],
)
def test_enumeration_has_its_declared_order(dtype, accepted, kind):
    schema = frame_schema(Schema({"fields": [{"name": "x", "type": "string", "categories": ["small", "big"]}]}))
    assert sound(schema, pl.DataFrame({"x": pl.Series(["big"], dtype=dtype)}), kind) is accepted


@KINDS
def test_pattern_of_an_enumerated_field_holds(kind):
    field = {"name": "x", "type": "string", "categories": ["a", "B"], "constraints": {"pattern": "[a-z]"}}
    schema = frame_schema(Schema({"fields": [field]}))
    assert sound(schema, pl.DataFrame({"x": pl.Series(["a", None], dtype=pl.Enum(["a", "B"]))}), kind)
    assert not sound(schema, pl.DataFrame({"x": pl.Series(["B"], dtype=pl.Enum(["a", "B"]))}), kind)


@KINDS
@pytest.mark.parametrize("change", [{"start_on": pl.String}, {"latitude": pl.Float32}, {"duration_minutes": pl.Int32}])
def test_type_of_a_column_is_enforced(change, kind):
    assert not sound(sd.describe("summits").pandera(), sd.load("summits").cast(change), kind)


@KINDS
@pytest.mark.parametrize("name", sd.tables())
def test_loaded_frame_is_accepted(name, kind):
    assert sound(sd.describe(name).pandera(), sd.load(name), kind)


def test_message_names_the_row_and_the_value():
    frame = sd.load("summits").with_columns(
        start_on=pl.when(summit_id="2026-01-13-nara").then(date(1910, 1, 1)).otherwise("start_on")
    )
    message = (
        r"Column 'start_on' failed .*<Check minimum: minimum 1965-06-22> .*datetime.date\(1910, 1, 1\)"
        r".*; in 1 row: row \d+ \(summit_id '2026-01-13-nara'\), counted from 0"
    )
    with pytest.raises(SchemaError, match=message):
        sd.describe("summits").pandera().validate(frame)
    with pytest.raises(SchemaErrors, match=r"summit_id '2026-01-13-nara'"):
        sd.describe("summits").pandera().validate(frame.lazy(), lazy=True)


def test_message_of_several_rows_names_the_first():
    schema = frame_schema(Schema({"fields": TWO, "primaryKey": ["a", "b"]}))
    frame = pl.DataFrame({"a": ["w", "x", "x"], "b": [1.0, 2.0, 2.0]})
    with pytest.raises(SchemaError, match=r"primaryKey a \+ b.*in 2 rows, the first being: row 1 \(a 'x', b 2.0\)"):
        schema.validate(frame)


def test_part_of_the_columns():
    schema = sd.describe("summits").pandera(["summit_id", "form"])
    frame = sd.load("summits", related=True)
    assert schema.validate(frame.select("form", "summit_id")).width == 2
    with pytest.raises(SchemaError, match="column 'start_on' not in FrameSchema"):
        schema.validate(frame)
    assert sd.describe("summits").pandera(strict=False).validate(frame).width == frame.width
    with pytest.raises(UnknownNameError, match="there is no field 'froms'; did you mean 'form'"):
        sd.describe("summits").pandera(["froms"])


def test_key_counts_only_with_all_its_fields():
    schema = Schema({"fields": TWO, "primaryKey": ["a", "b"]})
    assert sound(frame_schema(schema, ["a"]), pl.DataFrame({"a": ["x", "x"]}), pl.DataFrame)


def test_schema_can_be_extended():
    schema = sd.describe("leaders").pandera().add_columns({"age": pa.Column(pl.Int64, pa.Check.gt(0))})
    frame = sd.scan("leaders").with_columns(age=pl.lit(0, pl.Int64))
    with pytest.raises(SchemaError, match="row 0 \\(leader_id 'abe-shinzo'\\)"):
        schema.validate(frame)


def test_depth_that_the_user_chose_counts():
    schema, frame = (
        frame_schema(Schema({"fields": TWO, "primaryKey": "a"})),
        pl.LazyFrame({"a": ["x"] * 2, "b": [1.0] * 2}),
    )
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
        schema.validate(frame)
    with config_context(validation_enabled=False):
        schema.validate(pl.LazyFrame({"c": [1]}))
    with pytest.raises(SchemaError):
        schema.validate(frame)


def test_part_of_the_rows_can_be_judged():
    schema = frame_schema(Schema({"fields": TWO, "primaryKey": "a"}))
    frame = pl.DataFrame({"a": ["x", "y", "y"], "b": [1.0, 2.0, 3.0]})
    assert schema.validate(frame, head=2).height == 3
    with pytest.raises(SchemaError, match="primaryKey a"):
        schema.validate(frame, tail=2)


def test_constraints_stay_when_the_type_is_wrong(folder: PackageFolder):
    folder.table(
        "t",
        "id,n\na,1\n",
        [{"name": "id", "type": "string"}, {"name": "n", "type": "integer", "constraints": {"minimum": 0}}],
    )
    schema = sd.open_package(folder.root).describe("t").pandera()
    with pytest.raises(SchemaErrors, match="expected column 'n' to have type Int64, got String"):
        schema.validate(pl.DataFrame({"id": ["a"], "n": ["1"]}), lazy=True)


def test_without_pandera_the_message_says_what_to_install():
    probe = (
        "import sys; sys.modules['pandera'] = None\n"
        "import shuttle_diplomacy as sd, shuttle_diplomacy.errors\n"
        "try: sd.describe('summits').pandera()\n"
        "except sd.errors.MissingExtraError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "pandera is not installed; it comes with: pip install 'shuttle-diplomacy[tools]'\n"

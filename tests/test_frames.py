"""Loading: columns of rows referred to, and why values are missing."""

import polars as pl
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.errors import UnknownNameError, UnsoundTableError
from tests.conftest import PackageFolder

TEXT = {"type": "string"}


def fields(*names: str) -> list[dict]:
    return [{"name": name, **TEXT} for name in names]


def reference(own: object, table: str, other: object) -> dict:
    return {"fields": own, "reference": {"resource": table, "fields": other}}


@pytest.mark.parametrize("name", sd.tables())
def test_related_columns_leave_the_rows_as_they_are(name):
    plain, joined = sd.load(name), sd.load(name, related=True)
    assert joined.select(plain.columns).equals(plain)
    assert joined.schema.items() >= plain.schema.items()
    assert (joined.width > plain.width) is bool(sd.describe(name).schema.foreign_keys)


def test_leaders_of_a_summit():
    summits = sd.load("summits", related=["jp_leader_id", "kr_leader_id"])
    row = summits.row(by_predicate=pl.col("summit_id") == "2026-01-13-nara", named=True)
    assert (row["jp_leader.name_en"], row["kr_leader.name_ko"]) == ("Takaichi Sanae", "이재명")
    assert summits.schema["jp_leader.country"] == sd.load("leaders").schema["country"]
    assert "jp_leader.leader_id" not in summits.columns


def test_one_reference_of_several():
    columns = sd.scan("summits", related="kr_leader_id").collect_schema().names()
    assert "kr_leader.name_en" in columns
    assert not any(name.startswith("jp_leader.") for name in columns)


def test_rows_that_refer_to_nothing_have_null():
    agreements = sd.load("agreements", related="summit_id")
    alone = agreements.filter(pl.col("summit_id").is_null())
    assert alone.height
    assert alone["summit.city_en"].null_count() == alone.height


@pytest.mark.parametrize(
    ("name", "field", "message"),
    [
        (
            "summits",
            "jp_leder_id",
            "no foreign key of 'summits' with the field 'jp_leder_id'; did you mean 'jp_leader_id'",
        ),
        ("summits", "start_on", "There are: jp_leader_id, kr_leader_id"),
        ("leaders", "country", "no foreign key of 'leaders' with the field 'country'; There are: none"),
    ],
)
def test_field_without_foreign_key(name, field, message):
    with pytest.raises(UnknownNameError, match=message):
        sd.load(name, related=[field])


def test_key_of_several_fields(folder: PackageFolder):
    folder.table("p", "a,b,note\nx,1,first\nx,2,second\n", fields("a", "b", "note"), primaryKey=["a", "b"])
    key = reference(["c", "d"], "p", ["a", "b"])
    folder.table("t", "c,d\nx,2\nx,\nx,1\nx,2\n", fields("c", "d"), foreignKeys=[key])
    opened = sd.open_package(folder.root)
    frame = opened.load("t", related="d")
    assert frame.rows() == [("x", "2", "second"), ("x", None, None), ("x", "1", "first"), ("x", "2", "second")]
    assert frame.columns == ["c", "d", "p.note"]


def test_keys_of_different_types_meet_as_texts(folder: PackageFolder):
    folder.table("p", "n,note\n1,one\n2.50,more\n", [{"name": "n", "type": "number"}, {"name": "note", **TEXT}])
    folder.table(
        "t",
        "n\n2.5\n1.0\n1\n9\n",
        [{"name": "n", "type": "string", "constraints": {"enum": ["9", "2.5", "1.0", "1"]}}],
        foreignKeys=[reference("n", "p", "n")],
    )
    frame = sd.open_package(folder.root).load("t", related=True)
    assert frame["n.note"].to_list() == ["more", None, "one", None]
    assert frame.schema["n"] == pl.Enum(["9", "2.5", "1.0", "1"])


def test_table_that_refers_to_itself(folder: PackageFolder):
    folder.table(
        "t", "id,boss_id\na,\nb,a\nc,b\n", fields("id", "boss_id"), foreignKeys=[reference("boss_id", "", "id")]
    )
    frame = sd.open_package(folder.root).load("t", related=True)
    assert frame.rows() == [("a", None, None), ("b", "a", None), ("c", "b", "a")]
    assert frame.columns[2] == "boss.boss_id"


def test_two_keys_that_would_share_a_prefix(folder: PackageFolder):
    folder.table("p", "a,b,note\nx,1,first\n", fields("a", "b", "note"))
    keys = [reference(["c", "d"], "p", ["a", "b"]), reference(["e", "d"], "p", ["a", "b"])]
    folder.table("t", "c,d,e\nx,1,y\n", fields("c", "d", "e"), foreignKeys=keys)
    frame = sd.open_package(folder.root).load("t", related=True)
    assert frame.to_dicts() == [{"c": "x", "d": "1", "e": "y", "c+d.note": "first", "e+d.note": None}]


def test_reference_to_several_rows_is_refused(folder: PackageFolder):
    folder.table("p", "kind,note\nx,first\nx,second\ny,third\n", fields("kind", "note"))
    folder.table("t", "id,kind\na,y\nb,x\n", fields("id", "kind"), foreignKeys=[reference("kind", "p", "kind")])
    opened = sd.open_package(folder.root)
    with pytest.raises(UnsoundTableError, match=r"t.kind cannot be followed: several rows of 'p' have kind 'x'"):
        opened.load("t", related=True)
    folder.descriptor["resources"].pop()
    folder.table("t", "id,kind\na,y\n", fields("id", "kind"), foreignKeys=[reference("kind", "p", "kind")])
    assert sd.open_package(folder.root).load("t", related=True)["kind.note"].to_list() == ["third"]


def test_column_that_is_there_already(folder: PackageFolder):
    folder.table("p", "id,note\nx,first\n", fields("id", "note"))
    folder.table("t", "p_id,p.note\nx,own\n", fields("p_id", "p.note"), foreignKeys=[reference("p_id", "p", "id")])
    with pytest.raises(UnsoundTableError, match="'t' has a column 'p.note' already"):
        sd.open_package(folder.root).load("t", related=True)


MISSING = [
    {"value": "", "label": "not asked"},
    {"value": "-", "label": "refused"},
    {"value": "n/a", "label": "refused"},
    {"value": "?"},
]
LABELLED = [{"name": "id", **TEXT}, {"name": "n", "type": "integer", "missingValues": MISSING}, {"name": "z", **TEXT}]
REASONS = pl.Enum(["not asked", "refused"])


@pytest.mark.parametrize(
    "data", ["id,n,z\na,1,-\nb,,x\nc,-,x\nd,?,x\ne,n/a,x\n", 'id,n,z\na,1,-\nb,"",x\nc,"-",x\nd,?,x\ne,n/a,x\n']
)
def test_labels_of_missing_values_are_kept_on_request(folder: PackageFolder, data):
    folder.table("t", data, LABELLED)
    opened = sd.open_package(folder.root)
    frame = opened.load("t", missing_labels=True)
    assert frame.columns == ["id", "n", "n.missing", "z"]
    assert frame.schema["n.missing"] == REASONS
    assert frame["n"].to_list() == [1, None, None, None, None]
    assert frame["n.missing"].to_list() == [None, "not asked", "refused", None, "refused"]
    assert opened.load("t").columns == ["id", "n", "z"]
    assert opened.scan("t", missing_labels=True).collect().equals(frame)


@pytest.mark.parametrize("name", sd.tables())
def test_table_without_labels_gets_no_columns(name):
    assert sd.load(name, missing_labels=True).equals(sd.load(name))


def test_labels_of_a_table_without_rows(folder: PackageFolder):
    folder.table("t", "id,n,z\n", LABELLED)
    assert sd.open_package(folder.root).load("t", missing_labels=True).schema["n.missing"] == REASONS


def test_labels_of_the_whole_schema(folder: PackageFolder):
    folder.table("t", "id,n\n-,-\nb,\n", missingValues=[{"value": "-", "label": "unknown"}, {"value": ""}])
    frame = sd.open_package(folder.root).load("t", missing_labels=True)
    assert frame.rows() == [(None, "unknown", None, "unknown"), ("b", None, None, None)]


def test_labels_of_json_rows(folder: PackageFolder):
    schema = {"fields": LABELLED}
    data = [{"id": "a", "n": 1, "z": "x"}, {"id": "b", "n": "-", "z": "x"}, {"id": "c", "n": None, "z": "x"}]
    folder.descriptor["resources"] = [{"name": "t", "type": "table", "data": data, "schema": schema}]
    frame = sd.open_package(folder.write().root).load("t", missing_labels=True)
    assert frame["n.missing"].to_list() == [None, "refused", None]


def test_labels_of_related_rows(folder: PackageFolder):
    folder.table("p", "id,n,z\na,-,x\n", LABELLED)
    folder.table("t", "p_id\na\n", fields("p_id"), foreignKeys=[reference("p_id", "p", "id")])
    frame = sd.open_package(folder.root).load("t", related=True, missing_labels=True)
    assert frame.columns == ["p_id", "p.n", "p.n.missing", "p.z"]


def test_column_that_is_named_as_the_labels(folder: PackageFolder):
    folder.table("t", "n,n.missing\n-,x\n", [LABELLED[1], {"name": "n.missing", **TEXT}])
    with pytest.raises(UnsoundTableError, match="the labels of 'n' would be named as the field 'n.missing'; rename it"):
        sd.open_package(folder.root).load("t", missing_labels=True)


def test_datetimes_and_decimals(folder: PackageFolder):
    declared = [{"name": "at", "type": "datetime"}, {"name": "price", "type": "number", "shuttle:decimal": 2}]
    folder.table("t", "at,price\n2026-01-13T09:00:00+09:00,0.10\n", declared)
    frame = sd.open_package(folder.root).load("t")
    assert frame.schema == {"at": pl.Datetime("us", "UTC"), "price": pl.Decimal(38, 2)}
    assert sd.open_package(folder.root).describe("t")["price"].dtype == pl.Decimal(38, 2)

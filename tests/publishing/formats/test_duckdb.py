import datetime as dt
import math

import duckdb
import pytest

from shuttle_diplomacy.publishing.formats.duckdb import write_duckdb
from tests.publishing.formats.packages import HOSTILE, TYPES, released, schema_of
from tests.publishing.formats.test_sqlite import ANIMALS, LION, LIONESS, ZOO


def loaded(release, folder, monkeypatch):
    write_duckdb(release, folder / "out/zoo.duckdb.sql")
    monkeypatch.chdir(folder / "out")
    base = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    base.execute((folder / "out/zoo.duckdb.sql").read_text(encoding="utf-8"))
    return base


def test_every_row_is_there_and_typed(tmp_path, monkeypatch):
    base = loaded(released(tmp_path, ZOO), tmp_path, monkeypatch)
    assert base.execute("SELECT kind, legs, born, tame, tags FROM animals").fetchall() == [
        ("mammal", 4, dt.date(2020, 1, 1), True, ["a", "b"]),
        ("mammal", 4, dt.date(2019, 1, 1), False, None),
    ]
    types = dict(
        base.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'animals'").fetchall()
    )
    assert types["kind"] == "ENUM('mammal', 'bird')"
    assert types["tags"] == "VARCHAR[]"
    comment = "SELECT comment FROM duckdb_columns() WHERE table_name = 'animals' AND column_name = 'id'"
    assert base.execute(comment).fetchone() == ("Id: One line.",)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("id", None, "NOT NULL"),
        ("id", "lion", "primary key"),
        ("kind", "fish", "Could not convert string 'fish'"),
        ("legs", -1, "CHECK"),
        ("born", dt.date(2000, 1, 1), "CHECK"),
        ("code", "four", "CHECK"),
        ("code", "li", "unique"),
        ("tags", ["a", "b", "c"], "CHECK"),
    ],
)
def test_a_broken_row_is_refused(tmp_path, monkeypatch, column, value, reason):
    base = loaded(released(tmp_path, ZOO), tmp_path, monkeypatch)
    sound = dict(zip([f["name"] for f in ANIMALS["fields"]], ["owl", "bird", 2, *[None] * 6], strict=True))
    statement = f"INSERT INTO animals VALUES ({', '.join('?' * len(sound))})"
    with pytest.raises(duckdb.Error, match=reason):
        base.execute(statement, [*(sound | {column: value}).values()])
    base.execute(statement, [*sound.values()])


def test_foreign_keys_in_order_and_cycles_as_remarks(tmp_path, monkeypatch):
    def table(*parents):
        keys = [{"fields": "up", "reference": {"resource": parent, "fields": "id"}} for parent in parents]
        return {**schema_of({"id": "string", "up": "string"}), "primaryKey": "id", "foreignKeys": keys}

    row = [["1", "1"]]
    tables = {"a": (table("z"), row), "b": (table("c"), row), "c": (table("b"), row), "z": (table(""), row)}
    base = loaded(released(tmp_path, tables), tmp_path, monkeypatch)
    query = "SELECT table_name, constraint_text FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
    declared = {name for name, text in base.execute(query).fetchall() if "REFERENCES" in text}
    assert declared >= {"a", "c"}
    with pytest.raises(duckdb.ConstraintException, match="foreign key"):
        base.execute("INSERT INTO a VALUES ('2', 'nobody')")
    remarks = [x for x in (tmp_path / "out/zoo.duckdb.sql").read_text().splitlines() if x.startswith("-- not declared")]
    assert [x.rpartition("REFERENCES ")[2] for x in remarks] == ['"z" ("id")', '"c" ("id")']


@pytest.mark.parametrize("type_", TYPES)
def test_values_of_any_type_come_back(tmp_path, monkeypatch, type_):
    texts = TYPES[type_]
    release = released(tmp_path, {"t": (schema_of({"x": type_}), [[text] for text in texts])})
    base = loaded(release, tmp_path, monkeypatch)
    is_moment = type_ == "datetime"
    stored = [v for (v,) in base.execute(f"SELECT {'epoch_us(x)' if is_moment else 'x'} FROM t").fetchall()]
    frame = release.tables[0].frame
    expected = (frame["x"].dt.epoch("us") if is_moment else frame["x"]).to_list()
    if type_ == "number":
        assert math.isnan(stored.pop(5))
        assert math.isnan(expected.pop(5))
    assert stored == expected


def test_durations_are_intervals_where_they_fit(tmp_path, monkeypatch):
    tables = {"t": (schema_of({"x": "duration"}), [["P1Y2M3DT4H"], ["-P1M"]])}
    base = loaded(released(tmp_path, tables), tmp_path, monkeypatch)
    assert base.execute("SELECT typeof(x), (date '2020-01-01' + x)::VARCHAR FROM t").fetchall() == [
        ("INTERVAL", "2021-03-04 04:00:00"),
        ("INTERVAL", "2019-12-01 00:00:00"),
    ]


@pytest.mark.parametrize(
    ("type_", "constraints", "cell"),
    [
        ("number", {"minimum": "-INF", "maximum": "INF"}, "1"),
        ("number", {"enum": ["NaN", "INF", 1]}, "NaN"),
        ("datetime", {"minimum": "2026-01-13T00:00:00.5Z"}, "2026-01-13T00:00:01Z"),
        ("time", {"minimum": "09:00:00", "enum": ["09:00:00", "10:00:00"]}, "09:00:00"),
        ("date", {"enum": ["2026-01-13"]}, "2026-01-13"),
        ("yearmonth", {"minimum": "2026-01"}, "2026-01"),
        ("duration", {"minimum": "P1M", "enum": ["P40D"], "unique": True}, "P40D"),
        ("geopoint", {"enum": ["1, 2"], "unique": True}, "1.0, 2"),
        ("list", {"enum": ["a,b"], "minLength": 2, "unique": True}, "a,b"),
        ("object", {"enum": [{"a": 1}], "minLength": 1, "unique": True}, '{"a": 1.0}'),
        ("array", {"minLength": 1}, "[1]"),
        ("boolean", {"enum": [True]}, "true"),
        ("string", {"enum": ["a\0", "it's"]}, "it's"),
        ("string", {"enum": ["a\r\nb", "c\\d\te", ""], "minLength": 4}, "a\r\nb"),
        ("string", {"maxLength": 1}, "\U0001f600"),
        ("integer", {"minimum": -(2**63)}, "0"),
    ],
)
def test_constraints_let_what_is_valid_pass(tmp_path, monkeypatch, type_, constraints, cell):
    schema = {"fields": [{"name": "x", "type": type_, "constraints": constraints}]}
    base = loaded(released(tmp_path, {"t": (schema, [[cell]])}), tmp_path, monkeypatch)
    assert base.execute("SELECT COUNT(*) FROM t").fetchone() == (1,)


def test_hostile_names_and_texts(tmp_path, monkeypatch):
    fields = [{"name": n, "type": "string", "title": "a\nb", "description": "';--\n\u2028\0x"} for n in HOSTILE]
    fields[0]["constraints"] = {"enum": ["'; DROP TABLE t; --", "x"]}
    row = ["'; DROP TABLE t; --", *HOSTILE[1:]]
    names = ['t "x"', 'T "X"', "select", "회담", "%s", "*", "a'b", "sqlite_master", "main"]
    release = released(tmp_path, {name: ({"fields": fields}, [row]) for name in names}, title="a\n;b")
    base = loaded(release, tmp_path, monkeypatch)
    tables = [name for (name,) in base.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    assert len(tables) == len(names)
    for name in tables:
        assert base.execute('SELECT * FROM main."' + name.replace('"', '""') + '"').fetchall() == [tuple(row)]


def test_files_of_odd_names_are_found(tmp_path, monkeypatch):
    from dataclasses import replace

    release = released(tmp_path, {"animals": (ANIMALS, [LION, LIONESS])})
    (tmp_path / "out/t0.parquet").rename(tmp_path / "out/a*'[b]?{c,d}.parquet")
    files = tuple(replace(f, path="a*'[b]?{c,d}.parquet") if f.format == "parquet" else f for f in release.files)
    base = loaded(replace(release, files=files), tmp_path, monkeypatch)
    assert base.execute("SELECT COUNT(*) FROM animals").fetchone() == (2,)


def test_views_are_tables_that_say_so(tmp_path, monkeypatch):
    views = {"v": ("SELECT id FROM animals ORDER BY id", {**schema_of({"id": "string"}), "title": "V"})}
    base = loaded(released(tmp_path, ZOO, views), tmp_path, monkeypatch)
    assert base.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'v'").fetchone() == (
        "V: computed by views/v.sql",
    )
    assert base.execute("SELECT * FROM v").fetchall() == [("lion",), ("lioness",)]

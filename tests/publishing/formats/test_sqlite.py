import itertools
import math
import sqlite3
from contextlib import closing

import polars as pl
import pytest

from shuttle_diplomacy.errors import UnsoundTableError, UnsupportedError
from shuttle_diplomacy.publishing.formats import sqlite as module
from shuttle_diplomacy.publishing.formats.sqlite import write_sqlite
from shuttle_diplomacy.publishing.formats.sqlite_views import translated
from tests.publishing.formats.packages import HOSTILE, TYPES, released, schema_of

ANIMALS = {
    "title": "Animals",
    "fields": [
        {"name": "id", "type": "string", "title": "Id", "description": "One\nline."},
        {"name": "kind", "type": "string", "constraints": {"enum": ["mammal", "bird"], "required": True}},
        {"name": "legs", "type": "integer", "constraints": {"minimum": 0, "maximum": 8}},
        {"name": "born", "type": "date", "constraints": {"exclusiveMinimum": "2000-01-01"}},
        {"name": "code", "type": "string", "constraints": {"minLength": 2, "maxLength": 3, "unique": True}},
        {"name": "tame", "type": "boolean"},
        {"name": "mother", "type": "string"},
        {"name": "tags", "type": "list", "constraints": {"maxLength": 2}},
        {"name": "note", "type": "string"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": "mother", "reference": {"resource": "", "fields": "id"}}],
}
LION = ["lion", "mammal", "4", "2020-01-01", "li", "true", "lioness", "a,b", "首脳会談の記録"]
LIONESS = ["lioness", "mammal", "4", "2019-01-01", "한국", "false", None, None, "정상회담을 하였다"]
VISITS = {
    "fields": [{"name": n, "type": "string"} for n in ("animal", "code", "day")],
    "primaryKey": ["animal", "day"],
    "foreignKeys": [
        {"fields": ["code"], "reference": {"resource": "animals", "fields": ["code"]}},
        {"fields": ["animal", "day"], "reference": {"resource": "visits", "fields": ["animal", "day"]}},
        {"fields": ["day"], "reference": {"resource": "animals", "fields": ["note"]}},
    ],
}
ZOO = {"animals": (ANIMALS, [LION, LIONESS]), "visits": (VISITS, [["lion", "li", "1"]])}


def opened(release, folder):
    file = folder / "zoo.sqlite"
    write_sqlite(release, file)
    return closing(sqlite3.connect(file))


def test_it_is_sound_and_every_row_is_there(tmp_path):
    with opened(released(tmp_path, ZOO), tmp_path) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("SELECT * FROM animals").fetchall() == [
            ("lion", "mammal", 4, "2020-01-01", "li", 1, "lioness", '["a","b"]', "首脳会談の記録"),
            ("lioness", "mammal", 4, "2019-01-01", "한국", 0, None, None, "정상회담을 하였다"),
        ]
        assert base.execute("PRAGMA user_version").fetchone() == (1002000,)
        assert base.execute("PRAGMA application_id").fetchone() == (0x44504B47,)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("id", None, "NOT NULL"),
        ("id", "lion", "UNIQUE"),
        ("kind", None, "NOT NULL"),
        ("kind", "fish", "CHECK"),
        ("legs", -1, "CHECK"),
        ("legs", 9, "CHECK"),
        ("legs", "four", "cannot store TEXT"),
        ("born", "2000-01-01", "CHECK"),
        ("born", "2021-02-30", "CHECK"),
        ("code", "x", "CHECK"),
        ("code", "four", "CHECK"),
        ("code", "li", "UNIQUE"),
        ("tame", 2, "CHECK"),
        ("mother", "tiger", "FOREIGN KEY"),
        ("tags", '["a","b","c"]', "CHECK"),
        ("tags", "a,b", "CHECK"),
        ("tags", "{}", "CHECK"),
    ],
)
def test_a_broken_row_is_refused(tmp_path, column, value, reason):
    sound = dict(zip([f["name"] for f in ANIMALS["fields"]], ["owl", "bird", 2, *[None] * 6], strict=True))
    statement = f"INSERT INTO animals VALUES ({', '.join('?' * len(sound))})"
    with opened(released(tmp_path, ZOO), tmp_path) as base:
        base.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match=reason):
            base.execute(statement, [*(sound | {column: value}).values()])
        base.execute(statement, [*sound.values()])


def test_foreign_keys_are_those_that_sql_can_express(tmp_path):
    with opened(released(tmp_path, ZOO), tmp_path) as base:
        keys = [row[2:5] for row in base.execute("PRAGMA foreign_key_list(visits)")]
        assert keys == [("visits", "animal", "animal"), ("visits", "day", "day"), ("animals", "code", "code")]
        indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        assert base.execute(indexes).fetchall() == [("animals_mother_index",), ("visits_code_index",)]


@pytest.mark.parametrize("word", ["首脳会談", "脳会談の", "정상회담", "상회담을"])
def test_full_text_finds_words_within_words(tmp_path, word):
    with opened(released(tmp_path, ZOO), tmp_path) as base:
        found = base.execute(
            "SELECT note FROM animals WHERE rowid IN (SELECT rowid FROM animals_fts WHERE animals_fts MATCH ?)", [word]
        ).fetchall()
        assert len(found) == 1
        assert word in found[0][0]
        base.execute("INSERT INTO animals_fts (animals_fts, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize("type_", TYPES)
def test_values_of_any_type_come_back(tmp_path, type_):
    texts = TYPES[type_]
    release = released(tmp_path, {"t": (schema_of({"x": type_}), [[text] for text in texts])})
    with opened(release, tmp_path) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        stored = [value for (value,) in base.execute("SELECT x FROM t ORDER BY rowid")]
    expected = {
        "integer": [0, -(2**63), 2**63 - 1, None],
        "number": [0.1, -0.0, 1e300, math.inf, -math.inf, "NaN", 5e-324, None],
        "boolean": [1, 0, None],
        "datetime": [
            *("2026-01-13T09:30:59.999999Z", "2026-01-13T00:30:00.000000Z", "0001-01-01T00:00:00.000000Z", None)
        ],
        "year": [2026, -44, 12026, None],
        "duration": ["P1Y2M3DT4H5M6.7S", "-P1M", "PT0S", "P999999999Y", None],
        "geopoint": ["126.98, 37.57", "-180.0, 90.0", "1e-07, 0.0", None],
        "list": ['["a","b"]', '[""]', '["","한"]', None],
    }
    assert stored == expected.get(type_, texts)


@pytest.mark.parametrize("item", ["integer", "number", "boolean", "date", "datetime", "time"])
def test_lists_of_any_item_are_json(tmp_path, item):
    texts = [text for text in TYPES[item] if text]
    schema = {"fields": [{"name": "x", "type": "list", "itemType": item, "delimiter": ";"}]}
    with opened(released(tmp_path, {"t": (schema, [[";".join(texts)]])}), tmp_path) as base:
        (count,) = base.execute("SELECT json_array_length(x) FROM t").fetchone()
    assert count == len(texts)


@pytest.mark.parametrize(
    ("type_", "constraints", "cell"),
    [
        ("number", {"minimum": "-INF", "maximum": "INF"}, "1"),
        ("number", {"enum": ["NaN", "INF", 1]}, "NaN"),
        ("datetime", {"minimum": "2026-01-13T00:00:00.5Z"}, "2026-01-13T00:00:01Z"),
        ("datetime", {"maximum": "2026-01-13T00:00:00Z"}, "2026-01-12T23:59:59.5Z"),
        ("time", {"minimum": "09:00:00", "enum": ["09:00:00", "10:00:00"]}, "09:00:00"),
        ("yearmonth", {"minimum": "2026-01"}, "2026-01"),
        ("duration", {"minimum": "P1M"}, "P40D"),
        ("geopoint", {"enum": ["1, 2"]}, "1.0, 2"),
        ("list", {"enum": ["a,b"], "minLength": 2}, "a,b"),
        ("object", {"enum": [{"a": 1}], "minLength": 1}, '{"a": 1.0}'),
        ("array", {"minLength": 1}, "[1]"),
        ("boolean", {"enum": [True]}, "true"),
        ("string", {"enum": ["a\0", "it's"]}, "it's"),
        ("string", {"maxLength": 1}, "\U0001f600"),
        ("string", {"pattern": "[a-z]+"}, "abc"),
        ("integer", {"minimum": -(2**63)}, "0"),
        ("any", {"enum": ["1", "x"]}, "1"),
    ],
)
def test_constraints_let_what_is_valid_pass(tmp_path, type_, constraints, cell):
    schema = {"fields": [{"name": "x", "type": type_, "constraints": constraints}]}
    with opened(released(tmp_path, {"t": (schema, [[cell]])}), tmp_path) as base:
        assert base.execute("SELECT COUNT(*) FROM t").fetchone() == (1,)


def test_hostile_names_and_texts(tmp_path):
    schema = {
        "title": "-- \n*/ DROP",
        "fields": [{"name": n, "type": "string", "title": "a\nb", "description": "';--\n\u2028\0x"} for n in HOSTILE],
        "primaryKey": ['c"d', "a'b"],
        "foreignKeys": [{"fields": ['c"d', "a'b"], "reference": {"resource": "", "fields": ['c"d', "a'b"]}}],
    }
    names = ['t "x" [y]', 'T "X" [Y]', "select", "_tables", "sqlite_x", "회담", "%s", "*", "a'b", 't "x" [y]_fts_data']
    row = [f'{name}\n\'; DROP TABLE "_tables"; --' for name in HOSTILE]
    release = released(tmp_path, {name: (schema, [row]) for name in names}, title="a\nb", licenses=[])
    with opened(release, tmp_path) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = base.execute("SELECT name, resource, full_text_index FROM _tables").fetchall()
        assert sorted(resource for _, resource, _ in tables) == sorted(names)
        for name, _, index in tables:
            quoted = '"' + name.replace('"', '""') + '"'
            assert base.execute(f"SELECT * FROM {quoted}").fetchall() == [tuple(row)]
            fts = '"' + index.replace('"', '""') + '"'
            assert base.execute(f"SELECT COUNT(*) FROM {fts} WHERE {fts} MATCH '\"DROP TABLE\"'").fetchone() == (1,)


def test_descriptions_are_tables_and_comments(tmp_path):
    with opened(released(tmp_path, ZOO, title="A zoo", keywords=["x"]), tmp_path) as base:
        assert dict(base.execute("SELECT property, value FROM _package"))["keywords"] == '["x"]'
        assert base.execute("SELECT title, row_count FROM _tables WHERE name = 'animals'").fetchone() == ("Animals", 2)
        column = "SELECT title, description, type FROM _columns WHERE table_name = 'animals' AND name = 'id'"
        assert base.execute(column).fetchone() == ("Id", "One\nline.", "string")
        (statement,) = base.execute("SELECT sql FROM sqlite_master WHERE name = 'animals'").fetchone()
        assert '"id" TEXT NOT NULL, -- Id: One line.' in statement


QUERIES = {
    "SELECT kind, COUNT(*) AS n FROM animals GROUP BY kind ORDER BY kind": ("string", "integer"),
    "SELECT LEFT(id, 2) AS kind, DATE_PART('year', born) AS n FROM animals ORDER BY id": ("string", "integer"),
    "SELECT CONCAT(id, mother, RIGHT(id, 1)) AS kind, CAST(born AS INTEGER) AS n FROM animals ORDER BY id": (
        *("string", "integer"),
    ),
    "SELECT born + INTERVAL '1 month' - INTERVAL '1 day' AS kind, legs / 3 AS n FROM animals ORDER BY id": (
        *("date", "number"),
    ),
    "SELECT id AS kind, tame AS n FROM animals WHERE id LIKE 'l_on%' ORDER BY id": ("string", "boolean"),
    "SELECT id AS kind, legs AS n FROM animals AS a QUALIFY ROW_NUMBER() OVER (PARTITION BY legs ORDER BY born) = 1": (
        *("string", "integer"),
    ),
    "SELECT name AS kind, 1 AS n FROM package_info": ("string", "integer"),
}


@pytest.mark.parametrize("query", QUERIES)
def test_views_are_views_where_the_rows_are_the_same(tmp_path, query):
    schema = schema_of(dict(zip(("kind", "n"), QUERIES[query], strict=True)))
    release = released(
        tmp_path, ZOO, {"v": (query, schema), "w": ("SELECT n FROM v", schema_of({"n": QUERIES[query][1]}))}
    )
    with opened(release, tmp_path) as base:
        kinds = dict(base.execute("SELECT name, type FROM sqlite_master WHERE name IN ('v', 'w')"))
        rows = base.execute("SELECT kind, n FROM v").fetchall()
    (frame,) = (table.frame for table in release.tables if table.name == "v")
    assert kinds == {"v": "view", "w": "view"}
    assert [str(row[0]) for row in rows] == frame["kind"].cast(pl.String).to_list()
    assert [row[1] for row in rows] == frame["n"].to_list()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT UPPER(note) AS x FROM animals",
        "SELECT DATE_PART('week', born) AS x FROM animals",
        "SELECT UPPER('é') AS x FROM animals",
    ],
)
def test_views_are_tables_where_they_are_not(tmp_path, query, monkeypatch):
    monkeypatch.setattr(module, "translated", lambda text: translated(text.replace("note", "id")))
    release = released(tmp_path, ZOO, {"v": (query, {**schema_of({"x": "any"})})})
    with opened(release, tmp_path) as base:
        assert base.execute("SELECT type FROM sqlite_master WHERE name = 'v'").fetchone() == ("table",)
        assert base.execute("SELECT derived_by FROM _tables WHERE name = 'v'").fetchone() == ("views/v.sql",)
        assert [x for (x,) in base.execute("SELECT x FROM v")] == next(
            t for t in release.tables if t.name == "v"
        ).frame["x"].to_list()


def test_a_view_that_takes_long_is_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_STEPS", 3000)
    monkeypatch.setattr(module, "_STEP", 1000)
    numbers = (schema_of({"n": "integer"}), [[str(n)] for n in range(100)])
    query = "SELECT COUNT(*) AS x FROM t AS a CROSS JOIN t AS b"
    with opened(released(tmp_path, {"t": numbers}, {"v": (query, schema_of({"x": "integer"}))}), tmp_path) as base:
        assert base.execute("SELECT type FROM sqlite_master WHERE name = 'v'").fetchone() == ("table",)
        assert base.execute("SELECT x FROM v").fetchall() == [(10_000,)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [["lion", "mammal", "9", *[None] * 6]],
            "'animals', row 2: CHECK constraint failed: .*; run: shuttle validate",
        ),
        ([LIONESS, LIONESS], "'animals', row 3: UNIQUE constraint failed"),
        ([LION], "'animals': row 1 refers to nothing in 'animals'"),
    ],
)
def test_unsound_rows_are_one_clear_error(tmp_path, rows, message):
    release = released(tmp_path, {"animals": (ANIMALS, rows)})
    with pytest.raises(UnsoundTableError, match=message):
        write_sqlite(release, tmp_path / "zoo.sqlite")


def test_a_full_disk_is_an_os_error(tmp_path, monkeypatch):
    release = released(tmp_path, ZOO)

    class Small(module._Writer):
        def _table(self, named, columns):
            self.database.execute("PRAGMA max_page_count = 3")
            super()._table(named, columns)

    monkeypatch.setattr(module, "_Writer", Small)
    with pytest.raises(OSError, match="full"):
        write_sqlite(release, tmp_path / "zoo.sqlite")


def test_an_old_sqlite_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(UnsupportedError, match="use one with 3.38.0 or later"):
        write_sqlite(released(tmp_path, ZOO), tmp_path / "zoo.sqlite")


def test_bytes_are_the_same_in_any_folder(tmp_path):
    views = {"v": ("SELECT id FROM animals ORDER BY id", schema_of({"id": "string"}))}
    for name in ("a", "b"):
        write_sqlite(released(tmp_path / name, ZOO, views), tmp_path / name / f"{name}.sqlite")
    assert (tmp_path / "a/a.sqlite").read_bytes() == (tmp_path / "b/b.sqlite").read_bytes()


def test_tables_without_rows_keys_or_columns(tmp_path):
    tables = {
        "empty": (schema_of({"x": "date"}), []),
        "wide": (schema_of(dict.fromkeys(map(str, range(2001)), "any")), []),
    }
    with opened(released(tmp_path, tables), tmp_path) as base:
        assert base.execute("SELECT COUNT(*) FROM empty").fetchone() == (0,)
        assert base.execute("SELECT name FROM _tables").fetchall() == [("empty",)]
        assert list(itertools.chain(*base.execute("SELECT value FROM _package WHERE property = 'name'"))) == ["zoo"]

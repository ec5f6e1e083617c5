import json
import sqlite3
from contextlib import closing

import pytest

from shuttle_diplomacy.publishing.formats.datasette import datasette, write_datasette
from shuttle_diplomacy.publishing.formats.sqlite import write_sqlite
from tests.publishing.formats.packages import HOSTILE, released, schema_of
from tests.publishing.formats.test_sqlite import ANIMALS, LION, LIONESS, ZOO

OWL = ["owl", "bird", "2", "2021-01-01", "ow", None, None, None, "Night birds & 새벽"]


def described(release):
    return datasette(release)["databases"]["zoo"]


def test_it_tells_of_package_and_tables(tmp_path):
    licence = {"name": "CC-BY-4.0", "title": "CC BY 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
    tables = {"animals": (ANIMALS, [LION, LIONESS, OWL]), "visits": ZOO["visits"]}
    release = released(tmp_path, tables, title="A zoo", description="All of it.", licenses=[licence])
    write_datasette(release, tmp_path / "datasette.json")
    found = json.loads((tmp_path / "datasette.json").read_bytes())
    about = {
        "title": "A zoo",
        "description": "All of it.",
        "license": "CC BY 4.0",
        "license_url": licence["path"],
        "source": "A zoo, version 1.2.0",
        "source_url": "https://zoo.example/",
    }
    assert {key: value for key, value in found.items() if key != "databases"} == about
    shown = found["databases"]["zoo"]["tables"]
    assert shown["animals"] == {
        "title": "Animals",
        "columns": {"id": "One\nline."},
        "facets": ["kind", "tame"],
        "sort": "born",
        "fts_table": "animals_fts",
        "fts_pk": "rowid",
    }
    assert shown["_columns"] == {"hidden": True}


@pytest.mark.parametrize("path", ["javascript:alert(1)", "data:text/html,x", "LICENSE", ""])
def test_addresses_are_of_the_web(tmp_path, path):
    release = released(tmp_path, ZOO, licenses=[{"name": "x", "path": path}])
    assert "license_url" not in datasette(release)


@pytest.mark.parametrize(
    ("words", "records"),
    [
        ("会談", ["lion"]),
        ("정상", ["lioness"]),
        ("정상회담", ["lioness"]),
        ("night BIRDS &", ["owl"]),
        ("새벽", ["owl"]),
        ('"', []),
        ('" OR "birds', []),
        ("%", []),
        ("", []),
    ],
)
def test_one_search_finds_words_of_any_length(tmp_path, words, records):
    release = released(tmp_path, {"animals": (ANIMALS, [LION, LIONESS, OWL])})
    write_sqlite(release, tmp_path / "zoo.sqlite")
    with closing(sqlite3.connect(tmp_path / "zoo.sqlite")) as base:
        rows = base.execute(described(release)["queries"]["search"]["sql"], {"words": words}).fetchall()
    assert [(table, record) for table, record, _ in rows] == [("animals", record) for record in records]


def test_hostile_names(tmp_path):
    fields = [{"name": n, "type": "string", "description": "<script>"} for n in HOSTILE]
    release = released(tmp_path, {n: ({"fields": fields}, [HOSTILE]) for n in ('"x"', "a'b [y]", "_tables", "select")})
    write_sqlite(release, tmp_path / "zoo.sqlite")
    found = described(release)
    with closing(sqlite3.connect(tmp_path / "zoo.sqlite")) as base:
        known = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        assert set(found["tables"]) <= known
        assert not any("]" in name for name in found["tables"])  # Datasette quotes with brackets
        for name, table in found["tables"].items():
            assert not any("]" in column for column in table.get("columns", {}))
            columns = {row[1] for row in base.execute("SELECT * FROM pragma_table_info(?)", [name])}
            assert set(table.get("columns", {})) <= columns
            assert table.get("hidden") or table["fts_table"] in known
        assert len(base.execute(found["queries"]["search"]["sql"], {"words": "회담"}).fetchall()) == 0
        assert len(base.execute(found["queries"]["search"]["sql"], {"words": "select"}).fetchall()) == 4


def test_without_prose_there_is_no_search(tmp_path):
    found = described(released(tmp_path, {"t": (schema_of({"n": "integer"}), [["1"]])}))
    assert "queries" not in found
    assert found["tables"]["t"] == {"title": "t", "columns": {}}

"""Rules and views: what they may do, how they are reported, and that a stranger's SQL is kept in."""

import json
import re

import polars as pl
import pytest

from shuttle_diplomacy.errors import ConfigurationError, UnsoundTableError
from shuttle_diplomacy.package import Schema, open_package
from shuttle_diplomacy.tabular.sql import check_query, run_query
from shuttle_diplomacy.tabular.views import Relations, View
from shuttle_diplomacy.validation.pipeline import Rules, validate
from shuttle_diplomacy.validation.rules import parse_rule, read_rules
from shuttle_diplomacy.validation.sandbox import run_in_child

RULE = """-- id: positive
-- table: t
-- severity: error
-- message: {n} is
--   not positive
-- reason: counts are.
SELECT id, n, 'n' AS field FROM t WHERE n < 1
"""


def rule(query: str, **header: str) -> str:
    lines = {"id": "r", "table": "t", "severity": "error", "message": "m", "reason": "because"} | header
    return "".join(f"-- {k}: {v}\n" for k, v in lines.items()) + query


def judge(folder, *rules: str, views=()):
    folder.table("t", "id,n\na,1\nb,0\n", primaryKey="id")
    found = Rules([parse_rule(text, "r.sql") for text in rules], list(views))
    return validate(open_package(folder.root), found)


def test_rule_is_placed_at_the_cell(folder):
    report = judge(folder, RULE)
    (finding,) = report.tasks[0].errors
    assert (finding.rule, finding.line, finding.column, finding.key) == ("positive", 3, 3, {"id": "b"})
    assert finding.note == "0 is not positive"
    assert report.rules.ran == ["positive"]


def test_rule_over_many_tables(folder):
    query = "SELECT table_name, record_id FROM package_records WHERE record_id = 'b'"
    (finding,) = judge(folder, rule(query, table="*")).tasks[0].errors
    assert (finding.line, finding.column, finding.key) == (3, 1, {"id": "b"})


def test_warning_leaves_the_package_valid(folder):
    report = judge(folder, rule("SELECT id FROM t", severity="warning"))
    assert (report.valid, report.warning_count) == (True, 2)


def test_rules_wait_for_sound_tables(folder):
    folder.table("u", "id,n\na,x\n")
    report = judge(folder, RULE, rule("SELECT t.id FROM t JOIN u ON t.id = u.id"))
    assert report.rules.ran == ["positive"]
    assert report.rules.not_run == [("r", "u has errors of structure, type or key")]


def view(name: str, query: str, *fields: str) -> View:
    return View(name, query, Schema({"fields": [{"name": f, "type": "integer"} for f in fields]}), f"{name}.sql")


def test_views_read_views(folder):
    views = [view("a", "SELECT x + 1 AS x FROM b", "x"), view("b", "SELECT MAX(n) AS x FROM t", "x")]
    assert Relations({"t": pl.DataFrame({"n": [1, 3]})}, views).frame("a").item() == 4


@pytest.mark.parametrize(
    ("views", "message"),
    [
        ([view("a", "SELECT x FROM b", "x"), view("b", "SELECT x FROM a", "x")], "in a circle: a -> b -> a"),
        (
            [view("a", "SELECT n AS y FROM t", "x")],
            r"a.sql: the query gives the columns \['y'\], its schema has \['x'\]",
        ),
        ([view("a", "SELECT 'b' AS x FROM t", "x")], "a.sql: the result does not fit its schema"),
        ([view("a", "SELECT nix AS x FROM t", "x")], "a.sql: polars cannot run the query"),
        ([view("t", "SELECT 1 AS x", "x")], "'t' names both a table and a view"),
    ],
)
def test_broken_view(views, message):
    with pytest.raises(ConfigurationError, match=message):
        Relations({"t": pl.DataFrame({"n": [1]})}, views).frame("a")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "a table function is not allowed"),
        ("SELECT * FROM read_parquet('http://127.0.0.1/x')", "a table function is not allowed"),
        ("SELECT * FROM '/etc/passwd'", "a table function is not allowed|no table or view"),
        ('SELECT * FROM "t"', "name tables only"),
        ("SELECT * FROM x.t", "there is no table or view 'x.t'"),
        ("SELECT * FROM tt", "there is no table or view 'tt'; did you mean 't'?"),
        ("DROP TABLE t", "has to be exactly one SELECT"),
        ("SELECT 1; SELECT 2", "has to be exactly one SELECT"),
        ("CREATE TABLE a AS SELECT * FROM t", "has to be exactly one SELECT"),
        ("WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT * FROM a) SELECT * FROM a", "recursion is not allowed"),
        ("SELECT * FROM t, u", "write each table after FROM or JOIN"),
        ("SELEC * FROM t", "has to be exactly one SELECT|not valid SQL"),
        ("SELECT (SELECT * FROM read_csv('x')) FROM t", "a table function is not allowed"),
    ],
)
def test_query_that_could_do_more_than_read_is_refused(folder, query, message):
    with pytest.raises(ConfigurationError, match=message.replace("?", r"\?")):
        check_query(query, {"t", "u"}, "r.sql")
    with pytest.raises(ConfigurationError):
        judge(folder, rule(query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM t",
        "WITH a AS (SELECT id FROM t) SELECT a.id FROM a JOIN t AS b ON a.id = b.id",
        "SELECT id FROM t UNION ALL SELECT id FROM t",
        "SELECT id, ROW_NUMBER() OVER (PARTITION BY n ORDER BY id) AS k FROM t WHERE EXTRACT(YEAR FROM start_on) > 1",
    ],
)
def test_query_that_reads_is_allowed(query):
    check_query(query, {"t"}, "r.sql")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-- id: r\nSELECT 1", "the header lacks '-- table:'"),
        (rule("SELECT id FROM t", severity="fatal"), "severity is 'fatal'"),
        (rule("SELECT n FROM t"), "the query has to return the column 'id'"),
        (rule("SELECT id FROM t", message="{nix}"), "the query has to return the column 'nix'"),
        (rule("SELECT id FROM nix"), "there is no table or view 'nix'"),
        (rule("SELECT nix FROM t"), "polars cannot run the query"),
    ],
)
def test_broken_rule_is_an_error_and_never_skipped(folder, text, message):
    with pytest.raises(ConfigurationError, match=message):
        judge(folder, text)


@pytest.mark.parametrize(
    ("floors", "message"),
    [
        (3, "the floors of 'shuttle:floors' have to be an object"),
        ({"t": 3}, "the floors of 't' have to be an object"),
        ({"u": {"rows": 1}}, "a floor names the unknown table 'u'"),
        ({"t": {"fields": {"m": 1}}}, "a floor of 't' names the unknown field 'm'"),
        ({"t": {"rows": "many"}}, "a floor of 't' is 'many', but has to be a number"),
    ],
)
def test_floor_that_cannot_be_read_is_never_skipped(folder, floors, message):
    folder.descriptor["shuttle:floors"] = floors
    with pytest.raises(ConfigurationError, match=message):
        judge(folder, rule("SELECT t.id FROM t JOIN package_floors AS f ON t.id = f.table_name"))


@pytest.mark.parametrize(("name", "valid"), [("title", False), ("version", False), ("shuttle:coverage", True)])
def test_metadata_of_another_shape_is_unknown(folder, name, valid):
    folder.descriptor[name] = 5
    unknown = "title IS NULL AND version IS NULL AND starts_on IS NULL"
    report = judge(folder, rule(f"SELECT t.id FROM t CROSS JOIN package_info AS i WHERE {unknown}"))
    assert [f.type for f in report.general.errors] == ([] if valid else ["package-error"])
    assert (report.rules.ran, len(report.tasks[0].errors)) == (["r"], 2)


def test_rule_over_a_table_that_is_not_there_is_not_run(folder):
    folder.table("gone", "id,n\n")
    (folder.root / "gone.csv").unlink()
    report = judge(folder, rule("SELECT t.id FROM t JOIN gone AS g ON t.id = g.id"))
    assert report.rules.not_run == [("r", "gone could not be read")]


@pytest.mark.parametrize(
    "query", ["SELECT t.id FROM t JOIN d AS d ON t.n = d.n", "SELECT id FROM t JOIN package_info AS i ON true"]
)
def test_columns_of_one_name_cannot_be_told_apart_in_sql(folder, query):
    folder.table("d", "n,n\n1,2\n", [{"name": "n", "type": "integer"}, {"name": "n", "type": "integer"}])
    message = "^r.sql: the rule cannot read the table 'd': several fields are named 'n', so that columns cannot be told"
    with pytest.raises(UnsoundTableError, match=message):
        judge(folder, rule(query))


def test_rule_that_reads_other_tables_runs_beside_columns_of_one_name(folder):
    folder.table("d", "n,n\n1,2\n", [{"name": "n", "type": "integer"}, {"name": "n", "type": "integer"}])
    assert judge(folder, rule("SELECT id FROM t WHERE n > 5")).rules.ran == ["r"]


def test_rule_is_named_like_its_file(tmp_path):
    (tmp_path / "other.sql").write_text(RULE)
    with pytest.raises(ConfigurationError, match="the id is 'positive', but the file is named 'other.sql'"):
        read_rules(tmp_path)


class TestSandbox:
    """The SQL that a package carries itself."""

    def carried(self, folder, query, **limits):
        folder.table("t", "id,n\na,1\nb,0\n", primaryKey="id")
        frames = {"t": pl.DataFrame({"id": ["a", "b"], "n": [1, 0]})}
        return run_in_child(open_package(folder.root), frames, [parse_rule(rule(query), "r.sql")], [], **limits)

    def test_gives_the_rows(self, folder):
        assert self.carried(folder, "SELECT id FROM t WHERE n < 1")["r"].rows() == [("b",)]

    def test_reads_no_file(self, folder):
        with pytest.raises(ConfigurationError, match="a table function is not allowed"):
            self.carried(folder, "SELECT * FROM read_csv('/etc/passwd')")

    def test_ends_after_its_time(self, folder):
        joins = " ".join(f"CROSS JOIN big AS b{i}" for i in range(3))
        rows = " UNION ALL ".join(["SELECT id FROM t"] * 400)
        query = f"WITH big AS ({rows}) SELECT COUNT(*) AS id FROM big AS a {joins} WHERE a.id <> b2.id"
        with pytest.raises(ConfigurationError, match="did not end within 2 seconds|needed too much memory|cannot run"):
            self.carried(folder, query, seconds=2, memory_bytes=1 << 30)

    def test_broken_query_gives_one_sentence(self, folder):
        with pytest.raises(ConfigurationError, match=re.escape("r.sql: polars cannot run the query")):
            self.carried(folder, "SELECT nix AS id FROM t")


def test_named_rules_of_a_download_run_only_when_trusted(folder):
    from shuttle_diplomacy.cli.validate import rules_for

    (folder.root / "rules").mkdir()
    (folder.root / "rules" / "positive.sql").write_text(RULE)
    folder.descriptor["shuttle:rules"] = ["rules/positive.sql"]
    folder.table("t", "id,n\na,1\nb,0\n", primaryKey="id")
    package = open_package(folder.root)
    untrusted = validate(package, rules_for(package, None))
    assert (untrusted.valid, untrusted.rules.ran) == (True, [])
    assert "--trust-sql runs them" in untrusted.rules.reason
    trusted = validate(package, rules_for(package, None, trust=True))
    assert [f.rule for f in trusted.tasks[0].errors] == ["positive"]
    assert json.dumps(trusted.rules.ran) == '["positive"]'


@pytest.mark.parametrize(
    ("query", "header"),
    [
        ("SELECT 1 AS id FROM t", {}),
        ("SELECT 1 AS table_name, 2 AS record_id FROM t", {"table": "*"}),
        ("SELECT 't' AS table_name, 2 AS record_id FROM t", {"table": "*"}),
    ],
)
def test_result_that_does_not_fit_its_table_is_no_traceback(folder, query, header):
    with pytest.raises(ConfigurationError, match=r"^r.sql: the result does not fit its table: "):
        judge(folder, rule(query, **header))


@pytest.mark.parametrize("query", ["SELECT " + "(" * 3000 + "1" + ")" * 3000, "SELECT 1" + "+1" * 20_000])
def test_query_that_no_parser_can_follow_is_refused(query):
    def check_and_run() -> None:  # which of the two refuses depends on how deep this Python can recurse
        check_query(query + " FROM t", {"t"}, "w.sql")
        run_query(query + " FROM t", {"t": pl.LazyFrame({"id": ["a"]})}, "w.sql")

    with pytest.raises(ConfigurationError, match=r"^w.sql: "):
        check_and_run()

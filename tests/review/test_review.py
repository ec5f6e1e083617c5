"""What a reviewer of data is told beside the difference."""

import json
from contextlib import ExitStack
from dataclasses import replace

import pytest

from shuttle_diplomacy.review.rendering import render_review
from shuttle_diplomacy.review.revisions import opened
from shuttle_diplomacy.review.summary import review
from shuttle_diplomacy.review.words import WordChange, word_changes
from tests.conftest import PackageFolder

CONFIGURATION = """
[tool.shuttle]
package = "package"
rules = "rules"
views = "views"
citations = { table = "cited", record_table = "of", record = "row", field = "field", source = "source" }
grades = { view = "grading", record_table = "of", record = "row", grade = "grade" }
"""
RULE = """-- id: positive
-- table: t
-- severity: error
-- message: n is {n}, but has to be positive
-- reason: Counts are positive.
SELECT id, n, 'n' AS field FROM t WHERE n <= 0
"""
GRADING = """
SELECT 't' AS of, t.id AS row,
  CASE WHEN COUNT(c.source) > 1 THEN 'A' WHEN COUNT(c.source) = 1 THEN 'B' END AS grade
FROM t LEFT JOIN cited AS c ON c.row = t.id GROUP BY t.id
"""
TOTAL = "SELECT 'all' AS what, COUNT(*) AS rows, SUM(n) AS n FROM t"
VIEWS = {
    "total": (TOTAL, {"what": "string", "rows": "integer", "n": "integer"}),
    "grading": (GRADING, {"of": "string", "row": "string", "grade": "string"}),
}
KEYS = {"total": ["what"], "grading": ["of", "row"]}
T = [
    {"name": "id", "type": "string"},
    {"name": "n", "type": "integer"},
    {"name": "note", "type": "string"},
    {"name": "code", "type": "string", "constraints": {"pattern": ".*"}},
    {"name": "web", "type": "string", "format": "uri"},
]
CITED = [{"name": name, "type": "string"} for name in ("of", "row", "field", "source")]


def make(root, rows, cited="", configuration=CONFIGURATION):
    for folder in ("rules", "views"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text(configuration)
    (root / "rules" / "positive.sql").write_text(RULE)
    for name, (query, fields) in VIEWS.items():
        schema = {"fields": [{"name": n, "type": t} for n, t in fields.items()], "primaryKey": KEYS[name]}
        (root / "views" / f"{name}.json").write_text(json.dumps(schema))
        (root / "views" / f"{name}.sql").write_text(query)
    made = PackageFolder(root / "package").table("t", f"id,n,note,code,web\n{rows}", T, primaryKey="id")
    made.table("cited", f"of,row,field,source\n{cited}", CITED, primaryKey=["of", "row", "field", "source"])
    return str(made.root)


def reviewed(old, new):
    with ExitStack() as stack:
        return review(*(stack.enter_context(opened(side)) for side in (old, new)))


ONE = "a,1,In May 2018 both met in Seoul.,,\nb,2,y,,\n"
SOURCES = "t,a,*,s1\nt,a,n,s1\nt,a,*,s2\nt,b,*,s3\n"


@pytest.fixture
def found(tmp_path):
    """A row added without source, one changed that lost a source, an error, a name, a number and a negation."""
    new = "a,-1,In May 2019 both did not meet in Tokyo.,,\nb,2,y,,\nc,3,z,,\n"
    return reviewed(make(tmp_path / "old", ONE, SOURCES), make(tmp_path / "new", new, "t,a,*,s1\nt,a,n,s1\nt,b,*,s3\n"))


def test_new_and_changed_rows_have_their_sources_and_grades(found):
    rows = {row.record: row for row in found.rows}
    assert {record: row.how for record, row in rows.items()} == {"a": "changed", "c": "added"}
    assert [(c.field, c.source) for c in rows["a"].citations] == [("*", "s1"), ("n", "s1")]
    assert (rows["a"].grade, rows["c"].grade) == ("A", None)
    assert [row.record for row in found.uncited] == ["c"]


def test_rows_that_lost_a_source(found):
    assert [(lost.table, lost.record, lost.source, lost.left) for lost in found.lost] == [("t", "a", "s2", 1)]


def test_a_row_that_went_has_not_lost_its_source(tmp_path):
    old, new = make(tmp_path / "old", ONE, SOURCES), make(tmp_path / "new", ONE.splitlines()[1] + "\n", "t,b,*,s3\n")
    assert reviewed(old, new).lost == ()


def test_a_row_may_lose_its_last_source(tmp_path):
    old, new = make(tmp_path / "old", ONE, SOURCES), make(tmp_path / "new", ONE, "t,a,*,s1\nt,a,*,s2\n")
    assert [(lost.record, lost.left) for lost in reviewed(old, new).lost] == [("b", 0)]


def test_words_that_bear_meaning(found):
    (text,) = found.texts
    assert (text.record, text.field) == ("a", "note")
    assert text.words == (
        WordChange("number", ("2018",), ("2019",)),
        WordChange("negation", (), ("not",)),
        WordChange("name", ("Seoul",), ("Tokyo",)),
    )


def test_codes_and_addresses_are_no_prose(tmp_path):
    old, new = (
        make(tmp_path / "old", "a,1,x,1,http://a.example/1\n"),
        make(tmp_path / "new", "a,1,x,2,http://a.example/2\n"),
    )
    assert reviewed(old, new).texts == ()


def test_derived_values_that_moved(found):
    moved = {table.name: table for table in found.derived}
    assert moved["total"].cells.select("key", "field", "before", "after").rows() == [
        ("all", "rows", "2", "3"),
        ("all", "n", "3", "4"),
    ]
    assert moved["grading"].added.ids(("of", "row")).to_list() == ["t/c"]


def test_findings_that_are_new_and_gone(tmp_path):
    note = "n is {}, but has to be positive"
    old, new = make(tmp_path / "old", "a,-1,x,,\nb,-2,y,,\n"), make(tmp_path / "new", "x,5,x,,\na,-3,x,,\nb,-2,y,,\n")
    found = reviewed(old, new)
    assert [(f.rule, f.key, f.note) for f in found.new] == [("positive", {"id": "a"}, note.format(-3))]
    assert [(f.rule, f.key, f.note) for f in found.gone] == [("positive", {"id": "a"}, note.format(-1))]
    assert found.errors == (2, 2)


def test_findings_that_are_alike_are_counted(tmp_path):
    old, new = make(tmp_path / "old", "a,x,y,,\n"), make(tmp_path / "new", "a,x,y,,\na,x,y,,\n")
    found = reviewed(old, new)
    assert [f.type for f in found.new if f.type == "type-error"] == ["type-error"]
    assert found.failed is True


def test_more_errors_than_before_fail_also_where_none_is_told(found):
    plain = replace(found, new=())
    assert plain.failed is True
    assert replace(plain, errors=(1, 1)).failed is False


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_rows_of_derived_tables_are_named(tmp_path, form):
    found = reviewed(make(tmp_path / "old", "a,1,x,,\nb,2,y,,\n"), make(tmp_path / "new", "c,1,x,,\nd,2,y,,\n"))
    shown = render_review(found, form)
    words = ("new rows: t/c, t/d", "gone rows: t/a, t/b") if form == "text" else ("New rows: <code>t/c</code>",)
    assert all(word in shown for word in words)


@pytest.mark.parametrize(
    ("change", "unsaid"),
    [
        (("[tool.shuttle]", "[tool.other]"), "the new package belongs to no repository with [tool.shuttle]: no rules"),
        (("citations = ", "codes = "), "pyproject.toml declares no citations, so no sources are told"),
        (('table = "cited"', 'table = "sited"'), "the sources cannot be told: there is no table 'sited'; did you mean"),
        (('source = "source"', 'source = "sourze"'), "the sources cannot be told: pyproject.toml: citations in "),
        (('view = "grading"', 'view = "trading"'), "grades cannot be told: there is no table or view 'trading'"),
        (('grade = "grade"', 'grade = "graed"'), "grades cannot be told: pyproject.toml: grades in [tool.shuttle] has"),
        (("rules =", "rulez ="), "pyproject.toml: unknown key 'rulez'"),
    ],
)
def test_what_cannot_be_told_is_said(tmp_path, change, unsaid):
    old = make(tmp_path / "old", ONE, SOURCES)
    new = make(tmp_path / "new", ONE.replace("y", "z"), SOURCES, CONFIGURATION.replace(*change))
    assert any(unsaid in text for text in reviewed(old, new).unsaid)


def test_views_that_cannot_be_computed_for_one_side_are_said(tmp_path):
    old, new = make(tmp_path / "old", ONE, SOURCES), make(tmp_path / "new", "a,x,y,,\n", SOURCES)
    found = reviewed(old, new)
    assert [(table.name, table.status) for table in found.derived] == [("grading", "unread"), ("total", "unread")]
    assert found.derived[0].reason.startswith("'t' has errors: t.csv")
    assert "a rule did not run on the later package: positive: t has" in " ".join(found.unsaid)


def test_rules_that_did_not_run_are_counted(tmp_path):
    old, new = make(tmp_path / "old", ONE), make(tmp_path / "new", "a,x,y,,\n")
    for name in ("more", "most"):
        (tmp_path / "new" / "rules" / f"{name}.sql").write_text(RULE.replace("positive", name))
    unsaid = [text for text in reviewed(old, new).unsaid if text.startswith("a rule did not run on the later package")]
    assert [text.endswith("(and 2 more rules)") for text in unsaid] == [True]


def test_a_rule_that_cannot_run_is_said(tmp_path):
    old, new = make(tmp_path / "old", ONE, SOURCES), make(tmp_path / "new", ONE, SOURCES)
    (tmp_path / "new" / "rules" / "positive.sql").write_text(RULE.replace("FROM t", "FROM nowhere"))
    found = reviewed(old, new)
    assert any(text.startswith("the rules cannot run on") for text in found.unsaid)
    assert found.judged is False


def test_nothing_to_look_at(tmp_path):
    made = make(tmp_path / "p", ONE, SOURCES)
    found = reviewed(made, made)
    assert (found.rows, found.lost, found.texts, found.derived, found.new, found.gone, found.unsaid) == ((),) * 7
    assert "gate: 0 errors (before: 0)" in render_review(found, "text")
    assert found.judged is True


def test_json(found):
    shown = json.loads(render_review(found, "json"))["review"]
    assert shown["counts"] == {
        "errors": {"before": 0, "after": 1},
        "new": 1,
        "gone": 0,
        "rows": 2,
        "uncited": 1,
        "lostSources": 1,
        "texts": 1,
        "textsNotLookedAt": 0,
        "derived": 2,
    }
    assert shown["lostSources"] == [{"table": "t", "record": "a", "source": "s2", "left": 1}]
    assert shown["rows"][1]["citations"][0] == {"field": "*", "source": "s1"}


def test_text(found):
    shown = render_review(found, "text")
    for line in (
        "look at: 1 new error",
        "  ! positive: t / a / n: n is -1, but has to be positive",
        "  . t c (added, grade none): NO SOURCE",
        "  . t a (changed, grade A): s1",
        "  . t a: s2 (1 left)",
        "  . t a note: numbers: 2018 → 2019; negations: + not; names: Seoul → Tokyo",
        "  ~ all rows: 2 -> 3",
    ):
        assert line in shown.splitlines()


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_is_not_listed_is_counted(tmp_path, form):
    rows = "".join(f"r{n},-1,In {n} x,,\n" for n in range(9))
    cited = "".join(f"t,r{n},*,s\n" for n in range(9))
    new = rows.replace("In ", "In 1")
    found = reviewed(make(tmp_path / "old", rows.replace("-1", "1"), cited), make(tmp_path / "new", new))
    shown = render_review(found, form, 2)
    for noun in ("finding", "source", "text", "row"):
        assert f"... and 7 more ({noun})" in shown


def test_the_words_of_very_many_texts_are_not_all_compared(tmp_path, monkeypatch):
    monkeypatch.setattr("shuttle_diplomacy.review.summary.MOST_TEXTS", 2)
    monkeypatch.setattr("shuttle_diplomacy.review.summary.MOST_ROWS", 2)
    rows = "".join(f"r{n},1,In {n},,\n" for n in range(5))
    old, new = (
        make(tmp_path / "old", rows, "t,r1,*,s\n"),
        make(tmp_path / "new", rows.replace("In ", "In 1"), "t,r1,*,s\n"),
    )
    found = reviewed(old, new)
    assert (len(found.texts), found.unlooked, len(found.rows)) == (2, 3, 2)
    assert "not looked at: the words of 3 further changed texts" in render_review(found, "text")
    assert "the sources of the first 2 new and changed rows are told, there are more" in found.unsaid


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_hostile_sources_and_texts_stay_text(tmp_path, form):
    evil = "::error::x <b>evil</b> [y](https://evil.example) ##[group]"
    old = make(tmp_path / "old", f"a,1,{evil} 1,,\n", f"t,a,*,{evil}\n")
    new = make(tmp_path / "new", f"a,2,{evil} 2,,\n{evil},3,x,,\n", f"t,a,{evil},s\n")
    shown = render_review(reviewed(old, new), form)
    assert not any(line.strip().startswith("::") for line in shown.splitlines())
    assert "##[" not in shown
    if form == "markdown":
        assert "<b>" not in shown
        assert "](http" not in shown


@pytest.mark.parametrize(
    ("before", "after", "sorts"),
    [
        ("They met.", "They met again.", []),
        ("It was 5 May 2018.", "It was 6 May 2018.", ["number"]),
        ("1,000 people", "10,000 people", ["number"]),
        ("It isn't so", "It is so", ["negation"]),
        ("It isn\u2019t so", "It isn't so", []),
        ("Both met in Seoul.", "Both met in Busan.", ["name"]),
        ("Seoul said so.", "Tokyo said so.", []),
        ("In Japan. Korea agreed.", "In Korea. Japan agreed.", ["name"]),
        ("", "A note of 2020", ["number"]),
        ("\uff11\uff14日", "14日", []),
        (
            "十四日に会談した",
            "十五日に会談した",
            ["number"],
        ),
        ("合意した", "合意しなかった", ["negation"]),
        (
            "合意せず\u3001帰国した",
            "合意し\u3001帰国した",
            ["negation"],
        ),
        ("必ず行う", "行う", []),
        ("합의했다", "합의하지 않았다", ["negation"]),
        ("안전 보장", "보장", []),
    ],
)
def test_which_words_bear_meaning(before, after, sorts):
    assert [change.sort for change in word_changes(before, after)] == sorts

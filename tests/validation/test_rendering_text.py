"""The report as text: what a person sees in a terminal."""

import re

import pytest
from rich.cells import cell_len

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.rendering import text
from shuttle_diplomacy.validation.rendering.excerpt import excerpt
from shuttle_diplomacy.validation.report import Report, RuleRun, Task
from tests.validation.reports import HOSTILE, broken, hostile, report


def test_place_row_field_line_and_verdict():
    assert text.render(report(broken(source_line="a,b,x,c", width=1))) == (
        "t: 1 error\n"
        "  data/t.csv:3:5  type-error  row b, field n\n"
        "      wrong\n"
        "      3 | a,b,x,c\n"
        "        |     ^\n"
        "\n"
        "invalid  tiny: 1 error, 0 warnings in 1 table, 3 rows\n"
    )


def test_kinds_stand_together_and_are_counted():
    first, second = broken("one", line=2), broken("two", type="foreign-key", line=3)
    shown = text.render(report(first, second, broken("three", line=4)))
    assert [line.strip() for line in shown.splitlines() if line.startswith("      ")] == ["one", "three", "two"]


def test_kinds_are_counted_by_table_where_not_all_is_in_sight():
    judged = report(*[broken()] * 1200, broken("odd", severity="warning", type="repeated-header"))
    other = Task("u")
    other.add([broken(), broken(type="foreign-key")], 0)
    judged.tasks.append(other)
    assert (
        "\n"
        "  1,201  type-error       in t, u\n"
        "      1  foreign-key      in u\n"
        "      1  repeated-header  in t\n"
        "\n"
        "invalid  tiny: 1,202 errors, 1 warning in 2 tables, 3 rows\n"
    ) in text.render(judged)
    assert "  in t" not in text.render(report(broken(), broken(type="foreign-key")))


def test_errors_that_differ_in_their_value_only_are_shown_three_times():
    shown = text.render(report(*[broken(f"'{n}' is no integer", line=n) for n in range(2, 16)]))
    assert re.findall(r"'\d+' is no integer", shown) == [f"'{n}' is no integer" for n in (2, 3, 4)]
    assert "      ... and 11 more like this, on lines 5, 6, 7, 8, 9, 10, 11, 12, ...\n" in shown


def test_one_more_is_shown_rather_than_counted():
    shown = text.render(report(*[broken(f"'{n}' is no integer", line=n) for n in range(2, 6)]))
    assert "more like this" not in shown
    assert shown.count("is no integer") == 4


@pytest.mark.parametrize(
    ("kind", "rest"), [("type-error", "2,990 more type-errors"), ("foreign-key", "2,990 more foreign-key errors")]
)
def test_of_a_kind_ten_are_shown_and_the_rest_is_counted_truly(kind, rest):
    findings = [broken("wrong " + "x" * n, type=kind) for n in range(3000)]
    shown = text.render(report(*findings, limit=100))
    assert shown.count("data/t.csv:3:5") == 10
    assert f"  ... and {rest} in this table\n" in shown
    assert shown.endswith("to see everything: shuttle validate here --limit-errors 0 --output report.json\n")


def test_each_kind_is_shown_however_many_there_are_of_the_others():
    findings = [broken("wrong " + "x" * n, type=f"kind{k}-error") for k in range(30) for n in range(20)]
    shown = text.render(report(*findings, limit=0))
    assert {f"kind{k}-error" for k in range(30)} == set(re.findall(r"  (kind\d+-error)  row", shown))


def test_where_everything_listed_is_in_the_file_no_limit_is_named():
    shown = text.render(report(*[broken(f"'{n}' is no integer") for n in range(9)]))
    assert shown.endswith("to see everything: shuttle validate here --output report.json\n")


def test_the_next_step_can_be_pasted():
    judged = report(*[broken()] * 9)
    judged.where = "my data; rm -rf x"
    assert "shuttle validate 'my data; rm -rf x' --output" in text.render(judged)


def test_why_a_rule_is_there_is_said_once():
    rules = RuleRun(["in-order"], purposes={"in-order": "no end before its start"})
    shown = text.render(report(*[broken(f"{w} wrong", type="rule-error", rule="in-order") for w in "ab"], rules=rules))
    assert shown.count("why: no end before its start") == 1
    assert shown.index("a wrong") < shown.index("why:") < shown.index("b wrong")


def test_place_in_the_descriptor():
    general = Task("", "datapackage.json")
    general.add([Finding("schema-error", "odd", path="datapackage.json", line=4, column=9, pointer="/resources/0")], 0)
    assert "  datapackage.json:4:9  schema-error  at /resources/0\n" in text.render(Report("p", general=general))


def test_rules_that_did_not_run_are_named():
    judged = report(rules=RuleRun(not_run=[(f"r{n}", "t could not be read") for n in range(7)]))
    assert "Rules not run because t could not be read: r0, r1, r2, r3, r4 and 2 more.\n" in text.render(judged)


def test_warnings_alone():
    shown = text.render(report(broken(severity="warning", type="repeated-header")))
    assert shown.startswith("t: 1 warning\n")
    assert shown.endswith("valid  tiny: 1 table, 3 rows, 1 warning\n")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_nothing_is_wider_than_the_terminal(width):
    line = "日本語," * 60 + "x1," + "é" * 300
    findings = [broken("a note of some words " * 9, column=241, width=2, source_line=line, key={"id": "日本 " * 9})]
    shown = text.render(report(*findings), width=width)
    assert max(cell_len(line) for line in shown.splitlines() if not line.startswith("invalid")) <= width
    assert under_mark(shown) == "x1"


def under_mark(shown: str) -> str:
    """Return what stands over the carets, measured as a terminal does."""
    lines = shown.splitlines()
    place = next(n for n, line in enumerate(lines) if re.fullmatch(r" *\| *\^+", line))
    start, length = lines[place].index("^"), lines[place].count("^")
    return "".join(
        char
        for n, char in enumerate(lines[place - 1])
        if start <= cell_len(lines[place - 1][:n]) < start + length and cell_len(char)
    )


@pytest.mark.parametrize(
    "before", ["a,", "日本,", "e\u0301e\u0301,", "\t\t", "한글\t,", "\x1b[31m,", "\u202e,", "👍,", "ｱ,", "##[error],"]
)
@pytest.mark.parametrize("after", ["", ",日本" * 99])
@pytest.mark.parametrize("times", [1, 50])
def test_the_mark_is_under_the_cell(before, after, times):
    line = before * times + "CELL" + after
    finding = broken(source_line=line, column=len(before) * times + 1, width=4)
    assert under_mark(text.render(report(finding), width=80)) == "CELL"


@pytest.mark.parametrize(
    ("line", "start", "column", "width", "expected"),
    [
        ("a,,b", 1, 3, 0, ("a,,b", 2, 1)),
        ("a,b", 1, 4, None, ("a,b", 3, 1)),
        ("a,b", 1, 99, 5, ("a,b", 3, 1)),
        ("c,x1,", 100, 102, 2, ("...c,x1,", 5, 2)),
        ("a,b\r\n", 1, 3, 9, ("a,b", 2, 1)),
        ("", 1, 1, None, ("", 0, 1)),
        ("a,b", 5, 1, 1, ("...a,b", 3, 1)),
        ("x" * 100, 1, 1, 100, ("x" * 34 + "...", 0, 34)),
        ("y," * 50 + "x", 1, 101, 1, ("..." + ("y," * 50)[-33:] + "x", 36, 1)),
    ],
)
def test_excerpt(line, start, column, width, expected):
    shown = excerpt(broken(source_line=line, source_start=start, column=column, width=width), 40)
    assert (shown.text, shown.indent, shown.marked) == expected


def test_a_finding_without_its_line_has_no_excerpt():
    assert excerpt(broken(), 40) is None


def test_a_line_without_end_is_cut_before_it_is_looked_at():
    line = "日," * 5_000_000
    shown = excerpt(broken(source_line=line, column=4_000_001, width=3_000_000), 60)
    assert cell_len(shown.text) <= 60


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [None, 60])
def test_terminal_and_log_cannot_be_steered(name, width):
    shown = text.render(hostile(HOSTILE[name]), width=width)
    assert not set("\x00\x01\x07\x1b\r\x9b\x85\u2028\u2029\u202e\u2066\u200f") & set(shown)
    assert "##[" not in shown
    assert "##vso[" not in shown
    assert not [line for line in shown.split("\n") if line.lstrip().startswith("::")]


def test_a_name_that_is_a_command_does_not_start_a_line():
    judged = hostile("::error::boo ::warning::boo")
    for width in (None, 30):
        assert not [x for x in text.render(judged, width=width).splitlines() if x.lstrip().startswith("::")]


def test_colour_is_only_added():
    judged = report(broken(source_line="a,b,x", width=1), broken(severity="warning"), *[broken()] * 9)
    coloured = text.render(judged, colour=True)
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text.render(judged)


def test_what_follows_the_report():
    assert text.render(report(), after="frictionless agrees").endswith("\n\nfrictionless agrees\n")

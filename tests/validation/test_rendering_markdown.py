"""The report as Markdown, read back with a Markdown parser."""

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from shuttle_diplomacy.validation.rendering import fitted, markdown
from shuttle_diplomacy.validation.report import Report, RuleRun, Task
from tests.validation.reports import HOSTILE, broken, hostile, report

TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
OURS = {"details", "summary", "code", "h3", "p", "table", "thead", "tbody", "tr", "th", "td"}


def page(judged: Report) -> str:
    """Return the HTML that the Markdown becomes."""
    shown = fitted(markdown.render(judged), "markdown", "utf-8")
    return MarkdownIt("commonmark", {"linkify": False}).enable("table").render(shown)


def cells(judged: Report) -> list[str]:
    """Return the text of each cell in the table of findings."""
    body = page(judged).partition("<details>")[2]
    return [unescape(TAG.sub("", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", body)]


def test_verdict_counts_and_findings():
    shown = markdown.render(report(broken()))
    assert shown.startswith("### ❌ invalid: <code>tiny</code>\n\n1 error, 0 warnings in 1 table, 3 rows\n")
    assert "| ❌ <code>type-error</code> | 1 | <code>t</code> |\n" in shown
    assert "<details><summary><code>t</code>: 1 error, 0 warnings</summary>\n\n" in shown
    assert cells(report(broken())) == ["data/t.csv:3:5", "type-error", "b", "n", "wrong"]
    assert shown.endswith("Everything: <code>shuttle validate here --output report.json</code>\n")


def test_a_valid_package_is_told_in_two_lines():
    assert markdown.render(report()) == "### ✅ valid: <code>tiny</code>\n\n0 errors, 0 warnings in 1 table, 3 rows\n"


def test_what_is_not_shown_is_counted_truly():
    shown = markdown.render(report(*[broken("x" * n) for n in range(900)], limit=50))
    assert len(cells(report(*[broken("x" * n) for n in range(900)], limit=50))) == 5 * 10
    assert "... and 890 type-errors more in this table." in shown


@pytest.mark.parametrize("name", HOSTILE)
def test_any_cell_stays_text(name):
    html = page(hostile(HOSTILE[name]))
    assert {re.match(r"</?([a-zA-Z0-9]+)", tag).group(1) for tag in TAG.findall(html)} <= OURS
    attributes = {tag for tag in TAG.findall(html) if " " in tag}
    assert attributes <= {'<th style="text-align:right">', '<td style="text-align:right">'}
    assert not set("\x00\x1b\u202e\u2028") & set(html)
    assert len(cells(hostile(HOSTILE[name]))) == 3 * 5


@pytest.mark.parametrize("name", ["html", "markdown", "mention", "markup", "japanese", "xml"])
def test_a_cell_is_shown_as_it_is(name):
    assert cells(hostile(HOSTILE[name]))[4] == f"{HOSTILE[name]} is wrong"


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_the_package_stands_outside_code(name):
    shown = markdown.render(hostile(HOSTILE[name]))
    outside = re.sub(r"<code>[^<]*</code>", "", shown)
    assert not set("@`[]*~$\\") & set(outside)
    assert "http" not in outside


@pytest.mark.parametrize(
    "text", ["@someone", "#12", "https://example.org", "www.example.org", "a@b.c", ":tada:", "$x$"]
)
def test_nothing_is_left_that_github_turns_into_a_link(text):
    assert text not in markdown.render(hostile(text))


def test_long_texts_are_cut():
    assert [len(cell) for cell in cells(report(broken("x" * 5000)))][4] == 303


def test_the_whole_stays_below_what_a_build_takes():
    tasks = []
    for number in range(500):
        tasks.append(Task(f"t{number}", labels=["a"]))
        tasks[-1].add([broken("|" * 9000 + "x" * n, type=f"kind{n}-error") for n in range(20)], 0)
    shown = markdown.render(Report("p", tasks=tasks))
    assert len(shown.encode()) < 1024 * 1024
    assert re.search(r"\d+ more tables with findings not shown", shown)


def test_rules_that_did_not_run():
    judged = report(rules=RuleRun(not_run=[("a", "t could not be read"), ("b", "t could not be read")]))
    assert "2 rules not run because <code>t could not be read</code>.\n" in markdown.render(judged)

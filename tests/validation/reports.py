"""Reports that are built by hand, for the tests of what shows them."""

from typing import Any

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.report import Report, RuleRun, Task

HOSTILE = {
    "workflow-command": "x\r\n::error file=a::boo %0A",
    "old-command": "##[error]boo ##vso[task.x]",
    "html": "</code></summary><script>alert(1)</script><img src=x onerror=y>&amp;",
    "markdown": "a|b \\| `c` ``d`` [e](javascript:x) ![f](g) **h** _i_ # j <http://k> www.l.m ~~n~~",
    "mention": "@someone #1 https://example.org/ me@example.org",
    "ansi": "\x1b[31mred\x1b]8;;http://a\x07link\x9b2J",
    "bidi": "\u202eevil\u2066x\u2069 \u200f",
    "nul": "a\x00b\x01\x0b\x7f",
    "no-character": "a\ufffeb\uffff \ud800 \udc80",
    "lines": "one\ntwo\rthree\x85four\u2028five\u2029six",
    "markup": "[bold red]x[/] [link=http://a]y[/link] {0} {1!r} %s",
    "long": "x" * 5000,
    "emoji": "👨‍👩‍👧 ❤️ 🇯🇵",
    "japanese": "首脳会談「日韓」、ソウル",
    "xml": "]]> <!-- <a b='c'> &#0; <![CDATA[",
}


def report(*findings: Finding, limit: int = 1000, **more: Any) -> Report:
    task = Task("t", "data/t.csv", "data/t.csv", ["id", "n"], rows=3)
    task.add(list(findings), limit)
    return Report("tiny", "here", tasks=[task], **more)


def broken(note: str = "wrong", **more: Any) -> Finding:
    base = Finding("type-error", note, "t", "data/t.csv", row_number=3, field_name="n", field_number=2)
    return base.at(**{"line": 3, "column": 5, "byte_offset": 20, "cell": "x", "key": {"id": "b"}, **more})


def hostile(text: str) -> Report:
    """Return a report in which the text stands wherever a package can put one."""
    finding = broken(
        f"{text} is wrong",
        cell=text,
        key={text: text},
        field_name=text,
        source_line=f"b,{text},c",
        column=3,
        width=len(text),
        pointer=f"/{text}",
        path=text,
    )
    task = Task(text, text, text, [text], rows=1)
    task.add([finding, finding.at(type="rule-error", rule=text), finding.at(severity="warning")], 0)
    rules = RuleRun([text], [(text, text)], text, {text: text})
    return Report(text, text, tasks=[task], rules=rules)

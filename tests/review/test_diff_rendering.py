"""A difference in each form; whatever a cell holds stays text in all of them."""

import json
import re

import pytest

from shuttle_diplomacy.review.rendering import render
from shuttle_diplomacy.review.semver import judge
from tests.review.packages import SOME, compared, package

HOSTILE = {
    "command": "::error file=a,line=1::owned",
    "old-command": "##[error]owned",
    "html": "<script>alert(1)</script><img src=x onerror=y></details>",
    "table": "| a | b |",
    "link": "[x](https://evil.example) https://evil.example www.evil.example",
    "mention": "@someone #1 owner/name#2 :tada:",
    "markup": "**b** `c` ~~d~~ &lt; $e$ <!-- f -->",
    "bidi": "a\u202eb",
    "escape": "a\x1b[31mb",
    "lines": '"a\n::error::b\r\n# c"',
}


def both(tmp_path, before, after, fields=None, **schema):
    found = compared(
        package(tmp_path / "old", before, fields, **schema), package(tmp_path / "new", after, fields, **schema)
    )
    for side in ("old", "new"):  # the folder is another one each time
        object.__setattr__(found, side, side)
    return found


def rendered(found, form, limit=None):
    return render(found, judge(found), form, limit)


CHANGED = ("id,n,note\na,1,x\nb,2,y\nc,3,z\nf,6,v\n", "id,n,note\na,01,x\nb,2,\nd,4,w\ng,6,v\n")


def test_text(tmp_path):
    assert rendered(both(tmp_path, *CHANGED), "text") == (
        "old old (1.0.0)\n"
        "new new (1.0.0)\n"
        "all 1 table differs, 1 row added, 1 row removed, 2 rows changed, 1 key renamed\n"
        "\n"
        "table t: 1 row added, 1 row removed, 2 rows changed (1 only respelt), 1 key renamed\n"
        "  + d\n"
        '      . n: "4"\n'
        '      . note: "w"\n'
        "  - c\n"
        '      . n: "3"\n'
        '      . note: "z"\n'
        '  > "f" is now "g"\n'
        "  ~ a\n"
        '      . n: "1" -> "01"  (only respelt)\n'
        "  ~ b\n"
        '      . note: "y" -> (empty)\n'
        "\n"
        "version: the version is 1.0.0 as before, but a major change asks for a raised major number: 2.0.0; decisive: "
        "t: 1 key renamed, the first 'f' to 'g' (and 1 more of that weight)\n"
    )


def test_markdown(tmp_path):
    shown = rendered(both(tmp_path, *CHANGED), "markdown")
    assert "<details><summary><code>t</code>: 1 row added, 1 row removed, 2 rows changed (1 only respelt)" in shown
    assert "| <code>d</code> | <code>n</code> <code>4</code><br><code>note</code> <code>w</code> |" in shown
    assert "| <code>b</code> | <code>note</code> | <code>y</code> | <i>empty</i> |" in shown
    assert "| <code>a</code> | <code>n</code> | <code>1</code> | <code>01</code> <i>only respelt</i> |" in shown
    assert "| <code>f</code> | <code>g</code> |" in shown
    assert shown.count("<details>") == shown.count("</details>") == 1


def test_json(tmp_path):
    found = json.loads(rendered(both(tmp_path, *CHANGED), "json"))
    table = found["tables"][0]
    assert table["counts"] == {"added": 1, "removed": 1, "changed": 2, "respelt": 1, "renamed": 1, "cells": 2}
    assert table["added"] == [{"key": "d", "row": 4, "cells": {"id": "d", "n": "4", "note": "w"}}]
    assert table["renamed"] == [{"before": "f", "after": "g", "oldRow": 5, "row": 5}]
    assert table["changed"][1] == {
        "key": "b",
        "row": 3,
        "oldRow": 3,
        "cells": [{"field": "note", "before": "y", "after": "", "respelt": False}],
    }
    assert (found["version"]["needed"], found["version"]["enough"], found["same"]) == ("major", False, False)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_is_not_listed_is_counted(tmp_path, form):
    before = "id,n,note\n" + "".join(f"c{n},{n},x\nr{n},{n},{n}\n" for n in range(30))
    after = "id,n,note\n" + "".join(f"c{n},{n},y\na{n},{n},n{n}\n" for n in range(30))
    shown = rendered(both(tmp_path, before, after), form, 4)
    for noun in ("row added", "row removed", "row changed"):
        assert f"... and 26 more ({noun})" in shown
    assert "c4" not in shown
    assert "more" not in rendered(both(tmp_path / "all", before, after), form, 0).split("version", 1)[0]


def test_json_counts_what_it_does_not_list(tmp_path):
    after = "id,n,note\n" + "".join(f"c{n},{n},y\n" for n in range(30))
    table = json.loads(rendered(both(tmp_path, "id,n,note\n", after), "json", 4))["tables"][0]
    assert (table["counts"]["added"], len(table["added"])) == (30, 4)


@pytest.mark.parametrize("number", [400, 2000])
def test_a_comment_is_never_too_long(tmp_path, number):
    tables = [both(tmp_path / str(n), "id,n,note\n", CHANGED[1].replace("w", "w" * 5000)) for n in range(2)]
    found = tables[0]
    object.__setattr__(found, "tables", found.tables * number)
    shown = rendered(found, "markdown")
    assert 40_000 < len(shown) < 65_536
    parts = shown.count("<details>")
    assert parts == shown.count("</details>")
    left_out = re.search(r"^([\d,]+) more parts not shown here, too long for a comment\.$", shown, re.MULTILINE)
    assert parts + (int(left_out[1].replace(",", "")) if left_out else 0) == number
    assert bool(left_out) == (number > 1000)


def test_long_texts_are_shown_around_what_differs(tmp_path):
    start = "word " * 200
    before, after = f"id,n,note\na,1,{start}old\n", f"id,n,note\na,1,{start}new\n"
    shown = rendered(both(tmp_path, before, after), "text")
    assert '"...word word word word word word old" -> "...word word word word word word new"' in shown


def places(name):
    """Yield the two files in which a hostile text stands as key, as cell, added, removed and changed."""
    text = HOSTILE[name]
    if not text.startswith('"'):
        text = '"' + text.replace('"', '""') + '"'
    yield f"id,n,note\na,1,{text}\n", "id,n,note\na,1,x\n"
    yield "id,n,note\na,1,x\n", f"id,n,note\na,1,{text}\n"
    yield "id,n,note\n", f"id,n,note\n{text},1,{text}\n"
    yield f"id,n,note\n{text},1,x\n", "id,n,note\nb,1,x\n"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_cells_stay_text(tmp_path, name):
    for number, (before, after) in enumerate(places(name)):
        found = both(tmp_path / str(number), before, after)
        text, markdown = rendered(found, "text"), rendered(found, "markdown")
        for shown in (text, markdown):
            assert not any(line.strip().startswith("::") for line in shown.splitlines())
            assert not re.search(r"##\[", shown)
            assert "\x1b" not in shown
            assert "\u202e" not in shown
        outside = re.sub(r"<code>[^<]*</code>", "", markdown)
        for sign in ("evil", "owned", "someone", "script", "tada", "alert"):
            assert sign not in outside
        inside = "".join(re.findall(r"<code>([^<]*)</code>", markdown))
        assert not re.search(r"[`*\[\]|~$!@]|(?<!&)#|<", inside)
        assert markdown.count("<details>") == markdown.count("</details>")
        json.loads(rendered(found, "json"))


def test_hostile_names_stay_text(tmp_path):
    name = "::error::<b>|[x](y)"
    fields = [SOME[0], {"name": name, "type": "string"}]
    found = both(tmp_path, f'id,"{name}"\na,1\n', f'id,"{name}"\na,2\n', fields)
    object.__setattr__(found.tables[0], "name", name)
    for form in ("text", "markdown"):
        shown = rendered(found, form)
        assert not any(line.strip().startswith("::") for line in shown.splitlines())
    assert "<b>" not in rendered(found, "markdown")


def test_json_steers_neither_a_terminal_nor_a_log(tmp_path):
    cell = "\x9b31m \u202e \u2028 ##[error]x \u65e5"
    shown = rendered(both(tmp_path, "id,n,note\n", f"id,n,note\na,1,{cell}\n"), "json")
    assert json.loads(shown)["tables"][0]["added"][0]["cells"]["note"] == cell
    assert "\\u009b31m \\u202e \\u2028 #\\u0023[error]x \u65e5" in shown


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_long_keys_are_shortened_and_empty_ones_are_row_numbers(tmp_path, form):
    key = "k" * 100_000
    shown = rendered(both(tmp_path, f"id,n,note\n{key},1,x\n,2,y\n", f"id,n,note\n{key},3,x\n,4,y\n"), form)
    assert len(shown) < 2000
    assert "kkk..." in shown
    assert "row 3" in shown


def test_a_change_of_metadata_alone_is_no_table(tmp_path):
    old, new = package(tmp_path / "old", "id,n,note\n"), package(tmp_path / "new", "id,n,note\n")
    new.descriptor["title"] = "T"
    shown = rendered(compared(old, new.write()), "text")
    assert "\nall 1 change of the package's metadata\n" in shown


def test_json_counts_the_reasons(tmp_path):
    found = json.loads(rendered(both(tmp_path, *CHANGED), "json", 1))["version"]
    assert (found["reasonCount"], len(found["reasons"])) == (5, 1)

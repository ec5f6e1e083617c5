import pytest
from markdown_it import MarkdownIt

from shuttle_diplomacy.publishing.markdown import code, escape, link, table

HOSTILE = [
    "<script>alert(1)</script>",
    "a | b",
    "*bold* _em_ __x__ `code` ~~gone~~",
    "[text](https://example.org) ![img](x)",
    "# heading",
    "- item",
    "1. item",
    "12) item",
    "+ item",
    "=== ",
    "&lt; &#60; a & b",
    "back\\slash \\| pipe",
    "snake_case_name",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_shown_as_it_is(text):
    tokens = MarkdownIt("commonmark").enable("table").parse(escape(text))
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {t.type for t in tokens[1].children} <= {"text", "text_special"}
    assert "".join(t.content for t in tokens[1].children) == text.strip()


@pytest.mark.parametrize("text", [*HOSTILE, "``", "`a", " "])
def test_cells_keep_their_table(text):
    shown = table(["a", "b"], [[escape(text), code(text)]])
    tokens = MarkdownIt("commonmark").enable("table").parse(shown)
    assert [t.type for t in tokens].count("td_open") == 2
    cells = [t for t in tokens if t.type == "inline"]
    assert "".join(t.content for t in cells[2].children) == text.strip()
    assert [(t.type, t.content.strip()) for t in cells[3].children] == [("code_inline", text.strip())]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "https://x/>y", "data:text/html,x", "a\nb"])
def test_only_web_addresses_and_files_are_linked(target):
    assert link("x", target) == "x"

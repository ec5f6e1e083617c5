"""The blocks of docs/python.md give what the page shows."""

import doctest

from tests.dataset_package import ROOT

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def test_blocks_of_the_page_run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    page = ROOT / "docs" / "python.md"
    text = page.read_text(encoding="utf-8").replace("```", "\n")  # the fences would be taken for output
    found = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert len(found.examples) > 20
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    told: list[str] = []
    runner.run(found, out=told.append)
    assert not told, "".join(told)

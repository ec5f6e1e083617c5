"""The notebooks run, show what a fresh run shows, and say what their outputs say."""

import json
import re
import zlib

import pytest

from scripts import notebook_pages, notebooks

FILES = sorted(notebooks.FOLDER.glob("*.ipynb"))
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What is no count: code, where a link leads, dates and years, headings.
ASIDE = re.compile(rf"`[^`]*`|\]\([^)]*\)|\b\d{{1,2}} (?:{MONTHS})|\b(?:19|20)\d\d\b|^#.*$", re.MULTILINE)


def cells(file):
    return [(c["cell_type"], "".join(c["source"])) for c in json.loads(file.read_text(encoding="utf-8"))["cells"]]


def claims(file):
    """Texts with the cell that checks them, None where the next code cell checks nothing."""
    parts = cells(file)
    for (kind, text), after in zip(parts, [*parts[1:], ("", "")], strict=True):
        if kind == "markdown":
            yield ASIDE.sub("", text), after[1] if after[0] == "code" and ", checked\n" in after[1] else None


def test_notebooks_show_their_real_outputs():
    assert notebooks.main([]) == 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_cell_below_a_text_checks_its_numbers(file):
    for text, check in claims(file):
        if check is not None:
            assert set(NUMBER.findall(text)) <= set(NUMBER.findall(check)), text
            assert "assert " in check


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_count_goes_unchecked(file):
    unchecked = [text for text, check in claims(file) if check is None and re.search(r"\d of (the )?\d", text)]
    assert unchecked == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_outputs_name_no_place_of_the_machine(file):
    shown = file.read_text(encoding="utf-8")
    assert not re.search(r'[" (]/(tmp|home|root|work|usr|Users|private)/', shown)


def chart(**drawn):
    from nbformat import v4

    return v4.new_output("display_data", {notebooks.CHART: drawn})


def test_a_chart_keeps_its_picture_until_it_draws_something_else(monkeypatch):
    monkeypatch.setattr(notebooks, "_picture", lambda _: "drawn anew")
    first = notebooks._settled(chart(description="Visits", mark="point"), {})
    assert first["data"] == {"text/plain": "Visits", "image/png": "drawn anew"}
    stored = {first["metadata"][notebooks.DIGEST]: "stored"}
    assert notebooks._settled(chart(description="Visits", mark="point"), stored)["data"]["image/png"] == "stored"
    assert notebooks._settled(chart(description="Visits", mark="bar"), stored)["data"]["image/png"] == "drawn anew"


def test_a_picture_gets_smaller_and_stays_the_same():
    def chunk(kind, content):
        return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)

    pixels = bytes(5000)
    stored = zlib.compress(pixels, 0)
    head, end = chunk(b"IHDR", bytes(13)), chunk(b"IEND", b"")
    png = notebooks._PNG + head + chunk(b"IDAT", stored[:99]) + chunk(b"IDAT", stored[99:]) + end
    assert notebooks._squeezed(png) == notebooks._PNG + head + chunk(b"IDAT", zlib.compress(pixels, 9)) + end


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"text/plain": "4"}, "shows other outputs than a fresh run"),
        ({"text/plain": "Visits", notebooks.DIGEST: "0"}, "has a chart without picture; install vl-convert-python"),
        ({"text/plain": "3"}, ""),
    ],
)
def test_what_is_wrong_with_a_notebook_is_said(tmp_path, monkeypatch, capsys, output, said):
    import nbformat

    def notebook(data, **metadata):
        shown = nbformat.v4.new_output("display_data", data, metadata=metadata)
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 2", outputs=[shown], id="cell-0")])

    nbformat.write(notebook({"text/plain": "3"}), tmp_path / "a.ipynb")
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    monkeypatch.setattr(notebook_pages, "PAGES", tmp_path / "pages")
    notebook_pages.write(tmp_path / "a.ipynb")
    digest = {notebooks.DIGEST: output.pop(notebooks.DIGEST)} if notebooks.DIGEST in output else {}
    monkeypatch.setattr(notebooks, "executed", lambda _: notebook(output, **digest))
    assert notebooks.main([]) == int(bool(said))
    assert said in capsys.readouterr().err


def test_what_is_printed_in_pieces_is_one_output():
    from nbformat import v4

    pieces = [v4.new_output("stream", name="stdout", text=text) for text in ("a\r\n", "b\n")]
    assert [output.text for output in notebooks._joined(pieces)] == ["a\nb\n"]


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setattr(notebook_pages, "PAGES", tmp_path / "pages")
    file = tmp_path / "a.ipynb"
    picture = {"data": {"text/plain": "Visits", "image/png": "aGk="}, "output_type": "display_data"}
    code = {"cell_type": "code", "source": "chart", "outputs": [picture]}
    file.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "# A [q](../docs/q.md)"}, code]}))
    notebook_pages.write(file)
    return file


def test_a_page_holds_text_code_and_pictures(book):
    page = (notebook_pages.PAGES / "a.md").read_text()
    assert "# A [q](../q.md)" in page
    assert "```python\nchart\n```\n\n![Visits](a-1.png)" in page
    assert (notebook_pages.PAGES / "a-1.png").read_bytes() == b"hi"
    assert notebook_pages.stale(book.parent) == []


def test_a_page_or_picture_that_is_not_the_notebooks_is_stale(book):
    (notebook_pages.PAGES / "a-1.png").write_bytes(b"old")
    (notebook_pages.PAGES / "gone-1.png").write_bytes(b"left")
    assert notebook_pages.stale(book.parent) == ["a-1.png", "gone-1.png"]
    notebook_pages.write(book)
    assert notebook_pages.stale(book.parent) == ["gone-1.png"]

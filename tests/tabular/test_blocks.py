"""Blocks end where records end, however the text arrives."""

import pytest

from shuttle_diplomacy.tabular import blocks
from shuttle_diplomacy.tabular.blocks import cut
from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.scanner import scan

TEXTS = [
    'a,1\nb,2\n"c\n""d""\n",3\ne,4',
    'a,1\r\n"b\r\n,",2\r\nc,3\r\n',
    "",
    "\n\n\n",
    'a"b,1\n"c,2\nd,3\n',
    "한국,1\n日本,2\n",
]
DIALECTS = [
    Dialect(),
    Dialect(quote=None),
    Dialect(terminator=";"),
    Dialect(escape="\\", double_quote=False),
    Dialect(comment="#"),
    Dialect(skip_initial_space=True),
]


def arriving(text: str, size: int):
    """Yield a text as chunks of whole characters."""
    for at in range(0, len(text), size):
        yield text[at : at + size].encode()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_records_of_the_blocks_are_those_of_the_text(text, dialect, size):
    found = list(cut(arriving(text, size), dialect, size))
    assert b"".join(found).decode() == text
    wanted = [record.values for record in scan(text, dialect)]
    if not any(record.quoting for record in scan(text, dialect)):
        assert [record.values for block in found for record in scan(block.decode(), dialect)] == wanted


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_block_is_empty_and_none_much_larger_than_asked_for(dialect):
    text = "ab,cd\n" * 1000
    found = list(cut(arriving(text, 7), dialect, 60))
    assert all(found)
    if dialect.terminator is None:
        assert max(map(len, found)) < 60 + 7 + 6


@pytest.mark.parametrize("dialect", [Dialect(), Dialect(escape="\\")])
def test_a_quote_that_is_never_closed_does_not_gather_the_whole_file(dialect, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_BYTES", 200)
    text = '"a,b\n' + "c,d\n" * 1000
    found = list(cut(arriving(text, 20), dialect, 40))
    assert b"".join(found).decode() == text
    assert max(map(len, found)) <= 240

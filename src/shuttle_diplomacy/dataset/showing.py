"""Laying out for people: text within the width of a terminal, HTML that is readable on light and dark ground."""

import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from shuttle_diplomacy.package.finding import plain

_NARROW, _WIDE = 40, 120  # nothing is laid out narrower, nor wider, than this
_LEAST = 30  # columns that a hanging text needs to stand beside its label
_CELL = "text-align:left;vertical-align:top;white-space:normal;padding:.3em .8em;border-bottom:1px solid #8886"


def terminal_width() -> int:
    """Return how many columns there are to write in; ``COLUMNS`` counts if it is set."""
    return max(_NARROW, min(_WIDE, shutil.get_terminal_size((_WIDE, 24)).columns))


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: characters of East Asian scripts take two.

    Examples:
        >>> columns_of("Seoul"), columns_of("서울")
        (5, 4)
    """
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> list[str]:
    """Return a text as lines of at most so many columns; a word that is longer than a line is cut.

    Args:
        text: the text; blanks and line ends in it are all the same, and control characters are made visible.
        width: the columns of a line, its indentation included.
        indent: what stands before each line.
        first: what stands before the first line, if that is something else.

    Examples:
        >>> wrapped("What was agreed, and when.", 16, "    ", "- ")
        ['- What was', '    agreed, and', '    when.']
    """
    lines, line = [], indent if first is None else first
    empty = True
    for word in plain(" ".join(text.split())).split():
        for piece in _pieces(word, width - columns_of(indent)):
            if not empty and columns_of(line) + 1 + columns_of(piece) > width:
                lines.append(line)
                line, empty = indent, True
            line += piece if empty else f" {piece}"
            empty = False
    return [*lines, line.rstrip()]


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word, cut where it is longer than a line."""
    piece, taken = "", 0
    for character in word:
        if taken + _columns(character) > max(width, 2):
            yield piece
            piece, taken = "", 0
        piece, taken = piece + character, taken + _columns(character)
    yield piece


def listed(rows: Iterable[Sequence[str]], width: int) -> list[str]:
    """Return rows as lines: short cells in columns, the last one wrapped beside them, or below where it is narrow."""
    cells = [[plain(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(map(columns_of, column)) for column in list(zip(*cells, strict=True))[:-1]]
    lines = []
    for *short, last in cells:
        padded = (cell + " " * (w - columns_of(cell)) for cell, w in zip(short, widths, strict=True))
        label = "  " + "  ".join(padded) + "  "
        if width - columns_of(label) >= _LEAST:
            lines += wrapped(last, width, " " * columns_of(label), label)
        else:
            lines += [
                *wrapped("  ".join(short), width, "    ", "  "),
                *(wrapped(last, width, "      ") if last else ()),
            ]
    return lines


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the first column is set as code, every text is escaped, colours are those of the page."""
    head = "".join(f'<th style="{_CELL}">{escape(name)}</th>' for name in header)
    body = "".join(f"<tr>{''.join(_cell(n, text) for n, text in enumerate(row))}</tr>" for row in rows)
    table = '<table style="border-collapse:collapse;color:inherit">'
    return f"{table}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(number: int, text: str) -> str:
    shown = escape(text)
    return f'<td style="{_CELL}">{shown if number else f"<code>{shown}</code>"}</td>'


def html_block(title: str, texts: Iterable[str], table: str = "") -> str:
    """Return a heading, paragraphs and a table that was made by :func:`html_table`."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts if text)
    shown = f'<p style="font-weight:bold">{escape(title)}</p>{paragraphs}{table}'
    return f'<div style="color:inherit;max-width:75em">{shown}</div>'

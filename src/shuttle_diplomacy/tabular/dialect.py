"""How a table is written into a file: a Table Dialect with the defaults of the standard filled in.

The terms are those of https://datapackage.org/standard/table-dialect/.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shuttle_diplomacy.package import Resource

_LINE_ENDS = ("\n", "\r\n")
_NOT_PLAIN = "\r\n\x00\x01"
_COMPRESSED = (".gz", ".zip", ".bz2", ".xz", ".zst")
_TAB_SEPARATED = "text/tab-separated-values"


@dataclass(frozen=True)
class Dialect:
    r"""A Table Dialect.

    Attributes:
        delimiter: what stands between cells, one or more characters.
        quote: the character around cells; None: there are no quotes.
        double_quote: whether two quotes inside a quoted cell are one.
        escape: the character that makes the next one text.
        terminator: what ends a row; None: each of LF, CR LF and CR does.
        header: whether the file has labels.
        header_rows: numbers of the rows with labels, from 1. A first row that is a comment gives way to the next row.
        header_join: what stands between the labels of several header rows.
        comment: how a line begins that is no row.
        comment_rows: numbers of the rows that are left out, from 1.
        skip_initial_space: whether blanks after a delimiter are dropped.
        null_sequence: the text that stands for null, beside the schema's ``missingValues``.
        data_property: where the rows are in a JSON document (``property``).
        item_type: ``array`` or ``object``: what the rows of a JSON document are.
        item_keys: the keys that are read of each object.
        assumed: what was not declared and is taken from the file's name or kind, a sentence each.

    Examples:
        >>> Dialect().is_plain, Dialect(escape="\\").is_plain
        (True, False)
    """

    delimiter: str = ","
    quote: str | None = '"'
    double_quote: bool = True
    escape: str | None = None
    terminator: str | None = None
    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment: str | None = None
    comment_rows: frozenset[int] = frozenset()
    skip_initial_space: bool = False
    null_sequence: str | None = None
    data_property: str | None = None
    item_type: str | None = None
    item_keys: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    @classmethod
    def of(cls, resource: Resource) -> "Dialect":
        r"""Return the dialect of a resource; a property of the wrong shape counts as not declared.

        Examples:
            >>> from pathlib import Path
            >>> from shuttle_diplomacy.package.storage import Folder
            >>> resource = Resource({"name": "a", "path": "a.tsv"}, Folder(Path()))
            >>> dialect = Dialect.of(resource)
            >>> dialect.delimiter, dialect.assumed
            ('\t', ("no delimiter is declared; the tab is taken, because the file's name ends in .tsv",))
        """
        declared = _Declared(resource.dialect)
        tabs = None if declared.has("delimiter", str) else _why_tabs(resource)
        terminator = declared.text("lineTerminator")
        return cls(
            delimiter="\t" if tabs else declared.text("delimiter", ",") or "",
            quote=declared.text("quoteChar", '"') or None,
            double_quote=declared.flag("doubleQuote", default=True),
            escape=declared.text("escapeChar") or None,
            terminator=None if terminator in _LINE_ENDS else terminator,
            header=declared.flag("header", default=True),
            header_rows=tuple(sorted(set(declared.numbers("headerRows", [1])))),
            header_join=declared.text("headerJoin", " ") or "",
            comment=declared.text("commentChar") or None,
            comment_rows=frozenset(declared.numbers("commentRows", [])),
            skip_initial_space=declared.flag("skipInitialSpace", default=False),
            null_sequence=declared.text("nullSequence"),
            data_property=declared.text("property"),
            item_type=declared.text("itemType"),
            item_keys=tuple(declared.texts("itemKeys")),
            assumed=(f"no delimiter is declared; the tab is taken, because {tabs}",) if tabs else (),
        )

    def faults(self) -> list[str]:
        """Return what contradicts itself, a sentence each; a file is read only where there is nothing.

        Examples:
            >>> Dialect(delimiter=";", quote=";").faults()
            ["delimiter and quoteChar are both ';'; choose different characters"]
        """
        return [*self._empty(), *self._overlaps(), *self._misplaced_rows()]

    def _empty(self) -> Iterator[str]:
        if not self.delimiter:
            yield "delimiter is empty; it has to be one or more characters"
        if self.terminator == "":
            yield "lineTerminator is empty; it has to be one or more characters"
        for name, value in (("quoteChar", self.quote), ("escapeChar", self.escape)):
            if value is not None and len(value) != 1:
                yield f"{name} is {value!r}; it has to be one character"

    def _overlaps(self) -> Iterator[str]:
        """Yield the sequences that cannot be told apart."""
        roles = {"quoteChar": self.quote, "escapeChar": self.escape, "lineTerminator": self.terminator}
        for name, value in roles.items():
            if value and value == self.delimiter:
                yield f"delimiter and {name} are both {value!r}; choose different characters"
            elif value and value in self.delimiter:
                yield f"delimiter {self.delimiter!r} contains the {name} {value!r}; choose different characters"
        if self.terminator is None and _has_line_end(self.delimiter):
            yield f"delimiter {self.delimiter!r} contains a line end, which ends a row; declare another lineTerminator"
        for name in ("quoteChar", "escapeChar"):
            value = roles[name]
            if value and (value in self.terminator if self.terminator else _has_line_end(value)):
                yield f"{name} {value!r} is part of a line end; choose another character"
        if self.quote and self.quote == self.escape:
            note = "leave escapeChar out: doubleQuote says that quotes are doubled"
            yield f"quoteChar and escapeChar are both {self.quote!r}; {note}"
        for name, value in (("delimiter", self.delimiter), ("quoteChar", self.quote)):
            if value and value == self.comment:
                yield f"{name} and commentChar are both {value!r}; choose different characters"
        if self.skip_initial_space and self.delimiter == " ":
            yield "skipInitialSpace drops the blanks after a delimiter, and the delimiter is a blank; leave one out"

    def _misplaced_rows(self) -> Iterator[str]:
        rows = list(self.header_rows)
        if not self.header and rows not in ([], [1]):
            yield f"header is false and headerRows is {rows}; leave one of them out"
        if self.header and not rows:
            yield "headerRows is empty; name the rows with labels, or declare header: false"
        shared = [row for row in rows if row in self.comment_rows and rows != [1]]
        if self.header and shared:
            yield f"row {shared[0]} is named in headerRows and in commentRows; leave it out of one of them"

    @cached_property
    def is_plain(self) -> bool:
        """Whether a parser of plain CSV reads it right: one-byte delimiter and quote, nothing beyond RFC 4180."""
        chars = [self.delimiter, *([self.quote] if self.quote else [])]
        simple = all(len(c) == 1 and c.isascii() and c not in _NOT_PLAIN for c in chars)
        quoting = self.quote is None or self.double_quote
        marks = self.escape is None and self.comment is None and not self.comment_rows
        return simple and quoting and marks and self.terminator is None and not self.skip_initial_space

    def line_pattern(self, width: int) -> str:
        """Return the regular expression of a physical line that is one sound record of ``width`` cells.

        Examples:
            >>> bool(re.search(Dialect().line_pattern(2), 'a,"b, c"'))
            True
        """
        delimiter = re.escape(self.delimiter)
        cell = f"[^{delimiter}]*"
        if self.quote is not None:
            quote = re.escape(self.quote)
            cell = f"(?:{quote}(?:[^{quote}]|{quote}{quote})*{quote}|[^{quote}{delimiter}]*)"
        return f"^{cell}(?:{delimiter}{cell}){{{width - 1}}}$"


@dataclass(frozen=True)
class _Declared:
    """A descriptor read property by property; what has the wrong shape is reported where descriptors are checked."""

    descriptor: dict[str, Any]

    def has(self, key: str, kind: type) -> bool:
        return isinstance(self.descriptor.get(key), kind)

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return a text; null says that there is none, whatever the default."""
        value = self.descriptor.get(key, default)
        return value if isinstance(value, str) or value is None else default

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.descriptor.get(key)
        return value if isinstance(value, bool) else default

    def numbers(self, key: str, default: list[int]) -> list[int]:
        value = self.descriptor.get(key)
        if not isinstance(value, list):
            return default
        return [n for n in value if isinstance(n, int) and not isinstance(n, bool) and n > 0]

    def texts(self, key: str) -> list[str]:
        value = self.descriptor.get(key)
        return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _has_line_end(text: str) -> bool:
    return "\r" in text or "\n" in text


def _why_tabs(resource: Resource) -> str | None:
    """Return why cells are taken to be separated by tabs, None where nothing says so."""
    name = resource.path.lower()
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    if str(resource.descriptor.get("format", "")).lower() == "tsv":
        return "the format is tsv"
    if str(resource.descriptor.get("mediatype", "")).lower().partition(";")[0].strip() == _TAB_SEPARATED:
        return f"the mediatype is {_TAB_SEPARATED}"
    return "the file's name ends in .tsv" if name.endswith(".tsv") and "format" not in resource.descriptor else None

"""What must not depend on how a file is read: on the size of blocks, on the fast or the careful way, on hashes."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuttle_diplomacy.package import Finding, Resource, open_package
from shuttle_diplomacy.tabular import reader as reader_module
from shuttle_diplomacy.tabular import records
from shuttle_diplomacy.tabular.reader import TableReader
from shuttle_diplomacy.tabular.records import RecordReader
from shuttle_diplomacy.validation import pipeline
from shuttle_diplomacy.validation.judging import PackageKeys
from tests.fuzzing import strategies
from tests.fuzzing.strategies import Tables

SIZES = (1, 7, 64, 1000)
quick = strategies.repeatable(40)


@dataclass(frozen=True)
class Files:
    """One table as it is stored.

    Attributes:
        parts: its files.
        encoding: what it declares.
        dialect: the dialect.
        fields: the number of its fields.
        schema: properties of the schema apart from the fields.
    """

    parts: list[bytes]
    encoding: str = "utf-8"
    dialect: dict[str, Any] = field(default_factory=dict)
    fields: int = 2
    schema: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> Resource:
        paths = [f"part{number}.csv" for number in range(len(self.parts))]
        for path, content in zip(paths, self.parts, strict=True):
            (folder / path).write_bytes(content)
        fields = [{"name": name, "type": kind} for name, kind in (("a", "string"), ("b", "integer"), ("c", "any"))]
        resource = {"name": "t", "type": "table", "path": paths, "encoding": self.encoding, "dialect": self.dialect}
        resource |= {"schema": {"fields": fields[: self.fields], **self.schema}}
        descriptor = {"$schema": strategies.V2, "name": "random", "resources": [resource]}
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        return open_package(folder).resource("t")


DIALECTS: list[dict[str, Any]] = [
    {},
    {"delimiter": ";"},
    {"quoteChar": "'"},
    {"header": False},
    {"commentChar": "#"},
    {"skipInitialSpace": True},
    {"escapeChar": "\\"},
    {"lineTerminator": "\n"},
    {"lineTerminator": "\r\n"},
    {"lineTerminator": "::"},
    {"delimiter": "::"},
    {"headerRows": [2]},
    {"commentRows": [2, 4]},
    {"nullSequence": "N"},
    {"doubleQuote": False},
]
PIECES = [
    "a",
    "1",
    "2",
    ",",
    ",",
    ",",
    "\n",
    "\n",
    "\n",
    '"',
    '""',
    '"a"',
    '","',
    "\r\n",
    "\r",
    ";",
    "'",
    "#",
    " ",
    "\\",
    "::",
    "é",
]
PIECES += ["N", "\ufeff", "\x01", "\u2028", "\x1f", "日", "1,2\n", "a,1\n", '"x\ny",1\n', "\na,b\n"]


@st.composite
def noise(draw: st.DrawFn) -> Files:
    """Draw a table whose files hold anything."""
    dialect, fields = draw(st.sampled_from([*[{}] * 10, *DIALECTS])), draw(st.integers(1, 3))
    delimiter = dialect.get("delimiter", ",")
    header = draw(st.sampled_from([delimiter.join("abc"[:fields]) + dialect.get("lineTerminator", "\n"), ""]))
    cell = st.sampled_from(["", "", "1", "a", '""', '"1"', '"x\ny"', '"a""b"'])
    row = st.lists(cell, min_size=fields, max_size=fields).map(lambda cells: delimiter.join(cells) + "\n")
    texts = st.lists(
        draw(st.sampled_from([row, row, st.sampled_from(PIECES), st.sampled_from(PIECES) | row])), max_size=20
    )
    parts = [header + "".join(draw(texts)) for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3])))]
    missing = draw(st.sampled_from([{}, {}, {"missingValues": []}, {"missingValues": ["", "a"]}]))
    return Files([p.encode() for p in parts], dialect=dialect, fields=fields, schema=missing)


@st.composite
def encoded(draw: st.DrawFn) -> Files:
    """Draw a table in one of several encodings, with bytes put in, taken out or replaced in some."""
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "shift_jis"]))
    files = draw(noise())
    parts = []
    for part in files.parts:
        content = part.decode().encode(encoding, "ignore")
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
            at = draw(st.integers(0, len(content)))
            put = draw(st.sampled_from([b"", b"\xff", b"\x81", b"\0", b"\xd8", b"\xe3\x81", b"\xef\xbb\xbf", b"\n"]))
            content = content[:at] + put + content[at + draw(st.integers(0, 1)) :]
        parts.append(content)
    return Files(parts, encoding, files.dialect, files.fields, files.schema)


def seen(resource: Resource, size: int = records.BLOCK_BYTES) -> dict[str, Any]:
    """Read a table in blocks of a size; return all that can be known of it."""
    reader = TableReader(resource)
    assert isinstance(reader.records, RecordReader)
    reader.records.block_bytes = size
    rows: list[Any] = []
    for batch in reader.batches():
        rows += zip(batch.row_numbers.to_list(), batch.frame.rows(), batch.text.rows(), strict=True)
    numbers = [row[0] for row in rows] + [f.row_number for f in reader.findings.kept if f.row_number]
    cells = [(row, number) for row in numbers for number in range(len(reader.schema.fields) + 1)]
    located = reader.records.locate(cells) if reader.records.match and not reader.records.match.fatal else {}
    return {
        "rows": rows,
        "findings": sorted(reader.findings.kept, key=_order),
        "counts": reader.findings.counts,
        "complete": reader.records.complete,
        "located": located,
    }


def _order(finding: Finding) -> tuple[Any, ...]:
    return finding.type, finding.row_number or 0, finding.path or "", finding.field_number or 0, finding.note


@contextmanager
def written(files: Files) -> Iterator[Resource]:
    with tempfile.TemporaryDirectory() as folder:
        yield files.write(Path(folder))


def agree(files: Files) -> None:
    """Check that what is read carefully and at once is what is read fast and block by block.

    Where a quote is at fault a cell may or may not reach over the end of a block: then both see a fault, and the same
    before it.
    """
    with written(files) as resource:
        with patch.object(records, "parse_plain", lambda *_: None):
            expected = seen(resource)
        assert seen(resource) == expected
        faults = [f.row_number or 0 for f in expected["findings"] if f.type == "structure-error"]
        for size in SIZES:
            found = seen(resource, size)
            if not faults:
                assert found == expected, size
            else:
                first = min(faults)
                assert min(f.row_number or 0 for f in found["findings"] if f.type == "structure-error") == first
                assert [r for r in found["rows"] if r[0] < first] == [r for r in expected["rows"] if r[0] < first]


@quick
@given(noise())
def test_neither_blocks_nor_the_fast_way_change_what_is_read(files: Files) -> None:
    agree(files)


@quick
@given(encoded())
def test_blocks_do_not_change_what_is_read_in_other_encodings_and_broken_ones(files: Files) -> None:
    agree(files)


def _told(package: Tables, exact_rows: int, size: int) -> list[Any]:
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(pipeline, "PackageKeys", partial(PackageKeys, exact_rows=exact_rows)),
        patch.object(reader_module, "RecordReader", partial(RecordReader, block_bytes=size)),
    ):
        file, _ = package.write(Path(folder))
        report = pipeline.validate(open_package(file))
        found = [f.at(note=_without_hint(f.note)) for task in report.all_tasks for f in task.errors]
        return sorted(((f.resource, *_order(f), f.line, f.column, f.cell) for f in found), key=repr)


def _without_hint(note: str) -> str:
    """Return a note without the nearest key, which is looked for among values and not among hashes."""
    before, _, after = note.partition("; did you mean")
    return before + ";" + after.partition("?")[2] if after else note


@pytest.mark.parametrize("exact_rows", [0, 3])
@quick
@given(package=strategies.keyed())
def test_keys_kept_as_hashes_are_judged_as_values_are(package: Tables, exact_rows: int) -> None:
    expected = _told(package, 1000, records.BLOCK_BYTES)
    assert _told(package, exact_rows, 7) == expected

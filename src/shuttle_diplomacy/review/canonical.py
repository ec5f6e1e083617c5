"""The canonical form of a table: one spelling a content, so that only changes of content show in a diff.

UTF-8 without a byte order mark, LF after each row and none besides, quotes only around cells that need them
(RFC 4180), columns as in the schema, rows by primary key. The text of no cell is ever changed.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Literal

import polars as pl

from shuttle_diplomacy.errors import TargetError, UnsoundTableError, UnsupportedError
from shuttle_diplomacy.package import Finding, Package, Resource
from shuttle_diplomacy.package.compression import compression_of
from shuttle_diplomacy.package.writing import replace_file
from shuttle_diplomacy.review.ordering import in_key_order
from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.encoding import codec_of
from shuttle_diplomacy.tabular.formats import form_of
from shuttle_diplomacy.tabular.package_tables import DERIVED
from shuttle_diplomacy.tabular.records import RecordReader

_SHOWN = 120
_BOM = b"\xef\xbb\xbf"
_ENCODINGS = ("utf-8", "ascii", "utf-8-sig")  # which UTF-8 without a byte order mark can stand for


class MalformedTableError(UnsoundTableError):
    """A table has errors of structure, so that nobody can tell what its canonical form would be.

    Attributes:
        findings: each error with its position.
        changed: names of the other tables that were rewritten meanwhile.
    """

    def __init__(self, findings: Sequence[Finding], changed: Sequence[str] = ()) -> None:
        self.findings = list(findings)
        self.changed = list(changed)
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"{findings[0].place}: {findings[0].note}{more}; mend it first, the file was left as it is")


def canonical_bytes(resource: Resource) -> bytes:
    r"""Return what the file of a table looks like in canonical form.

    Raises:
        MalformedTableError: the file has errors of structure.
        UnreadableError: the file is not there.
        UnsupportedError: it is stored in a way that has no canonical form.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from shuttle_diplomacy.package.storage import Folder
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "a.csv").write_bytes(b'\xef\xbb\xbfid,note\r\n10,"x"\r\n2,"y,z"')
        ...     fields = [{"name": "id", "type": "integer"}, {"name": "note"}]
        ...     table = {"name": "a", "path": "a.csv", "schema": {"fields": fields, "primaryKey": "id"}}
        ...     canonical_bytes(Resource(table, Folder(Path(folder))))
        b'id,note\n2,"y,z"\n10,x\n'
    """
    reader = RecordReader(resource)
    _refuse(resource, _why_not(resource, reader.dialect))
    frames = [records.text for records in reader.records()]
    if faults := [finding for finding in reader.findings.kept if finding.severity == "error"]:
        raise MalformedTableError(faults)
    names = resource.schema.names
    if reader.match and sorted(reader.match.columns, key=str) != sorted(range(reader.match.width), key=str):
        _refuse(resource, "its columns are not the fields of its schema")
    text = pl.concat([pl.DataFrame(schema={str(number): pl.String() for number in range(len(names))}), *frames])
    text = in_key_order(text, resource.schema)
    text = text.with_columns(pl.when(pl.all() != "").then(pl.all()))  # null is written as nothing
    if len(names) == 1:  # but the only cell of a row has to show that there is a row
        text = text.fill_null("")
    text.columns = names
    quote = reader.dialect.quote
    style: Literal["necessary", "never"] = "never" if quote is None else "necessary"
    written = text.write_csv(separator=reader.dialect.delimiter, quote_char=quote or '"', quote_style=style)
    return written.encode("utf-8")


def _refuse(resource: Resource, why: str) -> None:
    if why:
        raise UnsupportedError(f"{resource.path} has no canonical form: {why}")


def _why_not(resource: Resource, dialect: Dialect) -> str:
    """Return why the canonical form of a table would be read as something else than its file, or an empty text."""
    form, rows = form_of(resource).form, len(dialect.header_rows)
    reasons = {
        "it is in several files": len(resource.paths) > 1,
        f"it is stored as {form}": form != "csv",
        "it is compressed": bool(compression_of(resource.path, resource.compression)),
        f"its encoding is {resource.encoding!r}": codec_of(resource.encoding).name not in _ENCODINGS,
        "its dialect is not plain CSV": not dialect.is_plain,
        "it has no header": not dialect.header,
        f"its header has {rows} rows": rows > 1,
        "it has no schema": not resource.schema.names,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def check(package: Package) -> list[Finding]:
    """Return a ``format-error`` for each table that is not in canonical form, at the first line that differs.

    A table with errors of structure gives those instead.

    Raises:
        UnreadableError: a file is not there.
        UnsupportedError: a table is stored in a way that has no canonical form.
    """
    found: list[Finding] = []
    for resource in _tables(package):
        try:
            wanted = canonical_bytes(resource)
        except MalformedTableError as error:
            found += error.findings
            continue
        stored = resource.read_bytes()
        if stored != wanted:
            found.append(_difference(resource, stored, wanted))
    return found


def rewrite(package: Package) -> list[str]:
    """Write each table in canonical form and return the names of those that changed.

    Each file is written beside and then renamed, so that at every moment it is whole.

    Raises:
        MalformedTableError: a table has errors of structure; it was left as it is, all others were written.
        TargetError: the package is not a folder of this machine, or cannot be written to.
        UnreadableError: a file is not there.
        UnsupportedError: a table is stored in a way that has no canonical form.
    """
    changed: list[str] = []
    broken: list[Finding] = []
    for resource in _tables(package):
        file = resource.storage.local(resource.path)
        if file is None:
            raise TargetError(f"{package.where} cannot be rewritten; only the tables of a folder can")
        try:
            wanted = canonical_bytes(resource)
        except MalformedTableError as error:
            broken += error.findings
            continue
        if resource.read_bytes() != wanted:
            replace_file(file.resolve(), wanted)
            changed.append(resource.name)
    if broken:
        raise MalformedTableError(broken, changed)
    return changed


def _tables(package: Package) -> Iterator[Resource]:
    """Yield the tables that are kept in files by hand."""
    for resource in package.resources:
        if resource.is_table and resource.paths and DERIVED not in resource.descriptor:
            yield resource


def _difference(resource: Resource, stored: bytes, wanted: bytes) -> Finding:
    pairs = zip_longest(stored.splitlines(keepends=True), wanted.splitlines(keepends=True))
    line, (is_now, should_be) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    note = f"{_why(is_now, should_be, resource)}; run: shuttle format"
    return Finding("format-error", note, resource=resource.name, path=resource.path, line=line, column=1)


def _why(is_now: bytes | None, should_be: bytes | None, resource: Resource) -> str:
    if should_be is None:
        return "the file ends before this line in canonical form"
    if is_now is None:
        return f"here follows {_shown(should_be)} in canonical form"
    if is_now.startswith(_BOM):
        return "the file starts with a byte order mark; the canonical form has none"
    if is_now.rstrip(b"\r\n") == should_be.rstrip(b"\r\n"):
        return "the line ends with " + (_line_end(is_now) or "nothing") + ", in canonical form with LF"
    key = resource.schema.primary_key
    order = f" (rows by {', '.join(key)}; quotes only where needed)" if key else " (quotes only where needed)"
    return f"the line is {_shown(is_now)}, in canonical form {_shown(should_be)}{order}"


def _line_end(line: bytes) -> str:
    return line[len(line.rstrip(b"\r\n")) :].replace(b"\r", b"CR ").replace(b"\n", b"LF").decode().strip()


def _shown(line: bytes) -> str:
    text = line.decode("utf-8", errors="replace").rstrip("\r\n")
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")

"""A difference as an entry of a changelog, in terms of tables and rows: what a user of the data wants to know."""

import re
from collections.abc import Iterator, Sequence

import polars as pl

from shuttle_diplomacy.errors import TargetError, UnreadableError
from shuttle_diplomacy.review.difference import Change, Difference, Stored, TableDifference
from shuttle_diplomacy.review.rendering import wording
from shuttle_diplomacy.review.repository import Repository
from shuttle_diplomacy.validation.rendering.wording import count

TAGS = "v*"
_NAMED = 5  # rows that are named; the others are counted
_LONGEST = 80
_ENTRIES = re.compile(r"^(?=## )", re.MULTILINE)
_NUMBER = re.compile("[0-9A-Za-z.+-]{1,80}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BACKTICKS = re.compile(r"`+")


def last_release(repository: Repository, package: str, revision: str = "HEAD") -> str:
    """Return the revision that changes are told since: the last tag ``v*``, else the first commit of the package.

    Args:
        repository: the repository.
        package: where the package is, relative to its root.
        revision: where to look back from.

    Raises:
        UnreadableError: no commit holds the package, or the clone is too shallow to tell.
    """
    if tag := repository.last_tag(TAGS, revision):
        return tag
    if repository.is_shallow:
        note = "fetch the history first (git fetch --unshallow --tags), or name a revision: --since REVISION"
        raise UnreadableError(f"this clone is shallow and has no tag {TAGS}; {note}")
    found = repository.first_commit(package, revision)
    if found is None:
        raise UnreadableError(f"no commit of this repository holds {package!r}; name a revision: --since REVISION")
    return found


def entry(difference: Difference, most: int | None = _NAMED) -> str:
    """Return the entry of a changelog, ending with a line end.

    The heading is the new version and its date; *Unreleased* where the version is still that of the old package.

    Args:
        difference: what changed.
        most: how many rows are named of each kind and table; the others are counted.
    """
    released = difference.new_version if difference.new_version != difference.old_version else None
    date = day[0] if (day := _DAY.match(difference.created)) else ""
    name = "Unreleased" if released is None else released if _NUMBER.fullmatch(released) else _code(released)
    heading = f"## {name}" + (f" - {date}" if date and released is not None else "")
    lines = [heading, ""]
    tables = [table for table in difference.tables if not table.same]
    data = [line for table in tables for line in _data(table, most)]
    schema = [line for table in tables for line in _schema(table)]
    schema += [f"- package: {line}" for line in _told(difference.properties)]
    for title, found in (("Data", data), ("Schema", schema)):
        if found:
            lines += [f"**{title}.**", "", *found, ""]
    if not (data or schema):
        lines += ["No change of data or schema.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def inserted(changelog: str, new: str) -> str:
    r"""Return a changelog with an entry above its other ones; an entry *Unreleased* is replaced.

    Raises:
        TargetError: there is an entry of this version already.

    Examples:
        >>> print(inserted("# Changelog\n\n## 0.1.0\n\nold\n", "## 0.2.0\n\nnew\n"))
        # Changelog
        <BLANKLINE>
        ## 0.2.0
        <BLANKLINE>
        new
        <BLANKLINE>
        ## 0.1.0
        <BLANKLINE>
        old
        <BLANKLINE>
    """
    head, *entries = _ENTRIES.split(changelog)
    entries = [item for item in entries if _version(item) != "## Unreleased"]
    if _version(new) in map(_version, entries):
        raise TargetError(f"the changelog has an entry {_version(new)[3:]!r} already; remove it first")
    above = head.rstrip("\n") + "\n\n" if head.strip() else ""
    return above + new + ("\n" if entries else "") + "".join(entries)


def _version(item: str) -> str:
    return item.partition("\n")[0].partition(" - ")[0].strip()


def _data(table: TableDifference, most: int | None) -> Iterator[str]:
    name = _code(table.name)
    if table.status == "added":
        yield f"- {name}: new table, {count(table.rows_after, 'row')}"
    elif table.status == "removed":
        yield f"- {name}: table removed ({count(table.rows_before, 'row')})"
    elif table.status == "unread":
        yield f"- {name}: could not be compared"
    else:
        parts = [
            _rows("added", table.added, table, most),
            _rows("removed", table.removed, table, most),
            _renamed(table, most),
            _corrected(table, most),
        ]
        if found := "; ".join(filter(None, parts)):
            yield f"- {name}: {found}"


def _rows(word: str, rows: Stored | None, table: TableDifference, most: int | None) -> str:
    if rows is None or not rows.text.height:
        return ""
    total = rows.text.height
    key = table.key if set(table.key) <= set(rows.schema.names) else rows.schema.primary_key
    names = rows.ids(key, most).to_list() if key else []
    return f"{count(total, 'row')} {word}{_named(names, total)}"


def _renamed(table: TableDifference, most: int | None) -> str:
    total = table.renamed.height
    if not total:
        return ""
    shown = table.renamed if most is None else table.renamed.head(most)
    named = [f"{_code(before)} is now {_code(after)}" for before, after, _, _ in shown.iter_rows()]
    return f"{count(total, 'key')} renamed ({_listed(named, total)})"


def _corrected(table: TableDifference, most: int | None) -> str:
    if not table.changed_rows:
        return ""
    cells = table.cells.filter(~pl.col("respelt"))
    rows = cells["row"].n_unique()
    respelt = f"{count(table.respelt_rows, 'row')} only respelt" if table.respelt_rows else ""
    if not rows:
        return respelt
    fields = ", ".join(map(_code, cells["field"].unique(maintain_order=True)))
    keys = cells["key"].unique(maintain_order=True)
    named = (keys if most is None else keys.head(most)).to_list()
    return f"{count(rows, 'row')} corrected in {fields}{_named(named, rows)}" + (f"; {respelt}" if respelt else "")


def _named(names: Sequence[str], total: int) -> str:
    return f" ({_listed([_code(name) for name in names], total)})" if names else ""


def _listed(shown: Sequence[str], total: int) -> str:
    more = f" and {total - len(shown):,} more" if total > len(shown) else ""
    return ", ".join(shown) + more


def _schema(table: TableDifference) -> Iterator[str]:
    for line in _told((*table.schema, *table.properties)):
        yield f"- {_code(table.name)}: {line}"


def _told(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line a change; what is only told to people is counted, and so is what changed within one property."""
    described = [c for c in changes if c.kind == "description"]
    properties: dict[str, list[Change]] = {}
    for item in changes:
        if item.kind == "property":
            properties.setdefault(item.what.partition(".")[0], []).append(item)
        elif item.kind != "description":
            yield _change(item)
    for name, items in properties.items():
        if len(items) == 1:
            yield _change(items[0])
        else:
            yield f"property {_code(name)}: {count(len(items), 'value')} changed"
    if described:
        fields = dict.fromkeys(item.field for item in described)
        where = ", ".join(_code(field) if field else "the schema" for field in fields)
        yield f"described anew: {where}"


def _change(change: Change) -> str:
    field = f"{_code(change.field)}: " if change.field and change.field != change.what else ""
    before, after = wording.around(wording.text_of(change.before), wording.text_of(change.after), _LONGEST)
    kind = change.kind.replace("-", " ")
    if change.kind in {"field-added", "field-removed", "file-added", "file-removed", "file-changed"}:
        return f"{kind}: {_code(change.what)}"
    told = f" {_code(change.what)}" if kind != change.what else ""
    note = f" ({change.note})" if change.note else ""
    return f"{field}{kind}{told}: {_code(before)} → {_code(after)}{note}"


def _code(text: str) -> str:
    r"""Return a text of the package as Markdown code on one line, readable as plain text too.

    Examples:
        >>> _code("a|b"), _code("``"), _code("x\n::error::y")
        ('`a|b`', '``` `` ```', '`x\\n::error::y`')
    """
    line = wording.brief(text)
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(line)), default=0) + 1)
    pad = " " if line[:1] in {"`", " ", ""} or line[-1:] in {"`", " "} else ""
    return f"{fence}{pad}{line}{pad}{fence}"

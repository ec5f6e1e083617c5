"""Words and numbers that every form of the report shares."""

import re
import shlex

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.validation.report import Report

LOG_COMMAND = re.compile(r"##(?=[a-zA-Z]*\[)")
_NOT_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples:
        >>> count(1, "error"), count(2000, "row")
        ('1 error', '2,000 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def kinds(number: int, kind: str, severity: str = "error") -> str:
    """Return a number of errors of a type.

    Examples:
        >>> kinds(2, "type-error"), kinds(1, "foreign-key"), kinds(3, "repeated-header", "warning")
        ('2 type-errors', '1 foreign-key error', '3 repeated-header warnings')
    """
    return count(number, kind if kind.endswith("error") else f"{kind} {severity}")


def harmless(text: str) -> str:
    r"""Return a text of a package so that neither a terminal nor a build log takes any of it for a command.

    Examples:
        >>> print(harmless("##[group]x \x1b[1m"))
        #\x23[group]x \x1b[1m
    """
    return LOG_COMMAND.sub(r"#\\x23", _visible(text))


def characters(text: str) -> str:
    r"""Return a text without what no file format can hold: lone surrogates and non-characters become escapes.

    Examples:
        >>> print(characters("a\ud800"))
        a\ud800
    """
    return _NOT_TEXT.sub(lambda match: f"\\u{ord(match.group()):04x}", _visible(text))


def _visible(text: str) -> str:
    return text if text.isprintable() else plain(text)  # the usual case, looked at at once


def cells(text: str) -> int:
    r"""Return how many cells of a terminal a text takes.

    Examples:
        >>> cells("abc"), cells("\u65e5\u672c"), cells("e\u0301")
        (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(text: str, room: int) -> list[str]:
    """Return a text in lines of so many terminal cells, broken at blanks; a longer word is left whole.

    Examples:
        >>> wrapped("one two three", 7)
        ['one two', 'three']
    """
    lines: list[str] = []
    for word in text.split(" "):
        if lines and cells(lines[-1]) + 1 + cells(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def row_key(finding: Finding) -> str:
    """Return the primary key of the row.

    Examples:
        >>> row_key(Finding("type-error", "", key={"a": "x", "b": "y"}))
        'x / y'
    """
    return " / ".join((finding.key or {}).values())


def size(report: Report) -> str:
    """Return how much was judged."""
    what = f"{count(len(report.tasks), 'table')}, {count(report.row_count, 'row')}"
    return what + (f", {count(len(report.rules.ran), 'rule')}" if report.rules.ran else "")


def whole_report(report: Report) -> str:
    """Return the command that lists everything."""
    unlisted = report.error_count + report.warning_count - report.listed_count
    limit = " --limit-errors 0" if unlisted else ""
    return f"shuttle validate {shlex.quote(harmless(report.where))}{limit} --output report.json"

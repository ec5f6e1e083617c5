"""Texts of a package inside Markdown: whatever they hold, they are shown and never interpreted."""

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\`*\[\]<>|#~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=[#A-Za-z0-9])|!(?=\[)")
_START = re.compile(r"^([-+=]|[0-9]+(?=[.)](?:\s|$)))")
_BACKTICKS = re.compile(r"`+")


def escape(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line.

    Examples:
        >>> print(escape("<b>a|b</b> *c*\nsnake_case"))
        \<b\>a\|b\</b\> \*c\* snake_case
    """
    line = _SPECIAL.sub(lambda match: "\\" + match.group(), " ".join(text.split()))
    return _START.sub(lambda m: "\\" + m.group() if not m.group()[0].isdigit() else m.group() + "\\", line)


def code(text: str) -> str:
    r"""Return a text as code, also inside a table.

    Examples:
        >>> code("a|b"), code("`")
        ('`a\\|b`', '`` ` ``')
    """
    line = " ".join(text.splitlines()).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(line)), default=0) + 1)
    pad = " " if line[:1] in {"`", " ", ""} or line[-1:] in {"`", " "} else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def link(text: str, target: str) -> str:
    """Return a link to an http(s) address or a file of the package; the mere text for any other target.

    Examples:
        >>> link("CC BY", "https://example.org/by"), link("x", "javascript:alert(1)")
        ('[CC BY](<https://example.org/by>)', 'x')
    """
    is_web = target.startswith(("https://", "http://"))
    if any(char in target for char in "<>\\\n\r") or not (is_web or ":" not in target):
        return escape(text)
    return f"[{escape(text)}](<{target}>)"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the cells are Markdown already.

    Examples:
        >>> print(table(["a", "b"], [["1", "2"]]))
        | a | b |
        | --- | --- |
        | 1 | 2 |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

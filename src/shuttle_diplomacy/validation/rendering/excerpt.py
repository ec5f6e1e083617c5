"""The source line with a mark under the cell, as compilers show it."""

from dataclasses import dataclass

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.validation.rendering.wording import LOG_COMMAND, cells

_TAB = "    "
_CUT = "..."
_LEAST = 20


@dataclass(frozen=True)
class Excerpt:
    """A piece of a line of the file, as it can be shown.

    Attributes:
        text: the piece; control characters are made visible.
        indent: how many terminal cells stand before the mark.
        marked: how many terminal cells the mark is wide.
    """

    text: str
    indent: int
    marked: int


def excerpt(finding: Finding, room: int) -> Excerpt | None:
    r"""Return the finding's line, shortened around its cell to so many terminal cells; None: no line is known.

    Examples:
        >>> where = Finding("type-error", "", column=4, source_line="\u65e5\u672c,x1,\n", width=2)
        >>> excerpt(where, 40)
        Excerpt(text='日本,x1,', indent=5, marked=2)
    """
    if finding.source_line is None:
        return None
    room = max(room, _LEAST)
    line = finding.source_line.rstrip("\r\n")
    start = min(max((finding.column or 1) - finding.source_start, 0), len(line))
    stop = min(start + max(finding.width if finding.width is not None else 1, 0), len(line))
    first = max(start - room, 0)
    if stop - start > room:
        stop = start + room
    pieces = _pieces(line[first : stop + room])
    start, stop = start - first, stop - first
    cut_left, cut_right = first > 0 or finding.source_start > 1, len(line) > first + len(pieces)
    left, right = _window([cells(p) for p in pieces], start, stop, room)
    before = _CUT if left or cut_left else ""
    after = _CUT if right < len(pieces) or cut_right else ""
    indent = len(before) + cells("".join(pieces[left:start]))
    marked = max(cells("".join(pieces[start : min(stop, right)])), 1)
    return Excerpt(before + "".join(pieces[left:right]) + after, indent, marked)


def _window(sizes: list[int], start: int, stop: int, room: int) -> tuple[int, int]:
    """Return the first and last piece to show, so that the cell is in sight with some of what is around it."""
    if sum(sizes) <= room:
        return 0, len(sizes)
    free = room - 2 * len(_CUT)
    while stop > start + 1 and sum(sizes[start:stop]) > free:
        stop -= 1
    free -= sum(sizes[start:stop])
    share = max(free * 2 // 3, free - sum(sizes[stop:]))  # before the cell: a row often begins with its key
    left, right = start, stop
    while left > 0 and sizes[left - 1] <= share:
        left -= 1
        share -= sizes[left]
    free -= sum(sizes[left:start])
    while right < len(sizes) and sizes[right] <= free:
        free -= sizes[right]
        right += 1
    while left < start and not sizes[left]:  # a mark that combines with what was cut
        left += 1
    return left, right


def _pieces(line: str) -> list[str]:
    """Return each character as it can be shown."""
    pieces = [_TAB if char == "\t" else plain(char) for char in line]
    for command in LOG_COMMAND.finditer(line):
        pieces[command.start() + 1] = r"\x23"
    return pieces

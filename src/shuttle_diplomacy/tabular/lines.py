"""Physical lines of a text, as editors count them: LF, CR LF and a CR alone each end one."""


def count_lines(text: str, begin: int, end: int) -> int:
    r"""Return how many physical lines end in a part of a text: LF, CR LF and a CR alone each end one.

    A CR LF is counted where its LF is, so that the parts of a text add up wherever it is cut.

    Examples:
        >>> count_lines("a\nb\r\nc\rd", 0, 8)
        3
    """
    count = text.count("\n", begin, end)
    returns = text.count("\r", begin, end)
    return count + (returns - text.count("\r\n", begin, end + 1) if returns else 0)


def column_of(text: str, at: int) -> int:
    r"""Return the column of an offset in its physical line, from 1, in code points.

    Examples:
        >>> column_of("a\r\nbc", 4)
        2
    """
    if text[max(at - 1, 0) : at + 1] == "\r\n":
        return column_of(text, at - 1) + 1
    reach, low = 256, at
    while low > 0:  # in growing steps, so that a short line is found without a look at the whole text
        low = max(at - reach, 0)
        begin = max(text.rfind("\n", low, at), text.rfind("\r", low, at)) + 1
        if begin:
            return at - begin + 1
        reach *= 4
    return at + 1

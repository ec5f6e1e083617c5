"""XML Schema regular expressions in the dialect of polars' engine, sign by sign.

The meaning of each sign is that of https://www.w3.org/TR/xmlschema-2/#regexs, written with the engine's own sets,
which nest, unite and subtract. Only the blocks of Unicode, which the engine does not know, come from elementpath.
"""

import re

_SETS = {
    "s": r" \t\n\r",
    "d": r"\p{Nd}",
    "i": (
        r":A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}"
        r"\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}"
    ),
}
_SETS["c"] = rf"{_SETS['i']}\-.0-9\u{{B7}}\u{{300}}-\u{{36F}}\u{{203F}}-\u{{2040}}"
_NOT_WORD = r"\p{P}\p{Z}\p{C}"
# Categories by the same names in both dialects. Cs has no member in a text, and Cn is known by its complement alone.
_CATEGORIES = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?")
_CONTROLS = {"n": r"\n", "r": r"\r", "t": r"\t"}
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")  # more than XML Schema lets one escape: it can mean only itself
_QUANTIFIER = re.compile(r"[?*+]|\{[0-9]+(?:,[0-9]*)?\}")
_MOST_LEVELS = 100  # of sets that are subtracted from each other
_PROPERTY = re.compile(r"\\([pP])\{([A-Za-z0-9-]+)\}")


def translate(pattern: str) -> str:
    r"""Return any XML Schema pattern in the dialect of polars' engine, anchored at both ends.

    Raises:
        ValueError: it is no XML Schema regular expression.

    Examples:
        >>> translate(r"a.\w[\d-[5]]")
        '^(?:a[^\\n\\r][^\\p{P}\\p{Z}\\p{C}][[[\\p{Nd}]]--[5]])$'
    """
    return f"^(?:{_Translator(pattern).expression()})$"


def _block(name: str) -> str:
    """Return a category or block of Unicode as the inside of a set; nothing where it has no member.

    Raises:
        ValueError: there is no such category or block.
    """
    from elementpath.regex import RegexError, unicode_subset

    try:
        subset = unicode_subset(name)
    except RegexError as error:
        raise ValueError(str(error)) from error
    ranges = (item if isinstance(item, tuple) else (item, item + 1) for item in subset.codepoints)
    parts = ((first, min(end - 1, 0x10FFFF)) for first, end in ranges)
    texts = [(a, b) for first, last in parts for a, b in _without_surrogates(first, last)]
    return "".join(rf"\u{{{first:X}}}-\u{{{last:X}}}" for first, last in texts)


def _without_surrogates(first: int, last: int) -> list[tuple[int, int]]:
    """Return a range without the code points that no text holds."""
    below, above = (first, min(last, 0xD7FF)), (max(first, 0xE000), last)
    return [(a, b) for a, b in (below, above) if a <= b]


class _Translator:
    """Reads a pattern from its start to its end."""

    def __init__(self, pattern: str) -> None:
        self._pattern, self._at = pattern, 0
        self._after_range = False  # in a set: whether the last item was a range

    def expression(self) -> str:
        """Return the whole expression."""
        found: list[str] = []
        open_groups, repeatable = 0, False  # whether there is something that a quantifier can follow
        while sign := self._peek():
            if sign in "?*+{":
                if not repeatable:
                    raise self._error("there is nothing to repeat")
                found.append(self._quantifier())
                repeatable = False
                continue
            open_groups += {"(": 1, ")": -1}.get(sign, 0)
            if open_groups < 0:
                raise self._error("a group ends that has not begun")
            found.append(self._atom())
            repeatable = sign not in "(|"
        if open_groups:
            raise self._error("a group has no end")
        return "".join(found)

    def _error(self, reason: str) -> ValueError:
        return ValueError(f"{reason} (position {self._at + 1})")

    def _peek(self, further: int = 0) -> str:
        return self._pattern[self._at + further : self._at + further + 1]

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self._pattern, self._at)
        if found is None:
            raise self._error("a quantifier has to be {n}, {n,} or {n,m}")
        self._at = found.end()
        return found[0]

    def _atom(self) -> str:
        sign = self._peek()
        if sign == "[":
            return self._set()
        if sign == "\\":
            kind, inside = self._escape()
            return inside if kind == "one" else f"[{inside}]"
        if sign == "]":
            raise self._error("a set ends that has not begun")
        self._at += 1
        special = {"(": "(?:", ")": ")", "|": "|", ".": r"[^\n\r]"}
        return special.get(sign) or _one(sign)

    def _escape(self) -> tuple[str, str]:
        """Return what an escape stands for: one character, or a set."""
        at = self._at
        if found := _PROPERTY.match(self._pattern, at):
            self._at = found.end()
            inside = rf"\p{{{found[2]}}}" if _CATEGORIES.fullmatch(found[2]) else _block(found[2])
            return "set", _complement(inside, of=found[1] == "P")
        name = self._pattern[at + 1 : at + 2]
        self._at += 2
        if name in _CONTROLS:
            return "one", _CONTROLS[name]
        if name in ("w", "W"):
            return "set", f"^{_NOT_WORD}" if name == "w" else _NOT_WORD
        if name and name.lower() in _SETS:
            return "set", _complement(_SETS[name.lower()], of=name.isupper())
        if _PUNCTUATION.fullmatch(name):
            return "one", _one(name)
        self._at = at
        raise self._error(f"unknown escape {self._pattern[at : at + 2]!r}")

    def _set(self, level: int = 0) -> str:
        """Return the set that begins here, with what is subtracted from it."""
        if level > _MOST_LEVELS:
            raise self._error(f"sets are subtracted in more than {_MOST_LEVELS} levels")
        self._at += 1
        negative = self._peek() == "^"
        self._at += negative
        items: list[str] = []
        while not self._ends():
            items.append(self._item(first=not items))
        if not items:
            raise self._error("a set is empty")
        found = f"[{'^' if negative else ''}{''.join(items)}]"
        if self._peek() == "-":
            self._at += 1
            found = f"[{found}--{self._set(level + 1)}]"
            if self._peek() != "]":
                raise self._error("a set goes on after what is subtracted from it")
        self._at += 1
        return found

    def _ends(self) -> bool:
        """Return whether a set, or the part before what is subtracted from it, ends here."""
        if not self._peek():
            raise self._error("a set has no end")
        return self._peek() == "]" or self._pattern.startswith("-[", self._at)

    def _item(self, *, first: bool) -> str:
        """Return a character, a range or a set in a set."""
        hyphen = self._peek() == "-"
        kind, start = self._member()
        if kind == "set":
            self._after_range = False
            return f"[{start}]"
        if self._peek() != "-" or self._peek(1) in {"", "[", "]"}:
            if hyphen and not first and not self._ends() and self._after_range:
                raise self._error("a hyphen after a range has to be escaped")
            self._after_range = False
            return start
        self._at += 1
        if hyphen or self._peek() == "-":
            raise self._error("a hyphen at the end of a range has to be escaped")
        kind, end = self._member()
        if kind == "set":
            raise self._error("a range ends with a set")
        self._after_range = True
        return f"{start}-{end}"

    def _member(self) -> tuple[str, str]:
        """Return one character or an escape of a set, and which of both it is."""
        if self._peek() == "\\":
            return self._escape()
        if self._peek() == "[":
            raise self._error("a bracket in a set has to be escaped")
        self._at += 1
        return "one", _one(self._peek(-1))


def _one(character: str) -> str:
    return character if character.isascii() and character.isalnum() else rf"\u{{{ord(character):X}}}"


def _complement(inside: str, *, of: bool) -> str:
    """Return the inside of a set or of its complement; one without a member is written as what is not anything."""
    inside = inside or r"^\u{0}-\u{10FFFF}"
    if not of:
        return inside
    return inside.removeprefix("^") if inside.startswith("^") else f"^{inside}"

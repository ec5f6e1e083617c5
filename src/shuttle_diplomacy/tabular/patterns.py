"""``pattern`` constraints: XML Schema regular expressions, as the standard demands, run by polars' linear engine."""

import re
from functools import lru_cache

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.tabular.xsd_patterns import translate

# What means the same in both dialects: plain characters, groups, alternatives, quantifiers, plain classes. Such
# patterns need no translator, whose import costs more than the rest of a small validation.
_SAME = re.compile(
    r"(?:[A-Za-z0-9_/:, -]|\\[.*+?()|]|\[\^?(?!-)[A-Za-z0-9_/:. -]+\]|[()|]"
    r"|(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})(?![*+?{]))*"
)
_LONGEST = 2_000  # code points of a pattern; far more than any sense needs
_NOT_SAME = re.compile(r"\(\?|--|\[[^\]]*-[^\]]-")


@lru_cache
def xsd_to_rust(pattern: str, field: str) -> str:
    r"""Return an XML Schema pattern in the dialect of polars' engine, anchored at both ends.

    The standard's own example writes anchors that XML Schema has not; one leading ``^`` and one trailing ``$``
    are therefore dropped.

    Args:
        pattern: the pattern of a constraint.
        field: the field's name, for messages.

    Raises:
        ConfigurationError: the pattern is no XML Schema regular expression, or the engine refuses it.

    Examples:
        >>> import polars as pl
        >>> pl.Series(["a", "axyz"]).str.contains(xsd_to_rust("a|b", "x")).to_list()
        [True, False]
    """
    if len(pattern) > _LONGEST:
        raise ConfigurationError(
            f"field {field!r}: the pattern {pattern[:20] + '...'!r} has {len(pattern):,} characters; at most "
            f"{_LONGEST:,} are translated"
        )
    body = pattern.removeprefix("^")
    if body.endswith("$") and not body.endswith("\\$"):
        body = body[:-1]
    try:
        rust = f"^(?:{body})$" if _means_the_same(body) else translate(body)
        pl.Series([""]).str.contains(rust)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise ConfigurationError(f"field {field!r}: the pattern {pattern!r} cannot be used: {reason(error)}") from error
    return rust


def reason(error: Exception) -> str:
    """Return the line of an engine's message that says what is wrong; the others draw where."""
    lines = str(error).splitlines() or [type(error).__name__]
    return next((line.removeprefix("error: ") for line in lines if line.startswith("error: ")), lines[0])


def _means_the_same(pattern: str) -> bool:
    plain = _SAME.fullmatch(pattern) and not _NOT_SAME.search(pattern)
    return bool(plain) and _is_balanced(pattern)


def _is_balanced(pattern: str) -> bool:
    """Return whether each bracket closes one that is open: in ``a)|(b`` the anchors would not hold both sides.

    Examples:
        >>> _is_balanced("(a|b)"), _is_balanced("a)|(b")
        (True, False)
    """
    depth = 0
    for bracket in re.findall(r"(?<!\\)[()]", pattern):
        depth += 1 if bracket == "(" else -1
        if depth < 0:
            return False
    return depth == 0

"""Numbers, integers and years: the decimal form of XML Schema, with the characters a field may declare."""

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import FieldError, Reading, mapped, only_default

_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_SPECIAL = r"^(?i:nan|-?inf)$"
_WHOLE = "a whole number between -9223372036854775808 and 9223372036854775807 (64 bits)"
_YEAR = r"^(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?$"


def integer(field: Field, text: pl.Expr) -> Reading:
    """Return how to read an integer.

    Without declared characters the cast alone is exact: polars takes an optional sign and digits, nothing else.
    """
    only_default(field)
    group, bare = _character(field, "groupChar"), _bare(field)
    if not group and bare:
        return Reading(text, text.cast(pl.Int64, strict=False), pl.Int64(), _WHOLE)
    digits = _digits(group)
    value = _core(text, rf"[+-]?{digits}", bare=bare)
    value = value.str.replace_all(group, "", literal=True) if group else value
    return Reading(text, value.cast(pl.Int64, strict=False), pl.Int64(), _WHOLE + _noted(group=group, bare=bare))


def number(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a number; what is too large for 64 bits is wrong, not infinite."""
    only_default(field)
    group, bare = _character(field, "groupChar"), _bare(field)
    point = _character(field, "decimalChar") or "."
    if point == group:
        raise FieldError(field, f"'decimalChar' and 'groupChar' are both {point!r}", "decimalChar")
    expected = f"a number such as 35{point}68 or 1e3" + _noted(group=group, bare=bare)
    if not group and bare and point == ".":
        return Reading(text, mapped(text, _numbers, pl.Float64()), pl.Float64(), expected)
    digits, dot = _digits(group), literal(point)
    core = rf"[+-]?(?:{digits}(?:{dot}[0-9]*)?|{dot}[0-9]+){_EXPONENT}"  # groups stand before the decimal sign only
    value = _core(text, core, bare=bare)
    value = value.str.replace_all(group, "", literal=True) if group else value
    value = value.str.replace(point, ".", literal=True)
    special = pl.when(text.str.contains(_SPECIAL)).then(text)
    value = mapped(pl.coalesce(value, special), _numbers, pl.Float64())
    return Reading(text, value, pl.Float64(), expected)


def year(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a year: XML Schema's ``gYear``, whose time zone is accepted and dropped."""
    only_default(field)
    return Reading(
        text,
        mapped(text, _years, pl.Int64()),
        pl.Int64(),
        "a year of at least four digits, such as 2026; there is no year 0000",
    )


def _years(texts: pl.Series) -> pl.Series:
    values = texts.cast(pl.Int64, strict=False)
    four_digits = values.is_between(1000, 9999) & (texts.str.len_bytes() == 4)  # noqa: PLR2004
    if values.null_count() == texts.null_count() and four_digits.all():
        return values
    values = texts.str.extract(_YEAR, 1).cast(pl.Int64, strict=False)
    return pl.select(pl.when(values != 0).then(values)).to_series()


def literal(text: str) -> str:
    r"""Return a text as a pattern of polars' engine that matches just it.

    Examples:
        >>> literal("a.b")
        'a\\x{2e}b'
    """
    return "".join(c if c.isascii() and c.isalnum() else rf"\x{{{ord(c):x}}}" for c in text)


def _numbers(texts: pl.Series) -> pl.Series:
    """Convert texts, the cast being right as long as all is finite (it also takes ``+nan`` and overflows)."""
    values = texts.cast(pl.Float64, strict=False)
    if values.is_finite().all():
        return values
    sound = values.is_finite() | texts.str.contains(_SPECIAL)
    return pl.select(pl.when(sound).then(values)).to_series()


def _core(text: pl.Expr, number: str, *, bare: bool) -> pl.Expr:
    """Return the number within a text; a sign or digit elsewhere leaves open which number is meant, so it is wrong."""
    pattern = f"^({number})$" if bare else f"^[^0-9+-]*?({number})(?:[^0-9+-][^0-9]*)?$"
    return text.str.extract(f"(?s:{pattern})", 1)


def _digits(group: str) -> str:
    return rf"[0-9]+(?:{literal(group)}[0-9]+)*" if group else "[0-9]+"


def _bare(field: Field) -> bool:
    bare = field.descriptor.get("bareNumber", True)
    if not isinstance(bare, bool):
        raise FieldError(field, f"'bareNumber' is {bare!r}, not true or false", "bareNumber")
    return bare


def _character(field: Field, name: str) -> str:
    """Return a declared character, or an empty text."""
    value = field.descriptor.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not value or any(c in "+-eE" or c.isdigit() for c in value):
        raise FieldError(
            field, f"{name!r} is {value!r}; it has to be a text without digits, signs and the letter E", name
        )
    return value


def _noted(*, group: str, bare: bool) -> str:
    grouped = f", digits grouped by {group!r}" if group else ""
    return grouped if bare else f"{grouped}, text before and after it being allowed"

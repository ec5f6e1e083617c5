"""Numbers, integers and years: the decimal form of XML Schema, with the characters a field may declare."""

from decimal import Decimal, DecimalException, Inexact, localcontext
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import FieldError, Reading, mapped, only_default

DECIMAL = "shuttle:decimal"  # a field's own property: how many decimal places its numbers keep, exactly
_DIGITS = 38  # that a Decimal of polars has
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
    """Return how to read a number; what is too large for 64 bits is wrong, not infinite.

    A field with ``shuttle:decimal`` is read exactly, as Decimal with so many places; a number that has more is wrong.

    Examples:
        >>> reading = number(Field({"name": "x", "type": "number", "shuttle:decimal": 2}), pl.col("x"))
        >>> pl.DataFrame({"x": ["0.10", "1e1", "0.125"]}).select(reading.value)["x"].to_list()
        [Decimal('0.10'), Decimal('10.00'), None]
    """
    only_default(field)
    group, bare = _character(field, "groupChar"), _bare(field)
    scale = _scale(field)
    point = _character(field, "decimalChar") or "."
    if point == group:
        raise FieldError(field, f"'decimalChar' and 'groupChar' are both {point!r}", "decimalChar")
    expected = f"a number such as 35{point}68 or 1e3" + _noted(group=group, bare=bare)
    if not group and bare and point == "." and scale is None:
        return Reading(text, mapped(text, _numbers, pl.Float64()), pl.Float64(), expected)
    digits, dot = _digits(group), literal(point)
    core = rf"[+-]?(?:{digits}(?:{dot}[0-9]*)?|{dot}[0-9]+){_EXPONENT}"  # groups stand before the decimal sign only
    value = _core(text, core, bare=bare)
    value = value.str.replace_all(group, "", literal=True) if group else value
    value = value.str.replace(point, ".", literal=True)
    if scale is not None:
        dtype = pl.Decimal(_DIGITS, scale)
        return Reading(
            text, mapped(value, lambda texts: _decimals(texts, scale), dtype), dtype, _exact(scale, expected)
        )
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


def _decimals(texts: pl.Series, scale: int) -> pl.Series:
    """Convert texts exactly: those without exponent and of few enough digits at once, the others one by one."""
    dtype = pl.Decimal(_DIGITS, scale)
    plain = texts.str.contains(rf"^[+-]?[0-9]{{0,{_DIGITS - scale}}}(?:\.[0-9]{{0,{scale}}}0*)?$")
    frame = texts.to_frame("text").select(
        "text", pl.when(plain).then(pl.col("text").str.strip_prefix("+")).cast(dtype, strict=False).alias("value")
    )
    rest = frame.filter(pl.col("text").is_not_null() & pl.col("value").is_null())["text"].unique()
    if rest.is_empty():
        return frame["value"]
    known = {text: decimal(text, scale) for text in rest.to_list()}
    slow = pl.Series([known.get(text) for text in texts.to_list()], dtype=dtype)
    return frame["value"].fill_null(slow)


def decimal(value: Any, scale: int) -> Decimal | None:
    """Return a number with so many decimal places, None where it has more of them, or too many digits.

    Examples:
        >>> decimal("12.5e-1", 2), decimal("0.125", 2)
        (Decimal('1.25'), None)
    """
    with localcontext(prec=_DIGITS) as context:
        context.traps[Inexact] = True
        try:
            found = Decimal(str(value)).quantize(Decimal(1).scaleb(-scale))
        except (DecimalException, ValueError):
            return None
    return found if found.is_finite() else None


def _scale(field: Field) -> int | None:
    scale = field.descriptor.get(DECIMAL)
    if scale is None:
        return None
    if isinstance(scale, bool) or not isinstance(scale, int) or not 0 <= scale < _DIGITS:
        reason = f"{DECIMAL!r} is {scale!r}; it has to be a number of decimal places from 0 to {_DIGITS - 1}"
        raise FieldError(field, reason, DECIMAL)
    return scale


def _exact(scale: int, expected: str) -> str:
    places = "no decimal place" if not scale else f"at most {scale} decimal place{'s' if scale > 1 else ''}"
    return f"{expected}, with {places} and at most {_DIGITS - scale} digits before"


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

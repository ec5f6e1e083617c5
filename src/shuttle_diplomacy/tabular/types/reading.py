"""What every reader of a type gives back, and the few helpers they share."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Field


@dataclass(frozen=True)
class Reading:
    """How a column of texts becomes typed.

    Attributes:
        text: the column of texts, missing values being null already.
        value: expression of the typed value; null where the text is null or wrong.
        dtype: the polars type of the value.
        expected: what the type accepts, for messages.
        total: whether a null value for a text that is not null means wrong, and nothing else is wrong; then
            comparing the null counts of text and value tells whether a column has a wrong cell at all.
    """

    text: pl.Expr
    value: pl.Expr
    dtype: pl.DataType
    expected: str
    total: bool = field(default=True, kw_only=True)

    @property
    def wrong(self) -> pl.Expr:
        """Return the expression that is true where there is a text that the type does not accept."""
        return self.text.is_not_null() & self.value.is_null()


Reader = Callable[[Field, pl.Expr], Reading]


def mapped(text: pl.Expr, function: Callable[[pl.Series], pl.Series], dtype: pl.DataType) -> pl.Expr:
    """Return the expression that computes typed values from a whole column of texts.

    A function over the whole column may look whether a cheap conversion was enough, which no expression can: there
    every branch is computed.
    """
    return text.map_batches(function, return_dtype=dtype, is_elementwise=True)


def each_once(texts: pl.Series, function: Callable[[str], bool]) -> pl.Series:
    """Return the texts for which a function is true, null for the others; the function sees each text once.

    Examples:
        >>> each_once(pl.Series(["1", "x", None, "1"]), str.isdigit).to_list()
        ['1', None, None, '1']
    """
    once = texts.unique().drop_nulls()
    sound = [text for text in once.to_list() if function(text)]
    if len(sound) == len(once):
        return texts
    accepted = pl.Series(sound, dtype=pl.String).implode()
    return texts.to_frame("").select(pl.when(pl.col("").is_in(accepted)).then(pl.col("")))[""]


class FieldError(ConfigurationError):
    """A field's descriptor asks for what cannot be followed.

    Attributes:
        reason: what is wrong, without the field's name.
        place: where in the field's descriptor, as the end of a JSON pointer (``constraints/minimum``).
    """

    def __init__(self, field: Field, reason: str, place: str) -> None:
        super().__init__(f"field {field.name!r}: {reason}")
        self.reason, self.place = reason, place


def only_default(field: Field) -> None:
    """Refuse a format on a type that has none.

    Raises:
        FieldError: the field has a format other than ``default``.
    """
    if field.format != "default":
        raise FieldError(
            field, f"the format {field.format!r} is not known; the type {field.type} has no format", "format"
        )


def one_of(field: Field, formats: list[str]) -> str:
    """Return the field's format, which has to be one of those known.

    Raises:
        FieldError: it is another one.
    """
    if field.format not in formats:
        known = ", ".join(formats)
        reason = f"the format {field.format!r} of the type {field.type} is not known; use one of {known}"
        raise FieldError(field, reason, "format")
    return field.format

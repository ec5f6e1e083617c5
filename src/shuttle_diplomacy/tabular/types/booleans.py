"""Booleans: just the declared texts."""

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import FieldError, Reading, only_default

_DEFAULT = {"trueValues": ["true", "True", "TRUE", "1"], "falseValues": ["false", "False", "FALSE", "0"]}


def boolean(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a boolean: the texts of :func:`answers`."""
    only_default(field)
    yes, no = answers(field)
    # As a category a text is looked up once, and its position says which list it is from.
    value = text.cast(pl.Enum([*yes, *no]), strict=False).to_physical() < len(yes)
    return Reading(text, value, pl.Boolean(), f"one of {', '.join([*yes, *no])}")


def answers(field: Field) -> tuple[list[str], list[str]]:
    """Return the texts that stand for true, and those that stand for false.

    A text that is declared to be both is refused; where only one list is declared it goes before the other's default.

    Raises:
        FieldError: a text is declared to be both, or a declaration is no list of texts.

    Examples:
        >>> answers(Field({"name": "a", "trueValues": ["false"]}))
        (['false'], ['False', 'FALSE', '0'])
    """
    yes, no = _declared(field, "trueValues"), _declared(field, "falseValues")
    if both := [value for value in yes if value in no]:
        declared = [name for name in _DEFAULT if name in field.descriptor]
        if len(declared) != 1:
            raise FieldError(field, f"{both[0]!r} is in 'trueValues' as well as in 'falseValues'", "trueValues")
        yes = yes if "trueValues" in declared else [value for value in yes if value not in both]
        no = no if "falseValues" in declared else [value for value in no if value not in both]
    return yes, no


def _declared(field: Field, name: str) -> list[str]:
    values = field.descriptor.get(name, _DEFAULT[name])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise FieldError(field, f"{name!r} is {values!r}, not a list of texts", name)
    return list(dict.fromkeys(values))

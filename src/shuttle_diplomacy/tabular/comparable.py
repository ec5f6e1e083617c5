"""Values of keys as they are compared: equal exactly where they mean the same."""

import polars as pl


def comparable(value: pl.Expr, dtype: pl.DataType, *, as_text: bool) -> pl.Expr:
    """Return values that are equal exactly where they mean the same.

    Args:
        value: a column.
        dtype: its type.
        as_text: whether values of another type stand on the other side, so that the texts are compared.

    Examples:
        >>> frame = pl.DataFrame({"a": [1.0, -0.0, None]})
        >>> frame.select(comparable(pl.col("a"), frame.schema["a"], as_text=True)).to_series().to_list()
        ['1', '0', None]
    """
    if isinstance(dtype, pl.List):
        if dtype.inner == pl.Float64:
            value = value.list.eval(_one_zero(pl.element()))
        value = value.cast(pl.List(pl.String))
        value = value.list.join(",") if as_text else _as_json(value)
    elif isinstance(dtype, pl.Struct):
        floats = [name for name, inner in dtype.to_schema().items() if inner == pl.Float64]
        value = _as_json(value.struct.with_fields(*(_one_zero(pl.field(name)).alias(name) for name in floats)))
    elif dtype == pl.Float64:
        value = _one_zero(value)
    if not as_text:
        return value
    text = value.cast(pl.String)
    if isinstance(dtype, pl.Decimal) and dtype.scale:
        return text.str.strip_chars_end("0").str.strip_suffix(".")
    return text.str.strip_suffix(".0") if dtype == pl.Float64 else text


def _one_zero(value: pl.Expr) -> pl.Expr:
    """Return numbers without -0, which equals 0 (adding 0 does not do: polars leaves it out)."""
    return pl.when(value == 0).then(0.0).otherwise(value)


def _as_json(value: pl.Expr) -> pl.Expr:
    """Return lists or structs as JSON, which differs wherever they do; null stays null."""
    text = pl.struct(value.alias("")).struct.json_encode().str.strip_prefix('{"":').str.strip_suffix("}")
    return pl.when(value.is_not_null()).then(text)

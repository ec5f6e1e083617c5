"""What JSON kinds a field type may have, and its values as the texts that the type reads.

The standard lets a value of JSON be of the primitive type that JSON has for it, or a text in the lexical form of the
type. So a text is allowed in every field, a number only where the values are numbers.
"""

import json
import re

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.json_values import Kind

_KINDS: dict[str, tuple[Kind, ...]] = {
    "integer": ("number",),
    "number": ("number",),
    "year": ("number",),
    "boolean": ("boolean",),
    "object": ("object",),
    "array": ("array",),
    "list": ("array",),
    "geojson": ("object",),
    "any": ("number", "boolean", "object", "array"),
}
_WHOLE = re.compile(r"(-?\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")
_MOST_DIGITS = 40  # more than any integer that is read has
_ALWAYS: tuple[Kind, ...] = ("string", "null")


def native_mismatch(field: Field, kind: Kind, text: str | None = None) -> str | None:
    """Return why a JSON value cannot stand in a field, None if it can (its text is still to be read).

    Examples:
        >>> native_mismatch(Field({"name": "a", "type": "string"}), "number")
        'a JSON number is not of type string: expected a text'
        >>> native_mismatch(Field({"name": "a", "type": "integer"}), "string")
    """
    allowed = _kinds(field)
    if kind not in allowed and kind not in _ALWAYS:
        expected = " or ".join([*(f"a JSON {kind}" for kind in allowed), "a text"])
        return f"a JSON {kind} is not of type {field.type}: expected {expected}"
    if field.type == "list" and kind == "array" and text and lexical(field, kind, text) == text:
        delimiter = field.descriptor.get("delimiter", ",")
        return (
            f"this JSON array is not of type list: expected texts, numbers or booleans, without {delimiter!r} in them"
        )
    return None


def lexical(field: Field, kind: Kind, text: str) -> str:
    """Return the text of a JSON value as the field's type reads it.

    A number is written with the field's ``decimalChar``, one that is whole without fraction and exponent in an
    integer field; a boolean as the first of ``trueValues`` or ``falseValues``; an array in a list field as its items.

    Examples:
        >>> lexical(Field({"name": "a", "type": "integer"}), "number", "1.0")
        '1'
        >>> lexical(Field({"name": "a", "type": "boolean", "trueValues": ["yes"]}), "boolean", "true")
        'yes'
    """
    if kind == "number" and field.type in {"integer", "year"}:
        return _whole(text)
    if kind == "number" and field.type == "number":
        return text.replace(".", str(field.descriptor.get("decimalChar", ".")))
    if kind == "boolean" and field.type == "boolean":
        values = field.descriptor.get("trueValues" if text == "true" else "falseValues")
        return str(values[0]) if isinstance(values, list) and values else text
    if kind == "array" and field.type == "list":
        return _items(text, str(field.descriptor.get("delimiter", ",")))
    return text


def _kinds(field: Field) -> tuple[Kind, ...]:
    if field.type == "geopoint":
        return {"array": ("array",), "object": ("object",)}.get(field.format, ())  # type: ignore[return-value]
    return _KINDS.get(field.type, ())


def _whole(text: str) -> str:
    """Return a JSON number without fraction and exponent if it is whole and of sensible length."""
    match = _WHOLE.fullmatch(text)
    if match is None or len(match[3] or "") > len(str(_MOST_DIGITS)) + 1:
        return text
    exponent = int(match[3] or 0)
    digits, fraction = match[1], (match[2] or "").rstrip("0")
    if exponent < len(fraction) or exponent > _MOST_DIGITS:
        return text
    return digits + fraction + "0" * (exponent - len(fraction))


def _items(text: str, delimiter: str) -> str:
    """Return the items of a JSON array as the text of a list; the array's text if that cannot be told apart."""
    items = json.loads(text, parse_int=str, parse_float=str)
    if any(isinstance(item, list | dict) or item is None for item in items):
        return text
    texts = [str(item).lower() if isinstance(item, bool) else str(item) for item in items]
    return text if any(delimiter in item for item in texts) else delimiter.join(texts)

"""Datatypes of CSV on the Web for the fields of a table.

Source: https://www.w3.org/TR/tabular-metadata/#datatypes and https://www.w3.org/TR/tabular-data-model/#parsing-cells.
A field whose spelling has no counterpart there is described as text.
"""

import re
from typing import Any

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.metadata import columns
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

_BY_TYPE = {
    "any": "any",
    "array": "json",
    "boolean": "boolean",
    "date": "date",
    "datetime": "dateTime",
    "duration": "duration",
    "geojson": "json",
    "integer": "integer",
    "number": "number",
    "object": "json",
    "time": "time",
    "year": "gYear",
    "yearmonth": "gYearMonth",
}
_STRINGS = {"uri": "anyURI", "binary": "base64Binary"}
_BOUNDED = {"integer": (int,), "number": (int, float), "date": (str,), "datetime": (str,)}
_BOUNDS = {"minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "minExclusive"}
_BOUNDS |= {"exclusiveMaximum": "maxExclusive"}
# The forms of days that the standard names, by those of strptime, whose numbers need no zero in front.
_DAYS = {"%Y-%m-%d": "yyyy-MM-dd", "%Y%m%d": "yyyyMMdd"}
_DAYS |= {f"%d{sign}%m{sign}%Y": f"d{sign}M{sign}yyyy" for sign in "-/."}
_DAYS |= {f"%m{sign}%d{sign}%Y": f"M{sign}d{sign}yyyy" for sign in "-/."}
_CLOCKS = {"%H:%M:%S": "HH:mm:ss", "%H%M%S": "HHmmss", "%H:%M": "HH:mm", "%H%M": "HHmm"}
_MOMENTS = {f"{a}{sign}{b}": f"{_DAYS[a]}{sign}{_CLOCKS[b]}" for a in _DAYS for sign in "T " for b in _CLOCKS}
_FORMS = {"date": _DAYS, "time": _CLOCKS, "datetime": _MOMENTS}
# In a pattern these mean the same in XML Schema and in ECMAScript; a set that is subtracted, an escape of a class of
# characters, or an anchor does not.
_COMMON = re.compile(
    r"(?:[^\\^$\[\]]|\\[.|?*+(){}\[\]\\/-]|\[\^?(?:[^\\^$\[\]&~|-]|-(?!\[)|\\[.|?*+(){}\[\]\\/^-])+\])*"
)


def datatype(release: Release, table: ReleasedTable, field: Field) -> str | Descriptor:
    """Return the datatype of a column: its name, or an object where there is more to say.

    Args:
        release: the release.
        table: the table.
        field: the field of the column.
    """
    known = _known(release, table, field)
    return known["base"] if known.keys() == {"base"} else known


def alternatives(values: list[str]) -> str:
    r"""Return a pattern that just these texts match.

    Examples:
        >>> print(alternatives(["a.b", "c|d"]))
        a\.b|c\|d
    """
    return "|".join(re.sub(r"[\\^$.|?*+()\[\]{}/]", r"\\\g<0>", value) for value in values)


def _known(release: Release, table: ReleasedTable, field: Field) -> Descriptor:
    match field.type:
        case "string":
            return _string(field)
        case "list":
            item = Field({"name": field.name, "type": field.descriptor.get("itemType", "string")})
            return {"base": "boolean"} if item.type == "boolean" else _known(release, table, item)
        case "boolean":
            return _boolean(release, table, field)
        case "geopoint":
            return {"base": "json" if field.format in {"array", "object"} else "string"}
        case "integer" | "number" if not columns.is_plain_number(field):
            return _formatted(release, table, field)
        case "date" | "time" | "datetime" if field.format != "default":
            form = _FORMS[field.type].get(field.format)
            return {"base": _BY_TYPE[field.type], "format": form} if form else {"base": "string"}
    return {"base": _BY_TYPE.get(field.type, "string"), **_bounds(field)}


def _string(field: Field) -> Descriptor:
    base = _STRINGS.get(field.format, "string")
    if field.values:
        return {"base": base, "format": alternatives([str(value) for value in field.values])}
    known: Descriptor = {"base": base}
    pattern = field.constraints.get("pattern")
    if base != "base64Binary" and isinstance(pattern, str) and _COMMON.fullmatch(pattern):
        known["format"] = pattern
    if base == "string":
        known |= {key: field.constraints[key] for key in ("minLength", "maxLength") if key in field.constraints}
    return known


def _boolean(release: Release, table: ReleasedTable, field: Field) -> Descriptor:
    spelt = columns.booleans(release, table, field)
    if spelt <= {"true", "1", "false", "0"}:
        return {"base": "boolean"}
    declared = [field.descriptor.get(key, known) for key, known in _LISTS]
    yes, no = ([text for text in listed if text in spelt] for listed in declared)
    if len(yes) <= 1 and len(no) <= 1:
        form = [*(yes or declared[0][:1]), *(no or declared[1][:1])]
        if not any("|" in text for text in form):
            return {"base": "boolean", "format": "|".join(form)}
    return {"base": "string", "format": alternatives([text for listed in declared for text in listed])}


_LISTS = (("trueValues", columns.YES), ("falseValues", columns.NO))


def _formatted(release: Release, table: ReleasedTable, field: Field) -> Descriptor:
    """Return a number with marks of its own; with units beside it, it is a text."""
    marks = {key: field.descriptor[key] for key in ("decimalChar", "groupChar") if field.descriptor.get(key)}
    if field.descriptor.get("bareNumber", True) is False or any(len(mark) != 1 for mark in marks.values()):
        return {"base": "string"}
    is_decimal = field.type == "number" and columns.are_decimals(release, table, field)
    return {"base": "decimal" if is_decimal else _BY_TYPE[field.type], "format": marks, **_bounds(field)}


def _bounds(field: Field) -> dict[str, Any]:
    """Return the bounds of values; of two on one side the exclusive one, for there may be one only."""
    kinds = _BOUNDED.get(field.type, ())
    found = {name: field.constraints.get(key) for key, name in _BOUNDS.items()}
    bounds = {name: value for name, value in found.items() if isinstance(value, kinds) and not isinstance(value, bool)}
    for plain, exclusive in (("minimum", "minExclusive"), ("maximum", "maxExclusive")):
        if exclusive in bounds:
            bounds.pop(plain, None)
    return bounds

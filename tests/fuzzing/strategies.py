# ruff: noqa: E501 (tables of texts read better in long lines)
"""Random packages for comparison with frictionless: mostly sound, with errors of every kind put in."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Json = dict[str, Any]
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
DEFAULTS = {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}


def repeatable(examples: int) -> settings:
    """Return settings for so many examples, the same in each run; or for ``FUZZING_EXAMPLES`` new ones each time."""
    more = os.environ.get("FUZZING_EXAMPLES")
    return settings(
        max_examples=int(more or examples),
        derandomize=not more,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@dataclass
class Table:
    """A table as it is written.

    Attributes:
        name: the resource.
        fields: descriptors of its fields.
        labels: the header, as written.
        rows: the records after the header, an empty list being a blank line.
        schema: properties of the schema apart from the fields.
        dialect: the dialect.
        before: records above the header.
    """

    name: str
    fields: list[Json]
    labels: list[str]
    rows: list[list[str]]
    schema: Json = field(default_factory=dict)
    dialect: Json = field(default_factory=dict)
    before: list[list[str]] = field(default_factory=list)

    def row(self, number: int) -> list[str]:
        """Return a record by its number, the first of the file being 1."""
        records = [*self.before, *([] if self.dialect.get("header") is False else [self.labels]), *self.rows]
        return records[number - 1]

    @property
    def missing(self) -> list[str]:
        """Return the texts that stand for no value."""
        return [m["value"] if isinstance(m, dict) else m for m in self.schema.get("missingValues", [""])]

    def descriptor(self, *, explicit: bool) -> Json:
        """Return the resource; what is default in its dialect is left out, unless that is asked for."""
        header = {} if self.dialect.get("header") is False else {"headerRows": [len(self.before) + 1]}
        dialect = {**DEFAULTS, **header, **self.dialect}
        if not explicit:
            dialect = {name: value for name, value in dialect.items() if DEFAULTS.get(name, [1]) != value}
        schema = {"fields": self.fields, **self.schema}
        resource = {
            "name": self.name,
            "type": "table",
            "path": f"{self.name}.csv",
            "encoding": "utf-8",
            "schema": schema,
        }
        return {**resource, "dialect": dialect} if dialect else resource

    @property
    def content(self) -> bytes:
        """Return the file."""
        records = [*self.before, *([] if self.dialect.get("header") is False else [self.labels]), *self.rows]
        return "".join(map(self._line, records)).encode()

    def _line(self, cells: list[str]) -> str:
        delimiter, quote = self.dialect.get("delimiter", ","), self.dialect.get("quoteChar", '"')
        special = (
            {delimiter, quote, "\n", "\r", " "}
            if self.dialect.get("skipInitialSpace")
            else {delimiter, quote, "\n", "\r"}
        )
        alone = len(cells) == 1 and not cells[0]  # one empty cell is not a blank line
        written = [quote + c.replace(quote, quote * 2) + quote if alone or special & set(c) else c for c in cells]
        return delimiter.join(written) + "\n"


@dataclass
class Tables:
    """A package of such tables."""

    tables: list[Table]

    def table(self, name: str) -> Table:
        """Return a table by name."""
        return next(t for t in self.tables if t.name == name)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the package with two descriptors; return that for us, and that for frictionless.

        They mean the same. frictionless guesses whatever a dialect does not declare, the row of the header included;
        in its descriptor nothing is left to guess.
        """
        for table in self.tables:
            (folder / f"{table.name}.csv").write_bytes(table.content)
        files = folder / "datapackage.json", folder / "explicit.json"
        for file in files:
            resources = [t.descriptor(explicit=file == files[1]) for t in self.tables]
            file.write_text(json.dumps({"$schema": V2, "name": "random", "resources": resources}), encoding="utf-8")
        return files


# For each type: texts that both take, texts that both refuse, constraints, and an alphabet for random texts.
TYPES: dict[str, tuple[list[str], list[str], list[Json], str]] = {
    "string": (["a", "bb", "ccc", "é", "\U0001f600", "a b", "x,y", 'q"q', "two\nlines"], [], [
        {"minLength": 2}, {"maxLength": 2}, {"pattern": "[a-c]+"}, {"pattern": "a.*"}, {"enum": ["a", "bb"]}], "abcé ,;\"'\\#-"),
    "integer": (["0", "1", "-5", "+7", "007", "9223372036854775807"], ["x", "1.0", "1e3", "--1", "0x1", "1,0", "-"], [
        {"minimum": 1}, {"maximum": "5"}, {"exclusiveMinimum": 0}, {"exclusiveMaximum": 7}, {"enum": [1, "7"]}], "0123456789+-.e"),
    "number": (["0", "1.50", "-2.5", "1e3", ".5", "INF", "-INF", "NaN"], ["x", "1,5", "--1", "0x1", "1e", "."], [
        {"minimum": 1.5}, {"maximum": "5"}, {"exclusiveMaximum": 1.5}, {"enum": [0, 1.5]}], "0123456789+-.eE"),
    "boolean": (["true", "True", "TRUE", "1", "false", "False", "FALSE", "0"], ["yes", "tRUE", " true", "2"], [{"enum": [True]}], "01truefals"),
    "date": (["2024-02-29", "1999-12-31", "0001-01-01"], ["2023-02-29", "20240102", "2024-01-02Z", "x"], [
        {"minimum": "2000-01-01"}, {"exclusiveMaximum": "2024-02-29"}, {"enum": ["2024-02-29"]}], "0129-"),
    "datetime": (["2024-02-29T00:00:00Z", "1999-12-31T23:59:59Z", "2024-01-01T12:00:00.5Z"], ["2024-02-30T00:00:00Z", "2024-01-01", "x"], [
        {"minimum": "2000-01-01T00:00:00Z"}, {"enum": ["2024-02-29T00:00:00Z"]}], "0129-:TZ"),
    "time": (["00:00:00", "23:59:59", "12:30:00"], ["25:00:00", "12:60:00", "1:2:3", "12:30", "x"], [
        {"maximum": "12:30:00"}, {"exclusiveMinimum": "00:00:00"}, {"enum": ["12:30:00"]}], "0129:"),
    "year": (["2024", "1999", "0001"], ["24", "x", "20 4"], [{"minimum": 2000}, {"enum": ["1999"]}], "0129"),
    "yearmonth": (["2024-02", "1999-12"], ["2024-13", "2024-00", "2024", "x"], [{"minimum": "2000-01"}, {"enum": ["1999-12"]}], "0129-"),
    "duration": (["P1Y", "P1M", "P1DT2H", "PT1.5S", "-P1D"], ["P", "1D", "P1H", "x", "p1d"], [], "P1YMDTHS"),
    "geopoint": (["1,2", "-180,-90", "1.5,2.5"], ["181,0", "0,91", "1", "1,2,3", "x,y"], [], "0189,.-"),
    "object": (["{}", '{"a": 1}', '{"a": {"b": [1]}}'], ["[]", "1", "{a:1}", "x"], [{"minLength": 1}, {"maxLength": 1}], '{}"a:1,'),
    "array": (["[]", "[1]", '[1, "a"]'], ["{}", "1", "[1,]", "x"], [{"minLength": 1}, {"maxLength": 1}], '[]"a1,'),
    "geojson": (['{"type": "Point", "coordinates": [1, 2]}'], ['{"type": "Nope"}', "{}", "[]", "1"], [], '{}"a:1,'),
    "any": (["a", "1"], [], [{"enum": ["a"]}], "ab1"),
}  # fmt: skip


@st.composite
def _respelt(draw: st.DrawFn, texts: list[str], alphabet: str) -> str:
    """Draw one of some texts with one character put in, taken out or replaced."""
    text = draw(st.sampled_from(texts))
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.text(alphabet + " _\u0663+-.,:TZ09", max_size=1)) + text[at + draw(st.integers(0, 1)) :]


@st.composite
def cells(draw: st.DrawFn) -> Tables:
    """Draw one table whose second field has any type and constraints: what is in a cell matters, nothing else."""
    kind = draw(st.sampled_from(sorted(TYPES)))
    good, bad, constraints, alphabet = TYPES[kind]
    chosen: Json = {}
    for constraint in draw(st.lists(st.sampled_from(constraints), max_size=2)) if constraints else []:
        chosen |= constraint
    if draw(st.booleans()):
        chosen["required"] = draw(st.booleans())
    texts = st.sampled_from([*good * 2, *bad, ""]) | st.text(alphabet, max_size=8) | _respelt([*good, *bad], alphabet)
    rows = [["k", text] for text in draw(st.lists(texts, min_size=1, max_size=5))]
    field = {"name": "v", "type": kind, **({"constraints": chosen} if chosen else {})}
    schema = draw(
        st.sampled_from(
            [
                {},
                {},
                {"missingValues": ["", "-"]},
                {"missingValues": []},
                {"missingValues": [{"value": "a", "label": "none"}]},
            ]
        )
    )
    return Tables([Table("t", [{"name": "k", "type": "string"}, field], ["k", "v"], rows, schema)])


# Properties of a field with a format of its own, texts that both take, texts that both refuse.
FORMATS: list[tuple[Json, list[str], list[str]]] = [
    ({"type": "string", "format": "email"}, ["a@b.org", "first.last@example.org"], ["x", "a@", "@b.org", "a b@c.org"]),
    ({"type": "string", "format": "uri"}, ["https://example.org/a?b#c", "urn:isbn:1"], ["x", "//a/b"]),
    ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["x", "123e4567"]),
    ({"type": "string", "format": "binary"}, ["YQ==", "YWI=", "YWJj"], ["a", "YQ="]),
    ({"type": "date", "format": "%d.%m.%Y"}, ["29.02.2024", "01.12.1999"], ["29.02.2023", "2024-02-29", "x"]),
    ({"type": "date", "format": "any"}, ["2024-02-29"], ["x"]),
    ({"type": "datetime", "format": "%Y/%m/%d %H:%M"}, ["2024/02/29 23:59"], ["2024/02/30 00:00", "2024/02/29", "x"]),
    ({"type": "datetime", "format": "any"}, ["2024-02-29T23:59:59Z"], ["x"]),
    ({"type": "time", "format": "%H:%M"}, ["00:00", "23:59"], ["24:00", "12:30:00", "x"]),
    ({"type": "time", "format": "any"}, ["23:59:59"], ["x"]),
    ({"type": "geopoint", "format": "array"}, ["[1, 2]", "[-180, 90]"], ["[181, 0]", "[1]", "1,2", "x"]),
    ({"type": "geopoint", "format": "object"}, ['{"lon": 1, "lat": 2}'], ['{"lon": 181, "lat": 0}', '{"lon": 1}', "x"]),
    ({"type": "geojson", "format": "topojson"}, ['{"type": "Topology", "objects": {}, "arcs": []}'], ["{}", "1", "x"]),
    ({"type": "boolean", "trueValues": ["yes", "Y"], "falseValues": ["no"]}, ["yes", "Y", "no"], ["true", "1", "NO"]),
    ({"type": "number", "decimalChar": ","}, ["1,5", "-2", "1,5e3"], ["1.5", "1,5,1", "x"]),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.000,5", "2,5"], ["1,5,1", "x"]),
    ({"type": "number", "bareNumber": False}, ["$5", "5%", "EUR -1.5", "7"], ["USD", "x"]),
    ({"type": "integer", "bareNumber": False}, ["$5", "5%", "7"], ["USD", "x"]),
    ({"type": "integer", "groupChar": ","}, ["1,000", "7"], ["1.0", "x"]),
    ({"type": "list"}, ["a", "a,b", "a,b,c"], []),
    ({"type": "list", "delimiter": ";", "itemType": "integer"}, ["1", "1;2", "1;2;3"], ["1,2", "a;1", "1.5"]),
    ({"type": "list", "itemType": "number"}, ["1", "1.5,-2"], ["x,1", "1;2"]),
    ({"type": "list", "itemType": "boolean"}, ["true", "true,0"], ["x", "yes,no"]),
    ({"type": "list", "delimiter": "|", "itemType": "date"}, ["2024-02-29|1999-12-31"], ["2023-02-29", "x|y"]),
    ({"type": "list", "delimiter": " ", "itemType": "time"}, ["00:00:00 23:59:59"], ["25:00:00", "x"]),
]


@st.composite
def formatted(draw: st.DrawFn) -> Tables:
    """Draw one table whose second field has a format, or other properties of its type."""
    properties, good, bad = draw(st.sampled_from(FORMATS))
    field: Json = {"name": "v", **properties}
    lengths = [{"minLength": 2}, {"maxLength": 2}, {"minLength": 2, "maxLength": 2}]
    chosen = draw(st.sampled_from([{}, {"required": True}, *(lengths if properties["type"] == "list" else [])]))
    if chosen:
        field["constraints"] = chosen
    rows = [["k", text] for text in draw(st.lists(st.sampled_from([*good * 2, *bad, ""]), min_size=1, max_size=5))]
    schema = draw(st.sampled_from([{}, {}, {"missingValues": ["", "x"]}, {"missingValues": []}]))
    return Tables([Table("t", [{"name": "k", "type": "string"}, field], ["k", "v"], rows, schema)])


@st.composite
def recent(draw: st.DrawFn) -> Tables:
    """Draw one to three tables with unique keys and categories, which frictionless does not know."""
    tables: list[Table] = []
    for number in range(draw(st.integers(1, 3))):
        fields: list[Json] = [{"name": name, "type": "string"} for name in "abc"]
        for one in fields:
            if draw(st.integers(0, 2)) == 0:
                values = draw(st.sampled_from([["x"], ["x", "y"], [{"value": "x", "label": "X"}, {"value": "-"}]]))
                one["categories"] = values
        rows = draw(st.lists(st.lists(st.sampled_from(["x", "y", "-", ""]), min_size=3, max_size=3), max_size=6))
        rows = [row if any(row) else ["x", *row[1:]] for row in rows]
        keys = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)
        schema = {"uniqueKeys": draw(st.lists(keys, min_size=1, max_size=2, unique_by=lambda key: tuple(sorted(key))))}
        tables.append(Table(f"t{number}", fields, ["a", "b", "c"], rows, schema))
    return Tables(tables)


KEYED = {
    "string": ["a", "b", "é"],
    "integer": ["1", "2", "01", "+2"],
    "date": ["2024-01-01", "2024-01-02"],
    "number": ["1", "1.0", "2.5", "-0", "0"],
}


@st.composite
def keyed(draw: st.DrawFn) -> Tables:
    """Draw one to three tables with keys among them."""
    tables: list[Table] = []
    for number in range(draw(st.integers(1, 3))):
        kinds = draw(st.lists(st.sampled_from(sorted(KEYED)), min_size=1, max_size=3))
        fields: list[Json] = [{"name": f"f{n}", "type": kind} for n, kind in enumerate(kinds)]
        for one in fields:
            if draw(st.integers(0, 3)) == 0:
                one["constraints"] = draw(
                    st.sampled_from([{"unique": True}, {"required": True}, {"unique": True, "required": True}])
                )
        table = Table(f"t{number}", fields, [f["name"] for f in fields], draw(_rows(kinds)))
        names = st.lists(st.sampled_from(table.labels), min_size=1, max_size=3, unique=True)
        if draw(st.booleans()):
            table.schema["primaryKey"] = draw(names)
        if keys := draw(_foreign_keys(table, tables)):
            table.schema["foreignKeys"] = keys
        tables.append(table)
    return Tables(tables)


@st.composite
def _rows(draw: st.DrawFn, kinds: list[str]) -> list[list[str]]:
    rows = draw(st.lists(st.tuples(*(st.sampled_from([*KEYED[kind] * 3, ""]) for kind in kinds)).map(list), max_size=6))
    for row in rows if draw(st.integers(0, 2)) == 0 else []:  # errors of structure in a third of the tables
        spoil = draw(st.integers(0, 12))
        if spoil == 0:
            row.append(draw(st.sampled_from(["", "x"])))
        elif spoil == 1:
            row.pop()
        elif spoil == 2:
            row.clear()
        elif spoil == 3:
            row[0] = "wrong"
    return rows


@st.composite
def _foreign_keys(draw: st.DrawFn, table: Table, others: list[Table]) -> list[Json]:
    """Draw foreign keys between fields of one type (of others frictionless compares Python values)."""
    keys: list[Json] = []
    for other in [table, *others]:
        pairs = [(a["name"], b["name"]) for a in table.fields for b in other.fields if a["type"] == b["type"]]
        if pairs and draw(st.booleans()):
            chosen = draw(
                st.lists(st.sampled_from(pairs), min_size=1, max_size=2, unique_by=(lambda p: p[0], lambda p: p[1]))
            )
            resource = {} if other is table else {"resource": other.name}
            keys.append({"fields": [a for a, _ in chosen], "reference": {**resource, "fields": [b for _, b in chosen]}})
    return keys


@st.composite
def headed(draw: st.DrawFn) -> Tables:
    """Draw a table whose header may differ from its schema, under any ``fieldsMatch``."""
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    fields: list[Json] = [{"name": n, "type": draw(st.sampled_from(["string", "integer"]))} for n in names]
    for one in fields:
        if draw(st.integers(0, 3)) == 0:
            one["constraints"] = {"required": True}
    labels = draw(
        st.just(names)
        | st.permutations(names)
        | st.lists(st.sampled_from([*names, "x", "y", "", "A"]), min_size=1, max_size=4)
    )
    rows = draw(st.lists(st.lists(st.sampled_from(["1", "2"]), min_size=len(labels), max_size=len(labels)), max_size=2))
    match = draw(st.sampled_from(["exact", "equal", "subset", "superset", "partial", None]))
    return Tables([Table("t", fields, labels, rows, {"fieldsMatch": match} if match else {})])


@st.composite
def dialected(draw: st.DrawFn) -> Tables:
    """Draw a table in another dialect, with cells that need its quotes, comments and records above the header."""
    dialect: Json = {}
    dialect["delimiter"] = draw(st.sampled_from([",", ";", "\t", "|", ":"]))
    dialect["quoteChar"] = draw(st.sampled_from(['"', "'", "`"]))
    dialect["skipInitialSpace"] = draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        dialect["header"] = False
    comment = draw(st.sampled_from(["", "#", "//"]))
    if comment:
        dialect["commentChar"] = comment
    fields: list[Json] = [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]
    text = st.text("ab\"'`;,|\t:é \n", max_size=5).map(lambda t: "a" + t)  # does not begin as a comment does
    null = draw(st.sampled_from(["", "", "NULL", "-"]))
    if null:
        dialect["nullSequence"] = null
        fields[1]["constraints"] = {"required": draw(st.booleans())}
    numbers = st.sampled_from(["1", "2", "z", "", *([null, null, null + "1"] if null else [])])
    rows = draw(st.lists(st.tuples(text, numbers).map(list), max_size=5))
    if comment:
        rows = [([comment + row[0].strip("\"'`"), *row[1:]] if draw(st.integers(0, 3)) == 0 else row) for row in rows]
    above = [["above", "the", "header"]] * draw(st.integers(0, 2)) if dialect.get("header") is not False else []
    if above and comment and draw(st.booleans()):
        above[0] = [comment + "above"]
    if above and draw(st.booleans()):
        dialect["commentRows"] = list(range(1, len(above) + 1))
    return Tables([Table("t", fields, ["a", "b"], rows, {}, dialect, above)])

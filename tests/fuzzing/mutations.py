# ruff: noqa: E501 (tables of texts read better in long lines)
"""Spoiling values and bytes: what may be wrong with a descriptor or a file, at random but repeatable."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.fuzzing.emitting import Raw

PATHS = [
    "../outside/secret.csv", "../outside/secret.json", "{outside}/secret.csv", "/etc/passwd", "/dev/zero", "/dev/stdin",
    "/proc/self/environ", "file:///etc/passwd", "file://{outside}/secret.csv", "http://127.0.0.1:1/t.csv",
    "https://127.0.0.1:1/t.csv", "ftp://127.0.0.1:1/x", "s3://bucket/x", "data:text/csv,id", "link.csv", "deep/secret.csv",
    "pipe.csv", "loop.csv", ".", "..", "./t.csv", "a/../t.csv", "deep/../../outside/secret.csv", ".hidden/t.csv", "~/x",
    "~root/x", "t.csv/", "t.csv/x", "t.csv\0x", "C:\\x", "\\\\host\\x", "t*.csv", "[t].csv", "?.csv", "**", "t.csv ", "",
    "x" * 300, "x/" * 2100 + "x", "%2e%2e/outside/secret.csv", "t.csv#a", "t.csv?a=1", "glob://x", "zip://t.csv", "//host/x",
    "datapackage.json", "schema.json", "t.csv.gz", "t.zip", "t.jsonl", "é.csv", "\ud800.csv", "-", "|ls", "$HOME", "dir",
]  # fmt: skip
TEXTS = [
    "", " ", "\0", "\x1b[31m", "é", "e\u0301", "\u202e", "\u2028", "\ufeff", "\ud800", "\U0001f600", "x" * 5000, "*", "^a$", "^.*$", "__index__",
    "default", "any", "NaN", "INF", "-1", "0", "1e999", "9" * 400, "null", "true", "%", "%Y", "%d/%m", "%Q", "%-", "%%", "%s%n%t", "::error::x",
    "[", "(", "a{99999}", "(a+)+$", "(?=a)", "\\p{L}", "\\i\\c*", "\\", "[a-z-[aeiou]]", "((a{1,100}){1,100}){1,100}", "\\p{IsNope}", "$", "^",
    "utf-8", "utf-16", "latin-1", "nope", "idna", "zlib", "base64", "rot13", "undefined", "unicode_escape", "cp932", "mbcs",
    "2024-02-30", "P1Y", "P", "12:00", "1,2", "{}", "[]", '{"a":', "md5:", "sha256:00", "sha1:x", "shake_128:00", "crc:1", "id", "n", "t", "f0",
    "id\nn", "$ref", "#/a", "schema.json", "http://127.0.0.1:1/s.json", "equal", "subset", "table", "json", "xlsx", "parquet", "gz", "1.0", "2.0",
    "https://datapackage.org/profiles/2.0/datapackage.json", "https://datapackage.org/profiles/9.9/datapackage.json", "tabular-data-package",
]  # fmt: skip
ATOMS: list[Any] = [
    None, True, False, 0, 1, -1, 2, 3.5, -0.0, 2**31, 2**63, -(2**63) - 1, 10**40, Raw("1e999"), Raw("-1e999"), Raw("NaN"), Raw("Infinity"),
    Raw("9" * 5000), Raw("0." + "0" * 400 + "1"), Raw('{"a": 1, "a": 2}'), Raw('"\\ud800"'), Raw("[" * 3000 + "]" * 3000),
    Raw('{"a":' * 1500 + "1" + "}" * 1500), [], {}, [[]], [{}], [None], {"": ""}, [""], [[""]], [1, "1", True], ["id"], [["id"]], ["id", "id"],
]  # fmt: skip
NAMES = [
    "name",
    "path",
    "data",
    "schema",
    "dialect",
    "fields",
    "type",
    "format",
    "constraints",
    "required",
    "unique",
    "pattern",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "jsonSchema",
    "categories",
    "categoriesOrdered",
    "missingValues",
    "primaryKey",
    "uniqueKeys",
    "foreignKeys",
    "fieldsMatch",
    "delimiter",
    "itemType",
    "trueValues",
    "falseValues",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "header",
    "headerRows",
    "headerJoin",
    "commentChar",
    "commentRows",
    "lineTerminator",
    "quoteChar",
    "doubleQuote",
    "escapeChar",
    "skipInitialSpace",
    "nullSequence",
    "property",
    "itemKeys",
    "encoding",
    "bytes",
    "hash",
    "compression",
    "innerpath",
    "mediatype",
    "profile",
    "$schema",
    "resources",
    "licenses",
    "contributors",
    "sources",
    "version",
    "created",
    "shuttle:rules",
    "shuttle:views",
]
TYPES = [
    "string",
    "number",
    "integer",
    "boolean",
    "object",
    "array",
    "list",
    "datetime",
    "date",
    "time",
    "year",
    "yearmonth",
    "duration",
    "geopoint",
    "geojson",
    "any",
]


def any_json(rng: Random, depth: int = 2) -> Any:
    """Return any value of JSON, more often one that means something in a descriptor."""
    kind = rng.randrange(8 if depth else 6)
    if kind < 3:
        return rng.choice(TEXTS)
    if kind == 3:
        return rng.choice(ATOMS)
    if kind == 4:
        return rng.choice(PATHS)
    if kind == 5:
        return rng.choice([*TYPES, *NAMES])
    items = [any_json(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    return items if kind == 6 else {rng.choice([*NAMES, *TEXTS[:20]]): item for item in items}


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _containers(item)


def mutated(rng: Random, value: Any, times: int | None = None) -> Any:
    """Return a deep copy of a value with some places spoilt."""
    value = copy.deepcopy(value)
    for _ in range(times or rng.choice([1, 1, 1, 2, 3, 6])):
        places = list(_containers(value))
        if not places:
            return any_json(rng)
        _spoil(rng, rng.choice(places), places)
    return any_json(rng) if rng.randrange(200) == 0 else value


def _spoil(rng: Random, place: Any, places: list[Any]) -> None:
    key: Any = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
    action = rng.randrange(8)
    if action < 3:
        place[key] = any_json(rng)
    elif action == 3:
        del place[key]
    elif action == 4:
        other = copy.deepcopy(rng.choice(places))
        place[key] = other
    elif isinstance(place, dict) and action == 5:
        place[rng.choice([str(key)[:-1], str(key) + "s", str(key).upper(), *TEXTS[:8]])] = place.pop(key)
    elif isinstance(place, dict):
        place[rng.choice(NAMES)] = any_json(rng)
    elif action == 5:
        rng.shuffle(place)
    else:
        place.insert(key, copy.deepcopy(rng.choice([place[key], any_json(rng)])))


PIECES = [
    b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\n\n", b"\n\r", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff",
    b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\", b"#", b" ", b'""', b'"\n"', b"\x1a", b"\x0b", b"\x0c", b"\x85", "\u2028".encode(),
    b"\x1b[2J", b"-", b"NaN", b"1e400", b"9" * 30, b",,,,", b"<script>", b"%0A::error::x", b"]]>", "\u0661".encode(), "\U0001f600".encode(),
]  # fmt: skip
CODECS = [
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "latin-1",
    "cp932",
    "utf-7",
    "utf-8-sig",
    "cp037",
    "shift_jis",
    "euc_kr",
    "big5",
]


def mutated_bytes(rng: Random, content: bytes, times: int | None = None) -> bytes:
    """Return bytes with some places spoilt."""
    for _ in range(times or rng.choice([1, 1, 2, 4, 10])):
        content = _spoilt_bytes(rng, content)
    return content


def _spoilt_bytes(rng: Random, content: bytes) -> bytes:
    at = rng.randint(0, len(content))
    action = rng.randrange(12)
    if action < 4:
        return content[:at] + rng.choice(PIECES) + content[at:]
    if action == 4:
        return content[:at]
    if action == 5:
        return content[:at] + content[at + rng.randint(1, 4) :]
    if action == 6 and content:
        at = rng.randrange(len(content))
        return content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :]
    if action == 7:
        return content.replace(b"\n", rng.choice([b"\r", b"\r\n", b"\n\r", b"\n\n", b"", b";"]), rng.choice([1, -1]))
    if action == 8:
        end = rng.randint(at, len(content))
        return content[:end] + content[at:end] + content[end:]
    if action == 9:
        return content[:at] + rng.randbytes(rng.randint(1, 12)) + content[at:]
    if action == 10 and rng.randrange(4) == 0:
        return content[:at] + rng.choice(PIECES) * rng.choice([50, 70_000]) + content[at:]
    if action == 11 and rng.randrange(3) == 0:
        return content.decode("utf-8", "replace").encode(rng.choice(CODECS), "replace")
    return content[at:] + content[:at]

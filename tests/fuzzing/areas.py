# ruff: noqa: E501 (tables of texts read better in long lines)
"""The areas of fuzzing: each turns a number into a package that may be broken in its own way."""

import copy
import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

from tests.fuzzing.cases import DESCRIPTOR, Case, Content, Link, Pipe
from tests.fuzzing.mutations import CODECS, PATHS, PIECES, TEXTS, any_json, mutated, mutated_bytes
from tests.fuzzing.seeds import SAMPLES, SEEDS, V2, csv_line, dialected, keyed, typed


def _seed(rng: Random) -> Case:
    return rng.choice(SEEDS)(rng)


def _descriptor(rng: Random) -> Case:
    case = _seed(rng)
    return case.with_descriptor(mutated(rng, case.descriptor))


def _schema(rng: Random) -> Case:
    case = rng.choice([typed, typed, keyed, _seed])(rng)
    descriptor = copy.deepcopy(case.descriptor)
    for resource in descriptor["resources"]:
        if isinstance(resource.get("schema"), dict):
            schema = resource["schema"]
            part = rng.choice(schema["fields"]) if rng.randrange(4) and schema["fields"] else schema
            if part is not schema and rng.randrange(2):
                part.setdefault("constraints", {})[rng.choice(_CONSTRAINTS)] = any_json(rng, 1)
            elif part is not schema and rng.randrange(2):
                part[rng.choice(_OF_FIELDS)] = rng.choice([any_json(rng, 1), rng.choice(TEXTS), [rng.choice(TEXTS)]])
            else:
                changed = mutated(rng, part, 1)
                part.clear()
                part.update(changed if isinstance(changed, dict) else {"name": changed})
    return case.with_descriptor(descriptor)


_CONSTRAINTS = [
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
]
_OF_FIELDS = [
    "type",
    "format",
    "missingValues",
    "categories",
    "trueValues",
    "falseValues",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "delimiter",
    "itemType",
    "name",
]


def _raw(rng: Random) -> Case:
    case = _seed(rng)
    content = case.files[DESCRIPTOR]
    assert isinstance(content, bytes)
    return replace(case, descriptor=None, files={**case.files, DESCRIPTOR: mutated_bytes(rng, content)})


def _csv(rng: Random) -> Case:
    case = rng.choice([typed, keyed, dialected, dialected, _seed])(rng)
    files: dict[str, Content] = dict(case.files)
    for name in [n for n in files if n.endswith(".csv")]:
        content = files[name]
        assert isinstance(content, bytes)
        if rng.randrange(4):
            files[name] = mutated_bytes(rng, content)
    if rng.randrange(4) == 0:
        case = case.with_descriptor(_with(case.descriptor, "encoding", rng.choice([*CODECS, "UTF8", "nope"])))
        files[DESCRIPTOR] = case.files[DESCRIPTOR]
    return replace(case, files=files)


def _with(descriptor: Any, key: str, value: Any) -> Any:
    descriptor = copy.deepcopy(descriptor)
    for resource in descriptor["resources"]:
        resource[key] = value
    return descriptor


def _dialect(rng: Random) -> Case:
    case = dialected(rng)
    descriptor = copy.deepcopy(case.descriptor)
    marks = [",", ";", '"', "'", "\\", "\n", "\r\n", "\r", "#", "", " ", "::", "é", "\0", "\U0001f600", "a", "1"]
    texts = ("delimiter", "quoteChar", "escapeChar", "lineTerminator", "commentChar", "nullSequence", "headerJoin")
    numbers: list[Any] = [
        [],
        [1],
        [2],
        [1, 2],
        [2, 1],
        [1, 3],
        [5],
        [99],
        [0],
        [-1],
        [1, 1],
        [10**9],
        [10**30],
        ["1"],
        [1.5],
        1,
    ]
    for _ in range(rng.randint(1, 4)):
        dialect = descriptor["resources"][0]["dialect"]
        kind = rng.randrange(5)
        if kind < 2:
            dialect[rng.choice(texts)] = rng.choice(marks)
        elif kind == 2:
            dialect[rng.choice(["headerRows", "commentRows"])] = rng.choice(numbers)
        elif kind == 3:
            dialect[rng.choice(["header", "doubleQuote", "skipInitialSpace"])] = rng.random() < 0.5
        else:
            dialect[rng.choice([*dialect, "property", "itemType", "itemKeys", "sheetName", "table"])] = any_json(rng, 1)
    case = case.with_descriptor(descriptor)
    content = case.files["t.csv"]
    assert isinstance(content, bytes)
    content = content if rng.randrange(2) else mutated_bytes(rng, content)
    return replace(case, files={**case.files, "t.csv": content})


def _values(rng: Random) -> Case:
    case = typed(rng)
    fields = case.descriptor["resources"][0]["schema"]["fields"]
    sound = {kind: [t for _, texts in samples for t in texts] for kind, samples in SAMPLES.items()}
    pool = [t for texts in sound.values() for t in texts] + [t for t in TEXTS if "\ud800" not in t] + _LEXICAL
    rows = []
    for _ in range(rng.randint(1, 6)):
        cells = [rng.choice([rng.choice(sound[f["type"]]), rng.choice(pool)]) for f in fields]
        rows.append([_respelt(rng, cell) for cell in cells])
    content = csv_line([f["name"] for f in fields]) + "".join(map(csv_line, rows))
    return replace(case, files={**case.files, "t.csv": content.encode("utf-8", "replace")})


_LEXICAL = [
    "1_0", "\u0661", " 1", "1 ", "+-1", "1e400", "-0", "1.", ".5", ".", "1,000,000", "1.000,5", "$5", "5%", "0x1", "inf", "nan",
    "9999-12-31", "0000-01-01", "10000-01-01", "-0001-01-01", "2024-02-30", "2024-1-1", "2024-01-01T25:00:00", "2024-01-01T24:00:00",
    "2024-01-01T00:00:60Z", "2024-01-01T00:00:00+99:99", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "23:59:60", "24:00:00",
    "99999", "-2024", "2024-13", "2024-00", "P1Y2M3DT4H5M6.789S", "P99999999999Y", "PT9" + "9" * 30 + "S", "-P1D", "P1W", "PT", "P1DT",
    "181,0", "0,91", "1e999,0", "NaN,0", "[1,2]", '{"lon":1,"lat":2}', '{"type":"Feature"}', "[" * 600, '{"a":' * 400, '{"a":1e999}', "[NaN]",
    '"\\ud800"', '["\\ud800"]', '{"a":1,"a":2}', ",", ",,", "1,,2", "a,b", "2024-01-01,x",
]  # fmt: skip


def _respelt(rng: Random, cell: str) -> str:
    if rng.randrange(4) or not cell:
        return cell
    at = rng.randrange(len(cell))
    return (
        cell[:at] + rng.choice(["", "0", "9", "-", ".", " ", "\u0663", "e", "\n", "\0", cell[at] * 2]) + cell[at + 1 :]
    )


def _paths(rng: Random) -> Case:
    case = _seed(rng)
    path = rng.choice(PATHS)
    descriptor = copy.deepcopy(case.descriptor)
    for resource in descriptor["resources"]:
        key = rng.choice(["path", "path", "path", "schema", "dialect"])
        resource[key] = rng.choice([path, [path], [resource.get("path", "t.csv"), path]]) if key == "path" else path
        if key == "path":
            resource.pop("data", None)
    if rng.randrange(6) == 0:
        descriptor[rng.choice(["resources", "shuttle:rules", "shuttle:views"])] = rng.choice([[path], path])
    case = case.with_descriptor(descriptor)
    tricks: dict[str, Content] = {
        "link.csv": Link(
            rng.choice(["{outside}/secret.csv", "../outside/secret.csv", "t.csv", "/dev/zero", "nowhere"])
        ),
        "deep": Link("{outside}"),
        "pipe.csv": Pipe(),
        "loop.csv": Link("loop.csv"),
        "dir/t.csv": b"id\n1\n",
    }
    if rng.randrange(8) == 0:
        other = {n: c for n, c in case.files.items() if n != DESCRIPTOR}
        instead: list[Content] = [Link("{outside}/secret.json"), Pipe(), Link("t.csv")]
        case = replace(case, files={**other, DESCRIPTOR: rng.choice(instead)})
    elif rng.randrange(8) == 0:
        swaps: list[Content] = [Link("{outside}/secret.csv"), Pipe(), Link("/dev/zero")]
        swap = rng.choice(swaps)
        case = replace(case, files={n: c if n == DESCRIPTOR else swap for n, c in case.files.items()})
    return replace(case, files={**case.files, **tricks})


def _compressed(rng: Random) -> Case:
    plain = rng.choice([b"id,a\n1,x\n2,y\n", b"", b"id,a\n" + b"1,x\n" * 3, b"\0" * rng.choice([10, 3_000_000])])
    fields = [{"name": "id", "type": "integer"}, {"name": "a", "type": "string"}]
    kind = rng.choice(["gz", "gz", "zip", "zip", "bz2", "xz", "zst"])
    content = gzip.compress(plain, 1, mtime=0) if kind != "zip" else _zip(rng, {"t.csv": plain})
    for _ in range(rng.choice([0, 0, 1, 3])):
        content = mutated_bytes(rng, content, 1)
    more: dict[str, Any] = rng.choice([{}, {"compression": kind}, {"compression": rng.choice(["gz", "zip", "no", 1])}])
    path = f"t.csv.{kind}" if rng.randrange(8) else rng.choice(["t.csv", f"t.{kind}", kind])
    if rng.randrange(4) == 0:
        more = {**more, "innerpath": rng.choice(["t.csv", "../t.csv", "nope", "", 1]), "bytes": len(content)}
    resource = {"name": "t", "type": "table", "path": path, "schema": {"fields": fields}, **more}
    case = Case("compressed", {path: content}, descriptor={})
    return case.with_descriptor({"$schema": V2, "name": "z", "resources": [resource]})


def _zip(rng: Random, files: dict[str, bytes]) -> bytes:
    """Return a zip archive; now and then with strange names, members twice, or another method."""
    target = io.BytesIO()
    with zipfile.ZipFile(
        target, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
    ) as archive:
        for name, content in files.items():
            shown = (
                rng.choice(["../" + name, "/" + name, "dir/" + name, name + "/"]) if rng.randrange(12) == 0 else name
            )
            archive.writestr(zipfile.ZipInfo(shown), content)
        if rng.randrange(8) == 0:
            archive.writestr(zipfile.ZipInfo(rng.choice(["b.csv", "dir/", "../x", "é"])), b"id\n")
    return target.getvalue()


def _archive(rng: Random) -> Case:
    """Return a whole package as a zip archive."""
    case = _seed(rng)
    if rng.randrange(3) == 0:
        case = case.with_descriptor(mutated(rng, case.descriptor, 1))
    content = _zip(rng, {name: content for name, content in case.files.items() if isinstance(content, bytes)})
    for _ in range(rng.choice([0, 1, 2, 5])):
        content = mutated_bytes(rng, content, 1)
    return Case("archive", {"p.zip": content}, opened="p.zip")


def _structured(rng: Random) -> Case:
    """Return a package of JSON lines, a JSON array, or inline data."""
    fields = [
        {"name": "id", "type": rng.choice(list(SAMPLES))},
        {"name": "a", "type": rng.choice(["string", "object", "any"])},
    ]
    rows: list[Any] = [
        {"id": 1, "a": "x"},
        ["id", "a"],
        [1, None],
        {"id": [1], "a": {"b": 2}},
        {"z": 1},
        1,
        None,
        "x",
        [],
        {},
    ]
    data: Any = [
        mutated(rng, rng.choice(rows), 1) if rng.randrange(2) else rng.choice(rows) for _ in range(rng.randint(0, 4))
    ]
    resource: dict[str, Any] = {"name": "t", "type": "table", "schema": {"fields": fields}}
    dialect = rng.choice(
        [
            {},
            {},
            {"property": "rows"},
            {"itemType": rng.choice(["array", "object", "x"])},
            {"itemKeys": ["id", "a"]},
            {"header": False},
        ]
    )
    if dialect:
        resource["dialect"] = dialect
    case = Case("structured", {}, descriptor={})
    if rng.randrange(3) == 0:
        data = mutated(rng, data, 1) if rng.randrange(4) == 0 else data
        return case.with_descriptor({"$schema": V2, "name": "j", "resources": [{**resource, "data": data}]})
    name = rng.choice(["t.jsonl", "t.ndjson", "t.json"])
    text = case.with_descriptor(data).files[DESCRIPTOR]
    if name != "t.json":
        lines = [case.with_descriptor(row).files[DESCRIPTOR] for row in data]
        text = b"".join(
            line + rng.choice([b"\n", b"\n", b"\r\n", b"\n\n"]) for line in lines if isinstance(line, bytes)
        )
    assert isinstance(text, bytes)
    text = mutated_bytes(rng, text, 1) if rng.randrange(2) else text
    resource |= {"path": name, **rng.choice([{}, {"format": name[2:]}, {"encoding": rng.choice(CODECS)}])}
    return Case("structured", {name: text}).with_descriptor({"$schema": V2, "name": "j", "resources": [resource]})


_YAML = [
    b"&a [*a]", b"a: &a [1]\nb: [*a, *a]", b"&a {<<: *a}", b"!!python/object/apply:os.system ['true']", b"!!binary x", b"? [a]\n: b", b"- - -", b"\t",
    b"%YAML 9.9\n---\n", b"---\n---\n", b"...", b"*nope", b"!!set {a}", b"2024-01-01", b"1e999", b".nan", b"0o17", b"yes: no", b"{", b"'", b"? ",
    b"<<: [1]", b"!!timestamp x", b"2024-99-99", b"1:99:99", b"a: b: c", b"\xff", b"\0", b"!x y", b"!!int x", b"0x", b"[" * 1200,
]  # fmt: skip


def _yaml(rng: Random) -> Case:
    """Return a package whose descriptor is YAML (JSON is YAML too), spoilt in the ways of YAML."""
    case = _seed(rng)
    text = case.files[DESCRIPTOR]
    assert isinstance(text, bytes)
    kind = rng.randrange(5)
    if kind == 0:
        names = [f"a{n}" for n in range(rng.choice([3, 9, 30]))]
        lines = [
            f"{names[0]}: &{names[0]} [x]",
            *(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]" for a, b in pairwise(names)),
        ]
        text = ("\n".join(lines) + f"\nname: p\nresources: *{names[-1]}\n").encode()
    elif kind == 1:
        text = text.rstrip(b"}") + b', "x": ' + rng.choice(_YAML) + b"}"
    elif kind == 2:
        text = b"name: p\nresources:\n- name: t\n  type: table\n  path: t.csv\n  x: " + rng.choice(_YAML) + b"\n"
    else:
        text = mutated_bytes(rng, text)
    name = rng.choice(["datapackage.yaml", "datapackage.yml"])
    others = {n: c for n, c in case.files.items() if n != DESCRIPTOR}
    return Case("yaml", {**others, name: text}, opened=rng.choice([name, name, ""]))


def _noise(rng: Random) -> Case:
    """Return a package whose files are hardly related to what is declared."""
    case = _seed(rng)
    bits = [*PIECES, b"id", b"n", b"1", b"x", b"f0", b"2024-01-01"]
    files: dict[str, Content] = {
        n: c if n == DESCRIPTOR else b"".join(rng.choices(bits, k=rng.randint(0, 30))) for n, c in case.files.items()
    }
    return replace(case, files=files)


AREAS: dict[str, Callable[[Random], Case]] = {
    "descriptor": _descriptor, "schema": _schema, "raw": _raw, "csv": _csv, "dialect": _dialect, "values": _values, "paths": _paths,
    "compressed": _compressed, "archive": _archive, "structured": _structured, "yaml": _yaml, "noise": _noise,
}  # fmt: skip
_WEIGHTS = {"descriptor": 3, "schema": 3, "csv": 3, "values": 2, "dialect": 2}


def case_of(seed: int, number: int, area: str | None = None) -> Case:
    """Return a case by its number: the same on every machine.

    Args:
        seed: the run's seed.
        number: the case's number in the run.
        area: one of :data:`AREAS`; None: any.
    """
    rng = Random(f"{seed}:{number}")
    name = rng.choices(list(AREAS), [_WEIGHTS.get(a, 1) for a in AREAS])[0]
    name = area or name
    return replace(AREAS[name](rng), area=name)

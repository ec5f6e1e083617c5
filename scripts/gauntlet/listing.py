"""The judges, what each looks at, and what each has to notice."""

from scripts.gauntlet import breaking
from scripts.gauntlet.running import Break, Judge

_JUDGES = "scripts.gauntlet.judges."
_DCAT = "dcat.ttl, dcat.jsonld"
_CRATE = "ro-crate-metadata.json"
_TABLES = "tables as CSV, Parquet, JSON Lines"


def _absent(*patterns: str) -> tuple[Break, ...]:
    return (Break("no such file", breaking.absent(*patterns)),)


JUDGES: tuple[Judge, ...] = (
    Judge(
        "frictionless",
        f"{_JUDGES}package",
        "frictionless",
        "datapackage.json, tables as CSV",
        lock="frictionless",
        breaks=(
            Break("a wrong cell", breaking.wrong_cell),
            Break("a wrong sha256", breaking.wrong_hash),
            Break("a dangling foreign key", breaking.dangling_key),
            Break("a wrong column name", breaking.wrong_label),
            *_absent("datapackage.json"),
        ),
    ),
    Judge(
        "profile",
        f"{_JUDGES}profile",
        "jsonschema",
        "datapackage.json",
        lock="profile",
        standards="datapackage-2.0",
        breaks=(Break("no resources", breaking.no_resources), *_absent("datapackage.json")),
    ),
    Judge(
        "croissant",
        f"{_JUDGES}croissant",
        "mlcroissant",
        "croissant.json",
        lock="croissant",
        arguments=("validate",),
        breaks=(
            Break("no checksums", breaking.without(("croissant.json", "sha256"))),
            Break("no licence", breaking.without(("croissant.json", "license"))),
            *_absent("croissant.json"),
        ),
    ),
    Judge(
        "croissant load",
        f"{_JUDGES}croissant",
        "mlcroissant",
        "croissant.json, tables as CSV",
        lock="croissant",
        arguments=("load",),
        breaks=(
            Break("a wrong sha256", breaking.replaced("croissant.json", "sha256", "0" * 64)),
            Break("a wrong column name", breaking.replaced("croissant.json", "column", "no such column")),
        ),
        seconds=600,
    ),
    Judge(
        "DCAT-AP",
        f"{_JUDGES}dcat",
        "pyshacl",
        _DCAT,
        lock="dcat",
        arguments=("shapes.ttl",),
        standards="dcat-ap-3.0.1",
        breaks=(
            Break("no title (Turtle)", breaking.without_statements("title")),
            Break("no title (JSON-LD)", breaking.without(("dcat.jsonld", "dct:title"))),
            *_absent("dcat.ttl"),
        ),
    ),
    Judge(
        "DCAT-AP recommended",
        f"{_JUDGES}dcat",
        "pyshacl",
        _DCAT,
        lock="dcat",
        arguments=("shapes_recommended.ttl",),
        standards="dcat-ap-3.0.1",
        breaks=(
            Break("no publisher (Turtle)", breaking.without_statements("publisher")),
            Break("no licence (JSON-LD)", breaking.without(("dcat.jsonld", "dct:license"))),
            *_absent("dcat.jsonld"),
        ),
    ),
    Judge(
        "DataCite",
        f"{_JUDGES}datacite",
        "lxml",
        "datacite.xml, datacite.json",
        lock="datacite",
        standards="datacite-4.6",
        breaks=(
            Break("no titles (XML)", breaking.without_element("datacite.xml", "titles")),
            Break("no titles (JSON)", breaking.without(("datacite.json", "titles"))),
            *_absent("datacite.json"),
        ),
    ),
    Judge(
        "RO-Crate",
        f"{_JUDGES}crate",
        "roc-validator",
        _CRATE,
        lock="rocrate",
        arguments=("required",),
        breaks=(
            Break("no licence", breaking.without((_CRATE, "license"))),
            Break("a described file is missing", breaking.absent("data/*.parquet")),
            *_absent(_CRATE),
        ),
    ),
    Judge(
        "RO-Crate recommended",
        f"{_JUDGES}crate",
        "roc-validator",
        _CRATE,
        lock="rocrate",
        arguments=("recommended",),
        breaks=(
            Break("no publisher", breaking.without((_CRATE, "publisher"))),
            Break("no sizes", breaking.without((_CRATE, "contentSize"))),
        ),
    ),
    Judge(
        "cffconvert",
        f"{_JUDGES}citation",
        "cffconvert",
        "CITATION.cff",
        lock="cff",
        breaks=(Break("no title", breaking.without_lines("CITATION.cff", "title:")), *_absent("CITATION.cff")),
    ),
    Judge(
        "csvw",
        f"{_JUDGES}csvw",
        "csvw",
        "csvw-metadata.json, tables as CSV",
        lock="csvw",
        breaks=(
            Break("a wrong column name", breaking.wrong_label),
            Break("a missing cell", breaking.short_row),
            *_absent("csvw-metadata.json"),
        ),
    ),
    Judge(
        "duckdb",
        f"{_JUDGES}duckdb",
        "duckdb",
        "*.duckdb.sql, tables as CSV and Parquet",
        lock="duckdb",
        breaks=(
            Break("a wrong cell (Parquet)", breaking.parquet_cell),
            Break("a missing row (CSV)", breaking.missing_row("csv")),
            Break("half the SQL", breaking.halved("*.duckdb.sql")),
            *_absent("*.duckdb.sql"),
        ),
    ),
    Judge(
        "pandas",
        f"{_JUDGES}pandas",
        "pandas",
        _TABLES,
        lock="pandas",
        breaks=(
            Break("a wrong cell (Parquet)", breaking.parquet_cell),
            Break("a missing row (JSON Lines)", breaking.missing_row("jsonl")),
            Break("a cell too many (CSV)", breaking.long_row),
            *_absent("data/*.parquet"),
        ),
    ),
    Judge(
        "polars",
        f"{_JUDGES}polars",
        "polars",
        _TABLES,
        lock="polars",
        breaks=(
            Break("a wrong cell (Parquet)", breaking.parquet_cell),
            Break("half a Parquet file", breaking.halved("data/*.parquet")),
            Break("a missing row (JSON Lines)", breaking.missing_row("jsonl")),
            *_absent("data/*.jsonl"),
        ),
    ),
    Judge(
        "sqlite",
        f"{_JUDGES}sqlite",
        "sqlite3",
        "*.sqlite",
        breaks=(
            Break("a dangling foreign key", breaking.sqlite_key),
            Break("a wrong cell", breaking.sqlite_cell),
            Break("half the file", breaking.halved("*.sqlite")),
            *_absent("*.sqlite"),
        ),
    ),
    Judge(
        "datasette",
        f"{_JUDGES}datasette",
        "datasette",
        "*.sqlite, datasette.json",
        lock="datasette",
        breaks=(
            Break("half the metadata", breaking.halved("datasette.json")),
            Break("no title", breaking.without(("datasette.json", "title"))),
            *_absent("datasette.json"),
        ),
    ),
    Judge(
        "openpyxl",
        f"{_JUDGES}openpyxl",
        "openpyxl",
        "*.xlsx",
        lock="openpyxl",
        breaks=(
            Break("a wrong cell", breaking.sheet_cell),
            Break("half the file", breaking.halved("*.xlsx")),
            *_absent("*.xlsx"),
        ),
    ),
)

"""Releases as the writers of catalogue records see them, made without a build."""

import polars as pl

from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.publishing.released import Release, ReleasedFile, ReleasedTable

SUM = "0123456789abcdef" * 4
FULL = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "zoo",
    "title": 'A zoo <b> & "more" 동물원',
    "description": "Animals\nand visits.",
    "version": "1.2.0",
    "id": "https://doi.org/10.5072/ZOO",
    "created": "2026-01-13T00:00:00Z",
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}],
    "contributors": [
        {
            "givenName": "Ada",
            "familyName": "Kim",
            "path": "https://orcid.org/0000-0002-1825-0097",
            "roles": ["creator"],
        },
        {"title": "The zoo", "path": "https://ror.org/03f0f6041", "roles": ["publisher", "Contact point"]},
        {"title": "Keepers", "email": "keepers@zoo.example", "roles": ["data curator"], "organization": "The zoo"},
        {"title": "Friends", "roles": ["feeding"]},
    ],
    "keywords": ["lions", "owls", "lions"],
    "sources": [{"title": "Notes"}, {"title": "Page", "path": "https://page.example/a"}],
    "shuttle:coverage": {"starts_on": "2020-01-01", "checked_through": "2026-01-01"},
    "shuttle:languages": ["en", "is"],
    "shuttle:spatial": ["Atlantis", {"title": "Japan", "path": "https://places.example/JPN"}],
    "shuttle:themes": ["https://themes.example/animals"],
    "resources": [],
}
MINIMAL = {"name": "zoo", "version": "1", "resources": []}
HOSTILE = {
    "name": "zoo",
    "version": "1</version>",
    "title": 'x"\\ ]]> <!-- \x07 \n "@id"',
    "description": "\x00\x0b\ufffe </description><x/>",
    "licenses": [{"name": "<odd> licence"}, {"path": "LICENSE <1>.md"}],
    "contributors": [
        {"title": 'A> . <b> "c', "path": "https://a.example/<> {x}", "email": "a b@c"},
        {"title": "B", "path": "not an address", "roles": ["<creator>"]},
        {"email": "nobody@zoo.example"},
    ],
    "keywords": ["", "a;b", '"""', "한국"],
    "sources": [{"path": "javascript:alert(1)"}],
    "shuttle:coverage": ["2020"],
    "shuttle:languages": "klingon language",
    "shuttle:spatial": [3, {"title": 4}, ""],
    "shuttle:themes": "https://themes.example/a> <b",
    "resources": [],
}


def release(descriptor, *, base_url="https://zoo.example/", path="data/all animals"):
    frame = pl.DataFrame({"id": ["owl", "lion"]})
    schema = Schema({"fields": [{"name": "id", "type": "string"}]})
    table = ReleasedTable("animals", schema, frame, f"{path}.csv", {"name": "animals", "title": "Animals"})
    files = (
        ReleasedFile(f"{path}.csv", "csv", "text/csv", 12, SUM, "Animals", "animals"),
        ReleasedFile(f"{path}.rds", "rds", "application/x-r-data", 14, SUM, "Animals (rds)", "animals", portable=False),
        ReleasedFile("zoo.sqlite", "sqlite", "application/vnd.sqlite3", 13, SUM, "All tables", portable=False),
    )
    return Release(descriptor, base_url, 0, tables=(table,), files=files)

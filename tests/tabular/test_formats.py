"""Which form a table is stored in."""

from pathlib import Path

import pytest

from shuttle_diplomacy.errors import UnsupportedError
from shuttle_diplomacy.package import Resource
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.tabular.formats import StoredForm, form_of


def stored(**descriptor) -> StoredForm:
    return form_of(Resource({"name": "t", **descriptor}, Folder(Path())))


@pytest.mark.parametrize(
    ("descriptor", "form"),
    [
        ({"path": "t.csv"}, "csv"),
        ({"path": "t.TSV"}, "csv"),
        ({"path": "t"}, "csv"),
        ({"path": "t.dat"}, "csv"),
        ({"path": "a.json/t"}, "csv"),
        ({"path": "t.csv.gz"}, "csv"),
        ({"path": "t.json", "format": "csv"}, "csv"),
        ({"path": "t.csv", "format": "json"}, "json"),
        ({"path": "t.csv", "format": "JSONL"}, "jsonl"),
        ({"path": "t.xlsx", "format": "csv"}, "csv"),
        ({"data": [{"a": 1}]}, "json"),
        ({"data": {"rows": []}, "format": "csv"}, "json"),
        ({"data": "a,b\n", "format": "csv"}, "csv"),
        ({"data": "{}\n", "format": "jsonl"}, "jsonl"),
    ],
)
def test_what_is_declared_or_needs_no_word(descriptor, form):
    assert stored(**descriptor) == StoredForm(form, "")


@pytest.mark.parametrize(
    ("path", "form"),
    [("t.json", "json"), ("t.jsonl", "jsonl"), ("t.ndjson", "jsonl"), ("t.json.gz", "json"), ("t.jsonl.ZIP", "jsonl")],
)
def test_what_the_ending_says_is_told(path, form):
    assert stored(path=path) == StoredForm(form, f"no format is declared; the ending of {path!r} says {form}")


@pytest.mark.parametrize(
    ("descriptor", "kind"),
    [
        ({"path": "t.xlsx"}, "xlsx"),
        ({"path": "t.parquet"}, "parquet"),
        ({"path": "t.xlsx.gz"}, "xlsx"),
        ({"path": "t.csv", "format": "ods"}, "ods"),
        ({"path": "t.csv", "format": "cvs"}, "cvs"),
        ({"path": "t.csv.xz"}, "xz"),
    ],
)
def test_another_form_is_refused_by_name(descriptor, kind):
    with pytest.raises(
        UnsupportedError, match=f"the format '{kind}' are not read; store the table as one of csv, json"
    ):
        stored(**descriptor)

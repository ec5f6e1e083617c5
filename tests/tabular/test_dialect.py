"""What a Table Dialect says when its defaults are filled in, and what contradicts itself."""

import re
from pathlib import Path

import pytest

from shuttle_diplomacy.package import Resource
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.tabular.dialect import Dialect

DIFFERENT = "; choose different characters"


def dialect_of(dialect=None, **resource):
    return Dialect.of(Resource({"name": "t", "path": "t.csv", **resource, "dialect": dialect or {}}, Folder(Path())))


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, Dialect()),
        ({"delimiter": "||"}, Dialect(delimiter="||")),
        ({"quoteChar": "'"}, Dialect(quote="'")),
        ({"quoteChar": ""}, Dialect(quote=None)),
        ({"quoteChar": None}, Dialect(quote=None)),
        ({"doubleQuote": False, "escapeChar": "\\"}, Dialect(double_quote=False, escape="\\")),
        ({"escapeChar": ""}, Dialect()),
        ({"lineTerminator": "\r\n"}, Dialect()),
        ({"lineTerminator": "\n"}, Dialect()),
        ({"lineTerminator": None}, Dialect()),
        ({"lineTerminator": "\r"}, Dialect(terminator="\r")),
        ({"lineTerminator": ";"}, Dialect(terminator=";")),
        ({"header": False}, Dialect(header=False)),
        ({"headerRows": [2, 1, 2]}, Dialect(header_rows=(1, 2))),
        ({"headerJoin": "-"}, Dialect(header_join="-")),
        ({"headerJoin": ""}, Dialect(header_join="")),
        ({"commentChar": "#", "commentRows": [3, 2]}, Dialect(comment="#", comment_rows=frozenset({2, 3}))),
        ({"skipInitialSpace": True}, Dialect(skip_initial_space=True)),
        ({"nullSequence": ""}, Dialect(null_sequence="")),
        (
            {"property": "rows", "itemType": "object", "itemKeys": ["a"]},
            Dialect(data_property="rows", item_type="object", item_keys=("a",)),
        ),
        (
            {"delimiter": 1, "quoteChar": [], "header": "no", "headerRows": 1, "commentRows": [True, 0, "2"]},
            Dialect(),
        ),
    ],
)
def test_properties_are_read_with_the_defaults_of_the_standard(declared, expected):
    assert dialect_of(declared) == expected


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"path": "t.tsv"}, "the file's name ends in .tsv"),
        ({"path": "T.TSV.gz"}, "the file's name ends in .tsv"),
        ({"format": "tsv"}, "the format is tsv"),
        (
            {"mediatype": "text/tab-separated-values; charset=utf-8"},
            "the mediatype is text/tab-separated-values",
        ),
    ],
)
def test_tab_is_assumed_and_said(resource, reason):
    dialect = dialect_of(**resource)
    assert dialect.delimiter == "\t"
    assert dialect.assumed == (f"no delimiter is declared; the tab is taken, because {reason}",)


@pytest.mark.parametrize(
    ("declared", "resource"),
    [({"delimiter": ","}, {"path": "t.tsv"}), ({}, {"path": "t.tsv", "format": "csv"}), ({}, {"path": "tsv.csv"})],
)
def test_what_is_declared_is_not_assumed(declared, resource):
    dialect = dialect_of(declared, **resource)
    assert (dialect.delimiter, dialect.assumed) == (",", ())


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"delimiter": ""}, "delimiter is empty; it has to be one or more characters"),
        ({"lineTerminator": ""}, "lineTerminator is empty; it has to be one or more characters"),
        ({"quoteChar": "''"}, "quoteChar is \"''\"; it has to be one character"),
        ({"escapeChar": "ab"}, "escapeChar is 'ab'; it has to be one character"),
        ({"delimiter": '"'}, "delimiter and quoteChar are both '\"'" + DIFFERENT),
        ({"delimiter": "\\", "escapeChar": "\\"}, "delimiter and escapeChar are both '\\\\'" + DIFFERENT),
        ({"delimiter": ";", "lineTerminator": ";"}, "delimiter and lineTerminator are both ';'" + DIFFERENT),
        ({"delimiter": ',"'}, "delimiter ',\"' contains the quoteChar '\"'" + DIFFERENT),
        ({"delimiter": "|\\", "escapeChar": "\\"}, "delimiter '|\\\\' contains the escapeChar '\\\\'" + DIFFERENT),
        ({"delimiter": ";;", "lineTerminator": ";"}, "delimiter ';;' contains the lineTerminator ';'" + DIFFERENT),
        ({"delimiter": "\r"}, "delimiter '\\r' contains a line end, which ends a row; declare another lineTerminator"),
        ({"quoteChar": "\n"}, "quoteChar '\\n' is part of a line end; choose another character"),
        (
            {"lineTerminator": "x\\", "escapeChar": "\\"},
            "escapeChar '\\\\' is part of a line end; choose another character",
        ),
        (
            {"escapeChar": '"'},
            "quoteChar and escapeChar are both '\"'; leave escapeChar out: doubleQuote says that quotes are doubled",
        ),
        ({"commentChar": '"'}, "quoteChar and commentChar are both '\"'" + DIFFERENT),
        ({"commentChar": ","}, "delimiter and commentChar are both ','" + DIFFERENT),
        (
            {"delimiter": " ", "skipInitialSpace": True},
            "skipInitialSpace drops the blanks after a delimiter, and the delimiter is a blank; leave one out",
        ),
        ({"header": False, "headerRows": [1, 2]}, "header is false and headerRows is [1, 2]; leave one of them out"),
        ({"headerRows": []}, "headerRows is empty; name the rows with labels, or declare header: false"),
        (
            {"headerRows": [1, 2], "commentRows": [2]},
            "row 2 is named in headerRows and in commentRows; leave it out of one of them",
        ),
    ],
)
def test_contradiction_is_told(declared, message):
    assert dialect_of(declared).faults() == [message]


@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"header": False, "headerRows": [1]},
        {"commentRows": [1]},
        {"delimiter": ",", "lineTerminator": ",\n"},
        {"delimiter": "\n", "lineTerminator": ";"},
        {"quoteChar": "'", "escapeChar": "\\"},
    ],
)
def test_sound_dialect_has_no_faults(declared):
    assert dialect_of(declared).faults() == []


@pytest.mark.parametrize(
    ("declared", "plain"),
    [
        ({"delimiter": "\t", "quoteChar": "'", "nullSequence": "NA", "headerRows": [2]}, True),
        ({"quoteChar": "", "doubleQuote": False}, True),
        ({"delimiter": "::"}, False),
        ({"delimiter": "§"}, False),
        ({"delimiter": "\x01"}, False),
        ({"doubleQuote": False}, False),
        ({"escapeChar": "\\"}, False),
        ({"lineTerminator": "\r"}, False),
        ({"commentChar": "#"}, False),
        ({"commentRows": [2]}, False),
        ({"skipInitialSpace": True}, False),
    ],
)
def test_plain_dialect_is_known(declared, plain):
    assert dialect_of(declared).is_plain is plain


@pytest.mark.parametrize(
    ("dialect", "line", "sound"),
    [
        (Dialect(), 'a,"b, ""c"""', True),
        (Dialect(), "a,b,c", False),
        (Dialect(), 'a,b"', False),
        (Dialect(delimiter="|", quote="'"), "'a|'|b", True),
        (Dialect(quote=None), '"a,b"', True),
        (Dialect(quote=None), "a,b,c", False),
    ],
)
def test_line_pattern_knows_sound_records(dialect, line, sound):
    assert bool(re.search(dialect.line_pattern(2), line)) is sound

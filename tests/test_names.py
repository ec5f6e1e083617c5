"""Names of tables as a type."""

from typing import get_args

import pytest
from mypy import api

import shuttle_diplomacy as sd
from shuttle_diplomacy.dataset.names import TableName
from tests.dataset_package import ROOT


def test_type_has_all_tables_and_views():
    assert list(get_args(TableName)) == sd.tables()


SNIPPET = """
import shuttle_diplomacy as sd
for name in sd.tables():
    sd.load(name)
reveal_type(sd.load("summits", related=["jp_leader_id"]))
sd.scan("agreement_status"); sd.describe("leaders"); sd.cite("apa")
"""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", ""),
        ('sd.load("sumits")', 'Argument 1 to "load" has incompatible type'),
        ('sd.scan("sumits")', 'Argument 1 to "scan" has incompatible type'),
        ('sd.describe("sumits")', 'Argument 1 to "describe" has incompatible type'),
        ('sd.cite("bibtx")', 'Argument 1 to "cite" has incompatible type'),
    ],
)
def test_type_checker_sees_a_typing_error(tmp_path, monkeypatch, line, message):
    monkeypatch.setenv("MYPYPATH", str(ROOT / "src"))
    (tmp_path / "mine.py").write_text(SNIPPET + line + "\n", encoding="utf-8")
    # The cache of `make types`: with it this takes a second.
    arguments = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]
    told, _, code = api.run([*arguments, str(tmp_path / "mine.py")])
    assert 'Revealed type is "polars.dataframe.frame.DataFrame"' in told
    assert code == (1 if message else 0), told
    assert message in told

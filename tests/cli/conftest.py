"""Fixtures: calling the command line, and a sound package."""

import pytest

from shuttle_diplomacy.cli.main import main
from tests.conftest import PackageFolder


@pytest.fixture
def run(capsys):
    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as stop:
            code = stop.code
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.fixture
def sound(folder: PackageFolder) -> PackageFolder:
    return folder.table("t", "id,n\na,1\nb,2\n", primaryKey="id")

"""What ``docs/publishing.md`` shows is what the verb prints."""

import json
import re
from pathlib import Path

import pytest

from shuttle_diplomacy.cli.main import main
from shuttle_diplomacy.cli.publish import register
from shuttle_diplomacy.publishing.archive import write_archive
from shuttle_diplomacy.publishing.checksums import checksums

PAGE = (Path(__file__).parents[3] / "docs" / "publishing.md").read_text(encoding="utf-8")
FILES = {
    "README.md": "# Zoo\n",
    "build.json": json.dumps({"name": "zoo", "version": "1.2.0", "commit": None, "SOURCE_DATE_EPOCH": 1768262400}),
    "data/animals.csv": "id\nowl\n",
    "datapackage.json": json.dumps(
        {
            "name": "zoo",
            "version": "1.2.0",
            "title": "A zoo",
            "description": "Animals & visits.",
            "created": "2026-01-13T00:00:00Z",
            "licenses": [{"name": "CC-BY-4.0"}],
            "contributors": [{"title": "Keeper, Anna", "roles": ["creator"]}],
            "resources": [{"name": "animals", "path": "data/animals.csv", "schema": {"fields": [{"name": "id"}]}}],
        }
    ),
    "zenodo.json": json.dumps(
        {
            "upload_type": "dataset",
            "title": "A zoo",
            "description": "<p>Animals &amp; visits.</p>",
            "creators": [{"name": "Keeper, Anna"}],
            "access_right": "open",
            "license": "cc-by-4.0",
            "version": "1.2.0",
            "publication_date": "2026-01-13",
        }
    ),
}


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Write a release whose bytes depend on nothing."""
    folder = tmp_path / "dist" / "zoo-1.2.0"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    (folder / "SHA256SUMS").write_bytes(checksums(folder))
    write_archive(folder, tmp_path / "dist" / "zoo-1.2.0.zip", 1768262400)
    (tmp_path / "dist" / "SHA256SUMS").write_bytes(checksums(tmp_path / "dist"))
    monkeypatch.chdir(tmp_path)


def test_the_dry_run_that_the_page_shows_is_the_true_one(example, capsys):
    shown = re.search(r"```console\n\$ shuttle (publish --to zenodo --publish)\n(.*?)```", PAGE, re.DOTALL)
    assert main(shown[1].split()) == 0
    assert capsys.readouterr().out == shown[2]


def test_the_page_names_every_option():
    import argparse

    parser = argparse.ArgumentParser()
    register(parser)
    options = {word for action in parser._actions for word in action.option_strings if word.startswith("--")}
    assert options - {"--help"} <= set(re.findall(r"--[a-z]+", PAGE))

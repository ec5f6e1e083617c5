"""What the documents claim is true."""

import re
from pathlib import Path

import pytest

from shuttle_diplomacy.cli.main import VERBS
from shuttle_diplomacy.dataset.bundled import bundled

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_generated_pages_are_current():
    from scripts.pages import main

    assert main(["--check"]) == 0


@pytest.mark.parametrize("name", bundled().tables())
def test_readme_names_every_table_and_view(name):
    assert f"`{name}`" in README


@pytest.mark.parametrize("verb", VERBS)
def test_readme_names_every_verb(verb):
    assert f"`shuttle {verb}" in README


@pytest.mark.parametrize("document", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda file: file.name)
def test_links_between_documents_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_changelog_counts_the_rules():
    words = {49: "forty-nine"}
    count = len(list((ROOT / "schemas" / "rules").glob("*.sql")))
    assert f"{words.get(count, count)} rules in SQL" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_open_questions_speak_of_rows_that_exist():
    from shuttle_diplomacy.tabular.package_tables import record_id

    data = bundled()
    known = set()
    for name in data.package.tables:
        known |= set(data.load(name).select(record_id(data.package.resource(name)))["record_id"])
    page = (ROOT / "docs" / "open-questions.md").read_text(encoding="utf-8")
    named = {t for t in re.findall(r"`([^`\n]+)`", page) if re.fullmatch(r"\d{4}-[\w-]+|[\w-]+/\d{4}[\d-]*", t)}
    assert named
    assert named <= known

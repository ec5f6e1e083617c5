"""Citations in each style, of the dataset and of any package."""

import re
import subprocess
import sys

import pytest
import yaml

import shuttle_diplomacy as sd
from shuttle_diplomacy.dataset.citing import citation
from shuttle_diplomacy.errors import UnknownNameError
from tests.conftest import PackageFolder
from tests.dataset_package import ROOT

ABOUT = {
    "name": "tides",
    "title": "Tides: a survey",
    "version": "1.2.0",
    "created": "2026-05-01T00:00:00Z",
    "homepage": "https://example.org/tides",
    "licenses": [{"name": "CC-BY-4.0"}],
    "contributors": [
        {"title": "Ann Lee", "givenName": "Ann Mary", "familyName": "Lee", "roles": ["creator"]},
        {"title": "Tide Office", "roles": ["author"]},
        {"title": "Harbour Press", "roles": ["publisher"]},
        {"title": "Helper", "roles": ["wrangler"]},
    ],
}
NASTY = r"50% of {A} & B_C #1 $x ~y ^z \n \"q\": 서울 - é" + "\u2028\x85 [yes]"


def fields_of(entry: str) -> dict[str, str]:
    """Return the fields of a BibTeX entry, read by its braces as BibTeX does."""
    found = {}
    for name, start in ((m[1], m.end()) for m in re.finditer(r"^  (\w+) = \{", entry, re.MULTILINE)):
        depth, end = 1, start
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[end], 0)
            end += 1
        found[name] = entry[start : end - 1]
    return found


def test_cff_is_the_file_at_the_root():
    assert sd.cite("cff") == (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_apa_of_the_dataset():
    assert sd.cite("apa") == (
        "The shuttle-diplomacy contributors. (2026). Shuttle diplomacy: Japan - Republic of Korea leader meetings,"
        f" agreements and issues since 1965 (Version {sd.__version__}) [Data set]. https://shuttle-diplomacy.example/"
    )


def test_apa_names_people_groups_publisher_and_doi():
    assert citation(ABOUT | {"id": "doi:10.5281/zenodo.1"}, "apa") == (
        "Lee, A. M., & Tide Office. (2026). Tides: a survey (Version 1.2.0) [Data set]. Harbour Press."
        " https://doi.org/10.5281/zenodo.1"
    )


def test_apa_shortens_a_long_list():
    people = [{"givenName": "A", "familyName": f"F{n}"} for n in range(25)]
    shown = citation({"name": "x", "contributors": people}, "apa")
    assert "F18, A., . . . F24, A. (n.d.). x [Data set]." in shown
    assert "F19" not in shown


def test_bibtex_of_people_and_groups():
    assert fields_of(citation(ABOUT, "bibtex")) == {
        "author": "Lee, Ann Mary and {Tide Office}",
        "title": "{Tides: a survey}",
        "year": "2026",
        "publisher": "Harbour Press",
        "version": "1.2.0",
        "url": "https://example.org/tides",
        "note": "Dataset, CC-BY-4.0",
    }


def test_bibtex_escapes_what_latex_reads_as_commands():
    about = {
        "name": "x-y z",
        "title": NASTY,
        "contributors": [{"title": "A {and} B"}],
        "homepage": "https://e.org/a_{b}%20#c",
    }
    entry = citation(about, "bibtex")
    assert entry.startswith("@misc{x_y_z,\n")
    found = fields_of(entry)
    assert found["title"].startswith(
        r"{50\% of \textbraceleft{}A\textbraceright{} \& B\_C \#1 \$x \textasciitilde{}y \textasciicircum{}z"
        r" \textbackslash{}n"
    )
    assert "서울" in found["title"]
    assert found["url"] == "https://e.org/a_%7Bb%7D%20#c"
    assert found["author"] == r"{A \textbraceleft{}and\textbraceright{} B}"
    assert entry.count("{") == entry.count("}")


@pytest.mark.parametrize(
    "version", ["1.2.0", "1.0", "2026", "1e3", "yes", "0.1.0-rc.1", "2026-01-13", "0x10", "a: b", "#1"]
)
def test_cff_is_yaml_that_says_the_same(version):
    about = ABOUT | {"title": NASTY, "version": version, "id": "https://doi.org/10.1234/a:b"}
    about["contributors"] = [{"title": NASTY}, {"givenName": "No", "familyName": "Null: x"}]
    told = yaml.safe_load(citation(about, "cff"))
    shown = " ".join(NASTY.split())
    assert told["title"] == shown
    assert told["version"] == version
    assert told["doi"] == "10.1234/a:b"
    assert told["license"] == "CC-BY-4.0"
    assert told["authors"] == [{"name": shown}, {"family-names": "Null: x", "given-names": "No"}]


@pytest.mark.parametrize("style", ["text", "apa", "bibtex", "cff"])
@pytest.mark.parametrize(
    "about",
    [
        {},
        {"name": "x"},
        {"name": "x", "contributors": [], "created": "soon", "licenses": [], "homepage": "javascript:alert(1)"},
        {"name": "x", "title": 3, "contributors": ["a", {"title": 1}, {"roles": "creator"}], "licenses": "CC"},
        {"name": "x", "contributors": [{"title": "a\nb\x00", "role": "author"}], "title": "a\r\n\tb"},
    ],
)
def test_little_is_enough(about, style):
    shown = citation(about, style)
    assert ("x" if "name" in about and "title" not in about else "") in shown
    assert not re.search(r"None|javascript|\(\)|  \(|[\x00\r\t]", shown)
    if style == "cff":
        assert yaml.safe_load(shown)["authors"]
    if style in {"text", "apa"}:
        assert "\n" not in shown
        assert ".." not in shown.replace("n.d..", "..")


def test_any_opened_package_can_be_cited(folder: PackageFolder):
    folder.descriptor |= ABOUT
    folder.table("t", "id,n\n")
    opened = sd.open_package(folder.root)
    assert opened.cite("apa") == citation(ABOUT, "apa")
    assert (
        opened.cite() == "Ann Mary Lee, Tide Office (2026). Tides: a survey. Version 1.2.0. https://example.org/tides"
    )
    with pytest.raises(UnknownNameError, match="there is no citation style 'ap'; did you mean 'apa'"):
        opened.cite("ap")


def test_loading_citing_and_describing_need_the_base_install_only():
    extras = [
        "pandera",
        "frictionless",
        "jsonschema",
        "yaml",
        "altair",
        "sqlglot",
        "elementpath",
        "rdflib",
        "pandas",
        "requests",
    ]
    probe = (
        f"import sys; sys.modules |= dict.fromkeys({extras}); import shuttle_diplomacy as sd\n"
        "for style in ('text', 'apa', 'bibtex', 'cff'): sd.cite(style)\n"
        "sd.load('summits', related=True, missing_labels=True); sd.load('evidence')\n"
        "str(sd.describe('summits')['form'])\n"
        "sd.sources_of('summits', '2026-01-13-nara'); repr(sd.open_package('datapackage'))\n"
    )
    subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=True)

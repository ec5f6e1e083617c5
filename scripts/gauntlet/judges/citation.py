"""cffconvert: the citation file."""

from pathlib import Path

from scripts.gauntlet.reading import Fault, one


def judge(release: Path) -> str:
    """Validate the file by the schema of its version."""
    from cffconvert import Citation

    text = one(release, "CITATION.cff").read_text(encoding="utf-8")
    citation = Citation(text)
    citation.validate()
    if "type: dataset" not in text.splitlines():
        raise Fault("the citation is not that of a dataset")
    return f"CFF {citation.cffversion}"

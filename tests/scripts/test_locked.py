import re
from importlib.metadata import distribution

import pytest
from scripts.locked import ROOT, locked, main, required


def names(lock: str) -> set[str]:
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}


def needed(roots: list[str]) -> set[str]:
    """Return the packages and all that the installed ones say they need here, without any extra."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    todo = [Requirement(root) for root in roots]
    while todo:
        requirement = todo.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        extras = ["", *requirement.extras]
        for line in distribution(name).requires or []:
            more = Requirement(line)
            asked = more.marker is None or any(more.marker.evaluate({"extra": extra}) for extra in extras)
            if asked and re.sub(r"[-_.]+", "-", more.name).lower() not in found:
                todo.append(more)
        found.add(name)
    return found


def test_part_holds_all_that_the_tools_need(capsys):
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    roots = [*project["dependencies"], *project["optional-dependencies"]["tools"]]
    assert main(["--extra", "tools"]) == 0
    assert needed(roots) <= names(capsys.readouterr().out)


def test_part_for_requests_is_small(capsys):
    assert main(["requests"]) == 0
    part = capsys.readouterr().out
    assert names(part) == {"requests", "certifi", "charset-normalizer", "idna", "urllib3"}
    assert all(entry.count("--hash=sha256:") for entry in re.split(r"^(?=\S)", part, flags=re.MULTILINE)[1:])


def test_entries_are_those_of_the_lock():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    part = locked(["idna"], lock)
    assert part.startswith("idna==")
    assert part in lock


def test_extra_adds_to_what_is_always_needed():
    assert set(required(None)) == {"polars", "pooch", "requests"}
    assert "frictionless" in required("tools")


@pytest.mark.parametrize("name", ["sumits", "Requests_x"])
def test_unknown_package_is_told(name, capsys):
    assert main([name]) == 1
    assert "requirements.lock does not hold" in capsys.readouterr().err

"""The house: imports run downwards, the engine does not know the dataset, heavy modules come late."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "shuttle_diplomacy"
FLOORS = {
    "errors": 0,
    "package": 1,
    "tabular": 2,
    "validation": 3,
    "review": 4,
    "publishing": 5,
    "dataset": 3,
    "cli": 9,
}
FORBIDDEN = {("dataset", "validation"), ("validation", "dataset"), ("publishing", "dataset"), ("review", "dataset")}
MODULES = sorted(SOURCE.rglob("*.py"))


def imported(module: Path) -> set[str]:
    """Return the rooms of this package that a module imports anywhere, in functions too."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("shuttle_diplomacy.")}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_downwards(module):
    room = module.relative_to(SOURCE).parts[0].removesuffix(".py")
    if room == "__init__":
        return
    for other in imported(module) - {room}:
        assert FLOORS[other] < FLOORS[room], f"{room} imports {other}"
        assert (room, other) not in FORBIDDEN


def test_the_engine_names_no_table_of_the_dataset():
    tables = {file.stem for file in (SOURCE.parents[1] / "schemas" / "tables").glob("*.json")}
    rooms = ("package", "tabular", "validation", "review", "publishing")
    for module in (m for m in MODULES if m.relative_to(SOURCE).parts[0] in rooms):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in tables - {"sources", "codes", "citations"}, module


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import shuttle_diplomacy", ["polars", "requests", "pandera", "rich", "sqlglot", "importlib.metadata"]),
        ("from shuttle_diplomacy.cli.main import main; main(['--version'])", ["polars"]),
        (
            "import shuttle_diplomacy as sd; sd.load('agreement_status')",
            ["pandera", "sqlglot", "frictionless", "rich", "requests"],
        ),
    ],
)
def test_heavy_modules_come_late(code, absent):
    probe = (
        f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint([m for m in {absent} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_does_not_import_polars():
    call = "try:\n    main(['validate', '--help'])\nexcept SystemExit:\n    assert 'polars' not in sys.modules"
    probe = f"import sys\nfrom shuttle_diplomacy.cli.main import main\n{call}"
    subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True)

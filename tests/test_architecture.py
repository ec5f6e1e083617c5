"""The house: imports run downwards, the engine does not know the dataset, heavy modules come late."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "shuttle_diplomacy"
FLOORS = {
    "errors": 0,
    "charts": 1,
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
LONGEST_MODULE = 400
# Rooms whose modules are chosen by a text, with what stands before it in their names.
BY_NAME = (
    "shuttle_diplomacy.cli.",
    "shuttle_diplomacy.validation.rendering.",
    "shuttle_diplomacy.review.rendering.",
    "shuttle_diplomacy.review.rendering.review_",
)
ENTRIES = {"shuttle_diplomacy.cli.main", "shuttle_diplomacy.validation.frictionless_child"}  # started by a command


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


def test_no_other_room_imports_charts():
    others = [module for module in MODULES if module.relative_to(SOURCE).parts[0] != "charts"]
    assert [module for module in others if "charts" in imported(module)] == []


def test_the_engine_names_no_table_of_the_dataset():
    tables = {file.stem for file in (SOURCE.parents[1] / "schemas" / "tables").glob("*.json")}
    rooms = ("package", "tabular", "validation", "review", "publishing")
    for module in (m for m in MODULES if m.relative_to(SOURCE).parts[0] in rooms):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in tables - {"sources", "codes", "citations"}, module


# polars may run two scans of one file in one collect as if they had the same options, so CSV is parsed in one place.
_CSV_READING = {"read_csv", "scan_csv", "read_csv_batched", "collect_all"}


def calls(module: Path) -> set[str]:
    """Return the names of all attributes and functions that a module mentions."""
    nodes = list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
    imported_names = {a.name for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names}
    return {n.attr for n in nodes if isinstance(n, ast.Attribute)} | imported_names


def test_csv_is_parsed_in_one_place_and_at_once():
    assert {m.relative_to(SOURCE).as_posix() for m in MODULES if calls(m) & _CSV_READING} == {"tabular/plain.py"}
    assert calls(SOURCE / "tabular" / "plain.py") & _CSV_READING == {"read_csv"}
    lazily = {"lazy", "collect", "collect_all", "scan_csv"}
    assert not calls(SOURCE / "tabular" / "plain.py") & lazily


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_is_longer_than_anyone_reads(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_every_module_is_imported_by_another():
    known = {".".join(["shuttle_diplomacy", *m.relative_to(SOURCE).with_suffix("").parts]): m for m in MODULES}
    known = {name.removesuffix(".__init__"): module for name, module in known.items()}
    reached = {"shuttle_diplomacy", *ENTRIES}
    for name, module in known.items():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                reached |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)} - {name}
            elif isinstance(node, ast.Import):
                reached |= {alias.name for alias in node.names} - {name}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                reached |= {f"{room}{node.value}" for room in BY_NAME}
    rooms = {name for name in known if any(other.startswith(f"{name}.") for other in reached)}
    assert set(known) - reached - rooms == set()


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import shuttle_diplomacy", ["polars", "requests", "pandera", "rich", "sqlglot", "importlib.metadata"]),
        ("from shuttle_diplomacy.cli.main import main; main(['--version'])", ["polars"]),
        ("from shuttle_diplomacy import charts", ["altair", "polars"]),
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

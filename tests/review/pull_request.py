"""The worked pull requests: what a contributor's branch gives, as files in ``tests/data/pull-request``.

A branch of a copy of this repository adds a summit, corrects a date, and forgets to cite the summit. A second one does
so with cells, one of them a key, that try to be workflow commands, HTML, Markdown tables and links (``hostile``).
``python -m tests.review.pull_request`` writes the files anew after the dataset or the forms changed; read them before
they are committed.
"""

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shuttle_diplomacy.cli.main import main
from tests.review.packages import commit, git

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "pull-request"
HOSTILE = (
    "::error file=README.md::not a command. <script>alert(1)</script> | a | b | [link](https://example.org/) @someone "
    "##[group]x `c` </details> \u202ereversed"
)
ID, DAY = "2026-06-20-busan", "2026-06-20"
ROW = (
    "{id},{day},{day},{day},day,KR,Busan,釜山,{city_ko},Nurimaru APEC House,35.1017,129.03,"
    "visit,jp-kr,Visit to Busan,working,takaichi-sanae,lee-jae-myung,summit_meeting,shunou kaidan,jeongsang hoedam,,,"
    "true,90,separate_readouts,,{summary},candidate\n"
)
ROWS = {
    "": ROW.format(
        id=ID, day=DAY, city_ko="부산", summary="The two met in Busan and agreed to go on with shuttle diplomacy."
    ),
    "hostile": ROW.format(id=ID, day=DAY, city_ko=HOSTILE, summary=HOSTILE)
    + ROW.format(id=HOSTILE, day="2026-06-21", city_ko="부산", summary="They met again."),
}
DATE = (
    "2026-01-13-nara,2026-01-13,2026-01-14,",
    "2026-01-13-nara,2026-01-13,2026-01-15,",
)
TEXT = ("On 14 January the two toured", "On 15 January the two toured")
# What is printed goes to the first file, the second is written by the command itself.
COMMANDS = {
    ("annotations.txt", "report.md"): "validate datapackage --format github --output report.md",
    ("review.txt", "review.md"): "review git:main git:HEAD --output review.md",
    ("version.txt", ""): "diff git:main git:HEAD --check --quiet",
    ("changelog.md", ""): "changelog --since main git:HEAD",
}
FILES = [file for pair in COMMANDS for file in pair if file]


def make(root: Path) -> Path:
    """Make the repository with its main branch and return its folder."""
    for name in ("datapackage", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "pyproject.toml", root)
    git(root, "init", "-q")
    commit(root, "The dataset")
    return root


def branch(root: Path, name: str) -> None:
    """Check out the branch of one pull request."""
    git(root, "checkout", "-q", "-b", f"busan-{name}", "main")
    file = root / "datapackage" / "data" / "summits.csv"
    text = file.read_text(encoding="utf-8")
    for before, after in (DATE, TEXT):
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    file.write_text(text + ROWS[name], encoding="utf-8", newline="")
    commit(root, "Add the summit of Busan, correct the end of that of Nara")


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def outcome(root: Path, name: str) -> dict[str, str]:
    """Return what each command prints on a branch, and the exit codes of all, by file."""
    found, codes = {}, []
    branch(root, name)
    with inside(root):
        for (printed, written), command in COMMANDS.items():
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                codes.append(f"{main(command.split())}  shuttle {command}")
            found[printed] = out.getvalue() + err.getvalue()
            if written:
                found[written] = (root / written).read_text(encoding="utf-8")
                (root / written).unlink()
    return found | {"exit-codes.txt": "\n".join(codes) + "\n"}


def write() -> None:
    """Write the files anew."""
    with tempfile.TemporaryDirectory() as folder:
        root = make(Path(folder))
        for name in ROWS:
            (GOLDEN / name).mkdir(parents=True, exist_ok=True)
            for file, content in outcome(root, name).items():
                (GOLDEN / name / file).write_text(content, encoding="utf-8", newline="")


if __name__ == "__main__":
    write()

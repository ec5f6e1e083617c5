"""docs/using.md: each snippet with its real output below it, from a built release.

``python -m scripts.using RELEASE`` runs every snippet by its own tool, says which tools are not installed, and exits
with 1 where an output differs from the page; ``--write`` puts the outputs into it instead. What an ordinary test run
has (pandas, DuckDB, SQLite) is run there too. R and LibreOffice are programs that it need not have: there the answers
of their snippets are computed in another way and compared with the page.
"""

import argparse
import csv
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "using.md"
_SECTION = re.compile(r"^## (\w+)", re.MULTILINE)
_BLOCK = re.compile(r"```(?:python|sql|r|excel)\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)
_SECONDS = 300


@dataclass(frozen=True)
class Snippet:
    """A snippet of the page.

    Attributes:
        tool: the first word of the section's heading.
        code: what is run.
        output: what the page says that it prints.
        span: where the output stands in the page.
    """

    tool: str
    code: str
    output: str
    span: tuple[int, int]


def snippets(page: str) -> Iterator[Snippet]:
    r"""Yield the snippets of the page, in its order.

    Examples:
        >>> [(s.tool, s.code) for s in snippets("## R\n```r\nprint(1)\n```\n\n```text\n[1] 1\n```")]
        [('R', 'print(1)\n')]
    """
    for match in _BLOCK.finditer(page):
        tool = _SECTION.findall(page, 0, match.start())[-1]
        yield Snippet(tool, match["code"], match["output"], match.span("output"))


def run_python(code: str, release: Path) -> str:
    """Return what Python prints."""
    return _printed([sys.executable, "-c", code], release)


def run_r(code: str, release: Path) -> str:
    """Return what R prints."""
    return _printed(["Rscript", "--vanilla", "-e", code], release)


def run_sqlite(code: str, release: Path) -> str:
    """Return what ``sqlite3 -header`` prints: values between bars, null as nothing."""
    lines = []
    (database,) = release.glob("*.sqlite")
    with closing(sqlite3.connect(database.absolute().as_uri() + "?mode=ro", uri=True)) as connection:
        for query in code.strip().rstrip(";").split(";\n"):
            cursor = connection.execute(query)
            lines.append([column[0] for column in cursor.description])
            lines += [["" if value is None else str(value) for value in row] for row in cursor]
    return "".join("|".join(line) + "\n" for line in lines)


def formulas(code: str) -> list[tuple[str, str]]:
    r"""Return question and formula of each line.

    Examples:
        >>> formulas("All  =COUNTIFS(a!A:A,TRUE)\n")
        [('All', '=COUNTIFS(a!A:A,TRUE)')]
    """
    pairs = [line.partition("  =")[::2] for line in code.splitlines()]
    return [(question.strip(), f"={formula}") for question, formula in pairs]


def answered(code: str, values: Sequence[str]) -> str:
    """Return the output of a block of formulas: each question with its value."""
    questions = [question for question, _ in formulas(code)]
    width = max(map(len, questions))
    return "".join(f"{question:<{width}}  {value}\n" for question, value in zip(questions, values, strict=True))


def run_calc(code: str, release: Path) -> str:
    """Return the answers that LibreOffice computes in a copy of the workbook, days as such."""
    import openpyxl

    (workbook,) = release.glob("*.xlsx")
    book = openpyxl.load_workbook(workbook)
    sheet = book.create_sheet("Answers", 0)
    for row, (_, formula) in enumerate(formulas(code), 1):
        # Functions that came after the file format bear a prefix in the file that nobody sees.
        sheet.cell(row, 1, formula.replace("MAXIFS", "_xlfn.MAXIFS"))
        if "MAXIFS" in formula:
            sheet.cell(row, 1).number_format = "yyyy-mm-dd"
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder, "answers.xlsx"))
        home = f"-env:UserInstallation={Path(folder, 'home').as_uri()}"
        convert = ["soffice", home, "--headless", "--convert-to", "csv", "--outdir", folder]
        _printed([*convert, str(Path(folder, "answers.xlsx"))], Path(folder))
        with Path(folder, "answers.csv").open(encoding="utf-8", newline="") as file:
            return answered(code, [line[0] for line in csv.reader(file)])


def _printed(command: list[str], folder: Path) -> str:
    own = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **own},
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


@dataclass(frozen=True)
class Tool:
    """What runs the snippets of a section.

    Attributes:
        run: gives the output for a snippet and the folder of a release.
        program: the program that it needs, None where it is part of the development environment.
    """

    run: Callable[[str, Path], str]
    program: str | None = None


TOOLS = {
    "pandas": Tool(run_python),
    "DuckDB": Tool(run_python),
    "SQLite": Tool(run_sqlite),
    "R": Tool(run_r, "Rscript"),
    "Excel": Tool(run_calc, "soffice"),
}


def spaced(output: str) -> str:
    r"""Return an output as it stands in a page: no blanks at the ends of lines, no empty line at its end.

    Examples:
        >>> spaced("a  \n\nb\n\n")
        'a\n\nb\n'
    """
    return "\n".join(line.rstrip() for line in output.rstrip().splitlines()) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the snippets on a release; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path, help="the folder of a release")
    parser.add_argument("--write", action="store_true", help="write the outputs into the page")
    options = parser.parse_args(argv)
    page, stale = PAGE.read_text(encoding="utf-8"), 0
    for snippet in reversed(list(snippets(page))):
        tool = TOOLS[snippet.tool]
        if tool.program and not shutil.which(tool.program):
            print(f"{snippet.tool}: NOT RUN, {tool.program} is not installed")
            continue
        output = spaced(tool.run(snippet.code, options.release))
        same = output == snippet.output
        print(f"{snippet.tool}: {'as the page says' if same else 'differs from the page'}")
        stale += not same
        page = page[: snippet.span[0]] + output + page[snippet.span[1] :]
    if options.write:
        PAGE.write_text(page, encoding="utf-8")
    return int(bool(stale) and not options.write)


if __name__ == "__main__":
    sys.exit(main())

"""Execute the notebooks; they are stored with their outputs, so that a reader without Python sees them.

``--write`` stores the fresh outputs. Without it the outputs are compared with the stored ones, and a difference is
an error: what the notebook shows is what the data says.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "notebooks"
SECONDS = 300


def executed(file: Path) -> Any:
    """Return a notebook after a fresh run of all its cells.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(file, as_version=4)
    NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {}
    notebook["metadata"] = {"kernelspec": notebook["metadata"]["kernelspec"], "language_info": {"name": "python"}}
    return notebook


def outputs(notebook: Any) -> Iterator[tuple[str, str]]:
    """Yield the source and the plain-text output of each code cell."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shown = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
            yield cell.source, "".join(shown)


def main(argv: Sequence[str] | None = None) -> int:
    """Execute every notebook; return the exit code."""
    import nbformat

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="store the fresh outputs")
    options = parser.parse_args(argv)
    stale = []
    for file in sorted(FOLDER.glob("*.ipynb")):
        fresh = executed(file)
        if options.write:
            nbformat.write(fresh, file)
        elif list(outputs(fresh)) != list(outputs(nbformat.read(file, as_version=4))):
            stale.append(file.name)
    for name in stale:
        print(f"notebooks/{name} shows other outputs than a fresh run; run: make notebooks", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())

"""Execute the notebooks; they are stored with their outputs, so that a reader without Python sees them.

``--write`` stores the fresh outputs, and each notebook as a page of docs/notebooks. Without it the outputs are
compared with the stored ones, and a difference is an error: what the notebook shows is what the data says.

A chart is stored as a picture, which every viewer shows, and with the digest of what it draws: so the comparison
needs no renderer. Drawing a picture anew needs vl-convert-python.
"""

import argparse
import asyncio
import base64
import hashlib
import importlib.util
import json
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from scripts import notebook_pages

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
SECONDS = 300
AT_ONCE = 4
CHART = "application/vnd.vegalite+json"
DIGEST = "drawn_from"
SCALE = 1.5
_PNG = b"\x89PNG\r\n\x1a\n"
# Commands of the notebooks run by name, without colours and moving bars, and as wide as a page.
PLAIN = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "100", "TZ": "UTC"}
# The default renderer of altair writes a page with random ids; this one hands over what is to be drawn.
RENDERER = (
    "--IPKernelApp.exec_lines=import altair;"
    f"altair.renderers.register('drawn', lambda spec, **_: {{'{CHART}': spec}});"
    "altair.renderers.enable('drawn')"
)


def executed(file: Path) -> Any:
    """Return a notebook after a fresh run of all its cells.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(file, as_version=4)
    stored = pictures(notebook)
    charts = any("charts." in cell.source for cell in notebook.cells if cell.cell_type == "code")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
        extra_arguments=[RENDERER] if charts else [],
    )
    asyncio.run(client.async_execute(env={**os.environ, **PLAIN, "PATH": path}))  # closes the loop that it opens
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {}
        if cell.cell_type == "code":
            cell["outputs"] = [_settled(output, stored) for output in _joined(cell.outputs)]
    notebook["metadata"] = {"kernelspec": notebook["metadata"]["kernelspec"], "language_info": {"name": "python"}}
    return notebook


def _joined(outputs: Sequence[Any]) -> list[Any]:
    """Return the outputs with all that was printed in one piece, as it would stand in a terminal."""
    joined: list[Any] = []
    for output in outputs:
        if output.output_type == "stream":
            output["text"] = output.text.replace("\r\n", "\n")
        last = joined[-1] if joined else None
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def _settled(output: Any, stored: dict[str, str]) -> Any:
    """Return an output in which a chart is a picture: the stored one, where it draws the same."""
    from nbformat import from_dict

    if CHART not in output.get("data", {}):
        return output
    drawn = {"background": "white", **output["data"][CHART]}
    drawn.pop("$schema", None)
    digest = hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()[:16]
    picture = stored.get(digest) or _picture(drawn)
    shown = {"text/plain": _told(drawn), **({"image/png": picture} if picture else {})}
    return from_dict({**output, "data": shown, "metadata": {DIGEST: digest}})


def _told(drawn: dict[str, Any]) -> str:
    """Return what a chart shows, for those who do not see it: its description, else its title."""
    title = drawn.get("title") or "A chart"
    title = title["text"] if isinstance(title, dict) else title
    return str(drawn.get("description") or (title if isinstance(title, str) else " ".join(title)))


def _picture(drawn: dict[str, Any]) -> str | None:
    """Return a chart as PNG in base64, None where there is no renderer."""
    if importlib.util.find_spec("vl_convert") is None:
        return None
    import vl_convert

    png: bytes = vl_convert.vegalite_to_png(drawn, scale=SCALE)
    return base64.b64encode(_squeezed(png)).decode()


def _squeezed(png: bytes) -> bytes:
    """Return the same picture in a third of the bytes: the renderer hardly compresses."""
    kept, pixels, position = [], b"", len(_PNG)
    while position < len(png):
        end = position + 12 + int.from_bytes(png[position : position + 4])  # length, kind, content, checksum
        kind, content = png[position + 4 : position + 8], png[position + 8 : end - 4]
        pixels += content if kind == b"IDAT" else b""
        kept += [(kind, content)] if kind in {b"IHDR", b"pHYs"} else []
        position = end
    kept += [(b"IDAT", zlib.compress(zlib.decompress(pixels), 9)), (b"IEND", b"")]
    return _PNG + b"".join(
        len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4) for kind, content in kept
    )


def pictures(notebook: Any) -> dict[str, str]:
    """Return the stored pictures by the digest of what they draw."""
    return {
        output["metadata"][DIGEST]: output["data"]["image/png"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if DIGEST in output.get("metadata", {}) and "image/png" in output["data"]
    }


def shown(notebook: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield the source of each cell and all that it shows; for a picture, what it is drawn from."""
    for cell in notebook.cells:
        outputs = cell.get("outputs", ())
        yield (
            cell.source,
            [
                (output.get("text"), output.get("metadata"), {**output.get("data", {}), "image/png": None})
                for output in outputs
            ],
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Execute every notebook; return the exit code."""
    import nbformat

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="store the fresh outputs and pages")
    parser.add_argument("names", nargs="*", help="notebooks, without .ipynb (default: all)")
    options = parser.parse_args(argv)
    files = [file for file in sorted(FOLDER.glob("*.ipynb")) if not options.names or file.stem in options.names]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fresh = dict(zip(files, pool.map(executed, files), strict=True))
    problems = []
    for file, notebook in fresh.items():
        if any("image/png" not in o["data"] for o in _charts(notebook)):
            problems.append(f"notebooks/{file.name} has a chart without picture; install vl-convert-python")
        elif options.write:
            nbformat.write(notebook, file)
            notebook_pages.write(file)
        elif list(shown(notebook)) != list(shown(nbformat.read(file, as_version=4))):
            problems.append(f"notebooks/{file.name} shows other outputs than a fresh run")
    problems += [] if options.write else [f"docs/notebooks/{name} is stale" for name in notebook_pages.stale(FOLDER)]
    for problem in problems:
        print(f"{problem}; run: make notebooks", file=sys.stderr)
    return int(bool(problems))


def _charts(notebook: Any) -> list[Any]:
    return [
        output for cell in notebook.cells for output in cell.get("outputs", ()) if DIGEST in output.get("metadata", {})
    ]


if __name__ == "__main__":
    sys.exit(main())

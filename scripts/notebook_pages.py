"""docs/notebooks: each notebook with its outputs as a page, for readers without Jupyter."""

import base64
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parents[1] / "docs" / "notebooks"
_RIGHT = re.compile(r"-?[\d,.]+( %)?|null")


class _Rows(HTMLParser):
    """The cells of the one table in a frame's HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "tr":
            self.rows.append([])
        elif tag in {"th", "td"}:
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


def table(html: str) -> str:
    r"""Return the HTML of a frame as a Markdown table; texts lose the quotation marks that polars puts around them.

    Examples:
        >>> print(table("<table><tr><th>form</th><th>n</th></tr><tr><td>&quot;a|b&quot;</td><td>5</td></tr></table>"))
        | form | n |
        |---|--:|
        | a\|b | 5 |
    """
    parser = _Rows()
    parser.feed(html)
    head, *rows = parser.rows
    number = [bool(rows) and all(_RIGHT.fullmatch(row[n]) for row in rows) for n in range(len(head))]
    lines = [head, *([_unquoted(cell) for cell in row] for row in rows)]
    written = [f"| {' | '.join(map(_escaped, line))} |" for line in lines]
    return "\n".join([written[0], f"|{'|'.join('--:' if n else '---' for n in number)}|", *written[1:]])


def _escaped(cell: str) -> str:
    return " ".join(cell.split()).replace("|", r"\|")


def _unquoted(cell: str) -> str:
    return cell[1:-1] if len(cell) > 1 and cell.startswith('"') and cell.endswith('"') else cell


def rendered(file: Path) -> dict[str, bytes]:
    """Return the files of a notebook's page by name: the page, and its pictures."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    pictures: dict[str, bytes] = {}
    parts = [
        f"<!-- made from notebooks/{file.name}; run: make notebooks -->",
        *(part for cell in notebook["cells"] for part in _cell(cell, file.stem, pictures)),
        f"The notebook itself: [{file.name}](../../notebooks/{file.name}).",
    ]
    return {f"{file.stem}.md": ("\n\n".join(parts) + "\n").encode(), **pictures}


def _cell(cell: dict[str, Any], stem: str, pictures: dict[str, bytes]) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield _led(source)
        return
    yield f"```python\n{source}\n```"
    for output in cell["outputs"]:
        data = {kind: "".join(text) for kind, text in output.get("data", {}).items()}
        if "image/png" in data:
            name = f"{stem}-{len(pictures) + 1}.png"
            pictures[name] = base64.b64decode(data["image/png"])
            yield f"![{data['text/plain']}]({name})"
        elif 'class="dataframe"' in data.get("text/html", ""):
            yield table(data["text/html"])
        elif "text/markdown" in data:
            yield data["text/markdown"]
        else:
            printed = data["text/plain"] if data else "".join(output["text"])
            yield f"```text\n{printed.rstrip()}\n```"


def _led(text: str) -> str:
    """Return a text whose links lead from docs/notebooks where they led from notebooks, to pages where there are such.

    Examples:
        >>> _led("[a](../docs/a.md), [b](../b.md), [c](c.ipynb), [d](https://d.example/d.ipynb)")
        '[a](../a.md), [b](../../b.md), [c](c.md), [d](https://d.example/d.ipynb)'
    """
    text = re.sub(r"\]\(\.\./(?!docs/)", "](../../", text)
    return re.sub(r"\]\(([\w-]+)\.ipynb\)", r"](\1.md)", text.replace("](../docs/", "](../"))


def write(file: Path) -> None:
    """Write the page of a notebook and its pictures, and remove pictures that it no longer has."""
    files = rendered(file)
    PAGES.mkdir(exist_ok=True)
    for old in PAGES.glob(f"{file.stem}-*.png"):
        if old.name not in files:
            old.unlink()
    for name, content in files.items():
        (PAGES / name).write_bytes(content)


def stale(folder: Path) -> list[str]:
    """Return the names of pages and pictures that are not those of the stored notebooks."""
    wanted = {name: content for file in folder.glob("*.ipynb") for name, content in rendered(file).items()}
    found = {file.name: file.read_bytes() for file in PAGES.glob("*")} if PAGES.is_dir() else {}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))

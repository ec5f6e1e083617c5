"""``shuttle init``: a Data Package from a folder of CSV files."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shuttle_diplomacy.cli.main import FAILED, FINE
from shuttle_diplomacy.errors import TargetError, UnreadableError

if TYPE_CHECKING:
    from shuttle_diplomacy.publishing.inference.drafting import Draft


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="where the CSV files are (default: here)")
    parser.add_argument("--force", action="store_true", help="replace files that are there already")
    parser.add_argument(
        "--workflow",
        metavar="OWNER/NAME@COMMIT",
        help="write a GitHub workflow too, which judges the package with this action",
    )
    parser.add_argument("--config", action="store_true", help="write shuttle.toml too, which names the package")


def run(options: argparse.Namespace) -> int:
    """Write the descriptor, say what was inferred and what to look at, and judge the result."""
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.package.reading import DESCRIPTOR_NAMES
    from shuttle_diplomacy.package.writing import replace_file
    from shuttle_diplomacy.publishing.assembly import to_json
    from shuttle_diplomacy.publishing.inference.drafting import draft_of
    from shuttle_diplomacy.validation.pipeline import validate
    from shuttle_diplomacy.validation.rendering.text import render

    root: Path = options.folder
    if not root.is_dir():
        raise UnreadableError(f"{root} is no folder; name the one that holds the CSV files")
    files = _beside(options)
    _check([root / name for name in DESCRIPTOR_NAMES] + list(files), force=options.force)
    with steps("Reading") as step:
        draft = draft_of(root, step)
    content = to_json(draft.package.descriptor)
    replace_file(root / DESCRIPTOR_NAMES[0], content)
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, text.encode())
    with steps("Checking") as step:
        report = validate(draft.package, on_table=step)
    sys.stdout.write(_told(draft, [root / DESCRIPTOR_NAMES[0], *files]))
    if not report.valid:
        sys.stdout.write("\n" + render(report, colour=sys.stdout.isatty()))
        print("shuttle init: written, but the package is not valid yet; mend what is listed", file=sys.stderr)
        return FAILED
    return FINE


def _beside(options: argparse.Namespace) -> dict[Path, str]:
    """Return the files that are asked for beside the descriptor, with their content."""
    from shuttle_diplomacy.publishing.inference.starter import (
        CONFIGURATION,
        WORKFLOW,
        configuration_text,
        repository_of,
        workflow_text,
    )

    top = repository_of(options.folder)
    path = options.folder.resolve().relative_to(top).as_posix()
    files: dict[Path, str] = {}
    if options.config:
        files[top / CONFIGURATION] = configuration_text(path)
    if options.workflow is not None:
        files[top / WORKFLOW] = workflow_text(path, options.workflow)
    return files


def _check(files: list[Path], *, force: bool) -> None:
    """Refuse to replace what somebody wrote."""
    for file in files:
        if os.path.lexists(file) and not force:
            raise TargetError(f"{file} is there already; --force replaces it, nothing was written")


def _told(draft: "Draft", files: list[Path]) -> str:
    """Return what was inferred and what to look at."""
    from shuttle_diplomacy.package.finding import plain
    from shuttle_diplomacy.validation.rendering.wording import count

    lines = [f"wrote {_short(file)}" for file in files]
    for resource in draft.package.resources:
        key = f", primary key {', '.join(resource.schema.primary_key)}" if resource.schema.primary_key else ""
        size = count(draft.rows[resource.name], "row")
        lines += ["", f"{resource.name}: {resource.path}, {size}{key}"]
        width = max(len(name) for name in resource.schema.names)
        lines += [f"  {field.name:{width}}  {field.type}" for field in resource.schema.fields]
    lines += ["", "Look at"]
    lines += [f"- {note.where}: {note.text}" for note in draft.notes]
    lines += ["- the package: give it a title, a description, licenses and sources, which no file tells"]
    return "\n".join(plain(line) for line in lines) + "\n"


def _short(file: Path) -> str:
    return os.path.relpath(file) if file.is_absolute() else str(file)

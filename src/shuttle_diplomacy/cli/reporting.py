"""Where a report goes: to stdout in the form that was asked for, and to files in the form of their ending."""

import errno
import os
import shutil
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMATS = ("text", "json", "github", "junit", "sarif", "markdown")
_ENDINGS = {
    ".sarif.json": "sarif",
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".txt": "text",
}
_DESCRIPTORS = {"datapackage.json", "datapackage.yaml", "datapackage.yml"}


@dataclass(frozen=True)
class Target:
    """A file that a report is written to, and in which form."""

    form: str
    file: Path


def targets(values: "Sequence[str]", forms: "Sequence[str]" = FORMATS) -> list[Target]:
    """Return what ``--output`` names: ``FILE``, or ``FORMAT=FILE`` where the ending says no format.

    Args:
        values: what was given.
        forms: the formats that the verb knows.

    Raises:
        TargetError: an ending says no format that the verb knows, two are the same file, or a file cannot be written.

    Examples:
        >>> targets(["r.sarif.json", "junit=r.log"])
        [Target(form='sarif', file=PosixPath('r.sarif.json')), Target(form='junit', file=PosixPath('r.log'))]
    """
    found = [_target(value, forms) for value in values]
    for place, target in enumerate(found):
        if target.file.absolute() in {other.file.absolute() for other in found[:place]}:
            raise TargetError(f"--output names {target.file} twice; give each form a file of its own")
        _check(target.file)
    return found


def _target(value: str, forms: "Sequence[str]") -> Target:
    form, equals, file = value.partition("=")
    if equals and form in forms and file:
        return Target(form, Path(file))
    endings = {ending: stands_for for ending, stands_for in _ENDINGS.items() if stands_for in forms}
    for ending, stands_for in endings.items():
        if value.lower().endswith(ending):
            return Target(stands_for, Path(value))
    raise TargetError(
        f"--output {value}: the ending says no format; use {', '.join(endings)}, or name it: --output json={value}"
    )


def _check(file: Path) -> None:
    """Find out before the work whether the file can be written."""
    problem = "that is the name of a descriptor, name the report otherwise" if file.name in _DESCRIPTORS else ""
    try:
        with suppress(FileNotFoundError):
            file.stat()
        folder = file.parent.stat()
        if file.is_dir():
            problem = os.strerror(errno.EISDIR)
        elif not stat.S_ISDIR(folder.st_mode):
            problem = os.strerror(errno.ENOTDIR)
        elif not os.access(file if _is_special(file) else file.parent, os.W_OK):
            problem = os.strerror(errno.EACCES)
    except OSError as error:
        problem = error.strerror or str(error)
    except ValueError as error:  # a name that no system call takes
        problem = str(error)
    if problem:
        raise TargetError(f"{file} cannot be written: {problem}; nothing was judged")


def _is_special(file: Path) -> bool:
    """Return whether it is a pipe or a device, which is written to and never replaced."""
    return file.exists() and not file.is_file()


def write_files(
    report: Any,
    files: "Sequence[Target]",
    options: dict[str, dict[str, Any]],
    render: "Callable[..., str] | None" = None,
) -> None:
    """Write the report to each file, as a whole.

    Args:
        report: the report.
        files: where, and in which form.
        options: what the renderers are told, by form.
        render: makes a text of report, form and options; None: that of validation.

    Raises:
        TargetError: a file cannot be written; the others are.
    """
    from shuttle_diplomacy.package.writing import replace_file
    from shuttle_diplomacy.validation import rendering

    render, fitted = render or rendering.render, rendering.fitted
    failed = None
    for target in files:
        content = fitted(render(report, target.form, **options.get(target.form, {})), target.form, "utf-8").encode()
        try:
            if _is_special(target.file):
                target.file.write_bytes(content)
            else:
                replace_file(target.file, content)
        except OSError as error:
            failed = failed or TargetError(f"{target.file} cannot be written: {error.strerror}")
        except TargetError as error:
            failed = failed or error
    if failed:
        raise failed


def show(
    report: Any, form: str, options: dict[str, dict[str, Any]], render: "Callable[..., str] | None" = None
) -> None:
    """Write the report to stdout, with colours and to the width of the terminal if it is one."""
    from shuttle_diplomacy.validation import rendering

    render, fitted = render or rendering.render, rendering.fitted
    more = dict(options.get(form, {}))
    if form == "text":
        more |= {"colour": coloured(), "width": shutil.get_terminal_size().columns if sys.stdout.isatty() else None}
    sys.stdout.write(fitted(render(report, form, **more), form, sys.stdout.encoding or "utf-8"))


def coloured() -> bool:
    """Return whether stdout is to be coloured: on a terminal, unless ``NO_COLOR``, or by ``FORCE_COLOR``."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"

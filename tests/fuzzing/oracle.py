"""What has to hold for any package, however broken; and a guard that sees what a validation touches."""

import importlib
import json
import os
import pkgutil
import shutil
import signal
import sys
import sysconfig
import tempfile
import threading
import traceback
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from xml.etree import ElementTree as ET

from tests.fuzzing.cases import SECRET, Case, put_secrets

SECONDS = 10
_LONG_AGO = 1_000_000_000
_OPENS = ("open", "os.listdir", "os.scandir")
_FORBIDDEN = (
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)
_HARMLESS = ("/dev/null", "/dev/urandom", "/etc/localtime", "/usr/share/zoneinfo")


@dataclass(frozen=True)
class Failure:
    """A broken promise.

    Attributes:
        kind: which promise.
        detail: what happened.
        place: the innermost function of the project, so that failures of one cause can be put together.
    """

    kind: str
    detail: str
    place: str = ""

    @property
    def signature(self) -> str:
        """Return what failures of one cause have in common."""
        return f"{self.kind} {self.place}".strip()


class _TooSlowError(BaseException):
    """Raised by the alarm; not an Exception, so that nobody catches it by the way."""


class Guard:
    """Watches one process: what it opens, connects to or starts while a case runs."""

    def __init__(self, base: Path) -> None:
        self.package = base / "package"
        self.outside = base / "outside"
        self.temporary = base / "tmp"
        self.breaches: list[str] = []
        self._active = False
        put_secrets(self.outside)
        self.temporary.mkdir(exist_ok=True)
        code = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *(p for p in sys.path if p)}
        code = {p for p in code if Path(p) != Path(tempfile.gettempdir())}
        self._code = tuple(os.path.realpath(p) + os.sep for p in code)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._active:
            return
        if event in _FORBIDDEN:
            self.breaches.append(f"{event} {arguments!r:.120}")
        elif event in _OPENS and arguments and not isinstance(arguments[0], int):
            self._opened(event, arguments)

    def _opened(self, event: str, arguments: tuple[Any, ...]) -> None:
        path = os.path.realpath(os.fsdecode(arguments[0]) if arguments[0] is not None else ".")
        flags = arguments[2] if event == "open" and len(arguments) > 2 and isinstance(arguments[2], int) else 0
        if path.startswith(str(self.temporary)):
            return
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.breaches.append(f"{event} for writing {path}")
        elif not (path + os.sep).startswith((str(self.package) + os.sep, *self._code)) and not path.startswith(
            _HARMLESS
        ):
            self.breaches.append(f"{event} {path}")

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Watch while the block runs; temporary files go to a folder of their own."""
        self.breaches.clear()
        for file in self.outside.iterdir():
            os.utime(file, (_LONG_AGO, _LONG_AGO + 10))  # an old access time changes when a file is read, by whomever
        before, tempfile.tempdir = tempfile.tempdir, str(self.temporary)
        self._active = True
        try:
            yield
        finally:
            self._active = False
            tempfile.tempdir = before
        for file in self.outside.iterdir():
            if file.stat().st_atime != _LONG_AGO:
                self.breaches.append(f"read {file}")
        for file in self.temporary.iterdir():
            self.breaches.append(f"left behind {file.name}")
            file.unlink()


def renderers() -> dict[str, Callable[[Any], str]]:
    """Return every renderer of reports, by name."""
    from shuttle_diplomacy.validation import rendering

    names = [m.name for m in pkgutil.iter_modules(rendering.__path__)]
    modules = {name: importlib.import_module(f"{rendering.__name__}.{name}") for name in names}
    return {name: module.render for name, module in modules.items() if hasattr(module, "render")}


def preload() -> None:
    """Import what a validation imports later, so that the first case is not slower than the others."""
    import pandera.polars  # noqa: F401

    import shuttle_diplomacy.validation.pipeline  # noqa: F401

    renderers()


def _place(error: BaseException) -> str:
    """Return the innermost function of the project in a traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "shuttle_diplomacy" in f.filename]
    return f"{Path(own[-1].filename).name}:{own[-1].name}" if own else ""


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlowError

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def judge(case: Case, guard: Guard, seconds: float = SECONDS) -> tuple[list[Failure], str]:
    """Validate a case, and return the promises it breaks and how it ended (``valid``, ``invalid``, an error's name)."""
    shutil.rmtree(guard.package, ignore_errors=True)
    guard.package.mkdir()
    where = case.put(guard.package, guard.outside)
    failures: list[Failure] = []
    ended = "raised"
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            with guard.watch(), _alarm(seconds):
                ended = _run(where, failures)
        except _TooSlowError as error:
            failures.append(Failure("slow", f"longer than {seconds} seconds", _place(error)))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 (a panic of polars is no Exception)
            shown = "".join(traceback.format_exception(error))[-3000:]
            failures.append(Failure(f"raised {type(error).__name__}", shown, _place(error)))
    failures += [Failure("warned", f"{w.category.__name__}: {w.message} ({w.filename}:{w.lineno})") for w in warned]
    failures += [Failure(f"breach {b.split(' ')[0]}", b) for b in guard.breaches]
    return failures, ended


def _run(where: Path, failures: list[Failure]) -> str:
    from shuttle_diplomacy.errors import ShuttleError
    from shuttle_diplomacy.package import open_package
    from shuttle_diplomacy.validation.pipeline import validate
    from shuttle_diplomacy.validation.report import Report

    try:
        report = validate(open_package(where))
    except ShuttleError as error:
        _check_text(str(error), f"message of {type(error).__name__}", failures)
        _check_rendered(Report(failure=str(error)), failures)
        return type(error).__name__
    _check_report(where, report, failures)
    _check_rendered(report, failures)
    if report.valid:
        _check_loads(where, report, failures)
    return "valid" if report.valid else "invalid"


def _check_text(text: str, what: str, failures: list[Failure]) -> None:
    if SECRET in text:
        failures.append(Failure("leak", f"{what} shows what is outside of the package"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        failures.append(Failure("not text", f"{what}: {error}"))


def _check_report(where: Path, report: Any, failures: list[Failure]) -> None:
    """Check that numbers agree and that places can exist."""
    errors = 0
    for task in report.all_tasks:
        errors += task.error_count
        if task.error_count < len(task.errors) or task.warning_count < len(task.warnings):
            failures.append(Failure("count", f"{task.name!r}: more findings are listed than counted"))
        for finding in [*task.errors, *task.warnings]:
            if not finding.note or not finding.type:
                failures.append(Failure("finding", f"nothing said: {finding}"))
            for name, least in (("line", 1), ("column", 1), ("row_number", 1), ("field_number", 1), ("byte_offset", 0)):
                value = getattr(finding, name)
                if value is not None and value < least:
                    failures.append(Failure("finding", f"{name} is {value}: {finding}", name))
            _check_place(where, finding, failures)
    if report.valid and errors:
        failures.append(Failure("count", f"valid with {errors} errors"))


def _check_place(where: Path, finding: Any, failures: list[Failure]) -> None:
    """Check that a plain cell stands at the byte offset that is said, if any is said."""
    if finding.byte_offset is None or not finding.path or not where.is_dir():
        return
    file = where / finding.path
    try:
        content = file.read_bytes() if file.is_file() and not file.is_symlink() else None
    except (OSError, ValueError):
        return
    if content is None:
        return
    at, cell = finding.byte_offset, finding.cell or ""
    descriptors = [f for f in where.glob("datapackage.*") if f.is_file() and not f.is_symlink()]
    if finding.type.endswith("-label") and any(b"headerRows" in f.read_bytes() for f in descriptors):
        cell = ""  # joined of several rows it stands nowhere as a whole
    if at > len(content):
        failures.append(Failure("place", f"byte offset {at} is behind the end of {len(content)} bytes: {finding}"))
    elif (
        cell.isascii()
        and cell.isalnum()
        and b"\0" not in content
        and cell.encode() not in content[at : at + len(cell) + 1]
    ):
        failures.append(
            Failure("place", f"the cell is not at byte offset {at}, there is {content[at : at + 20]!r}: {finding}")
        )


def _check_rendered(report: Any, failures: list[Failure]) -> None:
    """Render the report in every form; each has to be text that its own readers read."""
    for name, render in renderers().items():
        try:
            text = render(report)
            _check_text(text, f"the {name} report", failures)
            if name in {"json", "sarif"}:
                json.loads(text)
            elif name == "junit":
                ET.fromstring(text)
            steering = {c for c in set(text) if unicodedata.category(c) == "Cc"} - {"\n"}
            if name in {"text", "markdown", "github"} and steering:
                failures.append(Failure("control characters", f"{name}: {steering!r}", name))
        except Exception as error:  # noqa: BLE001
            shown = "".join(traceback.format_exception(error))[-2000:]
            failures.append(Failure(f"rendering {name}: {type(error).__name__}", shown, _place(error)))


def _check_loads(where: Path, report: Any, failures: list[Failure]) -> None:
    """What validates, loads: with as many rows as the report counts."""
    import shuttle_diplomacy
    from shuttle_diplomacy.errors import ShuttleError

    rows = {task.name: task.rows for task in report.tasks}
    try:
        package = shuttle_diplomacy.open_package(where)
        for name in package.tables():
            height = package.load(name).height
            if height != rows.get(name):
                failures.append(Failure("rows", f"{name!r}: loaded {height}, reported {rows.get(name)}"))
    except ShuttleError as error:
        if "several fields are named" in str(error):
            return  # the standard lets a name occur twice; such a table has no columns to be told apart by
        failures.append(Failure(f"valid, but {type(error).__name__}", str(error), _place(error)))

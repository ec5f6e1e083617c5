"""What earlier runs learned, in one SQLite file: each result is there at once, also if the run is killed."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from shuttle_diplomacy.errors import TargetError
from shuttle_diplomacy.review.links.verdicts import Outcome

DAY = 86_400.0
_MARK = 0x53484C4B  # tells our files from other people's databases
_VERSION = 1
_PATIENCE = 10  # seconds to wait for another run that writes
_TABLE = """
CREATE TABLE IF NOT EXISTS results (
    url TEXT NOT NULL,
    private INTEGER NOT NULL,
    asked REAL NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (url, private)
) WITHOUT ROWID
"""


def default_file() -> Path:
    """Return where results are kept if nothing else is said: in the user's own folder for caches.

    Raises:
        TargetError: nobody knows where that is.
    """
    try:
        home = Path.home()
    except RuntimeError as error:
        raise TargetError("this user has no home folder to keep results in; name a file with --cache") from error
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        named = Path(os.environ.get("XDG_CACHE_HOME") or "")
        base = named if named.is_absolute() else home / ".cache"
    return base / "shuttle-diplomacy" / "links.sqlite"


class Store:
    """Results by address.

    Results of runs that may ask private networks and of those that may not are kept apart.

    Args:
        file: the file; it is made with its folder if it is not there.
        private: whether this run may ask private networks.
        clock: seconds since 1970.

    Raises:
        TargetError: the file cannot be used, or is one of something else.

    Examples:
        >>> import tempfile
        >>> from shuttle_diplomacy.review.links.verdicts import Verdict
        >>> folder = tempfile.TemporaryDirectory()
        >>> with folder, Store(Path(folder.name) / "a" / "links.sqlite") as store:
        ...     store.put("https://a.example/", Outcome(Verdict.OK, asked=time.time()))
        ...     store.get("https://a.example/", days=7).verdict, store.get("https://b.example/", days=7)
        (<Verdict.OK: 'ok'>, None)
    """

    def __init__(self, file: Path, *, private: bool = False, clock: Callable[[], float] = time.time) -> None:
        self.file, self._private, self._clock = file, private, clock
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise TargetError(f"{file} cannot be used to keep results: {_reason(error)}") from error
        try:
            self._begin()
        except sqlite3.Error as error:
            self._base.close()
            raise TargetError(f"{file} cannot be used to keep results: {_reason(error)}; name another file") from error
        except TargetError:
            self._base.close()
            raise

    def _begin(self) -> None:
        mark = self._base.execute("PRAGMA application_id").fetchone()[0]
        version = self._base.execute("PRAGMA user_version").fetchone()[0]
        tables = self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if (mark, version) != (_MARK, _VERSION) and (tables or mark or version):
            raise TargetError(f"{self.file} is a database of something else; name another file")
        self._base.execute("PRAGMA journal_mode = WAL")  # whole at every moment, without waiting for the disk
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute(_TABLE)
        self._base.execute(f"PRAGMA application_id = {_MARK}")
        self._base.execute(f"PRAGMA user_version = {_VERSION}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def get(self, url: str, days: float | None) -> Outcome | None:
        """Return what is known of an address, or None.

        Args:
            url: the address as it is asked for.
            days: how old a result may be; trouble that may be over is believed for a day at most. None: any age.

        Raises:
            TargetError: the file is damaged.
        """
        select = "SELECT asked, outcome FROM results WHERE url = ? AND private = ?"
        try:
            row = self._base.execute(select, (url, self._private)).fetchone()
        except sqlite3.Error as error:
            raise TargetError(
                f"{self.file} cannot be read: {_reason(error)}; remove it or name another file"
            ) from error
        if row is None:
            return None
        with suppress(ValueError, TypeError, KeyError, AttributeError):  # else written by some other version
            outcome = Outcome.from_json(row[1], asked=row[0])
            if days is None:
                return outcome
            age = self._clock() - row[0]
            return outcome if 0 <= age < DAY * (days if outcome.verdict.is_lasting else min(days, 1)) else None
        return None

    def put(self, url: str, outcome: Outcome) -> None:
        """Keep a result.

        Raises:
            TargetError: it cannot be written.
        """
        values = (url, self._private, outcome.asked, outcome.as_json())
        try:
            self._base.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", values)
        except sqlite3.Error as error:
            raise TargetError(f"{self.file} cannot be written: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)

"""What has come of a download so far: it stands in ``<file>.part``.

``<file>.part.json``, written before it, says of which state of which address it is.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """What has come of a file so far.

    Attributes:
        file: where it stands.
    """

    file: Path

    @property
    def state(self) -> Path:
        """Return the file that says of which state of which address it is."""
        return self.file.with_name(self.file.name + ".json")

    @property
    def size(self) -> int:
        """Return how many bytes have come."""
        try:
            return self.file.stat().st_size
        except FileNotFoundError:
            return 0

    def validator(self, key: str) -> str:
        """Return by what the server can tell that its file is still the same; empty: by nothing."""
        with suppress(OSError, ValueError):
            state = json.loads(self.state.read_text(encoding="utf-8"))
            if isinstance(state, dict) and state.get("key") == key:
                return str(state.get("validator") or "")
        return ""

    def begin(self, state: dict[str, object]) -> None:
        """Begin again, with nothing; killed in between, what is left is nothing or belongs together."""
        self.file.unlink(missing_ok=True)
        written = self.state.with_name(self.state.name + ".new")
        written.write_text(json.dumps(state), encoding="utf-8")
        written.replace(self.state)

    def drop(self) -> None:
        """Remove it all."""
        self.file.unlink(missing_ok=True)
        self.state.unlink(missing_ok=True)

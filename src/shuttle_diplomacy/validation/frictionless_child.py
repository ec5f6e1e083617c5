"""What runs in the child process of a second opinion: frictionless, offline, its answer as JSON."""

import json
import sys
from pathlib import Path
from typing import Any


def frictionless_answer(file: Path, limit: int) -> dict[str, Any]:
    """Let frictionless judge a descriptor in this process, and return its version and errors; it may raise anything."""
    import frictionless

    with frictionless.system.use_context(trusted=False):
        report = frictionless.validate(str(file), type="package", limit_errors=limit)
    errors = [_their_error(error, "") for error in report.errors]
    errors += [_their_error(error, task.name) for task in report.tasks for error in task.errors]
    capped = [task.name for task in report.tasks if any("error limit" in warning for warning in task.warnings)]
    return {"version": frictionless.__version__, "errors": errors, "capped": capped, "valid": report.valid}


def _their_error(error: Any, resource: str) -> dict[str, Any]:
    found = error.to_descriptor()
    rows = found.get("rowNumbers") or [None]
    return {
        "type": str(found["type"]),
        "note": str(found.get("note") or found.get("message")),
        "resource": resource,
        "row_number": found.get("rowNumber", rows[0]),
        "field_name": found.get("fieldName") or None,
        "field_number": found.get("fieldNumber"),
        "cell": None if found.get("cell") is None else str(found["cell"]),
    }


def _go_offline() -> None:
    """Let every connection fail: a second opinion fetches nothing."""
    import socket

    def refuse(*_: object) -> None:
        raise OSError("the second opinion is offline")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse  # type: ignore[assignment]


def main(file: str, limit: str) -> None:
    """Print the answer of frictionless on a descriptor as JSON, whatever happens."""
    _go_offline()
    try:
        answer = frictionless_answer(Path(file), int(limit))
    except ImportError:
        answer = {"failure": "frictionless is not installed; install shuttle-diplomacy[tools]"}
    except Exception as error:  # noqa: BLE001 (another program's faults of any kind are told, not shown)
        answer = {"failure": f"frictionless failed on this package ({type(error).__name__}: {str(error)[:200]})"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

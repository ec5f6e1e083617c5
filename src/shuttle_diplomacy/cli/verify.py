"""``shuttle verify``: check a downloaded release."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.cli.main import FAILED, FINE
from shuttle_diplomacy.errors import ShuttleError

if TYPE_CHECKING:
    from shuttle_diplomacy.publishing.verification.outcome import Verification


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.description = (
        f"{parser.description} Checksums, the zip against the folder, the descriptor, every table in all its formats, "
        "the documents of metadata. Nothing that the release carries is run."
    )
    parser.add_argument(
        "release", help="its folder, its zip, the folder with both, or an http(s) address of its zip or descriptor"
    )
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="in a clone of its repository: build the commit that it names again, and compare every byte",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="form of the outcome on stdout")


def run(options: argparse.Namespace) -> int:
    """Check the release, print the outcome, and return the exit code."""
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.package.http import without_credentials
    from shuttle_diplomacy.publishing.verification.outcome import Verification
    from shuttle_diplomacy.publishing.verification.rebuilding import repository
    from shuttle_diplomacy.publishing.verification.verifying import verify

    try:
        with steps("Verifying") as step:
            top = repository() if options.rebuild else None
            outcome = verify(options.release, repository=top, progress=step)
    except ShuttleError as error:
        if options.format == "json":
            outcome = Verification(without_credentials(options.release), failure=str(error))
            sys.stdout.write(as_json(outcome))
        raise
    sys.stdout.write(as_json(outcome) if options.format == "json" else as_text(outcome))
    return FINE if outcome.valid else FAILED


def as_json(outcome: "Verification") -> str:
    """Return an outcome as one JSON object."""
    problems: list[dict[str, Any]] = [
        {"check": p.check, "file": p.file, "note": p.note, "step": p.step} for p in outcome.problems
    ]
    document = {
        "valid": outcome.valid,
        "release": outcome.where,
        "name": outcome.name,
        "version": outcome.version,
        "checked": outcome.checked,
        "problems": problems,
        "counts": outcome.counts,
        "notes": outcome.notes,
        **({"failure": outcome.failure} if outcome.failure else {}),
    }
    return json.dumps(document, indent=2) + "\n"


def as_text(outcome: "Verification") -> str:
    """Return an outcome as text: a line a problem, then what was checked."""
    from shuttle_diplomacy.package.finding import plain

    lines = [f"{plain(p.file)}: {plain(p.note)}; {plain(p.step)}" for p in outcome.problems]
    if more := outcome.count - len(outcome.problems):
        lines.append(f"... and {more:,} more")
    lines += [f"note: {plain(note)}" for note in outcome.notes]
    looked = ", ".join(f"{name} {count:,}" for name, count in outcome.checked.items())
    who = " ".join(filter(None, (plain(outcome.name), plain(outcome.version)))) or plain(outcome.where)
    verdict = "is whole" if outcome.valid else f"{outcome.count:,} problem{'s' if outcome.count > 1 else ''}"
    lines.append(f"{who}: {verdict} (checked: {looked or 'nothing'})")
    return "\n".join(lines) + "\n"

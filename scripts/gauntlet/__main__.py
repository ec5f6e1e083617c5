"""Run the outside judges on a built release and print their verdicts; the exit code is 1 when one fails."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from scripts.gauntlet.listing import JUDGES
from scripts.gauntlet.running import FAILED, NOT_RUN, PASSED, ROOT, Judge, NotApplicableError, Verdict, run

_HEADINGS = ("judge", "version", "what", "verdict", "seconds", "says")
_WIDEST = 60


def newest(folder: Path) -> Path | None:
    """Return the release in a folder that was built last, or None."""
    found = [file.parent for file in folder.glob("*/datapackage.json")]
    return max(found, key=lambda release: (release.stat().st_mtime, release.name), default=None)


def prove(judge: Judge, release: Path, cache: Path, python: Path | None = None) -> Iterator[Verdict]:
    """Yield for each way to break a release whether its judge notices: ``passed`` if it does."""
    for number, broken in enumerate(judge.breaks, 1):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(release, Path(folder, release.name)))
            try:
                broken.make(copy)
            except NotApplicableError as reason:
                yield Verdict(f"  {broken.name}", "", NOT_RUN, str(reason), 0.0, "broken copy")
                continue
            verdict = run(judge, copy, cache, python, log=f"{judge.name}-broken-{number}")
        noticed = verdict.outcome == FAILED and not verdict.said.startswith(("no answer", "no environment"))
        said = f"noticed: {verdict.said}" if noticed else f"NOT NOTICED: {verdict.said}"
        outcome = PASSED if noticed else FAILED
        yield replace(
            verdict, judge=f"  {broken.name}", outcome=outcome, said=said, version="", artefacts="broken copy"
        )


def table(verdicts: Iterable[Verdict], *, width: int = _WIDEST) -> str:
    """Return verdicts as a table, what was said being shortened.

    Examples:
        >>> print(table([Verdict("a", "1.0", "passed", "two  tables", 1.25, "x.csv")]))
        judge  version  what   verdict  seconds  says
        a      1.0      x.csv  passed       1.2  two tables
    """
    lines = [_HEADINGS, *(_cells(verdict, width) for verdict in verdicts)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(_HEADINGS) - 1)]
    return "\n".join(_line(line, widths) for line in lines)


def _cells(verdict: Verdict, width: int) -> tuple[str, ...]:
    said = " ".join(verdict.said.split())
    said = said if len(said) <= width else said[: width - 3] + "..."
    return (verdict.judge, verdict.version, verdict.artefacts, verdict.outcome, f"{verdict.seconds:.1f}", said)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    padded[4] = cells[4].rjust(widths[4])
    return "  ".join([*padded, cells[5]]).rstrip()


def judged(judges: Sequence[Judge], release: Path, cache: Path, *, proving: bool) -> Iterator[Verdict]:
    """Yield the verdict of each judge, and if asked whether it notices what it has to."""
    for judge in judges:
        verdict = run(judge, release, cache)
        yield verdict
        if proving and verdict.outcome == PASSED:
            yield from prove(judge, release, cache)


def main(argv: Sequence[str] | None = None) -> int:
    """Judge a release; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.gauntlet", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("release", nargs="?", type=Path, help="its folder (default: the newest one in dist)")
    parser.add_argument("--prove", action="store_true", help="break copies of it, which the judges have to notice")
    parser.add_argument("--only", action="append", metavar="JUDGE", help="one judge, by name; may be repeated")
    parser.add_argument(
        "--cache", type=Path, default=ROOT / ".gauntlet", help="environments and logs (default: .gauntlet)"
    )
    arguments = parser.parse_args(argv)
    release = arguments.release or newest(ROOT / "dist")
    if release is None or not release.is_dir():
        print(f"{release or ROOT / 'dist'}: there is no release; run: make", file=sys.stderr)
        return 2
    names = {judge.name for judge in JUDGES}
    if unknown := set(arguments.only or ()) - names:
        print(f"there is no judge {min(unknown)!r}; there are: {', '.join(sorted(names))}", file=sys.stderr)
        return 2
    chosen = [judge for judge in JUDGES if not arguments.only or judge.name in arguments.only]
    verdicts = []
    for verdict in judged(chosen, release, arguments.cache, proving=arguments.prove):
        print(f"{verdict.judge}: {verdict.outcome}", file=sys.stderr)
        verdicts.append(verdict)
    print(table(verdicts))
    failed = [verdict for verdict in verdicts if verdict.outcome == FAILED]
    if failed:
        print(f"\n{len(failed)} failed; what they say in full: {arguments.cache / 'logs'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

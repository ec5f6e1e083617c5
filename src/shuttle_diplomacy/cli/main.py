"""Entry point of ``shuttle``: finds the verb, and turns every expected failure into one sentence and exit code 2."""

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

from shuttle_diplomacy.errors import MissingExtraError, ShuttleError

VERBS = {
    "validate": "judge a package and report every error with its place",
    "format": "write the tables of a package in canonical form, or check that they are",
    "assemble": "write datapackage.json from the schemas, or check that it is current",
    "init": "write datapackage.json for a folder of CSV files, with inferred schemas",
    "build": "build the release of this repository's package",
    "diff": "show what differs between two packages, and what that asks of the version",
    "review": "show what a reviewer of changed data needs: the diff, its sources, what follows from it",
    "changelog": "write the changes since a revision as an entry of the changelog",
    "links": "ask every address that a package names whether it still opens",
    "describe": "show the tables of a package, or the fields of one",
    "cache": "list or remove the published releases that were downloaded",
}
TOOLS = {"validate", "format", "assemble", "build", "init", "diff", "review", "changelog", "links"}
FINE, FAILED, COULD_NOT_RUN = 0, 1, 2
INTERRUPTED = 130


def command() -> int:
    """Run ``shuttle`` in a process of its own and return the exit code."""
    # pandera imports hypothesis where that is installed, a quarter of a second for what no verb ever uses.
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    return main()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 fine, 1 the data or the check fails, 2 it could not run."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal's encoding lacks is shown as an escape
            stream.reconfigure(errors="backslashreplace")
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    if options.verb is None:
        parser.print_help()
        return COULD_NOT_RUN
    try:
        return _run(options)
    except ShuttleError as error:
        from shuttle_diplomacy.package.finding import plain

        print(f"shuttle {options.verb}: {plain(str(error))}", file=sys.stderr)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print(f"shuttle {options.verb}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of the output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT_RUN
    except ModuleNotFoundError as error:
        print(f"shuttle {options.verb}: {_missing(options.verb, error)}", file=sys.stderr)
        return COULD_NOT_RUN


def _run(options: argparse.Namespace) -> int:
    code = int(options.run(options))
    sys.stdout.flush()  # so that a reader that went away is noticed here
    return code


def _missing(verb: str, error: ModuleNotFoundError) -> MissingExtraError:
    if verb not in TOOLS or (error.name or "").startswith("shuttle_diplomacy"):
        raise error
    return MissingExtraError(
        f"needs {error.name}, which is not installed; install the tools with: pip install 'shuttle-diplomacy[tools]'"
    )


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser; only the verb that is asked for loads its module."""
    parser = argparse.ArgumentParser(prog="shuttle", description="The gate for Data Packages: judge, format, build.")
    parser.add_argument("--version", action=_Version, help="show the version and exit")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    wanted = next((a for a in arguments if not a.startswith("-")), None)
    for verb, summary in VERBS.items():
        sub = verbs.add_parser(verb, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if verb == wanted:
            module = importlib.import_module(f"shuttle_diplomacy.cli.{verb}")
            module.register(sub)
            sub.set_defaults(run=module.run)
    return parser


class _Version(argparse.Action):
    def __init__(self, option_strings: list[str], dest: str, help: str) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from shuttle_diplomacy import __version__

        print(f"shuttle {__version__}")
        parser.exit()


if __name__ == "__main__":
    sys.exit(command())

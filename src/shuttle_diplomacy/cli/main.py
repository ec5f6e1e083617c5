"""Entry point of ``shuttle``: finds the verb, and turns every expected failure into one sentence and exit code 2."""

import argparse
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence

from shuttle_diplomacy.errors import MissingExtraError, ShuttleError

VERBS = {
    "validate": "judge a package and report every error with its place",
    "format": "write the tables of a package in canonical form, or check that they are",
    "assemble": "write datapackage.json from the schemas, or check that it is current",
    "init": "write datapackage.json for a folder of CSV files, with inferred schemas",
    "build": "build the release of a package: every format and catalogue's metadata",
    "verify": "check that a downloaded release is whole and agrees with itself, or with a fresh build",
    "publish": "send a built release to a portal, or show what would be sent",
    "diff": "show what differs between two packages, and what that asks of the version",
    "review": "show what a reviewer of changed data needs: the diff, its sources, what follows from it",
    "changelog": "write the changes since a revision as an entry of the changelog",
    "links": "ask every address that a package names whether it still opens",
    "describe": "show the tables of a package, or the fields of one",
    "cache": "list or remove the published releases that were downloaded",
}
TOOLS = {
    *("validate", "format", "assemble", "init", "build", "verify", "publish"),
    *("diff", "review", "changelog", "links"),
}
FINE, FAILED, COULD_NOT_RUN = 0, 1, 2
_SIGNALLED = 128


class _WithoutPandas:
    """Says of pandas what the import system says of a module that is not there."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def command() -> int:
    """Run ``shuttle`` in a process of its own and return the exit code."""
    # pandera imports hypothesis where that is installed, and pandas: a second for what no verb ever uses.
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _WithoutPandas())
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", None)):
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores its signal, and so do we
            signal.signal(number, _end)
    try:
        return main()
    except KeyboardInterrupt as error:  # before there was a verb
        return _interrupted("shuttle", error)


class _EndedError(KeyboardInterrupt):
    """The process was asked to end: what it is doing is undone, as on Ctrl-C."""


def _end(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # once is enough: asked again, it would leave its traces
    raise _EndedError(number)


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
    except KeyboardInterrupt as error:
        return _interrupted(f"shuttle {options.verb}", error)
    except BrokenPipeError:  # the reader of the output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT_RUN
    except ModuleNotFoundError as error:
        print(f"shuttle {options.verb}: {_missing(options.verb, error)}", file=sys.stderr)
        return COULD_NOT_RUN


def _interrupted(who: str, error: KeyboardInterrupt) -> int:
    number = int(error.args[0]) if isinstance(error, _EndedError) else int(signal.SIGINT)
    print(f"{who}: {'interrupted' if number == signal.SIGINT else 'ended'}", file=sys.stderr)
    return _SIGNALLED + number


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

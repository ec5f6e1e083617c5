"""``shuttle publish``: a built release goes to Zenodo, to a CKAN site, or to GitHub."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from shuttle_diplomacy.cli.main import COULD_NOT_RUN, FAILED, FINE

if TYPE_CHECKING:
    from shuttle_diplomacy.publishing.portals.built import BuiltRelease
    from shuttle_diplomacy.publishing.portals.ckan import Ckan
    from shuttle_diplomacy.publishing.portals.connection import Connection
    from shuttle_diplomacy.publishing.portals.github import GitHub
    from shuttle_diplomacy.publishing.portals.requesting import Client
    from shuttle_diplomacy.publishing.portals.zenodo import Zenodo

_OWN = {
    "zenodo": {"record"},
    "ckan": {"organization", "dataset", "license"},
    "github": {"repository", "tag", "notes"},
}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.description = (
        "Verify a built release and send it to a portal. Without --yes nothing is sent: what would be is printed. "
        "With --yes it becomes a draft (on CKAN: a private dataset); with --publish, too, it is published. A run that "
        "was cut is gone on with by the same command. Exit code 1: bytes are not what they should be, here or there."
    )
    parser.add_argument("release", nargs="?", type=Path, help="folder of a release (default: the newest in dist)")
    parser.add_argument("--to", choices=_OWN, required=True, help="the portal")
    parser.add_argument("--yes", action="store_true", help="send it; the token comes from the environment")
    parser.add_argument("--publish", action="store_true", help="make it public in the end")
    parser.add_argument(
        "--address",
        metavar="URL",
        help="of the portal's interface (default: the sandbox of Zenodo, https://api.github.com; CKAN has none)",
    )
    zenodo = parser.add_argument_group("Zenodo, with the token in ZENODO_TOKEN")
    zenodo.add_argument("--record", metavar="NUMBER", type=_number, help="add a version to this record")
    ckan = parser.add_argument_group("CKAN, with the token in CKAN_TOKEN")
    ckan.add_argument("--organization", metavar="NAME", help="whose dataset it is")
    ckan.add_argument("--dataset", metavar="NAME", help="name of the dataset (default: that of the package)")
    ckan.add_argument("--license", metavar="ID", help="id of the licence there (default: found by the package's)")
    github = parser.add_argument_group("GitHub, with the token in GITHUB_TOKEN")
    github.add_argument("--repository", metavar="OWNER/NAME", help="where the release is made")
    github.add_argument("--tag", help="its tag, which is there already (default: v and the version)")
    github.add_argument("--notes", metavar="FILE", type=Path, help="its text (default: the description)")
    parser.set_defaults(parser=parser)


def _number(text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} has to be the number of a record")
    return text


def run(options: argparse.Namespace) -> int:
    """Verify the release, then show what would be sent, or send it; return the exit code."""
    from shuttle_diplomacy.package.finding import plain
    from shuttle_diplomacy.publishing.portals.access import checked_address
    from shuttle_diplomacy.publishing.portals.built import newest_release, open_release
    from shuttle_diplomacy.publishing.portals.faults import MismatchError, PortalError

    _check(options)
    try:
        base = checked_address(options.address or _home(options.to))
        release = open_release(options.release or newest_release(Path("dist")))
        return _send(options, base, release) if options.yes else _rehearse(options, base, release)
    except PortalError as error:
        print(f"shuttle publish: {plain(str(error))}", file=sys.stderr)
        return FAILED if isinstance(error, MismatchError) else COULD_NOT_RUN


def _check(options: argparse.Namespace) -> None:
    """Refuse options that say nothing to the portal, and miss none that it needs."""
    for portal, names in _OWN.items():
        if portal != options.to:
            for name in sorted(names):
                if getattr(options, name) is not None:
                    options.parser.error(f"--{name} is for --to {portal}")
    if options.to == "ckan" and not options.address:
        options.parser.error("--to ckan needs --address, the address of the site")
    if options.to == "github" and not options.repository:
        options.parser.error("--to github needs --repository OWNER/NAME")


def _home(portal: str) -> str:
    from shuttle_diplomacy.publishing.portals import github, zenodo

    return {"zenodo": zenodo.SANDBOX, "github": github.HOME}[portal]


def _portal(options: argparse.Namespace, base: str, client: "Client") -> "Zenodo | Ckan | GitHub":
    from shuttle_diplomacy.publishing.portals.ckan import Ckan
    from shuttle_diplomacy.publishing.portals.github import GitHub
    from shuttle_diplomacy.publishing.portals.zenodo import Zenodo

    if options.to == "zenodo":
        return Zenodo(client, base, options.record)
    if options.to == "ckan":
        return Ckan(client, base, options.dataset, options.organization, options.license)
    return GitHub(client, base, options.repository, options.tag, _text(options.notes))


def _text(file: Path | None) -> str | None:
    from shuttle_diplomacy.publishing.portals.faults import PortalError

    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise PortalError(f"--notes {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PortalError(f"--notes {file} is no UTF-8") from error


def _rehearse(options: argparse.Namespace, base: str, release: "BuiltRelease") -> int:
    from shuttle_diplomacy.publishing.portals import ckan, github, zenodo
    from shuttle_diplomacy.publishing.portals.rehearsal import Rehearsal, written

    rehearsal = Rehearsal()
    _portal(options, base, rehearsal).publish(release, public=options.publish)
    variable = {"zenodo": zenodo, "ckan": ckan, "github": github}[options.to].VARIABLE
    sys.stdout.write(written(release, rehearsal.requests, base, variable))
    return FINE


def _send(options: argparse.Namespace, base: str, release: "BuiltRelease") -> int:
    from shuttle_diplomacy.package.finding import plain
    from shuttle_diplomacy.publishing.portals.faults import PortalError

    if options.publish and release.record.get("dirty") is True:
        raise PortalError(f"{release.folder} was built from files that no commit holds; commit them and build again")
    with _sending() as (note, sent):
        place = _portal(options, base, _connection(options.to, base, note, sent)).publish(
            release, public=options.publish
        )
    print(plain(place))
    return FINE


def _connection(
    portal: str, base: str, note: Callable[[str], None], sent: Callable[[str, int, int], None]
) -> "Connection":
    from shuttle_diplomacy.publishing.portals import ckan, github, zenodo
    from shuttle_diplomacy.publishing.portals.access import token_of
    from shuttle_diplomacy.publishing.portals.connection import Connection

    if portal == "zenodo":
        token = token_of(zenodo.VARIABLE)
        return Connection(base, token, scopes=zenodo.SCOPES, note=note, sent=sent)
    if portal == "ckan":
        token = token_of(ckan.VARIABLE)
        return Connection(base, token, scheme="", scopes=ckan.SCOPES, note=note, sent=sent)
    token, hosts = token_of(github.VARIABLE), github.upload_hosts(base)
    return Connection(base, token, scopes=github.SCOPES, hosts=hosts, headers=github.HEADERS, note=note, sent=sent)


@contextmanager
def _sending() -> Iterator[tuple[Callable[[str], None], Callable[[str, int, int], None]]]:
    """Yield what tells the user what was done, and how far an upload is: both on stderr, the bar on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda text: print(text, file=sys.stderr), lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.fields[name]}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=None, name="")
        yield (
            lambda text: console.print(text, markup=False, soft_wrap=True),
            lambda name, done, total: progress.update(bar, name=name, completed=done, total=total),
        )

"""What a run found, ready to be shown: each address with its outcome, its cells and its copy."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from shuttle_diplomacy.package import Finding, Package
from shuttle_diplomacy.package.http import without_credentials
from shuttle_diplomacy.review.links.addresses import Links, Use
from shuttle_diplomacy.review.links.verdicts import Outcome, Verdict

PLACES = 3  # cells of one address whose lines are looked up
# What a reader meets first.
ORDER = (
    *(Verdict.GONE, Verdict.UNREACHABLE, Verdict.SERVER_ERROR, Verdict.TIMED_OUT, Verdict.BLOCKED, Verdict.INVALID),
    *(Verdict.MOVED, Verdict.REFUSED, Verdict.NOT_ASKED, Verdict.OK),
)


@dataclass(frozen=True)
class Link:
    """One address.

    Attributes:
        address: as the cells hold it, but without user name and password.
        outcome: what became of it.
        uses: the cells that hold it.
        places: where the first of them stand.
        archived: the copy that a row names, or an empty text.
        copy: what became of the copy, where it was asked.
    """

    address: str
    outcome: Outcome
    uses: list[Use]
    places: list[Finding] = field(default_factory=list)
    archived: str = ""
    copy: Outcome | None = None

    @property
    def advice(self) -> tuple[str, str]:
        """Return what can be written instead, as a word on what it is and the address; two empty texts: nothing."""
        if self.outcome.suggestion:
            return "new address", self.outcome.suggestion
        if not self.archived or not _is_of_use(self.outcome):
            return "", ""
        if self.copy is not None and self.copy.verdict.is_failure:
            return f"archived copy ({self.copy.verdict}, too)", self.archived
        return "archived copy", self.archived


@dataclass(frozen=True)
class LinkReport:
    """All addresses of a package.

    Attributes:
        package: the package's name.
        where: where it was read from.
        links: the addresses, those first that need somebody.
        notes: what else there is to know.
    """

    package: str
    where: str
    links: list[Link]
    notes: list[str]

    @property
    def counts(self) -> Counter[Verdict]:
        """Return how many addresses have each verdict."""
        return Counter(link.outcome.verdict for link in self.links)

    @property
    def failures(self) -> int:
        """Return how many addresses no reader can open."""
        return sum(number for verdict, number in self.counts.items() if verdict.is_failure)

    @property
    def known(self) -> int:
        """Return how many results are those of an earlier run."""
        return sum(link.outcome.known for link in self.links)

    def of(self, verdict: Verdict) -> list[Link]:
        """Return the addresses with a verdict."""
        return [link for link in self.links if link.outcome.verdict is verdict]


def report_on(package: Package, links: Links, check: Callable[[Iterable[str]], dict[str, Outcome]]) -> LinkReport:
    """Return the report on a package's addresses; copies are checked where they are needed.

    Args:
        package: the package.
        links: its addresses.
        check: asks addresses, such as :meth:`~shuttle_diplomacy.review.links.checking.Checker.check`.
    """
    outcomes = check(links.uses)
    copies = {address: links.archived(address) for address, outcome in outcomes.items() if _is_of_use(outcome)}
    of_copies = check({copy for copy in copies.values() if copy})
    found = sorted(links.uses, key=lambda address: ORDER.index(outcomes[address].verdict))
    places = links.places([a for a in found if outcomes[a].verdict not in {Verdict.OK, Verdict.NOT_ASKED}], PLACES)
    return LinkReport(
        package.name,
        package.where,
        [
            Link(
                without_credentials(address),
                outcomes[address],
                links.uses[address],
                [places[use] for use in links.uses[address][:PLACES] if use in places],
                without_credentials(links.archived(address)),
                of_copies.get(copies.get(address, "")),
            )
            for address in found
        ],
        links.notes,
    )


def _is_of_use(outcome: Outcome) -> bool:
    """Return whether a copy would help."""
    moved_nowhere = outcome.verdict is Verdict.MOVED and not outcome.suggestion
    return outcome.verdict.is_failure or outcome.verdict is Verdict.REFUSED or moved_nowhere

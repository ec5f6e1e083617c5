"""A run: what is known already is not asked again; the rest is asked, many hosts at once and each of them slowly."""

import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag

from shuttle_diplomacy.review.links.asking import Answer, Asker
from shuttle_diplomacy.review.links.schedule import FIRST, Manners, Schedule
from shuttle_diplomacy.review.links.store import Store
from shuttle_diplomacy.review.links.urls import InvalidAddressError, OtherSchemeError, Target, target_of
from shuttle_diplomacy.review.links.verdicts import Outcome, Verdict
from shuttle_diplomacy.review.links.visit import Again, Patience, Visit

# Polars lets the system go on with what a signal interrupts, so a wait without end would never hear of one.
_WAIT = 0.2
Heard = Callable[[int, int, Outcome | None], None]


@dataclass(frozen=True)
class Plan:
    """How addresses are checked.

    Attributes:
        seconds: how long one request may take.
        max_age: days for which a known result counts.
        allow_private: whether private and local networks are asked.
        offline: whether nothing is asked; results of any age count.
        limit: how many addresses are asked at most; None: all.
        manners: how hosts are treated.
        patience: when to give up.
    """

    seconds: float = 20
    max_age: float = 7
    allow_private: bool = False
    offline: bool = False
    limit: int | None = None
    manners: Manners = field(default_factory=Manners)
    patience: Patience = field(default_factory=Patience)


class Checker:
    """Checks addresses.

    Args:
        store: what is known, and where to keep what is learned.
        plan: how.
        heard: told after each step how many addresses are done, of how many, and the newest result.
    """

    def __init__(self, store: Store, plan: Plan | None = None, heard: Heard = lambda *_: None) -> None:
        self._store, self._plan, self._heard = store, plan or Plan(), heard
        self._left = self._plan.limit
        self._asker = Asker(self._plan.seconds, allow_private=self._plan.allow_private)

    def check(self, addresses: Iterable[str]) -> dict[str, Outcome]:
        """Return the outcome for each address; addresses that lead to the same request are asked once.

        What is known at an interruption is in the store.

        Raises:
            TargetError: a result cannot be kept.
            ConfigurationError: the certificates that the environment names cannot be read.
        """
        results: dict[str, Outcome] = {}
        waiting: dict[Target, list[str]] = {}
        for address in dict.fromkeys(addresses):
            try:
                waiting.setdefault(target_of(address), []).append(address)
            except InvalidAddressError as error:
                results[address] = Outcome(Verdict.INVALID, str(error))
            except OtherSchemeError as error:
                results[address] = Outcome(Verdict.NOT_ASKED, str(error))
        asked = []
        for target, meant in waiting.items():
            outcome = self._known(target)
            if outcome is None:
                asked.append(target)
            else:
                results.update((address, _for(address, outcome)) for address in meant)
        total = len(results) + sum(len(waiting[target]) for target in asked)
        if asked:
            self._heard(len(results), total, None)

        def learned(target: Target, outcome: Outcome) -> None:
            self._store.put(target.url, outcome)
            results.update((address, _for(address, outcome)) for address in waiting[target])
            self._heard(len(results), total, outcome)

        _Run(self._asker, self._plan, learned).all(asked)
        return results

    def _known(self, target: Target) -> Outcome | None:
        """Return what needs no asking, be it because it is known or because it is not wanted."""
        known = self._store.get(target.url, None if self._plan.offline else self._plan.max_age)
        if known is not None:
            return known
        if self._plan.offline:
            return Outcome(Verdict.NOT_ASKED, "no earlier run asked")
        if self._left == 0:
            return Outcome(Verdict.NOT_ASKED, f"this run asks no more than {self._plan.limit:,} addresses")
        if self._left is not None:
            self._left -= 1
        return None


def _for(address: str, outcome: Outcome) -> Outcome:
    """Return the outcome with a suggestion that leads to the same part of the page as the address."""
    fragment = urldefrag(address).fragment
    return (
        replace(outcome, suggestion=f"{outcome.suggestion}#{fragment}") if outcome.suggestion and fragment else outcome
    )


class _Run:
    """Sends the requests; only the sending is done by other threads."""

    def __init__(self, asker: Asker, plan: Plan, learned: Callable[[Target, Outcome], None]) -> None:
        self._asker, self._plan, self._learned = asker, plan, learned
        self._line = Schedule[Visit](plan.manners)
        self._answers: queue.SimpleQueue[tuple[Visit, Answer | BaseException]] = queue.SimpleQueue()
        self._running = 0

    def all(self, targets: list[Target]) -> None:
        for target in targets:
            self._line.put(target.host, Visit(target, self._plan.patience))
        try:
            while self._running or self._line.waiting:
                self._start()
                self._hear()
        except BaseException:
            self._asker.stop()
            raise

    def _start(self) -> None:
        now = time.monotonic()
        while self._running < self._plan.manners.jobs and (visit := self._line.next(now)) is not None:
            self._running += 1
            # No pool: its threads would be waited for, also when the run is interrupted in a slow look-up.
            threading.Thread(target=self._ask, args=(visit,), daemon=True).start()

    def _ask(self, visit: Visit) -> None:
        try:
            self._answers.put((visit, self._asker.ask(visit.method, visit.target.url, visit.cookies)))
        except BaseException as error:  # noqa: BLE001 (raised in the thread that waits)
            self._answers.put((visit, error))

    def _hear(self) -> None:
        """Wait for an answer, or until it is somebody's turn, or for a moment."""
        full = self._running >= self._plan.manners.jobs
        turn = None if full else self._line.wait(time.monotonic())
        try:
            visit, answer = self._answers.get(timeout=_WAIT if turn is None else min(turn, _WAIT))
        except queue.Empty:
            return
        if isinstance(answer, BaseException):
            raise answer
        host = visit.target.host
        self._running -= 1
        next_step = visit.take(answer)
        now = time.monotonic()
        if isinstance(next_step, Again):
            if next_step.whole_host:
                self._line.hold(host, now + next_step.seconds)
            # What was begun is ended first: a run that is killed loses little.
            self._line.put(visit.target.host, visit, now + next_step.seconds if next_step.seconds else FIRST)
        else:
            self._learned(visit.start, replace(next_step, asked=time.time()))
        self._line.done(host)

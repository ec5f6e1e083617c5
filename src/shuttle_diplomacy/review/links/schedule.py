"""Whose turn it is: many hosts at once, each of them slowly."""

import heapq
import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
FIRST = -1.0


@dataclass(frozen=True)
class Manners:
    """How hosts are treated.

    Attributes:
        jobs: requests under way at once.
        host_seconds: least time between the starts of two requests to one host; 0: hosts are not spared at all.
        host_jobs: requests under way at once to one host.
    """

    jobs: int = 16
    host_seconds: float = 1
    host_jobs: int = 4


@dataclass
class _Host:
    waiting: list[tuple[float, int, object]] = field(default_factory=list)
    free_at: float = 0
    running: int = 0
    due: float | None = None  # when it is looked at; entries for other times are out of date


class Schedule(Generic[T]):
    """Items in line for their hosts; the caller says what time it is.

    Examples:
        >>> line = Schedule[str](Manners(host_seconds=5))
        >>> line.put("a.example", "first"); line.put("a.example", "second"); line.put("b.example", "third")
        >>> [line.next(0), line.next(0), line.next(0), line.next(5)]
        ['first', 'third', None, 'second']
    """

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._hosts: dict[str, _Host] = defaultdict(_Host)
        self._due: list[tuple[float, str]] = []
        self._numbers = itertools.count()
        self.waiting = 0

    def put(self, host: str, item: T, not_before: float = 0) -> None:
        """Add an item for a host; 0: behind those that wait already, :data:`FIRST`: before them."""
        heapq.heappush(self._hosts[host].waiting, (not_before, next(self._numbers), item))
        self.waiting += 1
        self._look_at(host)

    def hold(self, host: str, until: float) -> None:
        """Leave a host alone until some time."""
        self._hosts[host].free_at = max(self._hosts[host].free_at, until)

    def done(self, host: str) -> None:
        """Say that a request to a host has ended."""
        self._hosts[host].running -= 1
        self._look_at(host)

    def next(self, now: float) -> T | None:
        """Return an item whose turn it is, or None; its host counts as busy until :meth:`done`."""
        while self._due and self._due[0][0] <= now:
            at, name = heapq.heappop(self._due)
            host = self._hosts[name]
            if host.due != at:
                continue
            host.due = None
            if not host.waiting or self._is_full(host):
                continue  # looked at again when something is put or done
            if self._turn(host) > now:
                self._look_at(name)
                continue
            item: T = heapq.heappop(host.waiting)[2]  # type: ignore[assignment]
            self.waiting -= 1
            host.running += 1
            host.free_at = now + self._manners.host_seconds
            self._look_at(name)
            return item
        return None

    def wait(self, now: float) -> float | None:
        """Return after how many seconds to ask again; None: only after something has ended."""
        return max(self._due[0][0] - now, 0) if self._due else None

    def _look_at(self, name: str) -> None:
        host = self._hosts[name]
        if host.waiting and not self._is_full(host):
            turn = self._turn(host)
            if host.due is None or turn < host.due:
                host.due = turn
                heapq.heappush(self._due, (turn, name))

    def _turn(self, host: _Host) -> float:
        return max(host.free_at, host.waiting[0][0])

    def _is_full(self, host: _Host) -> bool:
        return bool(self._manners.host_seconds) and host.running >= self._manners.host_jobs

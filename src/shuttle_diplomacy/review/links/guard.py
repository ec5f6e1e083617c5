"""Connections to public hosts only: a name is resolved once, judged, and the judged network address is connected to.

No second look-up can give another answer, and each redirect comes the same way. Numbers in any spelling
(``http://2130706433/``) are resolved first and judged then.
"""

import ipaddress
import queue
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from shuttle_diplomacy.review.links.verdicts import Verdict

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# What getaddrinfo gives: family, kind, protocol, name, and the address to connect to.
Found = tuple[int, int, int, str, tuple[Any, ...]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # its last 32 bits are an IPv4 address
_OLD_LOCAL = ipaddress.ip_network("fec0::/10")
# By IANA's registries of special-purpose addresses not reachable from everywhere; not every Python knows them.
_SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "64:ff9b:1::/48", "3fff::/20", "5f00::/16")
)
_RECEIVED = 1 << 16  # bytes that the system takes in before anyone reads them
_LOOK_UP_AGAIN = {socket.EAI_AGAIN}


class FailedError(Exception):
    """No connection came about.

    Attributes:
        verdict: what that means for the address.
        note: why.
        lasting: whether there is no use in trying again.
    """

    def __init__(self, verdict: Verdict, note: str, *, lasting: bool = False) -> None:
        super().__init__(note)
        self.verdict, self.note, self.lasting = verdict, note, lasting


def network_of(text: str) -> str:
    """Return what kind of network an IP address is in, or an empty text for a public one.

    Addresses that carry another one (mapped, 6to4, Teredo, NAT64) are judged by what they carry, too.

    Examples:
        >>> [network_of(a) for a in ("10.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1")]
        ['private', 'loopback', 'link-local', 'loopback', 'loopback']
        >>> network_of("9.9.9.9"), network_of("64:ff9b::909:909"), network_of("100.64.0.1"), network_of("240.0.0.1")
        ('', '', 'not public', 'reserved')
    """
    address = ipaddress.ip_address(text)
    carried = _carried(address)
    if carried and (kind := next(filter(None, map(_network, carried)), "")):
        return kind
    translated = isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address in _NAT64)
    return "" if translated else _network(address)


def _carried(address: IPAddress) -> list[IPAddress]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[IPAddress] = [a for a in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if a]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def _network(address: IPAddress) -> str:
    kinds = {
        "unspecified": address.is_unspecified,
        "loopback": address.is_loopback,
        "link-local": address.is_link_local or address in _OLD_LOCAL,
        "multicast": address.is_multicast,
        "reserved": address.is_reserved,
        "private": address.is_private,
        "not public": not address.is_global or any(address in network for network in _SPECIAL),
    }
    return next((kind for kind, applies in kinds.items() if applies), "")


def resolve(host: str, port: int, seconds: float) -> list[Found]:
    """Return the network addresses of a host; the system's look-up has no time limit, this one has.

    Raises:
        FailedError: there is no such host, or no answer in time.
    """
    answers: queue.SimpleQueue[list[Found] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put([*socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except Exception as error:  # noqa: BLE001 (handed to the thread that waits)
            answers.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise FailedError(Verdict.TIMED_OUT, f"no answer to the question who {host} is") from None
    if isinstance(found, socket.gaierror):
        again = found.errno in _LOOK_UP_AGAIN
        note = f"{host} could not be looked up" if again else f"there is no host {host}"
        raise FailedError(Verdict.UNREACHABLE, note, lasting=not again) from found
    if isinstance(found, Exception):
        raise FailedError(Verdict.UNREACHABLE, f"{host} cannot be looked up", lasting=True) from found
    return found


def connect(host: str, port: int, end: float, *, allow_private: bool = False) -> socket.socket:
    """Return a connection to a host in a public network.

    A name that leads to a public and to a private address is refused as a whole: that is how a name is made to change.

    Args:
        host: name or number.
        port: the port.
        end: until when, on the monotonic clock.
        allow_private: whether any network will do.

    Raises:
        FailedError: there is no such host, it is not public, or it does not answer.
    """
    found = resolve(host, port, end - time.monotonic())
    if not allow_private:
        for *_, place in found:
            kind = network_of(str(place[0]))
            if kind:
                where = host if place[0] == host else f"{host}, which is {place[0]}"
                note = f"leads to {where}: a {kind} network address"
                raise FailedError(Verdict.BLOCKED, note, lasting=True)
    failure: OSError | None = None
    for family, kind_of_socket, protocol, _, place in found:
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            return _open(family, kind_of_socket, protocol, place, left)
        except OSError as error:
            failure = failure or error
    if failure is None or isinstance(failure, TimeoutError):
        raise FailedError(Verdict.TIMED_OUT, f"no connection to {host} in time")
    raise FailedError(Verdict.UNREACHABLE, f"no connection to {host}: {failure.strerror or failure}") from failure


def _open(family: int, kind: int, protocol: int, place: tuple[Any, ...], seconds: float) -> socket.socket:
    connection = socket.socket(family, kind, protocol)
    try:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED)
        connection.settimeout(seconds)
        connection.connect(place)
    except BaseException:
        connection.close()
        raise
    return connection

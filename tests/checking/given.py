"""Owns DNS as the tests of the checks see it: a zone in memory, and a small real name server on loopback. It must never
answer for a name that it was not given."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from digest.checking.finding import Finding
from digest.checking.names import Unanswered

Zone = dict[tuple[str, str], tuple[str, ...]]


@dataclass
class FakeNames:
    """Answers from a zone: ("example.com", "TXT") to its texts. `dead` names give no answer; if `silent` none does."""

    zone: Zone = field(default_factory=Zone)
    dead: tuple[str, ...] = ()
    silent: bool = False
    asked: list[str] = field(default_factory=list[str])

    def texts(self, name: str) -> tuple[str, ...]:
        return self._found(name, "TXT")

    def exchangers(self, domain: str) -> tuple[str, ...]:
        return self._found(domain, "MX")

    def addresses(self, host: str) -> tuple[str, ...]:
        return self._found(host, "A")

    def pointers(self, address: str) -> tuple[str, ...]:
        return self._found(address, "PTR")

    def _found(self, name: str, kind: str) -> tuple[str, ...]:
        self.asked.append(name)
        if self.silent or name in self.dead:
            raise Unanswered(name, nobody=self.silent)
        return self.zone.get((name, kind), ())


@contextmanager
def name_server(records: list[str], *, mute: bool = False) -> Iterator[tuple[str, int]]:
    """A real name server on a free UDP port; `records` are lines such as "example.com. 60 IN MX 10 mx.example.com."."""
    sets = [dns.rrset.from_text(*_parts(record)) for record in records]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        if not mute:
            threading.Thread(target=_serve, args=(listening, sets), daemon=True).start()
        yield listening.getsockname()
        with suppress(OSError):  # it is not connected, and wakes all the same
            listening.shutdown(socket.SHUT_RDWR)


def _parts(record: str) -> tuple[str, int, str, str, str]:
    name, ttl, one, kind, value = record.split(None, 4)
    return name, int(ttl), one, kind, value


def _serve(listening: socket.socket, sets: list[dns.rrset.RRset]) -> None:
    while True:
        try:
            raw, peer = listening.recvfrom(4096)
            listening.sendto(_answer(dns.message.from_wire(raw), sets).to_wire(), peer)
        except (OSError, EOFError):
            return
        except dns.exception.DNSException:
            return


def _answer(query: dns.message.Message, sets: list[dns.rrset.RRset]) -> dns.message.Message:
    answer, (question,) = dns.message.make_response(query), query.question
    answer.flags |= dns.flags.AA
    answer.answer = [one for one in sets if one.name == question.name and one.rdtype == question.rdtype]
    if not any(one.name == question.name for one in sets):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def lines(found: Iterator[Finding]) -> list[str]:
    return [finding.line for finding in found]

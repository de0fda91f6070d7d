"""Submission: what becomes of a mail for each answer of the server, commands in groups or one by one; TLS; senders."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from digest.errors import Misuse
from digest.outbound.transport import DeliveryResult, Transport
from digest.outbound.transports import smtp
from digest.outbound.transports.smtp import Server, SmtpTransport, line
from digest.outbound.transports.smtp.line import Line
from digest.outbound.ways_out import transport_for
from tests.conftest import NOT_TESTED
from tests.parts.smtp_server import Phase, SmtpServer
from tests.parts.smtp_sink import NoSink, running_sink

OURS = "digest@example.org"
IN_GROUPS = pytest.mark.parametrize("grouping", [(), ("-p",)], ids=["in groups", "one by one"])


@dataclass(frozen=True)
class Sent:
    rcpt_to: str = "ada@example.com"
    mail_from: str = OURS
    raw: bytes = b"Subject: hello\r\n\r\nhello\r\n"


@contextmanager
def sink(*options: str, query: str = "") -> Iterator[SmtpTransport]:
    try:
        with (
            running_sink(*options) as address,
            closing(transport_for(f"smtp://{address}{query}", OURS)) as way,
        ):
            assert isinstance(way, SmtpTransport)
            yield way
    except NoSink as missing:
        pytest.skip(f"{NOT_TESTED}smtp-sink: {missing}")


def one(transport: Transport, mail: Sent = Sent()) -> DeliveryResult:
    return transport.send([mail])[0]


@IN_GROUPS
@pytest.mark.parametrize(
    ("told", "result", "rests"),
    [
        ((), "sent", False),
        (("-f", "RCPT"), "rejected", False),
        (("-r", "RCPT"), "deferred", False),
        (("-f", "DATA"), "rejected", False),
        (("-r", "DATA"), "deferred", False),
        (("-f", "."), "rejected", False),
        (("-r", "."), "deferred", False),
        (("-r", "MAIL"), "untried", True),
        (("-q", "MAIL"), "untried", True),
        (("-q", "DATA"), "untried", True),
        (("-q", "."), "deferred", False),
        (("-f", "EHLO,HELO"), "untried", True),
    ],
    ids=str,
)
def test_each_answer_says_what_becomes_of_a_mail(
    grouping: tuple[str, ...], told: tuple[str, ...], result: str, rests: bool
) -> None:
    with sink(*grouping, *told) as transport:
        assert one(transport).result == result
        assert transport.is_resting is rests
        assert bool(transport.trouble) is rests


@IN_GROUPS
def test_a_refused_mail_does_not_spoil_the_next_on_its_connection(
    grouping: tuple[str, ...], smtp_server: SmtpServer
) -> None:
    with sink(*grouping, "-f", "RCPT") as transport:
        assert [one(transport).result for _ in range(3)] == ["rejected"] * 3
    smtp_server.refuse("RCPT", "550 5.1.1 no", address="ada@example.com")
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        results = [transport.send([Sent(to)])[0].result for to in ("ada@example.com", "bob@example.com")]
    assert results == ["rejected", "sent"]
    assert smtp_server.connections == 1


def test_mails_go_over_several_connections_at_the_same_time(smtp_server: SmtpServer) -> None:
    mails = [Sent(f"m{number}@example.com") for number in range(4)]
    with closing(transport_for(f"{smtp_server.url}?connections=4", OURS)) as transport:
        assert transport.at_once == 4
        for _ in range(2):
            assert [one.result for one in transport.send(mails)] == ["sent"] * 4
    assert smtp_server.connections == 4
    assert sorted(one.rcpt_tos[0] for one in smtp_server.received) == sorted(
        [mail.rcpt_to for mail in mails] * 2
    )


def test_where_the_server_takes_fewer_connections_fewer_are_used(
    smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Line] = []

    def two_at_most(server: Server) -> Line:
        if len(opened) == 2:
            raise ConnectionRefusedError("421 too many connections")
        opened.append(Line(server))
        return opened[-1]

    monkeypatch.setattr(smtp, "Line", two_at_most)
    with closing(transport_for(f"{smtp_server.url}?connections=4", OURS)) as transport:
        results = [one.result for one in transport.send([Sent()] * 4)]
        assert results == ["sent", "sent", "untried", "untried"]
        assert transport.at_once == 2
        assert not transport.is_resting


def test_dots_at_the_start_of_lines_arrive_as_they_are(smtp_server: SmtpServer) -> None:
    raw = b".first\r\n\r\n.\r\n..two\r\nend\r\n"
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        one(transport, Sent(raw=raw))
    assert smtp_server.received[0].content == raw


def test_a_message_longer_than_the_network_takes_at_once_arrives_whole(
    certificate: Path, smtp_server: SmtpServer
) -> None:
    raw = b"Subject: long\r\n\r\n" + (b"." + b"a" * 900 + b"\r\n") * 5_000
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert one(transport, Sent(raw=raw)).result == "sent"
    with tls_server(certificate, "smtps") as server:
        url = f"smtps://digest%40x:pass%3Aword@localhost:{server.port}?ca={certificate}"
        with closing(transport_for(url, OURS)) as transport:
            assert one(transport, Sent(raw=raw)).result == "sent"
    assert smtp_server.received[0].content == server.received[0].content == raw


def test_a_server_that_falls_silent_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        silent = threading.Thread(target=_greet_and_no_more, args=(listening,))
        silent.start()
        with closing(transport_for(f"smtp://127.0.0.1:{listening.getsockname()[1]}", OURS)) as transport:
            result = one(transport)
        silent.join(5)
    assert (result.result, result.enhanced_status) == ("untried", "4.4.2")
    assert "timed out" in result.remark


def _greet_and_no_more(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.sendall(b"220 here\r\n")
        connection.recv(1000)
        connection.sendall(b"250-here\r\n250 PIPELINING\r\n")
        while connection.recv(1000):
            pass


@pytest.mark.parametrize("foreign", ["", "b-token@in.example.org"])
def test_a_sender_that_is_refused_gives_way_to_the_fixed_one_and_that_is_remembered(
    foreign: str, smtp_server: SmtpServer
) -> None:
    smtp_server.refuse("MAIL", "550 5.7.1 not your address", address=foreign)
    mail = Sent(mail_from=foreign)
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert [transport.send([mail])[0].result for _ in range(3)] == ["untried", "sent", "sent"]
        assert not transport.is_resting
    assert [one.mail_from for one in smtp_server.received] == [OURS, OURS]


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        ("RCPT", "553 5.7.1 <b-t@in.example.org>: Sender address rejected: not owned by user digest"),
        ("RCPT", "550 Sender verify failed"),
        ("DATA", "550 Sender address is not allowed."),
        ("DATA", "550 5.4.5 Daily user sending limit exceeded."),
        ("DATA", "554 5.2.252 SendAsDenied; digest@example.com not allowed to send as b-t@in.example.org"),
    ],
)
def test_a_sender_that_is_refused_later_is_the_fault_of_no_mail_either(
    phase: Phase, reply: str, smtp_server: SmtpServer
) -> None:
    smtp_server.refuse(phase, reply, times=1)
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        sent = [transport.send([Sent(mail_from="b-t@in.example.org")])[0].result for _ in range(2)]
        assert sent == ["untried", "sent"]
        smtp_server.refuse(phase, reply)
        assert transport.send([Sent()])[0].result == "untried"
        assert "The mail server takes no mail from us" in (transport.trouble or "")
    assert [one.mail_from for one in smtp_server.received] == [OURS]


def test_a_sender_that_is_put_off_gives_way_when_the_mail_is_tried_again(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("RCPT", "450 4.1.8 <b-t@in.example.org>: Sender address rejected: Domain not found")
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert transport.send([Sent(mail_from="b-t@in.example.org")])[0].result == "deferred"
        assert transport.send([Sent()])[0].result == "deferred"
        assert not transport.is_resting
        smtp_server.refuse_nothing()
        assert transport.send([Sent(mail_from="b-t@in.example.org")])[0].result == "sent"
    assert [one.mail_from for one in smtp_server.received] == [OURS]


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 <ada@example.com>: Recipient address rejected: mx said: 550 Sender address rejected",
        "550 5.7.1 the group takes mail of its members alone",
    ],
)
def test_what_a_far_server_says_of_the_sender_is_about_one_mail(reply: str, smtp_server: SmtpServer) -> None:
    smtp_server.refuse("RCPT", reply)
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert transport.send([Sent()])[0].result == "rejected"
        assert not transport.is_resting


@pytest.mark.parametrize(
    "reply",
    [
        "530 5.7.0 Must issue a STARTTLS command first",
        "554 5.7.1 <mx>: Client host rejected: Access denied",
        "550 5.7.30 Basic authentication is not supported for Client Submission",
    ],
)
def test_where_we_are_not_let_in_no_mail_is_blamed_whenever_it_is_said(
    reply: str, smtp_server: SmtpServer
) -> None:
    smtp_server.refuse("RCPT", reply)
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert transport.send([Sent()])[0].result == "untried"
        assert transport.is_resting


def test_a_server_that_does_not_relay_for_us_yet_keeps_that_mail_waiting_and_no_other(
    smtp_server: SmtpServer,
) -> None:
    smtp_server.refuse("RCPT", "554 5.7.1 <ada@example.com>: Relay access denied", address="ada@example.com")
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        results = [transport.send([Sent(rcpt_to=to)])[0] for to in ("ada@example.com", "ben@example.com")]
    assert [result.result for result in results] == ["deferred", "sent"]
    assert not results[0].asks_for_less


def test_where_our_own_sender_is_refused_no_mail_is_blamed(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("MAIL", "530 5.7.0 authentication required")
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert transport.send([Sent()])[0].result == "untried"
        assert transport.is_resting
        assert "530" in (transport.trouble or "")


def test_a_mail_that_is_too_large_is_refused_for_good(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("MAIL", "552 5.3.4 message too big")
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert transport.send([Sent()])[0].result == "rejected"
        assert not transport.is_resting


@pytest.mark.parametrize(
    ("reply", "asks_for_less"),
    [
        ("421 4.3.2 busy", True),
        ("451 4.7.28 too many from you", True),
        ("451 4.7.1 greylisted, come back", False),
        ("451 4.2.2 mailbox busy", False),
    ],
)
def test_some_deferrals_are_meant_for_a_whole_domain(
    reply: str, asks_for_less: bool, smtp_server: SmtpServer
) -> None:
    smtp_server.refuse("RCPT", reply)
    with closing(transport_for(smtp_server.url, OURS)) as transport:
        assert transport.send([Sent()])[0].asks_for_less is asks_for_less


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate for localhost that no machine trusts."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@contextmanager
def tls_server(certificate: Path, security: str) -> Iterator[SmtpServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def known(*given: object) -> AuthResult:
        return AuthResult(success=given[-1] == LoginPassword(b"digest@x", b"pass:word"), handled=False)

    tls = {"tls_context": context} if security == "smtp+starttls" else {"ssl_context": context}
    is_plain_at_first = security == "smtp+starttls"
    required = {"auth_required": is_plain_at_first, "auth_require_tls": is_plain_at_first}
    server = SmtpServer(authenticator=known, **tls, **required)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize("security", ["smtp+starttls", "smtps"])
def test_a_certificate_is_checked_and_the_companys_own_authority_may_be_named(
    security: str, certificate: Path
) -> None:
    with tls_server(certificate, security) as server:
        url = f"{security}://digest%40x:pass%3Aword@localhost:{server.port}"
        with closing(transport_for(url, OURS)) as transport:
            assert transport.send([Sent()])[0].result == "untried"
            assert "certificate is not trusted" in (transport.trouble or "")
        with closing(transport_for(f"{url}?ca={certificate}", OURS)) as transport:
            assert transport.send([Sent()])[0].result == "sent"
            assert transport.trouble is None


def test_a_login_that_is_refused_lets_the_way_rest(certificate: Path) -> None:
    with tls_server(certificate, "smtp+starttls") as server:
        url = f"smtp+starttls://digest%40x:wrong@localhost:{server.port}?ca={certificate}"
        with closing(transport_for(url, OURS)) as transport:
            assert transport.send([Sent()])[0].result == "untried"
            assert transport.is_resting
            assert "refused the user name or password" in (transport.trouble or "")
    assert not server.received


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("connections=0", "connections=0 is no number from 1 to 50"),
        ("per_domain=many", "per_domain=many is no number"),
        ("ca=/nowhere.pem", "there is no file"),
        ("verify=no", "no option verify"),
    ],
)
def test_an_option_that_is_not_understood_is_told(query: str, said: str) -> None:
    with pytest.raises(Misuse, match=said):
        transport_for(f"smtp://localhost?{query}")

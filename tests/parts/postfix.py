"""Owns a real Postfix for the tests, with a configuration and a queue of its own, on loopback. It must never touch the
machine's own configuration, nor mail that leaves the machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.parts.certificate import self_signed
from tests.parts.smtp_server import SmtpServer

#: Mail to these domains is handed to Digest, by the way that the name says; all other mail goes to `outside`.
LMTP, PIPE = "in.example.org", "pipe.example.org"
PATIENCE = 60.0  # seconds in which a real mail server has done what it was asked for

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail
maillog_file_prefixes = {folder}
myhostname = mx.example.org
mydestination =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/doors/auth
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
alias_maps =
alias_database =
import_environment = MAIL_CONFIG TZ
default_transport = smtp:[127.0.0.1]:{outside}
relay_domains = {LMTP} {PIPE}
virtual_alias_maps = inline:{{ {{ postmaster@{LMTP} = postmaster@firm.example }} }}
transport_maps = inline:{{ {{ {LMTP} = lmtp:unix:{folder}/doors/lmtp }}, {{ {PIPE} = digest: }} }}
digest_destination_recipient_limit = 1
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
transport_retry_time = 1s
destination_concurrency_failed_cohort_limit = 1000
in_flow_delay = 0
lmtp_connect_timeout = 5s
"""

MASTER = """
{port} inet n - n - - smtpd
{submission} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_security_level=may
  -o smtpd_tls_auth_only=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
tlsmgr unix - - n 1000? 1 tlsmgr
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
digest unix - n n - 4 pipe user=nobody argv={folder}/doors/receive ${{sender}} ${{recipient}}
"""

# Who runs the pipe may be kept from running this Python, which may lie in somebody's home. So what Postfix runs passes
# all on to the tests, who run the command, and ends as it ended.
RECEIVE = """#!/usr/bin/perl
use strict; use IO::Socket::UNIX;
my $tests = IO::Socket::UNIX->new(Peer => "{folder}/doors/pipe") or exit 75;
local $/; my $raw = <STDIN>;
print $tests join("\\0", @ARGV), "\\n", $raw; shutdown($tests, 1);
exit <$tests>;
"""

# The shell stops Postfix when its standard input closes, so also when the tests are killed.
GUARD = '"$@" </dev/null & server=$!; read -r _; kill -TERM $server; wait $server'

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
Receive = Callable[[list[str], bytes], int]  # ([sender, recipient], message) -> exit code


class NoPostfix(Exception):
    """No Postfix can be started here; says why."""


class Postfix:
    """A running one: mail is handed in at `port`, and at `submission` by whoever logs in, over TLS with `certificate`.

    `lmtp` is where it looks for the LMTP door, and `auth` where it asks a Dovecot about logins.
    """

    def __init__(self, folder: Path, outside: SmtpServer) -> None:
        self.folder, self.outside = folder, outside
        self.port, self.submission = _free_port(), _free_port()
        self.lmtp, self.auth = folder / "doors" / "lmtp", folder / "doors" / "auth"
        self.certificate, self.key = self_signed(folder)
        self.receive: Receive = lambda _, __: 75

    @property
    def log(self) -> str:
        return (self.folder / "log" / "mail").read_text("utf-8", "replace")

    @property
    def queue(self) -> list[str]:
        """The ids of the messages that wait."""
        kept = [self.folder / "queue" / name for name in ("maildrop", "incoming", "active", "deferred")]
        return [file.name for queue in kept for file in queue.rglob("*") if file.is_file()]

    def wait_until(self, what: Callable[[], object], *, patience: float = PATIENCE) -> None:
        """Fails the test with the end of Postfix's log where that does not come to be."""
        latest = time.monotonic() + patience
        while not what():
            assert time.monotonic() < latest, self.log[-3000:]
            self._look_again()
            time.sleep(0.02)

    def _look_again(self) -> None:
        """Tries that follow so fast may find a message locked by the one before, and then wait for new mail to come."""
        with socket.socket(socket.AF_UNIX) as queue_manager, contextlib.suppress(OSError):
            queue_manager.connect(str(self.folder / "queue" / "public" / "qmgr"))
            queue_manager.sendall(b"ID")  # scan what is incoming, and what was deferred


PATH = {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin", "LC_ALL": "C"}


@contextmanager
def running_postfix() -> Iterator[Postfix]:
    """Raises NoPostfix where there is none, or where it cannot be started."""
    daemon = _daemon()
    folder = Path(tempfile.mkdtemp(prefix="digest-postfix-"))  # /tmp, for Postfix's own user has to get there
    outside = SmtpServer()
    outside.start()
    try:
        postfix = Postfix(folder, outside)
        _lay_out(postfix)
        with _pipe_answered(postfix), _started(daemon, postfix):
            yield postfix
    finally:
        outside.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _daemon() -> Path:
    if os.geteuid() != 0:
        raise NoPostfix("it starts for root alone")
    try:
        told = subprocess.run(
            ["postconf", "-dh", "daemon_directory"], capture_output=True, text=True, env=PATH, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        raise NoPostfix("it is not installed") from None
    return Path(told.stdout.strip()) / "master"


def _lay_out(postfix: Postfix) -> None:
    """The folders that Postfix would make when it is installed, with the owners that it insists on."""
    folder = postfix.folder
    folder.chmod(0o755)
    for name in ("log", "doors", "queue/pid"):
        (folder / name).mkdir(parents=True)
    for name in QUEUES:
        _folder(folder / "queue" / name, 0o700)
    _folder(folder / "queue" / "private", 0o700)
    _folder(folder / "queue" / "public", 0o710, "postdrop")
    _folder(folder / "queue" / "maildrop", 0o730, "postdrop")
    _folder(folder / "data", 0o700)
    values = {
        "folder": folder,
        "outside": postfix.outside.port,
        "port": postfix.port,
        "submission": postfix.submission,
        "certificate": postfix.certificate,
        "key": postfix.key,
        "LMTP": LMTP,
        "PIPE": PIPE,
    }
    (folder / "main.cf").write_text(MAIN.format_map(values))
    (folder / "master.cf").write_text(MASTER.format_map(values))
    (folder / "doors" / "receive").write_text(RECEIVE.format_map(values))
    (folder / "doors" / "receive").chmod(0o755)


def _folder(path: Path, mode: int, group: str | None = None) -> None:
    path.mkdir()
    path.chmod(mode)
    try:
        shutil.chown(path, "postfix", group)
    except LookupError:
        raise NoPostfix("its user is not there") from None


@contextmanager
def _started(daemon: Path, postfix: Postfix) -> Iterator[None]:
    command = ["/bin/sh", "-c", GUARD, "sh", str(daemon), "-c", str(postfix.folder), "-d"]
    with subprocess.Popen(command, env=PATH, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as master:
        _wait_for_greeting(postfix, master)
        yield


def _wait_for_greeting(postfix: Postfix, master: subprocess.Popen[bytes]) -> None:
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest and master.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", postfix.port), 5) as door:
            if door.recv(4).startswith(b"220"):
                return
        time.sleep(0.02)
    log = postfix.folder / "log" / "mail"
    raise NoPostfix(f"it did not start: {log.read_text() if log.exists() else ''}"[-500:])


@contextmanager
def _pipe_answered(postfix: Postfix) -> Iterator[None]:
    """What Postfix's pipe hands over is given to `postfix.receive`, one after the other for each connection."""

    class Handover(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head, _, raw = self.rfile.read().partition(b"\n")
            self.wfile.write(str(postfix.receive(head.decode().split("\0"), raw)).encode())

    file = postfix.folder / "doors" / "pipe"
    with socketserver.ThreadingUnixStreamServer(str(file), Handover) as server:
        file.chmod(0o666)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield
        server.shutdown()
        thread.join()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

"""Owns a real Dovecot on loopback, with a configuration, ports and mailboxes of its own. It must never touch the
machine's own, nor end a process that it did not start."""

from __future__ import annotations

import atexit
import contextlib
import functools
import imaplib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.parts.certificate import self_signed

PASSWORD = "pass/word:for@tests"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
START, END = 20.0, 10.0  # seconds that a start and an end may take
OWNER = "mail" if os.geteuid() == 0 else pwd.getpwuid(os.getuid()).pw_name  # Dovecot serves no mail of root's
_numbers = itertools.count(1)

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
disable_plaintext_auth = no
auth_failure_delay = 0
mail_fsync = never
auth_mechanisms = plain login{mechanisms}
ssl = {ssl}
mail_location = maildir:~/Maildir
{users}
{oauth}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
first_valid_uid = 1
first_valid_gid = 1
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
  process_min_avail = 1
  service_count = 0
  chroot =
}}
service imap {{
  process_min_avail = 1
  service_count = 20
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = .
  prefix = {prefix}
}}
"""

#: Beside passwords, access tokens that the server at `introspection` vouches for (RFC 7662); Postfix asks at `auth`.
OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
service auth {{
  unix_listener {auth} {{
    mode = 0666
  }}
}}
service dns-client {{
  chroot =
}}
"""
OAUTH_PASSDB = """
introspection_mode = post
introspection_url = {introspection}
tls_ca_cert_file = {authority}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(frozen=True)
class TokenLogin:
    """That users log in by access tokens as well: who vouches for these, and where a mail server asks us about them."""

    introspection: str
    authority: Path
    auth: Path


class NoDovecot(Exception):
    """This machine has none, or it does not start; the reason."""


@dataclass
class Dovecot:
    """A server with any number of mailboxes: every user name has one, and PASSWORD opens it."""

    folder: Path
    port: int
    tls_port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        # its output is closed, or whoever started the tests would wait for it
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
            env={"PATH": PATH},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + START
        while not self._answers():
            if time.monotonic() > end or self.process.poll() is not None:
                raise NoDovecot(f"it does not start: {self.log()[-500:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(END)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> str:
        with contextlib.suppress(OSError):
            return (self.folder / "log").read_text("utf-8", "replace")
        return ""

    def mailbox(self) -> Inbox:
        """A new and empty one."""
        return Inbox(self, f"digest{next(_numbers)}-{os.getpid()}@example.org")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                return connection.recv(100).startswith(b"* OK")
        except OSError:
            return False


@dataclass
class Inbox:
    """One mailbox as its owner's mail program sees it."""

    server: Dovecot
    user: str

    @property
    def url(self) -> str:
        return self.url_by("imap", self.server.port)

    def url_by(self, scheme: str, port: int, password: str = PASSWORD) -> str:
        return f"{scheme}://{quote(self.user)}:{quote(password, safe='')}@127.0.0.1:{port}/INBOX"

    @contextlib.contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.server.port, timeout=20)
        try:
            client.login(self.user, PASSWORD)
            yield client
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                client.logout()

    def deliver(self, *messages: bytes, folder: str = "INBOX") -> None:
        with self.opened() as client:
            for message in messages:
                assert client.append(folder, "", "", message)[0] == "OK"

    def count(self, folder: str = "INBOX") -> int:
        """How many messages lie there; -1 where there is no such folder."""
        with self.opened() as client:
            kind, said = client.select(f'"{folder}"', readonly=True)
            return int(said[0] or 0) if kind == "OK" else -1

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        with self.opened() as client:
            client.select(f'"{folder}"', readonly=True)
            return [item for item in client.fetch("1:*", "(FLAGS)")[1] if isinstance(item, bytes)]

    def do(self, *command: str, folder: str = "INBOX") -> None:
        """What a person does in her mail program: a UID command."""
        with self.opened() as client:
            client.select(folder)
            assert client.uid(*command)[0] == "OK"


@functools.cache
def shared_dovecot() -> Dovecot:
    """The one of this process, which ends with it. Raises NoDovecot."""
    running = contextlib.ExitStack()
    atexit.register(running.close)
    return running.enter_context(running_dovecot())


@contextlib.contextmanager
def running_dovecot(prefix: str = "", by_token: TokenLogin | None = None) -> Iterator[Dovecot]:
    """Raises NoDovecot."""
    if not shutil.which("dovecot", path=PATH) or not Path("/usr/lib/dovecot/imap").exists():
        raise NoDovecot("the packages dovecot-core and dovecot-imapd are not installed")
    folder = Path(tempfile.mkdtemp(prefix="digest-dovecot-"))
    try:
        dovecot = _prepared(folder, prefix, by_token)
        dovecot.start()
        try:
            yield dovecot
        finally:
            dovecot.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path, prefix: str, by_token: TokenLogin | None) -> Dovecot:
    folder.chmod(0o755)  # the mailboxes are not root's
    account = pwd.getpwnam(OWNER)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    dovecot = Dovecot(folder, _free_port(), _free_port())
    users = "" if os.geteuid() == 0 else f"default_internal_user = {OWNER}\ndefault_login_user = {OWNER}"
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(
            folder=folder,
            port=dovecot.port,
            tls_port=dovecot.tls_port,
            ssl=_tls(folder),
            users=users,
            mechanisms=" xoauth2 oauthbearer" if by_token else "",
            oauth=_oauth(folder, by_token) if by_token else "",
            password=PASSWORD,
            owner=account.pw_uid,
            group=account.pw_gid,
            prefix=prefix,
        ),
        "utf-8",
    )
    return dovecot


def _oauth(folder: Path, by_token: TokenLogin) -> str:
    (folder / "oauth2.conf").write_text(OAUTH_PASSDB.format_map(vars(by_token)), "utf-8")
    return OAUTH.format(folder=folder, auth=by_token.auth)


def _tls(folder: Path) -> str:
    certificate, key = self_signed(folder)
    return f"yes\nssl_cert = <{certificate}\nssl_key = <{key}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])

"""Owns how Thunderbird is driven: our mail opened as a file, Ctrl+R, its own editor, Ctrl+Return. It must never write a
line of the message itself."""

from __future__ import annotations

import json
from pathlib import Path

from tests.real_clients.screen import Screen, screen
from tests.real_clients.writing import Writing

SUBJECT = {"en": "Packaging group", "de": "Verpackungsrunde"}

Prefs = dict[str, str | int | bool]


def reply(writing: Writing, port: int, home: Path) -> None:
    """Open our mail, answer it, send it to the SMTP server on that port of loopback."""
    _prepare(writing, port, home)
    program = ("thunderbird", "--no-remote", "--profile", str(home / "profile"), str(home / "ours.eml"))
    with screen(home, writing.locale, *program) as shown:
        shown.window(f"{SUBJECT[writing.locale]}.*Mozilla Thunderbird")
        shown.rest(3)
        shown.press("ctrl+r")
        window = shown.window(": Re: ")
        shown.rest(3)
        _write(writing, shown)
        shown.press("ctrl+Return")
        shown.gone(window)


def _write(writing: Writing, shown: Screen) -> None:
    if writing.below:
        shown.type(writing.below)
    for line, words in writing.under:
        _find(line, shown)
        behind = "answer" in writing.settings
        shown.press("End", "space" if behind else "Return")
        shown.type(words)
    if writing.above:
        shown.press("ctrl+Home")
        shown.type(writing.above)


def _find(words: str, shown: Screen) -> None:
    """Select those words with the editor's own search, from its beginning."""
    shown.press("ctrl+Home", "ctrl+f")
    shown.rest(1)
    shown.type(words)
    shown.rest(0.5)
    shown.press("Escape")
    shown.rest(0.5)


def _prepare(writing: Writing, port: int, home: Path) -> None:
    (home / "ours.eml").write_bytes(writing.mail)
    (home / "signature").write_text(writing.signature + "\n", "utf-8")
    profile = home / "profile"
    profile.mkdir()
    prefs = {**_account(writing, port, home), **_quiet(writing), **_settings(writing)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items()]
    (profile / "user.js").write_text("".join(lines), "utf-8")


def _account(writing: Writing, port: int, home: Path) -> Prefs:
    return {
        "mail.accountmanager.accounts": "account1,account2",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.accountmanager.localfoldersserver": "server2",
        "mail.account.account1.server": "server1",
        "mail.account.account1.identities": "id1",
        "mail.account.account2.server": "server2",
        "mail.server.server1.type": "pop3",
        "mail.server.server1.hostname": "127.0.0.1",
        "mail.server.server1.userName": "reader",
        "mail.server.server1.name": writing.address,
        "mail.server.server1.login_at_startup": False,
        "mail.server.server1.check_new_mail": False,
        "mail.server.server1.directory-rel": "[ProfD]Mail/reader",
        "mail.server.server2.type": "none",
        "mail.server.server2.hostname": "Local Folders",
        "mail.server.server2.userName": "nobody",
        "mail.server.server2.name": "Local Folders",
        "mail.server.server2.directory-rel": "[ProfD]Mail/Local Folders",
        "mail.smtpservers": "smtp1",
        "mail.smtp.defaultserver": "smtp1",
        "mail.smtpserver.smtp1.hostname": "127.0.0.1",
        "mail.smtpserver.smtp1.port": port,
        "mail.smtpserver.smtp1.authMethod": 1,
        "mail.smtpserver.smtp1.try_ssl": 0,
        "mail.identity.id1.fullName": writing.full_name,
        "mail.identity.id1.useremail": writing.address,
        "mail.identity.id1.valid": True,
        "mail.identity.id1.smtpServer": "smtp1",
        "mail.identity.id1.attach_signature": True,
        "mail.identity.id1.sig_file": str(home / "signature"),
        "mail.identity.id1.fcc": False,
    }


def _quiet(writing: Writing) -> Prefs:
    """No first steps, no questions, no calls to the world outside."""
    return {
        "intl.locale.requested": "de" if writing.locale == "de" else "en-US",
        "mail.warn_on_send_accel_key": False,
        "mail.spellcheck.inline": False,
        "mail.shell.checkDefaultClient": False,
        "mail.provider.enabled": False,
        "mail.rights.version": 1,
        "mailnews.start_page.enabled": False,
        "mail.compose.autosave": False,
        "app.donation.eoy.version.viewed": 999,
        "app.update.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
        "toolkit.telemetry.enabled": False,
        "mail.inappnotifications.enabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "extensions.update.enabled": False,
        "extensions.blocklist.enabled": False,
        "extensions.getAddons.cache.enabled": False,
        "services.settings.server": "http://127.0.0.1:9/",
        "security.sandbox.content.level": 0,
        "toolkit.cosmeticAnimations.enabled": False,
    }


def _settings(writing: Writing) -> Prefs:
    """The writing's own, which are JSON, at her identity; `answer` is the driver's."""
    own = {name: json.loads(value) for name, value in writing.settings.items() if name != "answer"}
    return {f"mail.identity.id1.{name}": value for name, value in own.items()}

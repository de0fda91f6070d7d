"""Owns three weeks of the packaging group in which one of two asks without her name, and all that two others get to see
of it. It must never look where a member or a facilitator cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from digest.signed_link import Purpose
from tests.acceptance.world import Mail, World

TWO = ("carla", "emil")  # one of them asks without her name, the other writes with it
ATTACKERS = ("jonas", "ben")  # Jonas is the facilitator
ASKED = "How do I tell my boss that the date is a dream?"


@dataclass(frozen=True)
class Case:
    """What is written besides: by whom under a name, and whether the mails are signed."""

    wrote: tuple[str, ...] = ("jonas", "mira", "ben", "other")
    other_asks: bool = False
    signed: bool = False


@dataclass
class Found:
    """What the attackers have in the end, as it came, in order."""

    mails: dict[str, list[Mail]] = field(default_factory=dict[str, list[Mail]])
    pages: list[str] = field(default_factory=list[str])
    said: list[str] = field(default_factory=list[str])

    def everything(self) -> list[str]:
        return [as_sent(mail) for name in ATTACKERS for mail in self.mails[name]] + self.pages + self.said


def as_sent(mail: Mail) -> str:
    fields = [f"{name}: {' '.join(str(value).split())}" for name, value in mail.message.items()]
    return "\n".join([f"from {mail.envelope_from} to {mail.to}", *fields, mail.text, mail.html])


class Life:
    """Three weeks of the packaging group, in which one of the two asks without a name."""

    def __init__(self, world: World, asker: str) -> None:
        self.world, self.asker, self.found = world, asker, Found()
        (self.other,) = (name for name in TWO if name != asker)
        self._opened = set[str]()

    def live(self, case: Case) -> Found:
        self._at("2026-03-31T09:00+02:00")
        self.world.at("2026-03-31T10:10+02:00")
        self._reply(self.asker, f"Question: {ASKED}\nwithout my name", to=self.world.prompt(self.asker))
        for name in case.wrote:
            who = self.other if name == "other" else name
            asks = "\nQuestion: who decides on carton sizes?" if name == "other" and case.other_asks else ""
            self._reply(who, f"Tried: the way of {name}{asks}", to=self.world.prompt(who))
        self.world.tick()
        self._at("2026-03-31T11:11+02:00")
        number = self._number()
        self._reply("ben", f"{number}: say it with a picture")
        self._at("2026-03-31T11:23+02:00")
        self._reply(self.asker, "Which picture?", to=self._about(number))
        self._press(self._last("jonas", "help"), "help", via="button")
        self._at("2026-03-31T11:35+02:00")
        self._at("2026-04-03T12:00+02:00")
        self._reply(self.asker, "Not yet", to=self._about(number, "did it help"))
        self._at("2026-04-06T09:00+02:00")
        self._reply(
            self.asker, f"{number}: it has to be a large one", to=self.world.last(f"{self.asker}@example.com")
        )
        self._at("2026-04-14T11:12+02:00")
        self._reply(self.asker, "Yes, draw the dream.", to=self._about(number, "did it help"))
        self._at("2026-04-20T09:00+02:00")
        self._command()
        self.found.mails = {name: self.world.inbox(f"{name}@example.com") for name in ATTACKERS}
        return self.found

    def _at(self, when: str) -> None:
        """Time passes, and the two open every link that is new."""
        self.world.at(when)
        for name in ATTACKERS:
            for mail in self.world.inbox(f"{name}@example.com"):
                for link in mail.links:
                    if link not in self._opened:
                        self._opened.add(link)
                        self.found.pages.append(self.world.get(link).text)

    def _press(self, mail: Mail, purpose: Purpose, **form: str) -> None:
        self.found.pages.append(self.world.press(mail.link(purpose), **form).text)
        self.world.tick()

    def _last(self, name: str, purpose: Purpose) -> Mail:
        mails = self.world.inbox(f"{name}@example.com")
        return next(mail for mail in reversed(mails) if any(f"/{purpose}/" in link for link in mail.links))

    def _number(self) -> str:
        return re.findall(rf"(\d+)\. Somebody asks: {ASKED[:20]}", self.world.last("ben@example.com").text)[0]

    def _about(self, number: str, words: str = "about question") -> Mail:
        mails = self.world.inbox(f"{self.asker}@example.com")
        return next(mail for mail in reversed(mails) if words in mail.subject and number in mail.subject)

    def _reply(self, name: str, text: str, to: Mail | None = None) -> None:
        assert self.world.reply(to or self.world.last(f"{name}@example.com"), text) == 200
        self.world.tick()

    def _command(self) -> None:
        group = "Packaging group"
        for arguments in (
            ("group", "list"),
            ("group", "show", group),
            ("export", group),
            ("export", group, "--json"),
            ("check",),
            *(("member", "add", group, f"{name}@example.com", "--name", name) for name in ("fritz", *TWO)),
            *(("preview", mail) for mail in ("prompt", "digest", "receipt", "introduction")),
        ):
            self.found.said.append(self.world.run(*arguments)[1])

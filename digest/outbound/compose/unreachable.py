"""Owns the mail that tells a facilitator which addresses get no mail and what can be done. It must never blame."""

from __future__ import annotations

from digest.outbound.compose.letterhead import compose_mail
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import Frame, UnreachableFacts
from digest.words.clean_text import one_line
from digest.words.speech import Speech


def unreachable(frame: Frame, facts: UnreachableFacts) -> ComposedMessage:
    """Raises ValueError where there is nobody to tell of."""
    if not facts.people:
        raise ValueError("the mail unreachable needs people")
    talk = frame.speech
    group, old, new = one_line(frame.group_name), facts.people[0].address, talk.gettext("NEW")
    words = {
        "people": [_sentence(talk, person.name, person.address, person.gone) for person in facts.people],
        "command": f'digest member address "{group}" {old} {new}',
    }
    return compose_mail(frame, facts.kind, talk, words)


def _sentence(talk: Speech, name: str, address: str, gone: bool) -> str:
    said = {"name": one_line(name), "address": address, "domain": address.rpartition("@")[2]}
    if gone:
        return talk.gettext("%(name)s, %(address)s: there is no such mailbox at %(domain)s.", **said)
    return talk.gettext(
        "%(name)s, %(address)s: for three weeks now, mail to this mailbox has come back. It may be full.",
        **said,
    )

"""Words that look like a client's, a quotation's or a signature's and are the person's own: all of them are kept."""

from __future__ import annotations

import pytest

from digest.inbound.message import parse
from digest.inbound.reply_text import cut
from digest.inbound.visible_text import see

QUOTED = "\n\nOn Tue, Apr 7, 2026 at 9:00 AM Packaging group <r-abc@in.example.net> wrote:\n\n> What did you try?\n> Answer.\n"

TYPED = [
    # sentences with dates, times, names and colons
    "On 7.4.2026 at 10:30 we tried this:\n\nThe glue from Ulm. It froze.",
    "Am 07.04.2026 um 10:30 haben wir das probiert:\n\nDen Kleber aus Ulm.",
    "Am 07.04.2026 um 10:30 hat Ben das probiert:\n\nDen Kleber aus Ulm.",
    "Le 7 avril 2026 à 10h30 nous avons essayé ceci :\n\nLa colle d'Ulm.",
    "El 7 de abril de 2026 a las 10:30 hicimos esto:\n\nEl pegamento.",
    "Il 7 aprile 2026 alle 10:30 abbiamo provato questo:\n\nla colla di Ulm.",
    "Op 7 april 2026 om 10:30 hebben wij dit geprobeerd:\n\nde lijm uit Ulm.",
    "W dniu 7.04.2026 o 10:30 zrobiliśmy to tak:\n\nnowy klej.",
    "Dne 7. 4. 2026 v 10:30 jsme zkusili toto:\n\nnové lepidlo.",
    "2026-04-07 14:05 the printer stopped:\n\nno idea why.",
    "Tuesday, 10:00: nobody came.\nWednesday, 11:30: Ben came.\n\nThursday: nobody again.",
    "7.4. 10:00 glue A\n8.4. 11:00 glue B\n9.4. 12:00 glue C",
    "On Monday I wrote to Ulm:\n\nno answer so far.",
    "As Ben wrote:\n\nthe smaller the better. I do not think so.",
    "Ben wrote to me on Monday, at 10:30, that he has no glue left. What now?",
    "Our supplier (sales@glue.example) wrote that they stop in June. Who else has this problem?",
    "I sent it to ben@example.org on 7 April 2026 at 10:00.\n\nNo reply.",
    "Der Lieferant schrieb am 3. April: zwei Wochen.\n\nDas ist zu lang.",
    # lists of labelled lines
    "Date: Tuesday\nTime: 10:00\nPlace: the cold store",
    "From: Berlin\nTo: Prague\nDate: Tuesday",
    "Von: Berlin\nAn: Prag\nDatum: Dienstag",
    "To: the whole group\nSubject: glue\n\nWe need another one.",
    "Betreff: Kleber\nDatum: Dienstag\n\nWir brauchen einen anderen.",
    "Tried: a new glue\nFailed: it froze\nQuestion: which one holds?",
    "Name: Mira\nTask: labels\nResult: none",
    "Wer: Ben\nWann: 7.4.2026 10:00\nWo: Kühlraum\nWas: Etiketten",
    "Subject to change: the date of the move.\nFrom: now on we use glue B.",
    # lines of signs
    "Tried\n=====\nA new glue.\n\nFailed\n======\nIt froze.",
    "- a new glue\n- an old glue\n--\n- no glue",
    "A new glue.\n\n---\n\nIt froze in the cold store after two hours.\n\n---\n\nWhich glue holds below five degrees?",
    "A new glue.\n\n***\n\nIt froze in the cold store after two hours.",
    "----- Tuesday -----\nA new glue.\n----- Wednesday -----\nAn old glue.",
    "--- Budget ---\nFrom: 500\nTo: 800\n\nToo much.",
    "==== tried ====\nglue\n==== failed ====\nit froze",
    "This is no ---------- delimiter.\n\nNothing ends here.",
    "Glue -- the old one -- holds.\nThe new one -- no.",
    # mobile footers that are none
    "Sent from my desk, the labels went through the printer twice. Then they stuck.",
    "Sent from Ulm, the glue takes two days.\n\nFrom Linz it takes four.",
    "Get the samples for Monday\n\nand for Tuesday.",
    "Sent with DHL, not with the post.",
    "We sent labels from my iPhone to the printer. It works.",
    "Gesendet habe ich es am Montag. Angekommen ist es nie.",
    "We bought an iPad for the cold store.",
    "Download the list for Monday and look at line 3.",
    "Samsung or Zebra?",
    # greetings, thanks and closings in sentences
    "Best regards from the cold store. It is cold.",
    "Thanks to Ben we have glue B now. It holds.",
    "Thanks Ben, the address helped.\n\nI called them; they have none in stock.",
    "Regards from the team do not help here. We need money.",
    "Best we had so far: glue B.\nWorst: glue C.",
    "Cheers to that. Now, who has glue?",
    "Hi is what I said; nobody answered.",
    "Viele Grüße hat er mir ausgerichtet, mehr nicht. Was tun?",
    # contacts that are the answer
    "Try Glue Ltd:\n+49 30 1234567\nsales@glue.example",
    "Call me: +49 30 1234567",
    "https://glue.example/catalogue",
    "The address is sales@glue.example\n\nAsk for Ben.",
    "Ask there:\n\nGlue Ltd\nsales@glue.example\n\nI had good luck with them.",
    # legal and banner words
    "This message contains all that I tried: nothing.\n\nI had no time.",
    "This email is for the whole group: who has a second printer?",
    "Notice that the labels come off at five degrees.\n\nWe do not know why.",
    "Confidential or not, I say it: the budget is gone.\n\nWhat now?",
    "Please consider the environment of the cold store: minus ten degrees.\n\nNo glue holds.",
    "We tried external senders for the mail of labels.\n\nNo luck.",
    # code, comparisons, smileys, arrows
    ">>> print(1)\n1\n\nThat is all that works.",
    "if a > b:\n    print(a)\n\nfails with b = 3.",
    "a -> b -> c works, c -> a does not.",
    ":( :-/ >:-|",
    "5 > 3, so it should hold.\n3 < 5 as well.",
    "    indented code\n      more of it\nand words again",
    "1. glue\n   a) old\n   b) new\n2. labels",
    "* glue\n* labels\n  * white\n  * red",
    "| glue | holds |\n| A    | no    |",
    # one-liners
    "Stop der Linie 3 wegen Etiketten",
    "Nothing this week",
    "?",
    "👍",
    "No",
    "Pause.",
    "2: try the staging key first",
    "14: Ask Ben.\n15: no idea.",
    "Mira",
    "Ok, Ben.",
    # other scripts
    "Попробовали новый клей 07.04.2026 в 10:30, не держит:\n\nэтикетки отпали.",
    "Δοκιμάσαμε νέα κόλλα.\n\nΔεν κρατάει.",
    "ניסינו דבק חדש.\n\nהוא לא מחזיק.",
    "جربنا غراء جديدا.\n\nلم ينجح.",
    "我们试了新的胶水。\n\n不行。",
    # from the issue: quoted text inside an answer
    'The box says: "From: Ulm, To: Linz". Which is right?',
    "Error message:\n\nTraceback (most recent call last):\n  File \"x.py\", line 3\nKeyError: 'a'\n\nAny idea?",
    'He said "no" and left.\n\nOn the phone he said yes.',
    "One: the glue.\n\nTwo: the labels.\n\nThree: On Friday.",
]


def reply(body: str) -> str:
    raw = b"From: mira@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode()
    return cut(see(parse(raw))).reply


@pytest.mark.parametrize("typed", TYPED)
def test_what_a_person_typed_is_kept_alone_and_above_a_quotation(typed: str) -> None:
    assert reply(typed + "\n") == typed
    assert reply(typed + QUOTED) == typed


@pytest.mark.parametrize("typed", TYPED)
def test_what_a_person_typed_is_kept_below_a_quotation(typed: str) -> None:
    assert reply("Mira wrote:\n> What did you try?\n> Answer.\n\n" + typed + "\n") == typed

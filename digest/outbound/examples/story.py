"""Owns what the invented people of the examples write, in each language that we speak. It must never be sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Story:
    """One week of one invented group."""

    lang: str
    group: str
    task: str
    example: str
    tried: str
    failed: str
    question: str
    answer: str
    aside: str
    unnamed_question: str
    own_question: str
    other_tried: str
    earlier_tried: str
    earlier_answer: str
    other_failed: str
    solved: str
    takeaway: str


ENGLISH = Story(
    lang="en",
    group="Packaging group",
    task="the new packaging rules",
    example="I asked for a cardboard sample. It came in the wrong size, twice. Who decides on sizes here?",
    tried="recalibrating the label printer.",
    failed="labels still peel off in the cold store.",
    question="which glue holds below five degrees?",
    answer="ours is rated to minus ten, I am asking for the name.",
    aside="By the way, the new scanner arrived.",
    unnamed_question="how do you tell a supplier of many years that you are looking elsewhere?",
    own_question="does anybody have a sample of the recycled film in 40 µm?",
    other_tried="two thinner foils.",
    earlier_tried="labels from a second supplier.",
    earlier_answer="we have a roll of those left, come and get it.",
    other_failed="both tore at the corners.",
    solved="which carton sizes may we use without a new approval?",
    takeaway="ask the warehouse first.",
)
GERMAN = Story(
    lang="de",
    group="Verpackungsrunde",
    task="die neuen Verpackungsregeln",
    example="Ich habe ein Muster aus Karton bestellt. Zweimal kam die falsche Größe. Wer entscheidet über Größen?",
    tried="den Etikettendrucker neu einzustellen.",
    failed="Die Etiketten lösen sich im Kühlraum immer noch ab.",
    question="Welcher Kleber hält unter fünf Grad?",
    answer="Unserer ist bis minus zehn Grad zugelassen, ich frage nach dem Namen.",
    aside="Übrigens ist der neue Scanner da.",
    unnamed_question="Wie sagt man einem langjährigen Lieferanten, dass man sich umsieht?",
    own_question="Hat jemand ein Muster der Recyclingfolie in 40 µm?",
    other_tried="zwei dünnere Folien.",
    earlier_tried="Etiketten von einem zweiten Lieferanten.",
    earlier_answer="Davon haben wir noch eine Rolle, hol sie dir.",
    other_failed="Beide sind an den Ecken gerissen.",
    solved="Welche Kartongrößen dürfen wir ohne neue Freigabe nehmen?",
    takeaway="zuerst im Lager fragen.",
)

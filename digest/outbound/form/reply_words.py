"""Owns the words that we ask people to reply, as digest/languages reads them. It must never ask for another."""

from __future__ import annotations

from gettext import NullTranslations

from digest.signed_link import Purpose


def reply_words(translations: NullTranslations) -> dict[str, str]:
    """By the key of a language file's `reply` table."""
    pgettext = translations.pgettext
    return {
        "yes": pgettext("word to reply", "yes"),
        "undo": pgettext("word to reply", "undo"),
        "anonymous": pgettext("word to reply", "without my name"),
        "later": pgettext("word to reply", "later"),
        "pause": pgettext("word to reply", "pause"),
        "resume": pgettext("word to reply", "resume"),
        "stop": pgettext("word to reply", "stop"),
    }


def help_words(translations: NullTranslations, number: int) -> str:
    """ "help 14" """
    return translations.pgettext("word to reply", "help %(number)s") % {"number": number}


def in_place_of(purpose: Purpose, number: int, kind: str, translations: NullTranslations) -> str | None:
    """What a reply says that does the same as the page; "" is for her own words, None: no reply does it."""
    words = reply_words(translations)
    match purpose:
        case "help":
            return help_words(translations, number)
        case "fix":
            return "" if kind == "receipt" else words["yes"]
        case "join" | "solved":
            return words["yes"]
        case "undo":
            return words["undo"]
        case "leave":
            return words["stop"]
        case "unsubscribe" | "whole":
            return None

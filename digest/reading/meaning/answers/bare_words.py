"""Owns the telling of a bare sentence from an entry, under a mail that asked for answers. It must never look at the
words themselves.
"""

from __future__ import annotations

from digest.reading.meaning.reading import Reading

ASKING = ("questions", "digest")  # mails in which questions stand


def answers_without_number(kind: str, reading: Reading) -> bool:
    """Whether a reply to a mail of that kind is an answer to what stands there, though it names no number.

    A label, two parts or a question of her own make it an entry; so does what was tried, under the digest, which
    asks for that as well.
    """
    if kind not in ASKING or reading.intent not in ("entry", "unknown") or reading.questions:
        return False
    parts = [text for text in (reading.tried, reading.failed, *reading.undecided) if text]
    if kind == "digest" and reading.tried:
        return False
    return not parts or (len(parts) == 1 and parts[0].strip() == reading.reply.strip())

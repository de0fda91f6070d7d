"""Writes replies/, automatic/ and sent/ anew: `python -m tests.messages.make`. Never runs in a test."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.messages import automatic_form, mime
from tests.messages.case import Record, automatic_expectation, cases, expectation, unmark
from tests.messages.clients import CLIENTS, FIELDS
from tests.messages.letter import Body, Letter
from tests.messages.rewriting import decorated
from tests.messages.sent_mail import SentMail, raw, sent_mails

HERE = Path(__file__).parent
LF_CLIENTS = ("neomutt", "claws", "evolution")


def main() -> None:
    """Write every message and its expectation; a name used twice is an error."""
    words = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    sent = sent_mails(HERE / "cases" / "sent" / "sent.toml")
    for name, mail in sent.items():
        (HERE / "sent" / f"{name}.eml").write_bytes(raw(mail))
    seen: set[str] = set()
    for case in cases(HERE / "cases"):
        name = f"{case['lang']}-{case['name']}"
        if name in seen:
            raise SystemExit(f"two cases are named {name}")
        seen.add(name)
        try:
            message = reply(case, words, sent)
        except Exception as error:
            raise SystemExit(f"{name}: {error!r}") from error
        put("replies", name, message, expectation(case))
    for case in cases(HERE / "cases" / "automatic"):
        name = f"{case['kind']}-{case['lang']}-{case['name']}"
        if (HERE / "automatic" / f"{name}.eml").stem in seen:
            raise SystemExit(f"two cases are named {name}")
        seen.add(name)
        put("automatic", name, automatic_form.message(case), automatic_expectation(case))


def put(folder: str, name: str, message: bytes, expected: Record) -> None:
    """One message and its expectation beside it."""
    (HERE / folder / f"{name}.eml").write_bytes(message)
    text = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    (HERE / folder / f"{name}.json").write_text(text, encoding="utf-8")


def reply(case: Record, words: dict[str, Any], sent: dict[str, SentMail]) -> bytes:
    """The bytes of one case."""
    ui = case.get("ui", case["lang"])
    mail = sent[_sent_name(case, sent)]
    case["sent"] = mail.name if case.get("quote", True) or case.get("sent") else ""
    spoken = {**words["en"], **words[ui], "tag": ui}
    letter = _letter(case, spoken, mail)
    body = CLIENTS[case["client"]](letter)
    return _lines_ended(case, mime.written(*_message(case, letter, body)))


def _sent_name(case: Record, sent: dict[str, SentMail]) -> str:
    if "sent" in case:
        return str(case["sent"])
    return next(name for name in (f"prompt.{case['lang']}", "prompt.en") if name in sent)


def _letter(case: Record, words: dict[str, Any], mail: SentMail) -> Letter:
    person, address = case.get("from", words["person"])
    inside = {int(key): unmark(text).typed for key, text in case.get("inside", {}).items()}
    quoted = decorated(mail.blocks, case) if case.get("quote", True) else ()
    return Letter(
        person=person,
        address=address,
        words=words,
        sent=mail,
        quoted=quoted,
        above=unmark(case.get("text", "")).typed,
        inside=inside,
        below=unmark(case.get("below", "")).typed,
        signature=case.get("sig", ""),
        footer=case.get("footer"),
        above_html=case.get("html"),
    )


def _message(case: Record, letter: Letter, body: Body) -> tuple[mime.Fields, bytes]:
    content = _content(case, body)
    local = f"{crc32(case['name'].encode()):08x}.{len(case['name'])}"
    prefix = (
        letter.words["re"] if case["client"].startswith(("outlook", "notes", "groupwise", "gmx")) else "Re:"
    )
    subject = case.get("subject", f"{prefix} {letter.sent.subject}")
    fields: list[tuple[str, str]] = [
        ("From", f"{letter.person} <{letter.address}>"),
        ("To", f"{letter.sent.sender} <{letter.sent.address}>"),
        ("Subject", subject),
        (
            "Date",
            case.get(
                "date", f"Wed, 18 Nov 2026 {7 + len(subject) % 11:02d}:{len(case['name']) % 60:02d}:12 +0100"
            ),
        ),
        ("Message-ID", f"<{local}@{letter.address.partition('@')[2]}>"),
        ("In-Reply-To", letter.sent.message_id),
        ("References", letter.sent.message_id),
    ]
    for name, value in (*FIELDS.get(case["client"], ()), *case.get("headers", {}).items()):
        fields.append((name, value.format(ui=letter.words["tag"], subject=letter.sent.subject)))
    return (*fields, ("MIME-Version", "1.0"), *content.fields), content.payload


def _content(case: Record, body: Body) -> mime.Part:
    charset, cte = case.get("charset", "utf-8"), case.get("cte") or _encoding(case)
    only = case.get("only", "")
    legal = case.get("legal", "")
    parts: list[mime.Part] = []
    body = _straight_quotes(body) if charset.startswith("iso-8859") else body
    if body.text is not None and only != "html":
        text = body.text + (f"\n\n{legal}" if legal else "")
        kind = "text/plain; format=flowed" if body.flowed else "text/plain"
        parts.append(mime.leaf(kind, _flowed(text) if body.flowed else text, charset, cte))
    if body.html is not None and only != "text":
        rows = legal.replace("\n", "<br>\n")
        page = (
            body.html.replace("</body>", f'<br><hr><p style="font-size:8pt;color:gray">{rows}</p></body>')
            if legal
            else body.html
        )
        parts.append(mime.leaf("text/html", page, charset, cte))
    content = (
        parts[0]
        if len(parts) == 1
        else mime.multipart("alternative", f"=_{crc32(case['name'].encode()):08x}", *parts)
    )
    return _with_files(case, content)


def _encoding(case: Record) -> str:
    """Large clients write base64 as soon as a text is mostly not ASCII."""
    foreign = case["lang"] in ("bg", "ru", "uk", "el", "he", "ar", "sr", "mk")
    return (
        "base64"
        if foreign and case["client"].startswith(("gmail", "outlook", "iphone"))
        else "quoted-printable"
    )


def _straight_quotes(body: Body) -> Body:
    """The ISO charsets have no typographic quotes; clients that write them put straight ones."""
    straight = str.maketrans({"„": '"', "“": '"', "”": '"', "’": "'"})
    text = None if body.text is None else body.text.translate(straight)
    return replace(body, text=text, html=None if body.html is None else body.html.translate(straight))


def _with_files(case: Record, content: mime.Part) -> mime.Part:
    files = [mime.attachment(kind, name, text.encode()) for kind, name, text in case.get("files", [])]
    return mime.multipart("mixed", "=_mixed", content, *files) if files else content


def _flowed(text: str) -> str:
    """RFC 3676 section 4.2: typed lines over 72 broken after a space that stays; a leading space or '>' stuffed."""
    rows: list[str] = []
    quoting = False
    for line in text.split("\n"):
        quoting = line.startswith("> ") or line == ">"
        if quoting or len(line) <= 72 or line == "-- ":
            rows.append(line if quoting or line == "-- " else line.rstrip())
            continue
        while len(line) > 72 and (cut := line.rfind(" ", 0, 72)) > 0:
            rows.append(line[: cut + 1])
            line = line[cut + 1 :]
        rows.append(line)
    return "\n".join(rows)


def _lines_ended(case: Record, message: bytes) -> bytes:
    return message if case["client"] in LF_CLIENTS else message.replace(b"\n", b"\r\n")


if __name__ == "__main__":
    main()

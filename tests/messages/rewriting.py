"""Owns what a company's gateway does to our mail before its reader quotes it: banners and rewritten links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

BANNERS = {
    "external-en": "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.",
    "external-de": "ACHTUNG: Diese E-Mail kommt von einem externen Absender. Bitte keine Links oder Anhänge öffnen, wenn Sie den Absender nicht kennen.",
    "external-fr": "ATTENTION : ce message provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens si vous ne connaissez pas l'expéditeur.",
    "external-nl": "LET OP: deze e-mail komt van buiten de organisatie. Klik niet op links tenzij u de afzender kent.",
    "first-time": "You don't often get email from this sender. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
    "external-pl": "UWAGA: Wiadomość pochodzi spoza organizacji. Nie otwieraj załączników ani linków od nieznanych nadawców.",
    "external-sv": "[EXTERN AVSÄNDARE] Klicka inte på länkar om du inte känner igen avsändaren.",
}


def safelinks(link: str) -> str:
    """A link as Microsoft's gateway rewrites it."""
    return f"https://eur03.safelinks.protection.outlook.com/?url={quote(link, safe='')}&data=05%7C02%7C%7C4f1c08de25b2&sdata=Zr8%2Fq3&reserved=0"


def mimecast(link: str) -> str:
    """A link as Mimecast rewrites it: the target is not in it."""
    return f"https://url.uk.m.mimecastprotect.com/s/{'Ab9kC' + str(len(link))}xyQ4fWgT?domain={link.split('/')[2]}"


REWRITERS: dict[str, Callable[[str], str]] = {"safelinks": safelinks, "mimecast": mimecast}


def decorated(blocks: tuple[str, ...], case: Mapping[str, Any]) -> tuple[str, ...]:
    """The blocks as they stood in the reader's mailbox: trimmed, links rewritten, a banner first."""
    kept = blocks[: case["keep"]] if "keep" in case else blocks
    rewrite = REWRITERS.get(case.get("rewrite", ""))
    seen = tuple(_rewritten(block, rewrite) for block in kept) if rewrite else kept
    return (BANNERS[case["banner"]], *seen) if "banner" in case else seen


def _rewritten(block: str, rewrite: Callable[[str], str]) -> str:
    lines = block.split("\n")
    return "\n".join(
        " ".join(rewrite(w) if w.startswith("https://") else w for w in line.split(" ")) for line in lines
    )

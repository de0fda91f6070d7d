"""Owns the collecting of an entry's parts while a reply is read. It must never show what is undecided as decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.reading.wording.lexicon import Section


@dataclass(frozen=True)
class Sections:
    """An entry as understood; `undecided` are words whose part is not certain: kept for their writer alone."""

    tried: str | None = None
    failed: str | None = None
    questions: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.tried or self.failed or self.questions)


@dataclass
class Draft:
    """Parts in the order in which they were found; a part that is named twice goes on."""

    tried: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    questions: list[str] = field(default_factory=list[str])
    undecided: list[str] = field(default_factory=list[str])

    def add(self, section: Section | None, text: str) -> None:
        """Add words to a part; without a part they are undecided, and blank ones are nothing."""
        if text.strip():
            self._list(section).append(text)

    def finished(self) -> Sections:
        return Sections(
            "\n\n".join(self.tried) or None,
            "\n\n".join(self.failed) or None,
            tuple(self.questions),
            tuple(self.undecided),
        )

    def _list(self, section: Section | None) -> list[str]:
        if section is None:
            return self.undecided
        return {"tried": self.tried, "failed": self.failed, "question": self.questions}[section]

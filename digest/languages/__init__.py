"""The words by which replies are read: one TOML file per language, loaded once.

Words are data; it must never hold a rule, a regular expression, or a word that we say (``digest/locale``).
"""

from __future__ import annotations

from digest.languages.language import Language
from digest.languages.spelling import bare, normal
from digest.languages.vocabulary import common_words, languages, phrases, tags_for

__all__ = ["Language", "bare", "common_words", "languages", "normal", "phrases", "tags_for"]

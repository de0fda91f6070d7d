"""Owns how templates are read, for mails and for pages: the only user of Jinja. It must never say a word itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template as Template
from markupsafe import Markup

from digest import words

TEMPLATES = Path(__file__).parents[2] / "templates"


@cache
def environment(folder: str, language: str, *, html: bool) -> Environment:
    """The templates of one folder in one of `words.languages()`; what they render is escaped where it is `html`.

    A template that lacks a value fails (jinja2.UndefinedError) rather than leave a gap.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES / folder),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(words.translator(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters["lang"] = _lang
    return made


def _lang(tag: str | None) -> Markup:
    """The attribute for somebody's words; nothing for a tag that is none."""
    if not tag or not tag.replace("-", "").isalnum() or not tag.isascii():
        return Markup("")
    return Markup(f' lang="{tag}"')

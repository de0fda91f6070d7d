"""Owns how a mail's templates become a subject and two bodies; the only user of css_inline.

It must never decide what is said: templates/email says it, the catalogues translate it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from css_inline import CSSInliner
from markupsafe import Markup, escape

from digest.words.templates import TEMPLATES, Environment, Template, environment

MAILS = TEMPLATES / "email"
# Behind a preheader, so that no client fills its preview line with what a member wrote
FILLER = Markup("&#847;&zwnj;&nbsp;" * 100)

_inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Rendered:
    """The three things that the templates of a mail make."""

    subject: str
    text: str
    html: str


def render(mail: str, language: str, context: Mapping[str, object]) -> Rendered:
    """The mail of that name in one of `words.languages()`.

    A folder with body.html says how it looks; without, the paragraphs of body.txt are laid out as a letter.
    Raises jinja2.UndefinedError for a value that a template needs and `context` lacks.
    """
    subject = " ".join(_template(mail + "/subject.txt", language, False).render(context).split())
    told = {**context, "subject": subject, "language": language, "filler": FILLER}
    text = _squeezed(_template("_layout/text.txt", language, False).render(told, mail=mail))
    if _has_own_html(mail):
        return Rendered(subject, text, _inlined(_template(mail + "/body.html", language, True), told))
    blocks = _blocks(_template(mail + "/body.txt", language, True).render(told))
    page = _template("_layout/letter_page.html", language, True)
    return Rendered(
        subject, text, _inlined(page, {"preheader": _first_paragraph(text), **told, "blocks": blocks})
    )


def _first_paragraph(text: str) -> str:
    """The first after the greeting; a letter quotes nobody there."""
    return next(paragraph for paragraph in text.split("\n\n") if not paragraph.endswith(","))


def render_text(path: str, language: str, context: Mapping[str, object]) -> str:
    """One plain-text template on its own."""
    return _squeezed(_template(path, language, False).render(context))


def _inlined(page: Template, context: Mapping[str, object]) -> str:
    return _inliner.inline(page.render(context))


def _blocks(rendered: str) -> list[Markup]:
    """What stands between empty lines. Members' words cannot part a block: their line ends are <br> by then."""
    return [Markup(block.strip()) for block in _squeezed(rendered).split("\n\n")]


def _squeezed(text: str) -> str:
    """At most one empty line at a time, none at the ends."""
    kept: list[str] = []
    for line in text.split("\n"):
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept).strip() + "\n"


@cache
def _has_own_html(mail: str) -> bool:
    return (MAILS / mail / "body.html").is_file()


@cache
def _template(path: str, language: str, html: bool) -> Template:
    return _environment(language, html).get_template(path)


@cache
def _environment(language: str, html: bool) -> Environment:
    """One per language and kind of body; `letter` is the set of pieces that both kinds have."""
    made = environment("email", language, html=html)
    made.filters |= {"indented": _indented, "broken": _broken}
    pieces = made.get_template(f"_layout/letter.{'html' if html else 'txt'}")
    made.globals.update(letter=pieces.module)  # pyright: ignore[reportArgumentType] (typed as its defaults)
    return made


def _indented(text: str) -> str:
    """Further lines of a text stand two in, so that none of them looks like one of ours."""
    return text.replace("\n", "\n  ")


def _broken(text: str) -> Markup:
    return Markup(str(escape(text)).replace("\n", "<br>"))

"""What is written about the project is in step with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import Group

from digest import settings, variables
from digest.cli import commands

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")])
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)|src=\"([^\":]+)\"")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for found in LINK.finditer(page.read_text(encoding="utf-8")):
        target = page.parent / (found[1] or found[2])
        assert target.exists(), f"{page.name}: {target}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [
            page.parent / found[1] for found in LINK.finditer(page.read_text(encoding="utf-8")) if found[1]
        ]
    assert {page.resolve() for page in PAGES} <= reached


def test_every_setting_is_explained() -> None:
    source = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in (settings, variables))
    explained = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"DIGEST_[A-Z_]+", source)):
        assert name in explained, name


def test_every_command_is_mentioned() -> None:
    explained = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name, command in commands.commands.items():
        for inner in command.commands if isinstance(command, Group) else [""]:
            assert f"{name} {inner}".strip() in explained, f"digest {name} {inner}"

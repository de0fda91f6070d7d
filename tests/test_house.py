"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("*.lock"))
MODULES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sorted((ROOT / "digest").rglob("*.py"))
}
TREES = {name: ast.parse(text) for name, text in MODULES.items()}
WRITTEN_BY_HAND = [name for name in MODULES if "/migrations/versions/" not in name]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef | ast.Module


def test_no_lock_names_an_index() -> None:
    assert [path.name for path in LOCKS] == [
        "requirements-ci.lock",
        "requirements-dkim.lock",
        "requirements.lock",
    ]
    assert [path.name for path in LOCKS if "://" in path.read_text("utf-8")] == []


def test_every_pin_of_a_lock_has_a_hash() -> None:
    pins = chain.from_iterable(re.split(r"\n(?=\S)", path.read_text("utf-8")) for path in LOCKS)
    assert [pin for pin in pins if not re.match(r"\S+==\S+ .*\n    --hash=sha256:", pin)] == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    locks = "".join((ROOT / f"requirements{which}.lock").read_text("utf-8") for which in ("", "-dkim"))
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", locks, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    asked = [
        Requirement(line)
        for line in chain(project["dependencies"], *extras)
        if not line.startswith("digest[")
    ]
    assert [
        str(one) for one in asked if pinned.get(one.name.replace("_", "-"), "0") not in one.specifier
    ] == []


def test_settings_alone_reads_the_environment() -> None:
    readers = [name for name, tree in TREES.items() if any(map(reads_environment, ast.walk(tree)))]
    assert readers == ["digest/settings.py"]


def test_the_clock_alone_asks_the_machine_what_time_it_is() -> None:
    askers = [name for name, tree in TREES.items() if any(map(asks_the_time, ast.walk(tree)))]
    assert askers == ["digest/clock.py"], "its clock may be set: what waits, waits by time.monotonic()"


def test_every_module_says_what_it_owns() -> None:
    assert [name for name, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_no_file_has_more_than_250_lines() -> None:
    long = {name: len(MODULES[name].splitlines()) for name in WRITTEN_BY_HAND}
    assert {name: lines for name, lines in long.items() if lines > 250} == {}


def test_no_function_has_more_than_40_lines() -> None:
    assert [f"{name}: {node.name}" for name, node in functions() if length(node) > 40] == []


def test_half_of_the_files_have_at_most_60_lines_of_code() -> None:
    assert median(len(code_lines(name)) for name in WRITTEN_BY_HAND) <= 60


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    assert median(length(node) for _, node in functions()) <= 8


def test_names_say_what_they_name() -> None:
    nothing = re.compile(r"service|manager|utils?|data|info", re.IGNORECASE)
    words = {name: re.findall(r"[A-Z]?[a-z0-9]+", name) for name in names()}
    assert [name for name, parts in words.items() if any(map(nothing.fullmatch, parts))] == []


def reads_environment(node: ast.AST) -> bool:
    names = {"environ", "environb", "getenv", "putenv"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in names for alias in node.names)
    return isinstance(node, ast.Attribute) and node.attr in names and ast.unparse(node.value) == "os"


def asks_the_time(node: ast.AST) -> bool:
    names = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    return isinstance(node, ast.Attribute) and ast.unparse(node) in names


def functions() -> Iterator[tuple[str, Function]]:
    for name in WRITTEN_BY_HAND:
        for node in ast.walk(TREES[name]):
            if isinstance(node, Function):
                yield name, node


def length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def code_lines(name: str) -> list[str]:
    """The lines of a file that are neither empty nor a comment nor part of a docstring."""
    lines = MODULES[name].splitlines()
    for node in ast.walk(TREES[name]):
        if isinstance(node, Documented) and ast.get_docstring(node):
            lines[node.body[0].lineno - 1 : node.body[0].end_lineno] = [""] * length(node.body[0])
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def names() -> Iterator[str]:
    for name, tree in TREES.items():
        yield Path(name).stem
        yield from (node.name for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef))

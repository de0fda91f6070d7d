"""How `run.py` sets up a fresh copy of the project. The copies here are small: they need only the build backend, which
pip takes from a folder, so that nothing is fetched."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="tried on POSIX only")

PROJECT = """
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"
[project]
name = "digest"
version = "1"
description = "A small copy."
[project.scripts]
digest = "digest.cli:main"
"""
CLI = """
import sys
def main():
    print("digest was given", *sys.argv[1:])
    return 3
"""


class Copy:
    """A project folder with run.py, a lock of one package, and a `digest` command that prints its arguments."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "digest").mkdir(parents=True)
        (root / "digest/__init__.py").touch()
        (root / "digest/cli.py").write_text(CLI)
        (root / "pyproject.toml").write_text(PROJECT)
        shutil.copy(ROOT / "run.py", root)
        self.wheels = root / "wheels"
        self.wheels.mkdir()
        wheel = wheel_of("flit_core", self.wheels)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.lock.write_text(f"flit_core=={distribution('flit_core').version} --hash=sha256:{digest}\n")

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.wheels.as_uri(), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.Popen(
            [sys.executable, self.root / "run.py", *arguments],
            env=os.environ | pip | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> Ended:
        return Ended(self.start(*arguments, **environment))


class Ended:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.out, self.err = process.communicate(timeout=120)
        self.code = process.returncode

    @property
    def answer(self) -> tuple[str, str, int]:
        return self.out, self.err, self.code


def wheel_of(name: str, folder: Path) -> Path:
    """An installed pure package, packed again."""
    installed = distribution(name)
    path = folder / f"{name}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file in installed.files or ():
            if "__pycache__" not in file.parts:
                wheel.write(str(file.locate()), str(file))
    return path


SETTING_UP = "Setting up .venv, which takes a moment the first time.\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy that is set up, for tests that leave it so."""
    copy = Copy(tmp_path_factory.mktemp("project") / "with spaces")
    first = copy.run("group", "list")
    assert first.answer == ("digest was given group list\n", SETTING_UP, 3)
    return copy


def test_a_second_start_goes_straight_to_the_command(copy: Copy) -> None:
    assert copy.run("--help").answer == ("digest was given --help\n", "", 3)


def test_a_second_start_adds_little(copy: Copy) -> None:
    def seconds(command: list[str | Path]) -> float:
        begin = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begin

    through = min(seconds([sys.executable, copy.root / "run.py"]) for _ in range(5))
    alone = min(seconds([copy.venv / "bin/digest"]) for _ in range(5))
    assert through - alone < 0.15


def test_the_command_stays_in_the_folder_of_the_caller(copy: Copy, tmp_path: Path) -> None:
    (copy.root / "digest/cli.py").write_text("import os\ndef main(): print(os.getcwd())")
    done = subprocess.run(
        [sys.executable, copy.root / "run.py"], cwd=tmp_path, capture_output=True, text=True
    )
    (copy.root / "digest/cli.py").write_text(CLI)
    assert done.stdout == f"{tmp_path}\n"


def test_a_changed_lock_is_installed_into_what_is_there(copy: Copy) -> None:
    (copy.venv / "of-mine").touch()
    copy.lock.write_text(copy.lock.read_text() + "# renewed\n")
    assert copy.run("a").answer == ("digest was given a\n", SETTING_UP, 3)
    assert (copy.venv / "of-mine").exists()
    assert copy.run("b").answer == ("digest was given b\n", "", 3)


def test_a_set_up_that_fails_is_repaired_by_the_next_start(copy: Copy) -> None:
    good = copy.lock.read_text()
    copy.lock.write_text("flit_core==99 --hash=sha256:" + "0" * 64)
    failed = copy.run("a")
    assert (failed.out, failed.code) == ("", 1)
    assert failed.err.endswith(
        "Setting up .venv did not work: the lines above say why. Starting again repairs it.\n"
    )
    copy.lock.write_text(good)
    assert copy.run("a").answer == ("digest was given a\n", SETTING_UP, 3)


def test_a_killed_set_up_is_repaired_by_the_next_two_starts_at_once(tmp_path: Path) -> None:
    copy = Copy(tmp_path / "project")
    killed = copy.start("a")
    while not (copy.venv / "pyvenv.cfg").exists():
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    (copy.venv / "half-made").touch()
    both = [Ended(process) for process in (copy.start("b"), copy.start("b"))]
    assert {(end.out, end.code) for end in both} == {("digest was given b\n", 3)}
    assert sorted(end.err for end in both) == ["", SETTING_UP]
    assert not (copy.venv / "half-made").exists()


@pytest.mark.long
def test_a_moved_project_makes_its_environment_anew(tmp_path: Path) -> None:
    copy = Copy(tmp_path / "here")
    copy.run("a")
    copy.root.rename(tmp_path / "there")
    copy.root, copy.wheels = tmp_path / "there", tmp_path / "there/wheels"
    assert copy.run("b").answer == ("digest was given b\n", SETTING_UP, 3)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_gets_one_line_and_leaves_nothing(tmp_path: Path, missing: str) -> None:
    copy = Copy(tmp_path / "project")
    (tmp_path / "sitecustomize.py").write_text(f"import sys; sys.modules[{missing!r}] = None")
    package = "python{}.{}-venv".format(*sys.version_info)
    line = f"Python's venv is missing here. On Debian and Ubuntu this brings it: apt install {package}\n"
    assert copy.run("a", PYTHONPATH=str(tmp_path)).answer == ("", line, 1)
    assert not copy.venv.exists()


def test_an_old_python_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 2)")
    line = "Digest needs Python 3.11 or newer; this is 3.9.\n"
    assert Copy(tmp_path / "project").run("a", PYTHONPATH=str(tmp_path)).answer == ("", line, 1)


def test_an_old_python_can_read_that_far() -> None:
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 7))

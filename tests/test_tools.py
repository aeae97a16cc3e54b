"""The commands that a newcomer types, and the tools behind them, run as programs."""

import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
EMULATOR = "qemu-system-x86_64"
SHELL_TOOLS = ("bash", "dirname", "id", "paste", "realpath")
# Debian 12 has this Python; what says that it needs Python 3.11 may need a later one than 3.11.2.
OLDEST_PYTHON = "3.11.2"


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the command did; whatever is wrong with it, it installs nothing on the machine of the tests."""
    given = {"MAKEFLAGS", "MAKELEVEL", "QEMU_BIN", "QEMU_SRC"}
    inherited = {name: value for name, value in os.environ.items() if name not in given} | {"NO_INSTALL": "1"}
    return subprocess.run(
        command,
        check=False,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def only_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


def link(folder: Path, name: str, program: str) -> None:
    found = shutil.which(program)
    assert found, f"{program} is not on PATH"
    (folder / name).symlink_to(found)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder that can be all of PATH: it has what the tools are written with, but no QEMU and no apt-get."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in SHELL_TOOLS:
        link(folder, name, name)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that `make` starts from, where nothing is built yet."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "tools", folder / "tools")
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def test_qemu_that_is_missing_and_must_not_be_installed_is_named_in_one_line(programs: Path) -> None:
    done = run(ROOT / "tools/provide-qemu", PATH=str(programs))
    assert (done.returncode, done.stdout) == (0, "")
    said = only_line(done.stderr)
    assert "not found: qemu-system-x86_64 qemu-storage-daemon qemu-img qemu-nbd." in said
    assert "install qemu-system-x86 qemu-utils" in said


def test_only_the_programs_that_are_missing_are_named(programs: Path) -> None:
    link(programs, EMULATOR, "true")
    link(programs, "qemu-img", "true")
    done = run(ROOT / "tools/provide-qemu", PATH=str(programs))
    assert "not found: qemu-storage-daemon qemu-nbd." in only_line(done.stderr)


def test_a_library_that_is_missing_is_named(programs: Path) -> None:
    done = run(ROOT / "tools/provide-programs", "Nothing.", "libnone1", "libc.so.6", "libnone.so.1", PATH=str(programs))
    assert only_line(done.stderr).startswith("not found: libnone.so.1. Nothing.")


def test_what_is_all_there_is_not_worth_a_word(programs: Path) -> None:
    done = run(ROOT / "tools/provide-programs", "Nothing.", "libc6", "id", "paste", "libc.so.6", PATH=str(programs))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_folder_without_qemu_is_an_error_in_one_line(tmp_path: Path, programs: Path) -> None:
    done = run(ROOT / "tools/provide-qemu", PATH=str(programs), QEMU_BIN=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert only_line(done.stderr).startswith(f"QEMU_BIN={tmp_path}: there is no program {EMULATOR}")


def test_a_folder_with_qemu_is_taken_as_it_is(programs: Path) -> None:
    link(programs, EMULATOR, "true")
    done = run(ROOT / "tools/provide-qemu", PATH=str(programs), QEMU_BIN=str(programs))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_source_tree_that_is_given_is_the_one(tmp_path: Path) -> None:
    (tmp_path / "qapi").mkdir()
    (tmp_path / "qapi/qapi-schema.json").touch()
    relative = os.path.relpath(tmp_path)
    done = run(ROOT / "tools/provide-schema", QEMU_SRC=relative)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{tmp_path}\n", "")


def test_a_source_tree_without_a_schema_is_an_error_in_one_line(tmp_path: Path) -> None:
    done = run(ROOT / "tools/provide-schema", QEMU_SRC=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"QEMU_SRC={tmp_path}: there is no file qapi/qapi-schema.json" in only_line(done.stderr)


def test_a_machine_without_apt_gets_a_warning_and_no_schema(clone: Path, programs: Path) -> None:
    done = run(clone / "tools/provide-schema", PATH=str(programs))
    assert (done.returncode, done.stdout) == (0, "")
    assert "warning: there is no apt-get here" in only_line(done.stderr)
    assert not (clone / "build").exists()


@pytest.mark.parametrize(("program", "said"), [("false", "--version fails"), ("echo", "--version says no version")])
def test_a_qemu_that_does_not_say_its_version_is_a_warning(
    clone: Path, programs: Path, program: str, said: str
) -> None:
    link(programs, EMULATOR, program)
    done = run(clone / "tools/provide-schema", PATH=str(programs), QEMU_BIN=str(programs))
    assert (done.returncode, done.stdout) == (0, "")
    assert f"{programs / EMULATOR} {said}" in only_line(done.stderr)


def test_a_tree_that_was_fetched_before_is_used_again(clone: Path, programs: Path) -> None:
    tree = clone / "build/qemu-newest"
    tree.mkdir(parents=True)
    done = run(clone / "tools/provide-schema", PATH=str(programs))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{tree}\n", "")


@pytest.mark.parametrize("command", [["make"], ["make", "help"]], ids=" ".join)
def test_make_lists_its_targets(command: list[str]) -> None:
    done = run(*command, "--no-print-directory", "-C", ROOT)
    assert done.returncode == 0
    targets = re.findall(r"^make (\w+) +\w", done.stdout, flags=re.MULTILINE)
    assert targets == ["help", "html", "test", "check", "serve", "try", "bench", "clean"]


def test_a_python_that_does_not_do_is_said_in_one_line(clone: Path) -> None:
    done = run("make", "--no-print-directory", "-C", clone, ".venv/site.stamp", "PYTHON=false")
    said, make_failed = done.stderr.splitlines()
    assert said.startswith("false: not Python 3.11 or newer with venv")
    assert make_failed.startswith("make: ***")
    assert not (clone / ".venv").exists()


def test_every_pin_is_a_name_and_a_version() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    strange = [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)]
    assert strange == []


def test_every_requirement_has_a_pin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    required = [Requirement(text) for text in (*project["dependencies"], *extras["site"], *extras["dev"])]
    names = {canonicalize_name(requirement.name) for requirement in required}
    assert names - {project["name"]} <= pins().keys()


def test_every_pin_is_good_for_the_oldest_python() -> None:
    needs = {}
    for name, version in pins().items():
        try:
            installed = metadata(name)
        except PackageNotFoundError:
            continue
        if installed["Version"] == version:
            needs[name] = SpecifierSet(",".join(installed.get_all("Requires-Python") or []))
    assert needs
    assert {name for name, specifier in needs.items() if OLDEST_PYTHON not in specifier} == set()

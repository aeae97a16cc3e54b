"""`python -m qapidoc_ext run`, with a real QEMU."""

import os
import sys
from pathlib import Path

import pytest

from qapidoc_ext.cli import main

GOOD = ':name: good\n-> { "execute": "query-status" }\n<- { "return": { "running": false, ... } }\n'
WRONG = GOOD.replace("good", "wrong").replace("false", "true")
NEW = ":name: new\n:requires: qemu>=99\n-> {}\n"


@pytest.fixture
def files(tmp_path: Path, emulator: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with examples, which is the current one."""
    assert emulator.is_file()
    (tmp_path / "good.qmp").write_text(GOOD)
    (tmp_path / "wrong.qmp").write_text(WRONG)
    (tmp_path / "new.qmp").write_text(NEW)
    (tmp_path / "page.md").write_text(f"# Page\n\n```{{qmp-example}}\n{GOOD}```\n\n```{{qmp-example}}\n-> x\n```\n")
    monkeypatch.chdir(tmp_path)
    if folder := os.environ.get("QEMU_BIN"):
        monkeypatch.setenv("PATH", folder, prepend=os.pathsep)
    return tmp_path


@pytest.mark.usefixtures("files")
def test_each_example_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "good.qmp", "new.qmp"]) == 0
    passed, skipped = capsys.readouterr().out.splitlines()
    assert passed.startswith("passed good.qmp on QEMU ")
    assert skipped.startswith("skipped new.qmp: needs QEMU 99, this is ")
    assert main(["run", "good.qmp", "wrong.qmp"]) == 1
    assert "wrong.qmp:3:29: $.return.running: expected true, got false" in capsys.readouterr().out


def test_a_path_is_no_markup(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "[").mkdir()
    (files / "good.qmp").rename(files / "[" / "b].qmp")
    assert main(["run", "[/b].qmp"]) == 0
    assert capsys.readouterr().out.startswith("passed [/b].qmp on QEMU ")


@pytest.mark.usefixtures("files")
def test_a_document_runs_as_far_as_it_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "page.md"]) == 1
    output = capsys.readouterr()
    assert output.out.startswith("passed page.md:4:1 good on QEMU ")
    assert output.err == "page.md:10:4: not a JSON value; strings stand in double quotes\n"


@pytest.mark.parametrize("text", ["# Page\n", "# Page\n\n```{qmp-example}\n:file: good.qmp\n```\n"])
def test_a_document_without_examples_is_told(files: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "page.md").write_text(text)
    assert main(["run", "page.md", "good.qmp"]) == 0
    output = capsys.readouterr()
    assert output.err == "page.md: no examples stand here\n"
    assert output.out.startswith("passed good.qmp")


def test_files_that_name_the_same_session_share_it(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "a.qmp").write_text(":name: a\n:session: s\n(QEMU) blockdev-add driver=null-co node-name=n0\n")
    (files / "b.qmp").write_text(":name: b\n:session: s\n(QEMU) blockdev-del node-name=n0\n")
    assert main(["run", "a.qmp", "good.qmp", "b.qmp", "good.qmp"]) == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == [
        "a.qmp",
        "b.qmp",
        "good.qmp",
        "good.qmp",
    ]
    assert main(["run", "b.qmp"]) == 1


def test_an_option_with_a_driver_that_no_qemu_has(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for driver in ("null-co", "nul-co"):
        (files / f"{driver}.qmp").write_text(f":machines: vm=option:3+{driver}\n{GOOD}")
    assert main(["run", "null-co.qmp", "nul-co.qmp"]) == 0
    known, unknown = capsys.readouterr().out.splitlines()
    assert known.startswith("passed ")
    assert unknown.startswith("skipped nul-co.qmp: needs blockdev-add/arg-type/+nul-co, which neither this QEMU ")


@pytest.mark.usefixtures("files")
def test_several_qemus_make_a_table(capsys: pytest.CaptureFixture[str], emulator: Path) -> None:
    qemus = [f"--qemu={emulator}", f"--qemu={emulator.parent}"]
    assert main(["run", "good.qmp", "new.qmp", *qemus]) == 0
    heading, good, new = (line.split() for line in capsys.readouterr().out.splitlines())
    assert heading[0] == "example"
    assert heading[1] == heading[2]
    assert good == ["good.qmp", "passed", "passed"]
    assert new[:4] == ["new.qmp", "skipped:", "needs", "QEMU"]
    assert main(["run", "wrong.qmp", *qemus]) == 1


@pytest.mark.usefixtures("files")
def test_an_emulator_can_be_named_as_on_path(
    emulator: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(emulator.parent), prepend=os.pathsep)
    assert main(["run", "good.qmp", "--qemu", emulator.name]) == 0
    assert f"({emulator.parent / emulator.name}, " in capsys.readouterr().out


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("path", ["/does/not/exist", "good.qmp"])
def test_a_qemu_that_is_named_and_not_there_is_no_skip(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "good.qmp", "--qemu", path]) == 1
    assert capsys.readouterr().err == f"{path} is neither a program nor a folder of programs\n"


@pytest.mark.usefixtures("files")
def test_a_qemu_without_a_name_is_that_on_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "good.qmp", "--qemu", ""]) == 0
    assert capsys.readouterr().out.startswith("passed good.qmp on QEMU ")


def test_a_folder_without_programs_is_no_skip(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "qemu-notes.txt").touch()
    assert main(["run", "good.qmp", "--qemu", "."]) == 1
    assert capsys.readouterr().err == "no program of QEMU is in the folder .\n"


def test_what_happened_is_recorded(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "good.qmp", "wrong.qmp", "new.qmp", "page.md", "--record", "recordings"]) == 1
    written = sorted(path.relative_to(files / "recordings") for path in files.rglob("*.json"))
    assert [Path(*path.parts[1:]) for path in written] == [
        Path("good.json"),
        Path("new.json"),
        Path("page.md/good.json"),
    ]
    (files / "full").touch()
    assert main(["run", "good.qmp", "--record", "full"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("recordings cannot be written: Not a directory")


ODD = """
import json, os, re, sys

monitor = int(re.search(r"fd=([0-9]+)", " ".join(sys.argv))[1])

def say(message):
    os.write(monitor, json.dumps(message).encode() + b"\\n")

say({"QMP": {"version": {"qemu": {"major": 9, "minor": 9, "micro": 9}, "package": ""}, "capabilities": []}})
while True:
    asked = json.loads(os.read(monitor, 4096))
    returned = {"query-qmp-schema": [], "stop": {"...": 1}}.get(asked["execute"], {})
    say({"return": returned, "id": asked.get("id")})
"""
"""A program that answers with what no QEMU says."""


def test_what_cannot_be_recorded_is_told(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "odd.qmp").write_text(':name: odd\n-> { "execute": "stop" }\n<- { "return": <any> }\n')
    (files / "fine.qmp").write_text(':name: fine\n-> { "execute": "cont" }\n')
    (program := files / "qemu-system-x86_64").write_text(f"#!{sys.executable} -S\n{ODD}")
    program.chmod(0o755)
    assert main(["run", "odd.qmp", "fine.qmp", "--qemu", str(program), "--record", "recordings"]) == 1
    output = capsys.readouterr()
    assert output.err == "odd.qmp:1:1: cannot be recorded: a member is called '...', which stands there for others\n"
    assert [line.split()[0] for line in output.out.splitlines()] == ["passed", "passed"]
    assert [path.name for path in files.rglob("*.json")] == ["fine.json"]


@pytest.mark.parametrize("name", ["nowhere", "good.qmp"])
def test_recordings_are_in_a_folder(files: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert files.is_dir()
    assert main(["recordings", name, "good.qmp"]) == 1
    assert capsys.readouterr().err == f"{name}: no such folder\n"


def test_recordings_that_their_example_does_not_expect_are_found(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["run", "good.qmp", "--record", "recordings"])
    (path,) = files.glob("recordings/*/good.json")
    path.write_text(path.read_text().replace('"running": false', '"running": true'))
    capsys.readouterr()
    assert main(["recordings", "recordings", "good.qmp"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "good.json: not a recording of good.qmp:1:1: it is not what line 3 expects: " in output.err
    assert output.err.endswith("; remove it, or record again\n")


def test_recordings_of_no_example_are_found(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "good.qmp", "new.qmp", "--record", "recordings"])
    capsys.readouterr()
    assert main(["recordings", "recordings", "good.qmp", "new.qmp"]) == 0
    good, new = capsys.readouterr().out.splitlines()
    assert good.startswith("passed   recordings/QEMU-")
    assert new.startswith("skipped  recordings/QEMU-")
    (files / "good.qmp").write_text(GOOD.replace("false", "<bool>"))
    assert main(["recordings", "recordings", "good.qmp", "new.qmp"]) == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("unused   recordings/QEMU-")
    (path,) = files.glob("recordings/*/new.json")
    path.write_text("{")
    assert main(["recordings", "recordings", "new.qmp"]) == 1
    assert f"{path.relative_to(files)}: not a recording: " in capsys.readouterr().err

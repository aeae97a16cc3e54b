"""`python -m qapidoc_ext accept`, with a real QEMU."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qapidoc_ext.cli import main
from qapidoc_ext.qmp import run as running

WRONG = """:name: wrong
# The text stays.
-> { "execute": "blockdev-add",
     "arguments": { "driver": "null-co", "node-name": "n0", "size": 1048576 } }
<- { "return": {} }
-> { "execute": "query-named-block-nodes",   "arguments": { "flat": true } }
<- { "return": [ { "node-name": <str:name>,
                   "drv":  "null-aio", "ro": <str>, ... } ] }
-> { "execute": "blockdev-del", "arguments": { "node-name": "${name}" } }
<- { "error": { "class": "GenericError", ... } }
~ >>> vm.image("a.raw", size=512)
>>> vm.access_mode("a.raw")
'O_RDWR'
>>> vm.exists("a.raw")
>>> vm.image("b.raw", size=512)
5
-> { "execute": "stop" }
<- { "return": {} }
<- { "event": "STOP", "data": { "a": 1 }, ... }
"""
RIGHT = """:name: wrong
# The text stays.
-> { "execute": "blockdev-add",
     "arguments": { "driver": "null-co", "node-name": "n0", "size": 1048576 } }
<- { "return": {} }
-> { "execute": "query-named-block-nodes",   "arguments": { "flat": true } }
<- { "return": [ { "node-name": <str:name>,
                   "drv":  "null-co", "ro": <bool>, ... } ] }
-> { "execute": "blockdev-del", "arguments": { "node-name": "${name}" } }
<- { "return": {} }
~ >>> vm.image("a.raw", size=512)
>>> vm.access_mode("a.raw")
'not open'
>>> vm.exists("a.raw")
True
>>> vm.image("b.raw", size=512)
-> { "execute": "stop" }
<- { "return": {} }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, emulator: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert emulator.is_file()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    if folder := os.environ.get("QEMU_BIN"):
        monkeypatch.setenv("PATH", folder, prepend=os.pathsep)
    return tmp_path


def without_event(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "STOP" not in line)


def test_only_what_is_expected_changes_and_what_still_matches_stays(capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("wrong.qmp")
    file.write_text(without_event(WRONG))
    file.chmod(0o640)
    assert main(["accept", "wrong.qmp", "--yes"]) == 0
    assert file.read_text() == RIGHT
    assert file.stat().st_mode & 0o777 == 0o640
    output = capsys.readouterr()
    assert '-<- { "error": { "class": "GenericError", ... } }\n+<- { "return": {} }\n' in output.out
    assert output.err == ""
    assert main(["run", "wrong.qmp"]) == 0
    assert main(["accept", "wrong.qmp", "--yes"]) == 0
    assert capsys.readouterr().out.count("\n") == 1  # of `run`: there is nothing more to accept


@pytest.mark.parametrize(
    ("name", "opening", "closing", "indentation"),
    [
        ("page.md", "```{qmp-example}\n", "```\n", ""),
        ("page.md", "1. Text\n\n   ```{qmp-example}\n", "   ```\n", "   "),
        ("page.md", "```{qmp-example}\n---\ntitle: A\n---\n", "```\n", ""),
        ("page.md", "```{eval-rst}\n.. qmp-example::\n\n", "```\n", "   "),
        ("page.rst", ".. qmp-example::\n\n", "\nText.\n", "   "),
        ("page.rst", "* .. qmp-example::\n\n", "\nText.\n", "     "),
    ],
)
def test_examples_in_documents_are_rewritten_where_they_stand(
    name: str, opening: str, closing: str, indentation: str
) -> None:
    def page(text: str) -> str:
        indented = "".join(f"{indentation}{line}\n" for line in text.splitlines())
        return f"Page\n====\n\n{opening}{indented}{closing}\nBetween.\n\n{opening}{indented}{closing}"

    Path(name).write_text(page(without_event(WRONG).replace(":name: wrong\n", "")))
    assert main(["accept", name, "--yes"]) == 0
    assert Path(name).read_text() == page(RIGHT.replace(":name: wrong\n", ""))


def test_an_event_takes_the_place_of_one_of_the_same_name() -> None:
    Path("a.qmp").write_text(
        ':name: a\n:machines: vm=qemu-system-x86_64\n:timeout: 1\n-> { "execute": "cont" }\n'
        '<- { "event": "RESUME", "data": { "a": 1 } }\n'
    )
    assert main(["accept", "a.qmp", "--yes"]) == 0
    assert Path("a.qmp").read_text().endswith('<- { "event": "RESUME" }\n')


def test_what_cannot_be_expected_stays_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        ':name: a\n-> { "execute": "query-status" }\n<- { "return": { "running": true, ... } }\n-> { "execute": "x" }\n'
    )
    Path("a.qmp").write_text(text)
    assert main(["accept", "a.qmp", "--yes"]) == 1
    assert Path("a.qmp").read_text() == text.replace("true", "false")
    assert "a.qmp:4:1: expected" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.qmp", "b.qmp"):
        Path(name).write_text(':name: a\n-> { "execute": "query-status" }\n<- { "return": { "running": true, ... } }\n')
    assert main(["accept", "--yes", "a.qmp", "none.qmp", "b.qmp", "neither.qmp"]) == 1
    assert Path("a.qmp").read_text() == Path("b.qmp").read_text()
    assert "false" in Path("b.qmp").read_text()
    err = capsys.readouterr().err
    assert "\nneither.qmp: cannot be read: " in f"\n{err}"
    assert "\nnone.qmp: cannot be read: " in f"\n{err}"


def test_without_a_terminal_nothing_is_written_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("wrong.qmp").write_text(without_event(WRONG))
    assert main(["accept", "wrong.qmp"]) == 1
    assert Path("wrong.qmp").read_text() == without_event(WRONG)
    assert "stays as it is" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "expected"), [(b"y\n", RIGHT), (b"\n", without_event(WRONG))])
def test_on_a_terminal_it_asks(answer: bytes, expected: str) -> None:
    Path("wrong.qmp").write_text(without_event(WRONG))
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    command = [sys.executable, "-m", "qapidoc_ext", "accept", "wrong.qmp"]
    subprocess.run(command, stdin=theirs, check=False, timeout=60, capture_output=True)
    os.close(ours)
    os.close(theirs)
    assert Path("wrong.qmp").read_text() == expected


def test_in_ci_nothing_is_accepted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CI", "true")
    Path("wrong.qmp").write_text(WRONG)
    assert main(["accept", "wrong.qmp", "--yes"]) == 1
    assert Path("wrong.qmp").read_text() == WRONG
    assert "with CI in the environment" in capsys.readouterr().err


def test_a_file_that_changed_meanwhile_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path("wrong.qmp")
    file.write_text(without_event(WRONG))
    run_all: Callable[..., object] = running.run_all

    def edit_and_run(*arguments: object, **named: object) -> object:
        file.write_text("edited\n")
        return run_all(*arguments, **named)

    monkeypatch.setattr("qapidoc_ext.qmp.accept.run_all", edit_and_run)
    assert main(["accept", "wrong.qmp", "--yes"]) == 1
    assert file.read_text() == "edited\n"
    assert "wrong.qmp: has changed since its examples ran" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_one_message_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    Path("wrong.qmp").write_text(without_event(WRONG))

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert main(["accept", "wrong.qmp", "--yes"]) == 1
    assert "wrong.qmp: cannot be written: No space left on device\n" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.qmp"]


def test_a_file_with_the_line_ends_of_windows_stays_and_is_told_why(capsys: pytest.CaptureFixture[str]) -> None:
    text = ':name: a\r\n-> { "execute": "query-status" }\r\n<- { "return": { "running": true, ... } }\r\n'
    Path("a.qmp").write_bytes(text.encode())
    assert main(["accept", "a.qmp", "--yes"]) == 1
    assert Path("a.qmp").read_bytes() == text.encode()
    assert "cannot be rewritten where it stands: its lines end with CR LF\n" in capsys.readouterr().err

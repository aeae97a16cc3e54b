"""The command line, run as a program where what it leaves behind or reads matters."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from qapidoc_ext.cli import main

SCHEMA = """
{ 'enum': 'Kind', 'data': [ 'led', { 'name': 'neon', 'if': 'CONFIG_NEON' } ] }
{ 'command': 'lamp-add', 'data': { 'kind': 'Kind', '*colour': { 'type': 'str', 'if': 'CONFIG_COLOUR' } } }
"""


@pytest.fixture
def schema(tmp_path: Path) -> str:
    path = tmp_path / "lamps.json"
    path.write_text(SCHEMA)
    return str(path)


def recorded(tmp_path: Path, schema: str, capsys: pytest.CaptureFixture[str], *symbols: str) -> str:
    """The file with the introspection of a QEMU that has these symbols."""
    assert main(["introspect", schema, *(f"--define={symbol}" for symbol in symbols)]) == 0
    path = tmp_path / f"reply{len(symbols)}.json"
    path.write_text(capsys.readouterr().out)
    return str(path)


def test_check_can_check_the_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "schema.json"
    (tmp_path / "VERSION").write_text("7.2.0")
    comment = '##\n# @a:\n#\n# Example:\n#\n# -> { "execute": "a" }\n# <- { "return": 5 }\n##\n'
    path.write_text(f"{comment}{{ 'command': 'a' }}")
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["check", "--examples", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == f"{path}: examples: 1, messages in them: 2, examples with faults: 1\n"
    assert err == f"{path}:7:18: $.return: expected an object, got 5\n"
    path.write_text(comment.replace("5", "{}") + "{ 'command': 'a' }")
    assert main(["check", "--examples", str(path)]) == 0


def test_examples_are_checked_unless_the_schema_is_wrong_in_any_dialect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "schema.json"
    path.write_text("##\n# @a:\n#\n# Example: -> { }\n##\n{ 'command': 'a' }")
    assert main(["check", "--examples", "--dialect", "10.2", str(path)]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"{path}:4: $: the member 'execute' is missing"
    path.write_text("{ 'command': 'a', 'data': 'Nothing' }")
    assert main(["check", "--examples", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"{path}: the examples are not checked: the schema has faults",
        f"{path}:1:27: there is no type 'Nothing'",
    ]


def test_introspect_defines_what_another_was_built_with(
    tmp_path: Path, schema: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = recorded(tmp_path, schema, capsys)
    full = recorded(tmp_path, schema, capsys, "CONFIG_NEON", "CONFIG_COLOUR")
    assert "neon" not in Path(bare).read_text()
    assert "colour" in Path(full).read_text()
    assert main(["introspect", schema, "--like", full]) == 0
    out, err = capsys.readouterr()
    assert out == Path(full).read_text()
    assert err == ""


def test_introspect_says_what_the_other_does_not_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "schema.json"
    path.write_text("{ 'command': 'a', 'if': { 'all': [ 'A', 'B', 'C' ] } }\n{ 'command': 'b', 'if': 'C' }")
    reply = recorded(tmp_path, str(path), capsys, "B", "C")
    assert main(["introspect", str(path), "--like", reply, "--define", "B"]) == 0
    assert capsys.readouterr().err == "taken as not defined, since nothing shows it: A\n"


def test_introspect_can_ask_a_qemu(emulator: Path, qemu_schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["introspect", str(qemu_schema), "--like-qemu", str(emulator)]) == 0
    names = [entity["name"] for entity in json.loads(capsys.readouterr().out)]
    assert "query-qmp-schema" in names


def test_diff_prints_lines_or_json(tmp_path: Path, schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = recorded(tmp_path, schema, capsys, "CONFIG_NEON"), recorded(tmp_path, schema, capsys)
    assert main(["diff", old, new]) == 0
    assert capsys.readouterr().out == "lamp-add/arg-type/kind/^neon: value removed (breaking for requests)\n"
    assert main(["diff", "--json", old, new]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "path": "lamp-add/arg-type/kind/^neon",
            "subject": "value",
            "action": "removed",
            "requests": "breaking",
            "replies": None,
        }
    ]


def test_diff_can_fail_on_breaking_changes(tmp_path: Path, schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = recorded(tmp_path, schema, capsys, "CONFIG_NEON"), recorded(tmp_path, schema, capsys)
    assert main(["diff", old, new, "--fail-on", "breaking"]) == 1
    assert main(["diff", new, old, "--fail-on", "breaking"]) == 0
    assert main(["diff", new, new, "--fail-on=breaking"]) == 0


def test_diff_takes_a_qemu_in_either_place(
    tmp_path: Path, emulator: Path, schema: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = recorded(tmp_path, schema, capsys)
    assert main(["diff", reply, "--qemu", str(emulator)]) == 0
    assert "lamp-add: command removed" in capsys.readouterr().out
    assert main(["diff", "--qemu", str(emulator), reply]) == 0
    assert "lamp-add: command added" in capsys.readouterr().out
    assert main(["diff", "--qemu", str(emulator), "--qemu", str(emulator)]) == 0
    assert capsys.readouterr().out == ""


def test_probe_answers_in_order(schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    queries = ["lamp-add", "lamp-del", "lamp-add/meta-type", "lamp-add//"]
    assert main(["probe", schema, *queries]) == 1
    assert capsys.readouterr().out == (
        "lamp-add\tfound\nlamp-del\tnot-found\nlamp-add/meta-type\tschema-error\nlamp-add//\tquery-error\n"
    )
    assert main(["probe", schema, "lamp-add", "lamp-add/arg-type/kind/^led"]) == 0


def test_probe_explains(schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "--explain", schema, "lamp-add", "lamp-ad"]) == 1
    assert capsys.readouterr().out == (
        "lamp-add\tfound\nlamp-ad\tnot-found\tthere is no 'lamp-ad'; close to it: lamp-add\n"
    )


def test_options_can_stand_between_files_or_queries(schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", schema, "--explain", "query-status", "foo", "--queries", schema, "bar"]) == 1
    told = capsys.readouterr().out
    assert "\nfoo\tnot-found\tthere is no 'foo'" in f"\n{told}"
    assert "\nbar\t" in told
    assert main(["check", schema, "--examples", schema]) == 1
    assert capsys.readouterr().out.count(f"{schema}: examples") == 2


def test_probe_reads_queries_from_a_file_and_from_stdin(
    tmp_path: Path, schema: str, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = tmp_path / "queries"
    queries.write_text("lamp-add\nlamp-add/arg-type\n")
    assert main(["probe", schema, "--queries", str(queries)]) == 0
    assert capsys.readouterr().out == "lamp-add\tfound\nlamp-add/arg-type\tfound\n"
    result = _run("probe", "--queries=-", schema, "lamp-add", stdin=b"lamp-del\nlamp-add")
    assert result.stdout == b"lamp-add\tfound\nlamp-del\tnot-found\nlamp-add\tfound\n"


def test_probe_can_ask_a_qemu(emulator: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "--qemu", str(emulator), "blockdev-add/arg-type/+file/$dynamic-auto-read-only"]) == 0
    assert capsys.readouterr().out.endswith("\tfound\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["probe"], b"needs INTROSPECTION"),
        (["probe", "SCHEMA"], b"needs a query"),
        (["diff", "SCHEMA"], b"needs OLD and NEW"),
        (["diff", "a", "b", "c"], b"needs OLD and NEW"),
        (["introspect", "SCHEMA", "--like", "a", "--like-qemu", "b"], b"not allowed with"),
        (["introspect", "--qemu", "SCHEMA"], b"introspect: error: unrecognized arguments: --qemu"),
        (["--all", "check", "SCHEMA"], b"check: error: unrecognized arguments: --all"),
        (["adr", "--all", "check", "a"], b"adr check: error: unrecognized arguments: --all"),
        (["adr", "check", "a", "--all"], b"adr check: error: unrecognized arguments: --all"),
    ],
)
def test_a_wrong_command_line_says_how_it_should_be(arguments: list[str], message: bytes, schema: str) -> None:
    result = _run(*(schema if argument == "SCHEMA" else argument for argument in arguments))
    assert result.returncode == 2
    assert b"usage: python -m qapidoc_ext" in result.stderr
    assert message in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["probe", "/does/not/exist", "x"], b"/does/not/exist: cannot be read: No such file or directory\n"),
        (["probe", "--qemu", "/does/not/exist", "x"], b"/does/not/exist is no program that can be started\n"),
        (["probe", "--qemu", "true", "x"], b"exited with status 0"),
        (["diff", "EMPTY", "SCHEMA"], b"empty: there is neither a command nor an event in it\n"),
        (["probe", "EMPTY", "x"], b"empty: there is neither a command nor an event in it\n"),
        (["diff", "SCHEMA", "/dev/null"], b"/dev/null: not a regular file\n"),
        (["diff", "/dev/null", "/dev/zero"], b"/dev/null: not a regular file\n/dev/zero: not a regular file\n"),
        (["introspect", "/dev/null"], b"/dev/null: not a regular file\n"),
        (["probe", "--queries", "-", "SCHEMA"], b"<stdin>:2:1: not UTF-8\n"),
    ],
)
def test_what_cannot_be_read_is_one_message(arguments: list[str], message: bytes, schema: str) -> None:
    empty = Path(schema).with_name("empty")
    empty.touch()
    given = {"SCHEMA": schema, "EMPTY": str(empty)}
    result = _run(*(given.get(argument, argument) for argument in arguments), stdin=b"a\n\xff")
    assert result.returncode == 1
    assert message in result.stderr
    assert b"Traceback" not in result.stderr


def _print_to(output: IO[bytes], schema: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "qapidoc_ext", "introspect", schema]
    return subprocess.run(command, check=False, stdout=output, stderr=subprocess.PIPE, timeout=60)


def test_output_that_nobody_reads_is_no_traceback(schema: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        result = _print_to(pipe, schema)
    assert (result.returncode, result.stderr) == (1, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["introspect", "SCHEMA"], ["--help"], ["run", "--help"]])
def test_output_that_cannot_be_written_is_one_message(arguments: list[str], unbuffered: str, schema: str) -> None:
    given = [schema if argument == "SCHEMA" else argument for argument in arguments]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "qapidoc_ext", *given],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert result.returncode == 1
    assert result.stderr == b"the output cannot be written: No space left on device\n"


def test_output_that_is_closed_is_one_message(schema: str) -> None:
    closed = subprocess.run(
        ["sh", "-c", 'exec "$0" -m qapidoc_ext introspect "$1" >&-', sys.executable, schema],
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert (closed.returncode, closed.stderr) == (1, b"the output cannot be written: it is closed\n")


def test_a_symbol_that_no_condition_has_is_named(schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["introspect", schema, "--define", "CONFIG_NEON", "--define", "CONFIG_NEO"]) == 0
    assert (
        capsys.readouterr().err
        == "no condition in the schema has CONFIG_NEO; close to it: CONFIG_NEON, CONFIG_COLOUR\n"
    )
    with pytest.raises(SystemExit) as error:
        main(["introspect", schema, "--define", "CONFIG_NEON=1"])
    assert error.value.code == 2
    assert "'CONFIG_NEON=1' is not a symbol" in capsys.readouterr().err


def test_a_query_of_bytes_that_are_no_text_is_answered(schema: str) -> None:
    assert _run("probe", schema, b"\xff").stdout == b"\\udcff\tnot-found\n"


def test_thousands_of_queries_take_seconds(tmp_path: Path, emulator: Path) -> None:
    queries = tmp_path / "queries"
    queries.write_text("blockdev-add/arg-type/+qcow2/backing/+file/aio/^io_uring\n" * 20_000)
    result = _run("probe", "--qemu", emulator, "--queries", queries)
    assert result.stdout.count(b"\n") == 20_000


def _run(*arguments: str | bytes | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "qapidoc_ext", *arguments]
    return subprocess.run(command, check=False, input=stdin, capture_output=True, timeout=60)


def test_since_prints_a_table(qemu_schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["since", str(qemu_schema)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("\t") == ["name", "documented", "observed", "condition"]
    assert "BlockdevOptions.discard\t2.9\t2.5.0\t" in lines
    assert main(["since", "--all", str(qemu_schema)]) == 0
    table = capsys.readouterr().out
    assert "BlockdevDriver.compress\t5.0.0 5.1.0 5.2.0 6.0.0 6.1.0" in table


def test_since_does_not_say_never_of_all_that_another_program_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.json"
    path.write_text("{ 'command': 'guest-beep', 'data': { 'loud': 'bool' } }")
    assert main(["since", str(path)]) == 1
    said = f"{path}: none of its commands and events is in the introspections, which are of qemu-system-x86_64\n"
    assert capsys.readouterr() == ("", said)


def test_adr_checks_writes_and_describes_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adr", "check", str(tmp_path)]) == 0
    assert capsys.readouterr().err == f"{tmp_path}: no records stand here\n"
    assert main(["adr", "new", "A title", "--by", "Ann", "--folder", str(tmp_path)]) == 0
    path = tmp_path / "0001-a-title.md"
    assert capsys.readouterr().out == f"{path}\n"
    assert main(["adr", "check", str(tmp_path)]) == 0
    path.write_text(path.read_text().replace("status: proposed\nproposers", "status: accepted\nproposers"))
    assert main(["adr", "check", str(tmp_path), str(tmp_path / "nowhere")]) == 1
    wrong, missing = capsys.readouterr().err.splitlines()
    assert wrong == f"{path}:4:1: status: must be the last one of the history, proposed"
    assert missing.endswith("nowhere: no such folder")
    assert main(["adr", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$ref"] == "#/$defs/Decision"
    assert main(["adr", "new", "A title", "--by", "Ann", "--folder", str(tmp_path / "nowhere")]) == 1


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing_of_a_qemu_that_is_asked(number: signal.Signals, tmp_path: Path) -> None:
    program, child = tmp_path / "program", tmp_path / "child"
    program.write_text(f"#!/bin/sh\nsleep 1000 &\necho $! > '{child}.new'\nmv '{child}.new' '{child}'\nwait\n")
    program.chmod(0o755)
    tmp_path.chmod(0o777)
    for folder in tmp_path.parents[: 3 if os.geteuid() == 0 else 0]:  # of another user: all that pytest has made
        folder.chmod(folder.stat().st_mode | 0o011)
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, 0)"
    arguments = ["probe", "--qemu", str(program), "x"]
    code += f"; from qapidoc_ext.cli import main; raise SystemExit(main({arguments}))"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as asking:
        while not child.exists():
            time.sleep(0.05)
            assert asking.poll() is None
        asking.send_signal(number)
        assert asking.wait(60) in {-number, 130}
    deadline = time.monotonic() + 60  # what ends it may be a process of its own, which a busy machine lets wait
    while runs(child.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not runs(child.read_text().strip())


def test_the_name_of_a_file_gives_a_terminal_no_orders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\n\x1b[31mé.json"
    path.write_text("x")
    assert main(["check", str(path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "/a\\n\\x1b[31mé.json:1:1: " in line


def runs(pid: str) -> bool:
    """Whether a process is there and has not ended; one that has may wait for whoever is its parent now."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

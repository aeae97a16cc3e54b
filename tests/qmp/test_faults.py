"""A QEMU that misbehaves, a disk that is full, a path that is long: a message at its place, and all else intact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shlex import quote

import pytest

from qapidoc_ext.qmp.outcome import Failed, Passed, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import run, run_all
from qapidoc_ext.qmp.script import parse
from qapidoc_ext.source import Location

ANSWERING = """
import json, os, re, signal, sys, time

monitor = int(re.search(r"fd=([0-9]+)", " ".join(sys.argv))[1])

def say(line):
    line += b"\\n"
    while line:
        line = line[os.write(monitor, line):]

def misbehave():
    FAULT

version = {"qemu": {"major": 9, "minor": 9, "micro": 9}, "package": ""}
say(json.dumps({"QMP": {"version": version, "capabilities": []}}).encode())
received = ""
while True:
    received = (received + os.read(monitor, 4096).decode()).lstrip()
    try:
        request, end = json.JSONDecoder().raw_decode(received)
    except ValueError:
        continue
    received = received[end:]
    if request["execute"] not in ("qmp_capabilities", "query-qmp-schema"):
        misbehave()
    value = [] if request["execute"] == "query-qmp-schema" else {}
    say(json.dumps({"return": value, "id": request.get("id")}).encode())
"""
"""A program that says what a QEMU says first, and then does something that none should."""

FAULTS = {
    "exits": ("sys.exit(3)", "QEMU did not answer stop: it closed its monitor; it exited with status 3"),
    "crashes": ("os.abort()", "QEMU did not answer stop: it closed its monitor; it was killed by SIGABRT"),
    "hangs": ("os.kill(os.getpid(), signal.SIGSTOP)", "QEMU did not answer stop within 2 s; it still runs"),
    "closes": (
        "os.close(monitor); time.sleep(60)",
        "QEMU did not answer stop: it closed its monitor; it still runs",
    ),
    "breaks": ("say(b'{\"return\": }')", "QEMU did not answer stop: what it sent is not QMP: "),
    "answers-deep": (
        'say(b\'{"return": %b, "id": "%b"}\' % (300 * b"[" + 300 * b"]", request["id"].encode()))',
        "QEMU sent more than 100 arrays and objects in each other; it still runs",
    ),
    "answers-deeper": (
        'say(b\'{"return": %b, "id": "%b"}\' % (100_000 * b"[" + 100_000 * b"]", request["id"].encode()))',
        "QEMU did not answer stop: what it sent is not QMP: ",
    ),
    "answers-much": (
        'say(b\'{"return": "\' + 50_000_000 * b"x" + b\'"}\')',
        "QEMU did not answer stop",  # it is too much, or too slow on a machine that does other things
    ),
    "floods-stderr": (
        'while True: os.write(2, b"spam\\n" * 1000)',
        "QEMU did not answer stop within 2 s; it still runs",
    ),
    "floods-events": (
        'while True: say(b\'{"event": "SPAM", "timestamp": {"seconds": 1, "microseconds": 1}}\')',
        "QEMU did not answer stop",  # it is too much, or too slow on a machine that does other things
    ),
}
GOOD = '-> {"execute": "query-status"}\n<- {"return": {"running": false, ...}}'


@pytest.mark.usefixtures("nothing_is_left")
def test_a_program_that_misbehaves_is_told_in_time_and_spoils_no_other_example(
    programs: Programs, tmp_path: Path
) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "qemu-system-x86_64").symlink_to(programs.find("qemu-system-x86_64"))
    (folder / "qemu-system-ends").symlink_to("/bin/false")
    for name, (fault, _) in FAULTS.items():
        program = folder / f"qemu-system-{name}"
        program.write_text(f"#!{sys.executable} -S\n{ANSWERING.replace('FAULT', fault)}")
        program.chmod(0o755)
    texts = [GOOD]
    for name in [*FAULTS, "ends", "missing"]:
        texts += [f':machines: vm=qemu-system-{name}\n:timeout: 2\n\n-> {{"execute": "stop"}}', GOOD]
    sessions = [[parse(text, Location(path=str(number), line=1))] for number, text in enumerate(texts)]
    begun = time.monotonic()
    outcomes = [done.outcome for (done,) in run_all(sessions, Programs(folder=str(folder)))]
    assert time.monotonic() - begun < 30
    *faulty, at_once, missing = outcomes[1::2]
    for number, (outcome, (_, message)) in enumerate(zip(faulty, FAULTS.values(), strict=True)):
        assert isinstance(outcome, Failed)
        assert str(outcome).startswith(f"{2 * number + 1}:4:1: {message}")
        assert len(str(outcome)) < 10_000
    assert (
        str(at_once) == f"{2 * len(FAULTS) + 1}:1:1: QEMU did not greet: it closed its monitor; it exited with status 1"
    )
    assert isinstance(missing, Skipped)
    assert missing.program_is_missing
    assert outcomes[::2] == [Passed()] * len(outcomes[::2])


@pytest.mark.usefixtures("nothing_is_left")
def test_an_event_whose_name_is_no_text_is_not_the_one_that_is_waited_for(tmp_path: Path) -> None:
    program = tmp_path / "qemu-system-odd"
    fault = 'say(b\'{"event": ["STOP"], "timestamp": {"seconds": 1, "microseconds": 1}}\')'
    program.write_text(f"#!{sys.executable} -S\n{ANSWERING.replace('FAULT', fault)}")
    program.chmod(0o755)
    text = ':machines: vm=qemu-system-odd\n:timeout: 1\n\n-> {"execute": "stop"}\n<- {"event": "STOP"}'
    done = run(parse(text, Location(path="x", line=1)), Programs(folder=str(tmp_path)))
    assert isinstance(done.outcome, Failed)
    assert '"event": ["STOP"]' in str(done.outcome)


@pytest.mark.usefixtures("nothing_is_left")
def test_a_temporary_folder_with_a_long_path_is_no_obstacle(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("x" * 200)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    export = '(QEMU) nbd-server-start addr={"type":"unix","data":{"path":"socket"}}\n>>> vm.exists("socket")\nTrue'
    assert run(parse(export, Location(path="x")), programs).outcome == Passed()
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("nothing_is_left")
def test_a_temporary_folder_that_is_not_there_is_told(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    outcome = run(parse(GOOD, Location(path="x", line=7)), programs).outcome
    assert str(outcome).startswith("x:7:1: no temporary directory: ")
    assert "/nowhere" in str(outcome)
    monkeypatch.undo()


@pytest.mark.usefixtures("nothing_is_left")
def test_qemu_makes_its_temporary_files_where_it_may(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/nowhere")
    directory = "(QEMU) blockdev-add driver=vvfat dir=. node-name=n rw=true"
    assert run(parse(directory, Location(path="x")), programs).outcome == Passed()


def in_mount_namespace(preparation: str, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command, run where it alone sees what the preparation has mounted."""
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    return subprocess.run(
        [*unshare, "sh", "-ec", f'{preparation}\nexec "$@"', "sh", *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("size=8k", "full.qmp:3:1: a: No space left on device"),
        ("nr_inodes=2", "full.qmp:1:1: no private directory for QEMU: No space left on device"),
    ],
)
def test_a_full_disk_is_told_at_the_step_that_fills_it(
    limit: str, message: str, programs: Programs, tmp_path: Path
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    example = tmp_path / "full.qmp"
    example.write_text(f":name: full\n>>> vm.image('a', 60000)\n>>> vm.write('a', 0, {bytes(range(1, 200)) * 250!r})\n")
    result = in_mount_namespace(
        f"mount -t tmpfs -o {limit} tmpfs {quote(str(full))}",
        *(sys.executable, "-m", "qapidoc_ext", "run", "--qemu", str(programs.find("qemu-system-x86_64").parent)),
        str(example),
        TMPDIR=str(full),
    )
    assert result.returncode == 1
    assert f"{tmp_path}/{message}" in result.stdout, result


def test_a_read_only_checkout_is_enough_to_build(programs: Programs, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    folder = json.dumps(str(programs.find("qemu-system-x86_64").parent))
    (source / "conf.py").write_text(f'extensions = ["myst_parser", "qapidoc_ext"]\nqapidoc_qemu = {folder}\n')
    (source / "example.qmp").write_text(f":name: example\n{GOOD}\n")
    (source / "index.md").write_text("# Page\n\n```{qmp-example}\n:file: example.qmp\n```\n")
    result = in_mount_namespace(
        "mount --bind {0} {0} && mount -o remount,ro,bind {0} {0}".format(quote(str(source))),
        *(sys.executable, "-B", "-m", "sphinx", "-W", "-d", str(tmp_path / "doctrees"), str(source)),
        str(tmp_path / "html"),
    )
    assert result.returncode == 0, result
    assert "✓ executed live" in (tmp_path / "html" / "index.html").read_text()

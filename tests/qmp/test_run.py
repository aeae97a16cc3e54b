from __future__ import annotations

import os
import pickle
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qapidoc_ext.qmp import execution, host
from qapidoc_ext.qmp.directory import Directory
from qapidoc_ext.qmp.machine import Machine
from qapidoc_ext.qmp.outcome import Called, Failed, Passed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import run
from qapidoc_ext.qmp.script import parse, parse_file
from qapidoc_ext.qmp.shown import Elided, ShownArray, ShownObject
from qapidoc_ext.source import Location

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("nothing_is_left")

AT_ONCE = ":timeout: 1\n"
"""For each step, not for the start of QEMU."""
UNKNOWN = "no version that is recorded has it: is it spelled so?"


def result(content: str, programs: Programs) -> Run:
    return run(parse(content, Location(path="x", line=1, column=1)), programs)


def report(content: str, programs: Programs) -> str:
    outcome = result(content, programs).outcome
    assert isinstance(outcome, Failed)
    return str(outcome)


def test_a_run_says_which_qemu_it_was_and_when(programs: Programs) -> None:
    (qemu,) = result("-> {'execute': 'stop'}".replace("'", '"'), programs).qemus
    assert qemu.program == str(programs.find("qemu-system-x86_64"))
    assert (
        qemu.version in subprocess.run([qemu.program, "--version"], capture_output=True, text=True, check=True).stdout
    )
    assert 0 <= (datetime.now(UTC) - qemu.started).total_seconds() < 60


def test_a_run_can_be_pickled(programs: Programs) -> None:
    passed = run(parse_file(ROOT / "examples" / "dynamic-auto-read-only.qmp"), programs)
    assert pickle.loads(pickle.dumps(passed)) == passed


def test_the_exchanges_are_those_that_happened(programs: Programs) -> None:
    done = result(
        '# words\n-> { "execute": "query-status" }\n<- { "return": { "running": <bool:r>, ... } }\n'
        "(QEMU) query-named-block-nodes flat=${r}\n"
        '>>> vm.image("a", 1)\n>>> vm.access_mode("a")\n\'not open\'\n',
        programs,
    )
    assert done.outcome == Passed()
    comment, status, answer, shell, unread, making, reading = done.exchanges
    assert comment == done.script.steps[0]
    assert isinstance(status, Sent)
    assert (status.message, status.shell) == ({"execute": "query-status"}, "")
    assert isinstance(answer, Received)
    match answer.message:
        case ShownObject(members=(("return", ShownObject(members=(("running", False), Elided(count=count)))),)):
            assert count > 0
        case _:
            pytest.fail(str(answer))
    assert isinstance(shell, Sent)
    assert shell.message == {"execute": "query-named-block-nodes", "arguments": {"flat": False}}
    assert shell.shell == "query-named-block-nodes flat=${r}"
    assert isinstance(unread, Received)
    assert unread.message == ShownObject(members=(("return", ShownArray(items=())),))
    assert making == Called(location=Location(path="x", line=5, column=1), text='vm.image("a", 1)', value=None)
    assert reading == Called(
        location=Location(path="x", line=6, column=1), text='vm.access_mode("a")', value="not open"
    )


def test_of_a_long_reply_only_what_was_looked_at_is_kept(programs: Programs) -> None:
    request = '-> {"execute": "query-commands"}\n'
    content = request + '<- {"return": [..., {"name": "stop"}, ...]}\n' + request
    _, looked_at, _, unread = result(content, programs).exchanges
    assert isinstance(looked_at, Received)
    match looked_at.message:
        case ShownObject(members=(("return", ShownArray(items=(Elided() as before, stop, Elided() as after))),)):
            assert stop == ShownObject(members=(("name", "stop"),))
            count = before.count + 1 + after.count
        case _:
            pytest.fail(str(looked_at))
    assert count > 100
    assert isinstance(unread, Received)
    assert unread.message == ShownObject(members=(("return", ShownArray(items=(Elided(count=count),))),))


def test_a_difference_is_told_at_the_expected_value(programs: Programs) -> None:
    content = '-> {"execute": "query-status"}\n<- {"return": {"status": "...launch",\n   "running": true, ...}}'
    assert report(content, programs) == "x:3:15: $.return.running: expected true, got false"


def test_an_error_that_nobody_reads_is_told_at_the_request(programs: Programs) -> None:
    message = report('# one\n-> {"execute": "nonsense"}\n-> {"execute": "stop"}', programs)
    error = '{"error": {"class": "CommandNotFound", "desc": "The command nonsense has not been found"}}'
    assert message == f'x:2:1: expected {{"return": ...}}, got {error}; {UNKNOWN}'


def test_an_error_in_the_place_of_a_success_is_told_whole(programs: Programs) -> None:
    message = report('-> {"execute": "nonsense"}\n<- {"return": {}}', programs)
    error = '{"error": {"class": "CommandNotFound", "desc": "The command nonsense has not been found"}}'
    assert message == f'x:2:4: expected {{"return": {{}}}}, got {error}; {UNKNOWN}'


def test_a_command_that_only_negotiates_is_no_unknown_one(programs: Programs) -> None:
    message = report('-> {"execute": "qmp_capabilities"}', programs)
    assert message.endswith('Capabilities negotiation is already complete, command ignored"}}')


def test_an_event_that_no_version_has(programs: Programs) -> None:
    message = report(AT_ONCE + '-> {"execute": "stop"}\n<- {"event": "STOPP"}', programs)
    assert 'no event {"event": "STOPP"} within 1 s' in message
    assert ", which no version has that is recorded: is it spelled so?; events that no step took: " in message


def test_a_success_in_the_place_of_an_error_is_told(programs: Programs) -> None:
    message = report('-> {"execute": "stop"}\n<- {"error": {"class": "GenericError", ...}}', programs)
    assert message == 'x:2:4: expected {"error": {"class": "GenericError", ...}}, got {"return": {}}'


def test_an_error_that_is_expected_passes(programs: Programs) -> None:
    content = '-> {"execute": "nonsense"}\n<- {"error": {"class": "CommandNotFound", "desc": "...nonsense..."}}'
    assert result(content, programs).outcome == Passed()


def test_an_event_is_taken_from_those_that_came_or_waited_for(programs: Programs) -> None:
    content = (
        '-> {"execute": "cont"}\n<- {"event": "RESUME", "timestamp": {"seconds": <int>, "microseconds": <int>}}\n'
        '<- {"return": {}}\n-> {"execute": "stop"}\n-> {"execute": "cont"}\n'
        '<- {"event": "STOP"}\n<- {"event": "RESUME"}\n'
    )
    assert result(content, programs).outcome == Passed()


def test_events_come_in_the_order_in_which_they_are_listed(programs: Programs) -> None:
    content = '-> {"execute": "cont"}\n-> {"execute": "stop"}\n<- {"event": "STOP"}\n<- {"event": "RESUME"}\n'
    message = report(AT_ONCE + content, programs)
    assert message.startswith('x:5:1: no event {"event": "RESUME"} within 1 s; it came before the event that')
    assert result(":unordered:\n" + content, programs).outcome == Passed()


def test_an_event_is_taken_once(programs: Programs) -> None:
    content = '-> {"execute": "cont"}\n<- {"event": "RESUME"}\n<- {"event": "RESUME"}'
    message = report(AT_ONCE + content, programs)
    assert message.startswith('x:4:1: no event {"event": "RESUME"} within 1 s')


def test_an_event_that_does_not_come_is_told_with_those_that_came(programs: Programs) -> None:
    message = report(AT_ONCE + '-> {"execute": "cont"}\n<- {"event": "STOP"}', programs)
    assert message.startswith('x:3:1: no event {"event": "STOP"} within 1 s; events that no step took: {')
    assert '"event": "RESUME"' in message


def test_of_an_event_that_differs_the_difference_is_told(programs: Programs) -> None:
    content = '-> {"execute": "cont"}\n<- {"event": "RESUME", "data": {}}'
    message = report(AT_ONCE + content, programs)
    assert "within 1 s; the one that came differs in $.data: expected {}, got no such member; events" in message


def test_a_value_of_a_host_step_that_differs_is_told_where_it_is_expected(programs: Programs) -> None:
    content = '>>> vm.image("a", size=0)\n>>> vm.access_mode("a")\n\'O_RDWR\''
    assert report(content, programs) == "x:3:1: expected 'O_RDWR', got 'not open'"


def test_a_value_of_a_host_step_that_nobody_expects_is_told(programs: Programs) -> None:
    content = '>>> vm.image("a", size=0)\n>>> vm.access_mode("a")'
    assert report(content, programs) == "x:2:1: expected no value, got 'not open'"


def test_an_image_that_cannot_be_made_is_told(programs: Programs) -> None:
    assert report('>>> vm.image("a", size=0)\n>>> vm.image("a", size=0)', programs) == "x:2:1: a: File exists"


def test_a_socket_that_cannot_be_made_is_told(programs: Programs) -> None:
    content = (
        '-> {"execute": "nbd-server-start", "arguments": {"addr": {"type": "unix", "data": {"path": "no/where"}}}}'
    )
    assert "no/where: No such file or directory" in report(content, programs)


def test_qemu_that_ended_is_told_at_the_step_that_needs_it(programs: Programs) -> None:
    content = '-> {"execute": "quit"}\n<- {"event": "SHUTDOWN", "data": ...}\n<- {"event": "RESUME"}'
    assert report(content, programs) == (
        "x:3:1: QEMU sends no more events: it closed its monitor; it exited with status 0"
    )


def test_qemu_that_crashes_is_told_before_what_follows_from_it(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_call: host.Call, _directory: Directory, pid: int) -> str:
        os.kill(pid, signal.SIGSEGV)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        return "not open"

    monkeypatch.setattr(execution, "perform", crash)
    content = '-> {"execute": "stop"}\n>>> vm.access_mode("a")\n\'O_RDWR\''
    assert report(content, programs) == "x:2:1: QEMU was killed by SIGSEGV"


def test_qemu_that_crashes_behind_the_last_step_has_not_passed(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Machine, "check", lambda _: None)  # it looked just before
    monkeypatch.setattr(execution, "perform", lambda _call, _directory, pid: os.kill(pid, signal.SIGSEGV))
    content = '-> {"execute": "stop"}\n>>> vm.access_mode("a")'
    assert report(content, programs) == (
        "x:2:1: behind the last step: QEMU did not answer query-version: it closed its monitor; "
        "it was killed by SIGSEGV"
    )


def test_what_qemu_says_on_its_stderr_is_quoted(programs: Programs, tmp_path: Path) -> None:
    file = tmp_path / "qemu-system-x86_64"
    file.write_text(f'#!/bin/sh\necho a warning >&2\nexec {programs.find(file.name)} "$@"\n')
    file.chmod(0o755)
    message = report('-> {"execute": "nonsense"}', Programs(folder=str(tmp_path)))
    assert message.endswith("\nQEMU said on stderr:\n    a warning")


def test_what_an_example_requires_is_asked_of_the_qemu(programs: Programs) -> None:
    assert result(':requires: stop, stop/arg-type\n-> {"execute": "stop"}', programs).outcome == Passed()
    outcome = result(":requires: stop, nonsense, stop/$nonsense\n-> {}", programs).outcome
    assert isinstance(outcome, Skipped)
    (emulator,) = result('-> {"execute": "stop"}', programs).qemus
    assert outcome.reason == (
        f"needs nonsense, which neither this QEMU {emulator.version} has nor any version that is recorded;"
        f" is it spelled so?; needs stop/$nonsense, which neither this QEMU {emulator.version} has nor any version that"
        " is recorded; is it spelled so?"
    )


@pytest.mark.parametrize(
    ("requirement", "reason"),
    [
        ("qemu>=99.1", "needs QEMU 99.1, this is VERSION"),
        ("qemu<2.0", "needs a QEMU before 2.0, this is VERSION"),
        ("program:no-such-program", "needs the program no-such-program, which is not there"),
        ("qemu>=99, qemu<2", "needs QEMU 99, this is VERSION; needs a QEMU before 2, this is VERSION"),
        ("program:no-such-program, qemu<2", "needs a QEMU before 2, this is VERSION"),
    ],
)
def test_what_is_missing_is_said(requirement: str, reason: str, programs: Programs) -> None:
    (qemu,) = result(':requires: qemu>=2.0, qemu<99, not-root\n-> {"execute": "stop"}', programs).qemus
    outcome = result(f":requires: {requirement}\n-> {{}}", programs).outcome
    version = qemu.version if "qemu" in requirement else ""
    assert outcome == Skipped(reason=reason.replace("VERSION", qemu.version), version=version)


def test_a_requirement_of_a_later_qemu_names_the_first_that_has_it(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.needs.first_version", lambda query: {"nonsense": "99.0"}[query])
    outcome = result(":requires: nonsense\n-> {}", programs).outcome
    assert isinstance(outcome, Skipped)
    assert outcome.reason.startswith("needs nonsense, which came with QEMU 99.0; this is ")


def test_a_loop_device_that_cannot_be_made_is_missing(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.loop_device.obstacle", lambda: "Permission denied")
    outcome = result(":requires: loop-device\n-> {}", programs).outcome
    assert outcome == Skipped(reason="needs a loop device, which root can make: Permission denied")


def test_kvm_is_there_only_where_it_can_be_opened(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.needs.may_use_kvm", lambda _confinement: False)
    outcome = result(":requires: kvm\n-> {}", programs).outcome
    assert outcome == Skipped(reason="needs KVM, and /dev/kvm cannot be opened")


def test_a_requirement_that_cannot_be_asked_is_a_failure(programs: Programs) -> None:
    assert report(":requires: stop, stop/$f/x\n-> {}", programs) == (
        "x:1:18: 'stop/$f/x': nothing can follow the step before 'x'"
    )


def test_without_qemu_an_example_is_skipped(tmp_path: Path) -> None:
    done = result("-> {}", Programs(folder=str(tmp_path)))
    assert done.qemus == ()
    assert done.exchanges == ()
    assert isinstance(done.outcome, Skipped)
    assert done.outcome.reason.startswith(f"qemu-system-x86_64 is not in the folder {tmp_path}: install it")


def test_a_qemu_that_does_not_start_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "qemu-system-x86_64").symlink_to("/bin/false")
    done = result("-> {}", Programs(folder=str(tmp_path)))
    assert done.qemus == ()
    assert str(done.outcome) == "x:1:1: QEMU did not greet: it closed its monitor; it exited with status 1"

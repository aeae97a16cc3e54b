"""Examples with machines, set-ups, sessions and hidden lines, executed."""

from __future__ import annotations

from pathlib import Path

import pytest

from qapidoc_ext.qmp.outcome import Called, Failed, Passed, Run, Sent, Skipped
from qapidoc_ext.qmp.programs import ProgramError, Programs
from qapidoc_ext.qmp.run import Rules, by_session, run, run_all
from qapidoc_ext.qmp.script import Script, parse, parse_file
from qapidoc_ext.source import Location

pytestmark = pytest.mark.usefixtures("nothing_is_left")

NODES = '-> {"execute": "query-named-block-nodes"}\n'
ADD = '-> {"execute": "blockdev-add", "arguments": {"driver": "null-co", "node-name": "n"}}\n'


def script(content: str, path: str = "x") -> Script:
    return parse(content, Location(path=path, line=1, column=1))


def names(result: Run) -> list[str]:
    return [Path(qemu.program).name for qemu in result.qemus]


@pytest.fixture
def storage_daemon(programs: Programs) -> None:
    try:
        programs.find("qemu-storage-daemon")
    except ProgramError as error:
        pytest.skip(str(error))


@pytest.mark.usefixtures("storage_daemon")
@pytest.mark.parametrize(
    ("content", "program"),
    [
        (NODES, "qemu-storage-daemon"),
        ('>>> vm.exists("a")\nFalse\n', "qemu-storage-daemon"),
        (":requires: blockdev-add/arg-type/+file\n" + NODES, "qemu-storage-daemon"),
        ('-> {"execute": "query-status"}', "qemu-system-x86_64"),
        (NODES + '-> {"execute": "quit"}\n<- {"event": "SHUTDOWN", ...}', "qemu-system-x86_64"),
        (":requires: stop\n" + NODES, "qemu-system-x86_64"),
        ('-> {"execute": "query-qmp-schema"}', "qemu-system-x86_64"),
        (":machines: vm=none\n" + NODES, "qemu-system-x86_64"),
        (":machines: vm=qemu-system-x86_64\n" + NODES, "qemu-system-x86_64"),
    ],
)
def test_the_storage_daemon_is_chosen_where_it_has_all(content: str, program: str, programs: Programs) -> None:
    done = run(script(content), programs)
    assert done.outcome == Passed()
    assert names(done) == [program]


@pytest.mark.usefixtures("storage_daemon")
def test_two_machines_share_a_directory_and_each_has_its_own_events_and_replies(programs: Programs) -> None:
    done = run(
        script(
            ":machines: src=qemu-storage-daemon, dst=none\n"
            '>>> src.image("disk.raw", size=65536)\n'
            "(src) blockdev-add driver=file filename=disk.raw node-name=disk\n"
            '(src) nbd-server-start addr={"type":"unix","data":{"path":"socket"}}\n'
            "(src) block-export-add type=nbd id=e node-name=disk name=disk writable=true\n"
            '(dst) blockdev-add driver=nbd node-name=n export=disk server={"type":"unix","path":"socket"}\n'
            'dst-> {"execute": "query-named-block-nodes"}\nsrc-> {"execute": "query-named-block-nodes"}\n'
            'src<- {"return": [{"node-name": "disk", ...}]}\ndst<- {"return": [{"node-name": "n", ...}]}\n'
            "(src) block-export-del id=e mode=hard\n"
            'src<- {"event": "BLOCK_EXPORT_DELETED", "data": {"id": "e"}}\n'
            ">>> src.access_mode(\"disk.raw\")\n'O_RDWR'\n>>> dst.access_mode(\"disk.raw\")\n'not open'\n"
        ),
        programs,
    )
    assert done.outcome == Passed()
    assert names(done) == ["qemu-storage-daemon", "qemu-system-x86_64"]
    assert {exchange.machine for exchange in done.exchanges if isinstance(exchange, Sent)} == {"src", "dst"}


def test_a_guest_is_migrated_between_two_machines(programs: Programs) -> None:
    content = (
        ":machines: src=q35, dst=q35 incoming\n:timeout: 30\n"
        '(src) migrate-set-capabilities capabilities=[{"capability":"events","state":true}]\n'
        "(dst) migrate-incoming uri=unix:socket\n"
        "(src) migrate uri=unix:socket\n"
        'src<- {"event": "MIGRATION", "data": {"status": "completed"}}\n'
    )
    assert run(script(content), programs).outcome == Passed()


def test_a_descriptor_is_sent_with_a_request(programs: Programs) -> None:
    content = (
        '>>> vm.image("a", 10)\n>>> vm.send_fd("a", "O_RDONLY")\n-> {"execute": "add-fd"}\n'
        '<- {"return": {"fdset-id": <int:set>, "fd": <int>}}\n>>> vm.access_mode("a")\n\'O_RDONLY\'\n'
        '-> {"execute": "remove-fd", "arguments": {"fdset-id": ${set}}}\n'
    )
    assert run(script(content), programs).outcome == Passed()


def test_how_a_machine_ends_can_be_what_an_example_is_about(programs: Programs) -> None:
    content = '-> {"execute": "quit"}\n>>> vm.ending()\n\'exited with status 0\'\n'
    assert run(script(content), programs).outcome == Passed()
    endless = run(script(":timeout: 0.2\n>>> vm.ending()\n'exited with status 0'"), programs).outcome
    assert str(endless) == "x:2:1: QEMU did not end within 0.2 s; it still runs"


def test_hidden_lines_are_executed_and_marked(programs: Programs) -> None:
    done = run(script(f'~ # for us\n~ {ADD}{NODES}<- {{"return": [{{"node-name": "n", ...}}]}}'), programs)
    assert done.outcome == Passed()
    assert [exchange.hidden for exchange in done.exchanges] == [True, True, True, False, False]


def test_the_steps_of_a_set_up_come_first_and_are_hidden(programs: Programs, tmp_path: Path) -> None:
    (tmp_path / "disk.qmp").write_text(
        '>>> vm.image("disk.raw", size=1024)\n' + ADD + NODES + '<- {"return": [{"node-name": <str:node>, ...}]}'
    )
    (tmp_path / "example.qmp").write_text(
        ':name: example\n:setup: disk.qmp\n(QEMU) blockdev-del node-name=${node}\n>>> vm.exists("disk.raw")\nTrue\n'
    )
    done = run(parse_file(tmp_path / "example.qmp"), programs)
    assert done.outcome == Passed()
    assert [exchange.hidden for exchange in done.exchanges] == [True] * 5 + [False] * 3


def test_a_fault_in_a_set_up_is_told_there(programs: Programs, tmp_path: Path) -> None:
    (tmp_path / "disk.qmp").write_text('# text\n-> {"execute": "nonsense"}\n')
    (tmp_path / "example.qmp").write_text(f":name: example\n:setup: disk.qmp\n{NODES}")
    assert str(run(parse_file(tmp_path / "example.qmp"), programs).outcome).startswith(f"{tmp_path}/disk.qmp:2:1: ")


def test_a_session_keeps_its_machine_and_ends_with_the_first_that_does_not_pass(programs: Programs) -> None:
    here = f'{NODES}<- {{"return": [{{"node-name": "n", ...}}]}}'
    page = [
        script(f":session: one\n{ADD}"),
        script(f'{NODES}<- {{"return": []}}'),
        script(f":session: one\n{here}"),
        script(":session: one\n:requires: nonsense\n" + NODES),
        script(f":session: one\n{here}"),
    ]
    sessions = by_session(page)
    assert sessions == [[page[0], page[2], page[3], page[4]], [page[1]]]
    (one, other) = run_all(sessions, programs)
    assert [type(done.outcome) for done in one] == [Passed, Passed, Skipped, Skipped]
    assert one[3].outcome == Skipped(reason="an example before it in the session 'one' did not pass")
    assert other[0].outcome == Passed()
    assert [type(step) for step in one[1].exchanges] != [Called]


def test_a_failure_ends_a_session(programs: Programs) -> None:
    page = [script(f":session: one\n{text}") for text in ('-> {"execute": "nonsense"}', NODES)]
    ((first, second),) = run_all([page], programs)
    assert isinstance(first.outcome, Failed)
    assert second.outcome == Skipped(reason="an example before it in the session 'one' did not pass")


def test_the_examples_of_a_session_have_the_same_machines(programs: Programs) -> None:
    page = [script(f":session: one\n{ADD}"), script(f":session: one\n:machines: a\n{NODES}")]
    ((_, second),) = run_all([page], programs)
    assert str(second.outcome) == "x:1:1: its session began with other machines, at x:1:1"


def test_host_steps_can_be_switched_off(programs: Programs) -> None:
    done = run(script('>>> vm.image("a", 1)'), programs, Rules(host_steps=False))
    assert done.outcome == Skipped(reason="it has steps outside QEMU ('>>>'), which are switched off")
    assert run(script(NODES), programs, Rules(host_steps=False)).outcome == Passed()


def test_an_example_begins_when_it_is_said_to(programs: Programs) -> None:
    begun: list[Script] = []
    scripts = [script(NODES, path=str(number)) for number in range(6)]
    results = run_all([[one] for one in scripts], programs, started=begun.append)
    assert sorted(begun, key=lambda one: one.location) == scripts
    assert [done.script for (done,) in results] == scripts
    assert {type(done.outcome) for (done,) in results} == {Passed}


def test_a_command_that_this_qemu_does_not_have_is_a_failure_with_advice(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.execution.first_version", lambda name: {"nonsense": "99.0"}.get(name, ""))
    outcome = run(script('-> {"execute": "nonsense"}\n'), programs).outcome
    assert isinstance(outcome, Failed)
    advice = "; QEMU 99.0 is the first to have it: ':requires: nonsense' skips the example where it is not"
    assert outcome.findings[0].message.endswith(advice)
    read = run(script('-> {"execute": "nonsense"}\n<- {"return": {}}\n'), programs).outcome
    assert isinstance(read, Failed)
    assert read.findings[0].message.endswith(advice)

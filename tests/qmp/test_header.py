"""What stands before the first step of an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from qapidoc_ext.qmp.header import MachineOption, SetUp
from qapidoc_ext.qmp.requirement import Allowed, Before, From, Program, Query, Right, is_from
from qapidoc_ext.qmp.script import parse, parse_file
from qapidoc_ext.qmp.shim.options import OPTIONS
from qapidoc_ext.qmp.step import Comment, HostStep, Request
from qapidoc_ext.source import Location, SourceError

AT = Location(path="x", line=1, column=1)
EXPECTED_OF_A_MACHINE = "a machine has a program, a machine type, 'incoming' and 'option:NAME'"


def faults(content: str) -> list[str]:
    with pytest.raises(SourceError) as error:
        parse(content, AT)
    return [str(finding).removeprefix("x:") for finding in error.value.findings]


def test_requirements_are_told_apart_by_their_form() -> None:
    needs = parse(
        ":requires: qemu>=8.2, qemu < 10, kvm, not-root, program:qemu-nbd, stop/$f, loop-device\n-> {}", AT
    ).requires
    assert needs == (
        From(location=Location("x", 1, 12), version="8.2"),
        Before(location=Location("x", 1, 23), version="10"),
        Allowed(location=Location("x", 1, 34), right=Right.KVM),
        Allowed(location=Location("x", 1, 39), right=Right.NOT_ROOT),
        Program(location=Location("x", 1, 49), name="qemu-nbd"),
        Query(location=Location("x", 1, 67), query="stop/$f"),
        Allowed(location=Location("x", 1, 76), right=Right.LOOP_DEVICE),
    )


@pytest.mark.parametrize(
    ("found", "bound", "expected"),
    [
        ("7.2.22", "7.2", True),
        ("7.2.22", "7.2.22", True),
        ("7.2.22", "7.2.23", False),
        ("10.0.0", "9.2", True),
        ("7.2.22", "8", False),
    ],
)
def test_versions_are_compared_as_numbers(found: str, bound: str, *, expected: bool) -> None:
    assert is_from(found, bound) is expected


def test_machines_have_a_program_a_type_or_neither() -> None:
    written = ":machines: a, b=qemu-storage-daemon, c = q35, d=qemu-system-aarch64 virt incoming"
    assert parse(f"{written}\na-> {{}}", AT).machines == (
        MachineOption(name="a"),
        MachineOption(name="b", program="qemu-storage-daemon"),
        MachineOption(name="c", type="q35"),
        MachineOption(name="d", program="qemu-system-aarch64", type="virt", incoming=True),
    )


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (":requires: qemu>8", ["1:12: 'qemu>8' is neither 'qemu>=8.2' nor 'qemu<6.1' nor 'program:NAME'"]),
        (":requires: program:../x", ["1:12: 'program:../x' is neither 'qemu>=8.2' nor 'qemu<6.1' nor 'program:NAME'"]),
        (":requires: qemu-nbd", ["1:12: 'qemu-nbd' is neither 'qemu>=8.2' nor 'qemu<6.1' nor 'program:NAME'"]),
        (":machines: vm, vm", ["1:16: two machines are called 'vm'"]),
        (":machines: QEMU", ["1:12: 'QEMU' is no machine, which is written 'name' or 'name=program type incoming'"]),
        (
            ":machines: vm=q35 pc",
            ["1:12: 'pc' is not expected here: " + EXPECTED_OF_A_MACHINE],
        ),
        (
            ":machines: a=incoming incoming, b=option:3 option:1, c=qemu-system-arm qemu-system-x86_64",
            [
                "1:12: 'incoming' is not expected here: " + EXPECTED_OF_A_MACHINE,
                "1:33: 'option:1' is not expected here: " + EXPECTED_OF_A_MACHINE,
                "1:54: 'qemu-system-x86_64' is not expected here: " + EXPECTED_OF_A_MACHINE,
            ],
        ),
        (
            ":machines: vm=../bin/sh",
            ["1:12: '../bin/sh' is not expected here: " + EXPECTED_OF_A_MACHINE],
        ),
        (
            ":machines: vm=option:7",
            [f"1:12: no option is called '7', only {', '.join(OPTIONS)}"],
        ),
        (
            ":machines: vm=q35,accel=kvm",
            ["1:1: say which machine this is about, as in 'vm->'; there is: vm, accel"],
        ),
        (
            ":machines: vm=qemu-storage-daemon q35",
            ["1:12: qemu-storage-daemon has no machine type and no migration"],
        ),
        (
            ":machines: vm=qemu-storage-daemon incoming",
            ["1:12: qemu-storage-daemon has no machine type and no migration"],
        ),
        (":timeout: 0", ["1:11: a timeout is a number of seconds, above 0 and up to 600"]),
        (":timeout: 1e9", ["1:11: a timeout is a number of seconds, above 0 and up to 600"]),
        (":timeout: ٣", ["1:11: a timeout is a number of seconds, above 0 and up to 600"]),
        (":session: A", ["1:11: a name has small letters, digits and single hyphens between them"]),
        (":unordered: yes", ["1:13: the option 'unordered' takes no value"]),
        (":setup: /etc/passwd", ["1:9: '/etc/passwd' is not the path of a .qmp file"]),
        (":setup: none.qmp", ["1:9: none.qmp: cannot be read: No such file or directory"]),
    ],
)
def test_a_fault_of_an_option_is_told_with_its_place(option: str, expected: list[str]) -> None:
    found = faults(f"{option}\n-> {{}}")
    assert found[: len(expected)] == [message.replace("1:1: say", "2:1: say") for message in expected]


def test_lines_name_one_of_the_machines() -> None:
    steps = parse(":machines: src, dst\nsrc-> {}\nsrc<- {\"return\": {}}\n(dst) stop\n>>> dst.exists('a')\n", AT).steps
    assert [step.machine for step in steps if isinstance(step, Request | HostStep)] == ["src", "dst", "dst"]
    assert faults(":machines: src, dst\n-> {}") == [
        "2:1: say which machine this is about, as in 'src->'; there is: src, dst"
    ]
    assert faults("other-> {}") == ["1:1: no machine is called 'other'; there is: vm"]
    assert faults("(other) stop") == ["1:1: no machine is called 'other'; there is: vm"]
    assert faults(">>> other.exists('a')") == ["1:5: no machine is called 'other'; there is: vm"]


def test_replies_belong_to_the_requests_of_their_machine() -> None:
    assert faults(':machines: a, b\na-> {}\nb<- {"return": 1}') == ["3:1: no request before this waits for a reply"]
    unreadable = ':machines: a, b\nb-> []\na-> {}\n%s<- {"return": 1}\n%s<- {"return": 1}'
    assert faults(unreadable % ("b", "a")) == ["2:5: a request is a JSON object"]
    assert faults(unreadable % ("a", "a"))[1:] == ["5:1: no request before this waits for a reply"]


def test_a_line_is_hidden_with_a_tilde_and_every_place_stays() -> None:
    example = parse('# shown\n~ # hidden\n~-> {"execute":\n~     "stop"}\n-> {"execute": "cont"}\n', AT)
    assert [(step.hidden, step.location.line, step.location.column) for step in example.steps] == [
        (False, 1, 1),
        (True, 2, 3),
        (True, 3, 2),
        (False, 5, 1),
    ]
    assert [step.text for step in example.steps if isinstance(step, Comment)] == ["shown", "hidden"]
    assert [step.command for step in example.steps if isinstance(step, Request)] == ["stop", "cont"]
    assert "~" in example.text
    assert faults('~ -> {"execute": nonsense}') == ["1:18: not a JSON value; strings stand in double quotes"]
    assert faults('~ -> {"execute":\n     "stop"}')[0] == "1:17: a JSON value is missing"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    file = tmp_path / "example.qmp"
    file.write_text(":name: example\n:setup: setup.qmp\n-> {}\n")
    return file


def test_a_set_up_is_read_from_the_folder_of_the_example(example: Path) -> None:
    example.with_name("setup.qmp").write_text(':requires: stop\n-> {}\n<- {"return": <any:a>}\n')
    example.write_text(example.read_text() + '-> {"id": "x", "arguments": ${a}}\n')
    read = parse_file(example)
    assert read.header.setup == (SetUp(path="setup.qmp", location=Location(str(example), 2, 9)),)
    assert [need.location.path for need in read.requires] == [str(example.with_name("setup.qmp"))]
    assert len(list(read.all_steps)) == 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (":setup: setup.qmp\n-> {}\n", ":2:9: setup.qmp has a set-up or a session itself"),
        (":session: a\n-> {}\n", ":2:9: setup.qmp has a set-up or a session itself"),
        ("# nothing\n", "nothing to run: no request and no host step"),
        ("nonsense\n", ":1:1: a step begins with"),
    ],
)
def test_what_cannot_be_a_set_up_is_a_fault(content: str, message: str, example: Path) -> None:
    example.with_name("setup.qmp").write_text(content)
    with pytest.raises(SourceError) as error:
        parse_file(example)
    assert any(message in str(finding) for finding in error.value.findings)


def test_a_set_up_and_its_example_have_the_same_machines(example: Path) -> None:
    example.with_name("setup.qmp").write_text(":machines: a, b\na-> {}\n")
    example.write_text(":name: example\n:setup: setup.qmp\nb-> {}\n")
    assert [machine.name for machine in parse_file(example).machines] == ["a", "b"]
    example.write_text(":name: example\n:machines: a\n:setup: setup.qmp\na-> {}\n")
    with pytest.raises(SourceError, match=r"setup\.qmp has other machines"):
        parse_file(example)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (":machines: a, b\na", ":machines: a, b\nb", "nothing to run: no request and no host step"),
        (":machines: a, b\na", ":machines: c\nc", "other.qmp has other machines"),
        (":machines: a, b\na", "", "other.qmp has other machines"),
        ("", ":machines: a, b\na", "other.qmp has other machines"),
        ("", "", "nothing to run: no request and no host step"),
    ],
)
def test_set_ups_of_one_example_have_the_same_machines(first: str, second: str, message: str, example: Path) -> None:
    example.with_name("setup.qmp").write_text(f"{first}-> {{}}\n")
    example.with_name("other.qmp").write_text(f"{second}-> {{}}\n")
    example.write_text(":name: example\n:setup: setup.qmp, other.qmp\n# nothing\n")
    with pytest.raises(SourceError) as error:
        parse_file(example)
    [finding] = error.value.findings
    assert finding.message == message

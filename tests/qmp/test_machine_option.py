"""A machine of an example that has the interface of an option."""

from __future__ import annotations

import pytest

from qapidoc_ext.introspect.recordings import recording
from qapidoc_ext.qmp.allowed import is_meant_for
from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import run
from qapidoc_ext.qmp.script import parse
from qapidoc_ext.source import Location, SourceError

pytestmark = pytest.mark.usefixtures("nothing_is_left")

START = Location(path="e.qmp", line=1, column=1)
ADD_FD = """\
:machines: vm=option:3
>>> vm.image("disk.raw", size=1048576)
>>> vm.send_fd("disk.raw", "O_RDWR")
-> { "execute": "add-fd", "arguments": { "fdset-id": 7 } }
-> { "execute": "blockdev-add",
     "arguments": { "driver": "file", "node-name": "n", "filename": "/dev/fdset/7", "dynamic-read-only": false } }
<- { "return": {} }
"""
ASKED = """\
:machines: own, other=option:4.0
own-> { "execute": "query-qmp-schema" }
>>> own.probe("blockdev-add/arg-type/+file/$dynamic-auto-read-only")
True
other-> { "execute": "query-qmp-schema" }
>>> other.probe("blockdev-add/arg-type/+file/$dynamic-auto-read-only")
False
"""


def ran(text: str, programs: Programs) -> Run:
    return run(parse(text, START), programs)


@pytest.mark.parametrize("text", [ADD_FD, ASKED])
def test_only_the_machine_that_is_named_has_it(text: str, programs: Programs) -> None:
    assert ran(text, programs).outcome == Passed()


def test_what_an_example_requires_is_asked_of_the_interface_that_it_gets(programs: Programs) -> None:
    text = (
        ':requires: blockdev-add/arg-type/+file/dynamic-read-only\n:machines: vm={}\n-> {{ "execute": "query-name" }}\n'
    )
    assert ran(text.format("option:3"), programs).outcome == Passed()
    skipped = ran(text.format("option:4"), programs).outcome
    assert isinstance(skipped, Skipped)
    assert "needs blockdev-add/arg-type/+file/dynamic-read-only" in skipped.reason


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (">>> vm.probe('a')\nTrue\n", "e.qmp:1:1: probe: the last reply is not that of query-qmp-schema"),
        (
            "-> { 'execute': 'query-name' }\n>>> vm.probe('a')\nTrue\n".replace("'", '"'),
            "e.qmp:2:1: probe: the last reply is not that of query-qmp-schema",
        ),
        (
            '-> { "execute": "query-qmp-schema" }\n>>> vm.probe("stop//")\nTrue\n',
            "e.qmp:2:1: probe: 'stop//': a step is empty",
        ),
    ],
)
def test_what_cannot_be_asked(steps: str, message: str, programs: Programs) -> None:
    outcome = ran(steps, programs).outcome
    assert isinstance(outcome, Failed)
    assert str(outcome).startswith(message)


def test_no_schema_is_that_of_an_option() -> None:
    introspection = recording("10.0.0")
    assert is_meant_for(parse('-> { "execute": "stop" }', START), introspection, "10.0.0")
    assert not is_meant_for(parse(':machines: vm=option:3\n-> { "execute": "stop" }', START), introspection, "10.0.0")


def test_an_option_that_is_none_is_a_fault() -> None:
    with pytest.raises(SourceError, match="1:12: no option is called '8'"):
        parse(':machines: vm=option:8\n-> { "execute": "stop" }', START)

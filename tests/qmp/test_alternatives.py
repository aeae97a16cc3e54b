"""Examples that take what comes: replies that may be one of several, and calls that may return anything."""

import re
from datetime import UTC, datetime

import pytest

from qapidoc_ext.introspect.recordings import recordings
from qapidoc_ext.qmp.accept import accept
from qapidoc_ext.qmp.allowed import faults
from qapidoc_ext.qmp.outcome import Failed, Passed
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.recording import RecordingError, record, replay
from qapidoc_ext.qmp.run import Rules, run
from qapidoc_ext.qmp.script import Script, parse
from qapidoc_ext.source import Location, SourceError

START = Location(path="e.qmp", line=1, column=1)
OPENED_OR_NOT = """\
>>> vm.image("disk.raw", size=1048576, mode={mode})
-> {{ "execute": "blockdev-add", "arguments": {{ "driver": "file", "node-name": "disk", "filename": "disk.raw" }} }}
<- {{ "return": {{}} }} | {{ "error": {{ "class": "GenericError", "desc": <str:refused> }} }}
>>> vm.access_mode("disk.raw")
<str:access>
>>> vm.exists("disk.raw")
<bool>
"""


def script(text: str) -> Script:
    return parse(text, START)


@pytest.mark.parametrize(
    ("mode", "captured"),
    [
        ("0o600", {"access": "O_RDWR"}),
        ("0o400", {"refused": "Could not open 'disk.raw': Permission denied", "access": "not open"}),
    ],
)
def test_what_came_is_captured_and_comes_back_from_a_recording(
    mode: str, captured: dict[str, str], programs: Programs
) -> None:
    example = script(f":requires: not-root\n{OPENED_OR_NOT.format(mode=mode)}")
    happened = run(example, programs)
    assert happened.outcome == Passed()
    assert happened.captures == captured
    kept = replay(example, record(happened, "digest", datetime.now(UTC)))
    assert kept.captures == captured
    assert kept.exchanges == happened.exchanges


def test_a_reply_that_is_none_of_them_is_a_failure(programs: Programs) -> None:
    text = '(QEMU) query-status\n<- { "return": 1 } | { "error": { "class": "DeviceNotFound", ... } }\n'
    outcome = run(script(text.replace("query-status", "blockdev-del node-name=none")), programs).outcome
    assert isinstance(outcome, Failed)
    assert "GenericError" in str(outcome)
    outcome = run(script(text), programs).outcome
    assert isinstance(outcome, Failed)
    assert "$.return: expected 1" in str(outcome) or "CommandNotFound" in str(outcome)


def test_the_one_for_an_error_is_let_expect_the_error_that_came(programs: Programs) -> None:
    request = "(QEMU) blockdev-del node-name=none\n"
    one = script(f'{request}<- {{ "return": 1 }} | {{ "error": {{ "class": "DeviceNotFound", ... }} }}\n')
    (after,) = accept([one], programs, Rules()).after
    assert after.text == f'{request}<- {{ "return": 1 }} | {{ "error": {{ "class": "GenericError", ... }} }}\n'


def test_a_value_of_another_kind_is_a_failure(programs: Programs) -> None:
    outcome = run(script('>>> vm.exists("disk.raw")\n<str>\n'), programs).outcome
    assert isinstance(outcome, Failed)
    assert "2:1: expected <str>, got False" in str(outcome)


def test_a_recording_with_an_answer_that_is_none_of_them_is_refused(programs: Programs) -> None:
    example = script(
        '(QEMU) query-version\n<- { "return": { ... } } | { "error": { "class": "GenericError", "desc": <str:a> } }\n'
    )
    recording = record(run(example, programs), "digest", datetime.now(UTC))
    other = script(
        '(QEMU) query-version\n<- { "return": [] } | { "error": { "class": "GenericError", "desc": <str:a> } }\n'
    )
    with pytest.raises(RecordingError, match="line 2 expects"):
        replay(other, recording)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('(QEMU) stop\n<- { "return": {} } | { "event": "STOP" }\n', "2:23: only replies can stand beside a '|'"),
        ('(QEMU) stop\n<- { "event": "STOP" } | { "return": {} }\n', "2:4: only replies can stand beside a '|'"),
        ('(QEMU) stop\n<- { "return": {} } |\n', "2:22: a JSON value is missing"),
        ('(QEMU) stop\n<- { "return": {} } | { "error": { ... } }\n', '2:34: an expected error says its "class"'),
        ('(QEMU) stop\n<- { "error": { "class": <str:class>, ... } }\n', '2:15: an expected error says its "class"'),
        ('>>> vm.exists("a")\n<int>\n', "2:1: what is expected here is the value of the call: its placeholder is"),
        (
            '(QEMU) a\n<- { "return": <any:x> } | { "error": { "class": "C" } }\n-> { "execute": "${x}" }\n',
            "3:18: 'x' is captured only in one case of a '|'",
        ),
    ],
)
def test_faults(text: str, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        script(text)
    assert any(re.search(re.escape(message), str(finding)) for finding in raised.value.findings), raised.value


def test_a_request_that_may_succeed_is_checked_by_the_schema() -> None:
    qemu = recordings()["7.2.0"]
    reply = '<- { "return": {} } | { "error": { "class": "GenericError", ... } }\n'
    assert faults(script(f'-> {{ "execute": "no-such-command" }}\n{reply}'), qemu, "vm")
    both = '<- { "error": { "class": "A" } } | { "error": { "class": "B" } }\n'
    assert not faults(script(f'-> {{ "execute": "no-such-command" }}\n{both}'), qemu, "vm")

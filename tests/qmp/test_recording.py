"""What is recorded of a run shows the same run again, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from qapidoc_ext.qmp.archive import Archive, decode, read_archive
from qapidoc_ext.qmp.digest import content_digest
from qapidoc_ext.qmp.machine import Qemu
from qapidoc_ext.qmp.outcome import Passed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.recording import (
    Answer,
    NothingToRecordError,
    Recording,
    RecordingError,
    record,
    replay,
)
from qapidoc_ext.qmp.run import run_all
from qapidoc_ext.qmp.script import Script, parse
from qapidoc_ext.source import Location, SourceError

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SETUP = ':name: setup\n-> { "execute": "blockdev-add", "arguments": { "driver": "null-co", "node-name": "s" } }\n'
EXAMPLE = """:setup: setup.qmp
# A comment.
(QEMU) query-named-block-nodes flat=true
<- { "return": [ ..., { "node-name": <str:name>, "drv": "null-co", ... } ] }
-> { "execute": "query-block" }
~ >>> vm.image("a.raw", size=512)
>>> vm.write("a.raw", 0, b"\\x00a'")
>>> vm.read("a.raw", 0, 3)
b"\\x00a'"
# Another one.
-> { "execute": "blockdev-del", "arguments": { "node-name": "${name}" } }
<- { "return": {} }
-> { "execute": "quit" }
<- { "return": {} }
<- { "event": "SHUTDOWN", "data": { "guest": false, ... }, ... }
>>> vm.ending()
'exited with status 0'
"""


def script(text: str, folder: Path) -> Script:
    return parse(text, Location(str(folder / "a.qmp"), 1, 1))


def ran(text: str, folder: Path, programs: Programs) -> Run:
    ((run,),) = run_all([[script(text, folder)]], programs)
    return run


def again(run: Run) -> Run:
    recorded = decode(msgspec.json.encode(record(run, "", NOW)), Path("a.json"))
    return replay(run.script, recorded)


@pytest.fixture
def example(tmp_path: Path, programs: Programs) -> Run:
    (tmp_path / "setup.qmp").write_text(SETUP)
    run = ran(EXAMPLE.replace(":setup", ":machines: vm=qemu-system-x86_64\n:setup"), tmp_path, programs)
    assert run.outcome == Passed()
    return run


def test_a_run_is_shown_again_as_it_was(example: Run) -> None:
    names = tuple(msgspec.structs.replace(qemu, program=Path(qemu.program).name) for qemu in example.qemus)
    assert again(example) == replace(example, qemus=names)


def test_a_recording_is_of_the_example_wherever_its_lines_are(example: Run, tmp_path: Path) -> None:
    moved = parse(example.script.text, Location(str(tmp_path / "page.md"), 100, 5))
    found = replay(moved, record(example, "", NOW))
    assert [exchange.location.line for exchange in found.exchanges[-2:]] == [115, 116]
    assert content_digest([moved], moved) == content_digest([example.script], example.script)


@pytest.mark.parametrize("text", [":requires: qemu>=99\n-> {}", '-> { "execute": "no" }', ":requires: kvm\n-> {}"])
def test_only_what_says_something_of_a_qemu_is_recorded(
    text: str, tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.needs.may_use_kvm", lambda _confinement: False)
    run = ran(text, tmp_path, programs)
    if "qemu" in text:
        assert again(run) == run
        assert isinstance(run.outcome, Skipped)
        return
    with pytest.raises(NothingToRecordError):
        record(run, "", NOW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"node-name":"s"', '"node-name":5'),
        ('"drv":"null-co"', '"drv":"null-aio"'),
        ('"event":"SHUTDOWN"', '"event":"RESET"'),
        ('"return":{}', '"error":{}'),
        ("exited with status 0", "exited with status 1"),
        ('"message":{"return":{}}', '"value":"{}"'),
        ('{"step":8,"message":{"return":{}}', '{"step":8,"message":{"return":{"...":1}}'),
        ('}]}},{"step":3', '},{"... items":1}]}},{"step":3'),
        ('"step":', '"stop":'),
    ],
)
def test_what_the_example_does_not_expect_is_refused(example: Run, old: str, new: str) -> None:
    content = msgspec.json.encode(record(example, "", NOW)).decode()
    assert old in content
    with pytest.raises((RecordingError, SourceError)):
        replay(example.script, decode(content.replace(old, new).encode(), Path("a.json")))


@pytest.mark.parametrize(
    "value", ["0x" + "f" * 9000, "1e999", "()", "'yes'", "None", "[", "(" * 300 + ")" * 300], ids=range(7)
)
def test_a_value_that_no_host_step_returns_is_refused(value: str) -> None:
    script = parse('>>> vm.exists("a")\n<bool>\n', Location(path="a.qmp", line=1))
    qemu = Qemu(version="10.0.0", package="", program="qemu", confinement="", started=NOW)
    answers = (Answer(step=0, value=value),)
    with pytest.raises(RecordingError):
        replay(script, Recording(content="", version="10.0.0", date=NOW, qemus=(qemu,), answers=answers))


def test_what_no_run_of_the_example_would_have_said_is_refused(example: Run) -> None:
    recording = record(example, "", NOW)
    more = Answer(step=99, message={"return": {}})
    first = recording.answers[0]
    both = msgspec.structs.replace(first, value="None")
    fewer = msgspec.structs.replace(first, message={"return": [{"... items": -1}]})
    changed: list[dict[str, object]] = [
        {"version": "10.0.0"},
        {"skipped": "needs QEMU 99"},
        {"answers": (*recording.answers, more)},
        {"answers": (first, *recording.answers)},
        {"answers": (both, *recording.answers[1:])},
        {"answers": (fewer, *recording.answers[1:])},
    ]
    for change in changed:
        with pytest.raises(RecordingError):
            replay(example.script, msgspec.structs.replace(recording, **change))


def test_each_answer_is_needed(example: Run) -> None:
    recording = record(example, "", NOW)
    for number in range(len(recording.answers)):
        others = recording.answers[:number] + recording.answers[number + 1 :]
        with pytest.raises(RecordingError):
            replay(example.script, msgspec.structs.replace(recording, answers=others))


def test_each_machine_is_needed(example: Run) -> None:
    recording = record(example, "", NOW)
    for qemus in ((), recording.qemus * 2):
        with pytest.raises(RecordingError, match=f"it is of {len(qemus)} machines, the example has 1"):
            replay(example.script, msgspec.structs.replace(recording, qemus=qemus))


def test_the_digest_has_the_whole_session(tmp_path: Path) -> None:
    first, second = (script(f":session: s\n-> {{}}\n{text}", tmp_path) for text in ("", "-> {}"))
    changed = script(":session: s\n-> {}\n-> {}\n-> {}", tmp_path)
    digests = {
        content_digest([first, second], first),
        content_digest([first, second], second),
        content_digest([changed, second], second),
        content_digest([first], first),
    }
    assert len(digests) == 4


def test_an_archive_finds_the_latest_version_and_what_a_changed_example_was(tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "recordings")
    example = script(":name: a\n-> {}", tmp_path)
    for version in ("9.2.0", "10.0.0", "7.2.22"):
        archive.write(example, Recording(content="x", version=version, date=NOW))
    archive.write(example, Recording(content="x", version="11.1.0", date=NOW, skipped="needs QEMU 12"))
    lacking = script(":name: b\n-> {}", tmp_path)
    for version in ("5.2.0", "10.0.0", "7.2.22"):
        archive.write(lacking, Recording(content="z", version=version, date=NOW, skipped="needs QEMU 12"))
    found = read_archive(archive.folder)
    kept = found.find("x")
    latest = found.find("z")
    assert kept
    assert latest
    assert (kept.recording.version, latest.recording.version) == ("10.0.0", "10.0.0")
    assert kept.path == tmp_path / "recordings" / "QEMU-10.0.0" / "a.json"
    assert found.versions == ["5.2.0", "7.2.22", "9.2.0", "10.0.0", "11.1.0"]
    assert set(found.by_version("z")) == {"5.2.0", "7.2.22", "10.0.0"}
    assert found.outdated(example)
    assert len(found.unused({"y", "z"})) == 4
    assert found.unused({"x", "z"}) == []


def test_other_files_are_no_recordings(tmp_path: Path) -> None:
    for name in ("a.json", "old/a.json", "QEMU-7.2.0/README.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("no JSON")
    for folder in (tmp_path, tmp_path / "none", tmp_path / "a.json"):
        assert read_archive(folder) == Archive(folder=folder)


def test_a_folder_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    loop = tmp_path / "recordings"
    loop.symlink_to(loop)
    (finding,) = read_archive(loop).findings
    assert str(finding) == f"{loop}: cannot be read: Too many levels of symbolic links"


def test_a_recording_stays_in_its_folder(tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "docs" / "recordings")
    elsewhere = parse(':name: a\n-> { "execute": "x" }', Location(str(tmp_path / "other" / "a.qmp"), 1, 1))
    assert archive.address(elsewhere, "x") == Path("a.json")
    unnamed = parse('-> { "execute": "x" }', Location(str(tmp_path / "docs" / "page.md"), 7, 1))
    assert archive.address(unnamed, "0123456789abcdef") == Path("page.md/0123456789ab.json")

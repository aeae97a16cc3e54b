from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from qapidoc_ext.adr.facts import chosen, digest, of_change, of_run
from qapidoc_ext.adr.interface import interface_change, schemas
from qapidoc_ext.qmp.machine import Qemu
from qapidoc_ext.qmp.outcome import Failed, Run, Skipped
from qapidoc_ext.qmp.recording import Answer, Recording, replay
from qapidoc_ext.qmp.script import parse
from qapidoc_ext.source import Finding, Location

SCRIPT = parse(
    """\
:name: one
~ -> { "execute": "query-status" }
# Text.
-> { "execute": "query-named-block-nodes" }
<- { "return": [ { "node-name": "disk", "ro": false, "cache": { "direct": true }, ... } ] }
-> { "execute": "blockdev-del", "arguments": { "node-name": "none" } }
<- { "error": { "class": "GenericError", "desc": <str> } }
-> { "execute": "quit" }
<- { "event": "SHUTDOWN", "data": { ... } }
>>> vm.access_mode("disk.raw")
'O_RDWR'
>>> vm.chmod("disk.raw", mode=0o600)
""",
    Location("one.qmp", 1),
)
QEMU = Qemu(version="7.2.22", package="", program="qemu", confinement="", started=datetime(2026, 1, 1, tzinfo=UTC))


def recorded(text: str, disk: str = "/tmp/a") -> Run:
    node = {"node-name": "disk", "ro": False, "cache": {"direct": True}, "file": disk}
    answers = (
        Answer(step=0, message={"return": {"...": 3}}),
        Answer(step=2, message={"return": [node]}),
        Answer(step=4, message={"error": {"class": "GenericError", "desc": text}}),
        Answer(step=5, message={"return": {}}),
        Answer(step=6, message={"event": "SHUTDOWN", "data": {"...": 2}}),
        Answer(step=7, value="'O_RDWR'"),
    )
    return replay(SCRIPT, Recording(content="", version="7.2.22", date=QEMU.started, qemus=(QEMU,), answers=answers))


def test_the_facts_of_a_run_are_what_does_not_change_from_build_to_build() -> None:
    facts = of_run(recorded("Node none not found"))
    assert facts == (
        "query-named-block-nodes: success",
        "query-named-block-nodes [].ro: false",
        "query-named-block-nodes [].cache.direct: true",
        "blockdev-del: error GenericError",
        "quit: success",
        "event SHUTDOWN",
        'vm.access_mode("disk.raw"): O_RDWR',
        "requests: 3",
    )
    assert of_run(recorded("Failed to find node", disk="/tmp/b")) == facts


def test_a_run_that_failed_has_other_facts_and_one_that_did_not_take_place_has_none() -> None:
    passed = recorded("x")
    finding = Finding(location=SCRIPT.location, message="no")
    failed = Run(script=SCRIPT, qemus=(), exchanges=passed.exchanges, outcome=Failed(findings=(finding,)))
    facts = of_run(failed)
    assert facts
    assert facts[-1] == "failed"
    assert of_run(Run(script=SCRIPT, qemus=(), exchanges=(), outcome=Skipped(reason="no QEMU"))) is None


def test_the_digest_tells_facts_and_their_order_apart() -> None:
    assert len({digest(("a", "b")), digest(("b", "a")), digest(("ab",)), digest(())}) == 4
    assert digest(("a",)) == digest(("a",))


def test_facts_are_chosen_by_their_text() -> None:
    facts = ("mode: O_RDONLY", "ro: false", "mode: O_RDWR")
    assert chosen(facts, []) == facts
    assert chosen(facts, ["mode"]) == (facts[0], facts[2])


def test_the_facts_of_an_interface_are_what_a_client_notices(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{ 'command': 'a' }\n")
    (tmp_path / "b.json").write_text("# text\n{ 'command': 'b' }\n")
    assert of_change(interface_change(*schemas(tmp_path / "a.json", tmp_path / "b.json"))) == (
        "a: command removed (breaking for requests)",
        "b: command added (compatible for requests)",
    )

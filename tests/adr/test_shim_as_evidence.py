"""Our own verdicts, against scenarios with a shim that answers otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qapidoc_ext.adr.ground import grounds, scripts
from qapidoc_ext.adr.judgement import State, faults, judgements
from qapidoc_ext.adr.records import records
from qapidoc_ext.adr.scenarios import SCENARIO
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import run_all
from qapidoc_ext.qmp.shim.options import DynamicReadOnly
from qapidoc_ext.qmp.shim.typed import Part

ADR = Path(__file__).parents[2] / "adr"


def accept_all(_option: DynamicReadOnly, part: Part) -> bool:
    """What the option's shim does with a node, without its check."""
    return part.value.pop("dynamic-read-only", None) is not None


def states_of_option_3() -> tuple[dict[str, State], list[str]]:
    """How the verdicts of option 3 stand that rest on scenarios, and what is said of all verdicts of the records."""
    found = records(ADR)
    wanted = {place: one for place, one in scripts(found.pages).items() if place[1].endswith("-3")}
    runs = run_all([[one] for one in wanted.values()], Programs(folder=os.environ.get("QEMU_BIN", "")))
    every = grounds(found.pages, dict(zip(wanted, [run for (run,) in runs], strict=True)))
    judged = judgements(found.records.values(), every, found.kept)
    on_scenarios = [one for one in judged if any(ground.directive == SCENARIO for ground in one.grounds)]
    states = {one.cell: one.state for one in on_scenarios if one.record.decision.option == 3}
    return states, [finding.message for finding in faults(judged)]


@pytest.mark.usefixtures("emulator")
def test_a_shim_that_answers_otherwise_turns_exactly_the_cells_that_rest_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before, said = states_of_option_3()
    assert said == []
    assert set(before) >= {"3.C1", "3.C3", "3.C4", "3.C6", "3.C7", "3.C8", "3.C9", "3.C10", "3.C13"}
    assert set(before.values()) == {State.STANDS}
    monkeypatch.setattr(DynamicReadOnly, "node", accept_all)
    after, said = states_of_option_3()
    assert {cell for cell, state in after.items() if state is not before[cell]} == {"3.C6"}
    assert after["3.C6"] is State.CHANGED
    (message,) = said
    assert message.startswith("criteria[5]: evidence changed: 3.C6 was judged 'fail'")

"""All scenarios for all options on a live QEMU: what they find out, and what that rests on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.introspect.recordings import recording
from qapidoc_ext.qmp.outcome import Passed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.scenario import SCENARIOS, Attempt, attempts, trial, try_options
from qapidoc_ext.qmp.shim.baseline import Baseline
from qapidoc_ext.qmp.shim.message import Exchange, Message
from qapidoc_ext.qmp.shim.options import OPTIONS, DynamicReadOnly, FeatureQueryOfThisRun, Features, OtherName
from qapidoc_ext.qmp.shim.reopen import Reopen
from qapidoc_ext.qmp.shim.typed import Part
from qapidoc_ext.qmp.trial import Trial

SECOND_DRIVER = ("second-driver-own-type", "second-driver-shared-type")
FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"


@pytest.fixture(scope="module")
def trials(programs: Programs) -> list[Trial]:
    return try_options(FOLDER, programs)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_supported_qemu_finds_out_the_same(
    scenario: str, trials: list[Trial], file_regression: FileRegressionFixture
) -> None:
    found = [trial for trial in trials if trial.scenario == scenario]
    assert [trial.not_tried for trial in found if trial.not_tried] == []
    assert [str(run.outcome) for trial in found for run in trial.runs if run.outcome != Passed()] == []
    file_regression.check("\n".join("\n".join([f"option {one.option}", *one.facts, ""]) for one in found))


def accept_everything(self: DynamicReadOnly, part: Part) -> bool:
    return part.value.pop(self.member, None) is not None


def take_the_old_name_too(self: OtherName, part: Part) -> bool:
    if self.renamed not in part.value:
        return False
    part.value["auto-read-only"] = part.value.pop(self.renamed)
    return True


def say_no(_self: FeatureQueryOfThisRun) -> dict[str, bool]:
    return {"file-dynamic-auto-read-only": False, "nbd-dynamic-auto-read-only": False}


def no_added(_self: Baseline, _request: Message) -> Exchange | None:
    return None


Change = tuple[type[Baseline], str, object]


@pytest.mark.parametrize(
    ("change", "turned"),
    [
        ((DynamicReadOnly, "node", accept_everything), {"combinations"}),
        ((OtherName, "node", take_the_old_name_too), {"old-client-3-1"}),
        ((FeatureQueryOfThisRun, "answer", say_no), {"detect", *SECOND_DRIVER}),
        ((FeatureQueryOfThisRun, "added", no_added), {"detect", *SECOND_DRIVER}),
        ((Features, "described", Baseline.described), {"detect", "older-qemu", *SECOND_DRIVER}),
        ((Reopen, "reopen", "x-blockdev-reopen"), {"detect", "older-qemu", "commit", "back-to-read-only"}),
    ],
)
def test_what_a_shim_answers_turns_just_the_facts_that_rest_on_it(
    change: Change,
    turned: set[str],
    trials: list[Trial],
    programs: Programs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    option, name, wrong = change
    monkeypatch.setattr(option, name, wrong)
    before = {trial.scenario: trial.facts for trial in trials if trial.option == option.name}
    after = {trial.scenario: trial.facts for trial in try_options(FOLDER, programs, options=[option.name])}
    assert after.keys() == before.keys()
    assert {scenario for scenario in before if before[scenario] != after[scenario]} == turned


def test_options_that_change_nothing_of_images_find_out_the_same_of_them(trials: list[Trial]) -> None:
    same = ["4.0", "2-never-false", "2-this-run", "3", "4", "5"]
    for scenario in ("commit", "back-to-read-only", "read-only-export", "old-client-read-only", "old-client-3-1"):
        assert len({trial.facts for trial in trials if trial.scenario == scenario and trial.option in same}) == 1


def test_a_client_asks_what_its_option_says() -> None:
    for option in OPTIONS.values():
        path = FOLDER / f"detect-{option.name}.qmp"
        assert path.is_file() == bool(option.detector)
        assert option.detector in (path.read_text() if option.detector else "")


def test_what_was_not_run_has_no_facts() -> None:
    attempt = next(one for one in attempts(FOLDER, recording("10.0.0"), ["3"]) if one.script)
    assert attempt.script
    run = Run(script=attempt.script, qemus=(), exchanges=(), outcome=Skipped(reason="no QEMU"))
    skipped = trial(attempt, run)
    assert (skipped.facts, skipped.not_tried) == ((), "no QEMU")


def test_all_that_options_share_is_written_once() -> None:
    found: list[Attempt] = list(attempts(FOLDER, recording("10.0.0")))
    used = {Path(one.script.location.path) for one in found if one.script and one.script.location.path.endswith(".qmp")}
    assert set(FOLDER.glob("*.qmp")) <= used

"""What `read-only` and `auto-read-only` do: how it is measured, and what it is called."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from qapidoc_ext.introspect.objects import types_of_branches
from qapidoc_ext.introspect.recordings import recordings, version
from qapidoc_ext.introspect.reply import Command, Introspection, Object
from qapidoc_ext.introspect.validate import validate_request
from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.read_only import Facts, Probe, Semantics, facts_of, semantics
from qapidoc_ext.qmp.read_only_examples import COMBINATIONS, Combination, Subject, example
from qapidoc_ext.qmp.read_only_subjects import LEFT_OUT, SUBJECTS
from qapidoc_ext.qmp.run import run_all
from qapidoc_ext.qmp.script import Script, parse
from qapidoc_ext.qmp.step import Request
from qapidoc_ext.qmp.written import written
from qapidoc_ext.source import Location

CASES = [(subject, combination) for subject in SUBJECTS for combination in COMBINATIONS]
NAMES = [f"{subject.name}-{combination.name}" for subject, combination in CASES]
_FIRST = {"preallocate": (6, 0), "copy-before-write": (6, 2), "snapshot-access": (7, 0)}
"""The QEMU with which a driver came, where that is later than 5.2."""


def script(subject: Subject, combination: Combination) -> Script:
    return parse(example(subject, combination), Location(f"{subject.name}.rst", 1, 1))


@cache
def versions() -> dict[str, Introspection]:
    """Of QEMU from 5.2 on, the first to have the writer's command."""
    return {name: found for name, found in recordings().items() if version(name) >= (5, 2)}


def facts(*said: str) -> Facts:
    """`rw RDONLY`, `rw RDWR writer`, `ro - no-writer`, `refused`, for each situation; none for the fourth."""
    probes = [_probe(text.split()) for text in said]
    return Facts(idle=probes[0], writer=probes[1], gone=probes[2], locked=probes[3] if probes[3:] else None)


def _probe(words: Sequence[str]) -> Probe:
    if words == ["refused"]:
        return Probe(ro=None, access=None)
    ro, access, *writer = words
    accepts_writer = writer[0] == "writer" if writer else None
    return Probe(ro=ro == "ro", access=None if access == "-" else f"O_{access}", accepts_writer=accepts_writer)


@pytest.mark.parametrize(
    ("vector", "name"),
    [
        (["rw RDWR", "rw RDWR writer", "rw RDWR", "refused"], Semantics.HARD_READ_WRITE),
        (["rw -", "rw - writer", "rw -", "refused"], Semantics.HARD_READ_WRITE),
        (["ro RDONLY", "ro RDONLY no-writer", "ro RDONLY", "ro RDONLY no-writer"], Semantics.HARD_READ_ONLY),
        (["ro -", "ro - no-writer", "ro -"], Semantics.HARD_READ_ONLY),
        (["rw RDONLY", "rw RDWR writer", "rw RDONLY", "rw RDONLY no-writer"], Semantics.DYNAMIC),
        (["rw RDWR", "rw RDWR writer", "rw RDWR", "ro RDONLY no-writer"], Semantics.FALLBACK),
        (["rw -", "rw - writer", "rw -", "ro - no-writer"], Semantics.FALLBACK),
        # What stays false where it cannot be written may be dynamic; without a descriptor nobody sees it.
        (["rw -", "rw - writer", "rw -", "rw - no-writer"], Semantics.NOT_OBSERVABLE),
        (["rw -", "rw - writer", "rw -"], Semantics.NOT_OBSERVABLE),
        (["refused", "refused", "refused", "ro - no-writer"], Semantics.REFUSED),
        # Each differs from one of the four in one respect.
        (["rw RDONLY", "rw RDWR writer", "rw RDWR", "rw RDONLY no-writer"], Semantics.OTHER),
        (["rw RDONLY", "rw RDWR writer", "rw RDONLY", "refused"], Semantics.OTHER),
        (["rw RDONLY", "rw RDONLY no-writer", "rw RDONLY", "rw RDONLY no-writer"], Semantics.OTHER),
        (["rw RDWR", "rw RDWR writer", "rw RDWR", "rw RDONLY no-writer"], Semantics.OTHER),
        (["rw RDWR", "rw RDWR writer", "rw RDWR", "ro RDONLY writer"], Semantics.OTHER),
        (["rw RDWR", "rw RDWR writer", "rw RDWR"], Semantics.OTHER),
        (["ro RDONLY", "ro RDONLY writer", "ro RDONLY", "ro RDONLY no-writer"], Semantics.OTHER),
        (["ro RDWR", "ro RDWR no-writer", "ro RDWR", "refused"], Semantics.OTHER),
        (["rw RDWR", "rw RDWR writer", "ro RDWR", "refused"], Semantics.OTHER),
        (["ro -", "ro - no-writer", "rw -"], Semantics.OTHER),
    ],
)
def test_semantics(vector: list[str], name: Semantics) -> None:
    assert semantics(facts(*vector)) is name


def test_each_driver_is_measured_or_left_out_for_a_reason() -> None:
    measured = {subject.driver for subject in SUBJECTS}
    assert measured & LEFT_OUT.keys() == set()
    for name, qemu in versions().items():
        command = qemu.entities["blockdev-add"]
        assert isinstance(command, Command)
        options = qemu.entities[command.arg_type]
        assert isinstance(options, Object)
        assert types_of_branches(options).keys() <= measured | LEFT_OUT.keys(), name


@pytest.mark.parametrize(("subject", "combination"), CASES, ids=NAMES)
def test_the_requests_are_valid_from_5_2_on(subject: Subject, combination: Combination) -> None:
    requests = [step for step in script(subject, combination).all_steps if isinstance(step, Request)]
    added = [step for step in requests if step.command == "blockdev-add"]
    assert len(added) >= (2 if subject.target else 1)
    for name, qemu in versions().items():
        if version(name) < _FIRST.get(subject.driver, ()):
            continue
        faults = [fault for step in requests for fault in validate_request(qemu, written(step.message))]
        assert faults == [], name


@pytest.fixture(scope="session")
def measured() -> dict[str, Run]:
    """All of them, on the QEMU at hand."""
    scripts = [script(subject, combination) for subject, combination in CASES]
    runs = run_all([[each] for each in scripts], Programs(folder=os.environ.get("QEMU_BIN", "")))
    return {name: run for name, (run,) in zip(NAMES, runs, strict=True)}


@pytest.mark.needs_a_version
@pytest.mark.parametrize("name", NAMES)
def test_each_runs_to_its_end(name: str, measured: dict[str, Run], programs: Programs) -> None:
    del programs  # skips the test where there is none
    match measured[name].outcome:
        case Skipped(reason=reason):
            pytest.skip(reason)
        case Failed() as failed if "not found or not supported" in str(failed):
            pytest.skip("this QEMU was built without the driver")
        case outcome:
            assert outcome == Passed()
    assert facts_of(measured[name]) is not None


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("file-off-off", Semantics.HARD_READ_WRITE),
        ("file-on-on", Semantics.HARD_READ_ONLY),
        ("file-off-on", Semantics.DYNAMIC),
        ("qcow2-inline-off-on", Semantics.HARD_READ_WRITE),
        ("nbd-off-on", Semantics.FALLBACK),
        ("vvfat-off-on", Semantics.FALLBACK),
        ("null-co-off-on", Semantics.NOT_OBSERVABLE),
        # The filter reads from what it holds open for writing: its own flag is not its child's.
        ("copy-on-read-separate-on-off", Semantics.OTHER),
    ],
)
def test_what_qemu_does(name: str, called: Semantics, measured: dict[str, Run], programs: Programs) -> None:
    del programs
    outcome = measured[name].outcome
    if isinstance(outcome, Skipped):
        pytest.skip(outcome.reason)
    found = facts_of(measured[name])
    assert found
    assert semantics(found) is called


def test_what_did_not_run_to_its_end_has_no_facts(measured: dict[str, Run]) -> None:
    run = measured["file-off-on"]
    assert facts_of(replace(run, outcome=Skipped(reason="no QEMU"))) is None
    assert facts_of(replace(run, outcome=Failed(findings=()))) is None

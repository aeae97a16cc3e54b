"""The scenarios: what a client wants of a QEMU, each tried with the interface of each option.

A scenario is an example. The one in `NAME.qmp` runs unchanged for every option, except for those whose client needs
steps of its own: they have `NAME-OPTION.qmp`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.recordings import recording
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp import combinations
from qapidoc_ext.qmp.introspection import introspection_of
from qapidoc_ext.qmp.outcome import Run, Sent, Skipped
from qapidoc_ext.qmp.programs import EMULATOR, Programs
from qapidoc_ext.qmp.run import Rules, run_all
from qapidoc_ext.qmp.script import Script, parse
from qapidoc_ext.qmp.shim.options import OPTIONS
from qapidoc_ext.qmp.trial import Trial, facts_of, name_of
from qapidoc_ext.source import Location, read_text

BASELINE = "4.0"
DETECT, BEFORE, OLDER = "detect", "detect-before", "older-qemu"
SCENARIOS: Mapping[str, str] = {
    DETECT: "A client finds out whether it can rely on it",
    BEFORE: "The same, of a QEMU that does not have it",
    "commit": "A commit when the right to write comes only later",
    "read-only-export": "An export that can only be read",
    "old-client-read-only": "A client that knows only read-only",
    "old-client-3-1": "A client that was written for QEMU 3.1",
    combinations.NAME: "All combinations of the members",
    "back-to-read-only": "A file after its writer has gone",
    "second-driver-own-type": "A driver with a type of its own learns it later",
    "second-driver-shared-type": "A driver that shares its type learns it later",
    OLDER: "A client that also serves older QEMUs",
}
"""The scenarios, each with what it is about."""
OLDER_VERSIONS = ("3.0.0", "3.1.0", "4.0.0")
"""The last before auto-read-only, the one where it is not dynamic, and the one that the options are about."""

_FILE_POSIX = ("file", "host_cdrom", "host_device")
"""The drivers that were dynamic in 4.0, which does not say so."""
_NAME = re.compile(r"^:name: .*$", re.MULTILINE)
_TITLE = re.compile(r"^:title: .*$", re.MULTILINE)
_OPTION = re.compile(r"(?<=\boption:)[^\s,+]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A scenario for one option."""

    scenario: str
    option: str
    script: Script | None
    """None where recorded introspections are asked, and no QEMU."""

    @property
    def name(self) -> str:
        """That of its example, which a verdict gives as its evidence: `commit-3`."""
        return name_of(self.scenario, self.option)


def try_options(
    folder: Path, programs: Programs, rules: Rules | None = None, options: Iterable[str] = tuple(OPTIONS)
) -> list[Trial]:
    """What all scenarios show of these options; only in the main thread, as :func:`.run.run_all`.

    :param folder: holds the examples.
    :raise SourceError: an example cannot be read.
    :raise ProgramError: there is no QEMU.
    :raise MachineError: QEMU does not start, or does not say what it has.
    """
    native = introspection_of(programs.find(EMULATOR))
    found = list(attempts(folder, native, options))
    runs = run_all([[attempt.script] for attempt in found if attempt.script], programs, rules)
    ran = {id(run.script): run for (run,) in runs}
    return [trial(attempt, ran[id(attempt.script)] if attempt.script else None) for attempt in found]


def attempts(
    folder: Path,
    native: Introspection,
    options: Iterable[str] = tuple(OPTIONS),
    scenarios: Iterable[str] = tuple(SCENARIOS),
) -> Iterator[Attempt]:
    """The scenarios for the options, but for those that an option has nothing to do with.

    :param folder: holds the examples.
    :param native: what a QEMU says of its interface: combinations are made from it.
    :raise SourceError: an example cannot be read.
    """
    wanted = tuple(scenarios)
    for option in options:
        for scenario in wanted:
            script = _script(folder, native, scenario, option)
            if script or (scenario == OLDER and OPTIONS[option].detector):
                yield Attempt(scenario=scenario, option=option, script=script)


def trial(attempt: Attempt, run: Run | None) -> Trial:
    """What the run of an attempt's example shows; None where it has none."""
    reason = run.outcome.reason if run and isinstance(run.outcome, Skipped) else ""
    return Trial(
        scenario=attempt.scenario,
        option=attempt.option,
        facts=() if reason else tuple(_facts(attempt, run)),
        runs=(run,) if run else (),
        not_tried=reason,
    )


def older_versions(option: str) -> Iterator[tuple[str, bool]]:
    """Whether the question of an option's client finds something, by version: first as it is, then with the option."""
    for version in OLDER_VERSIONS:
        yield version, probe(recording(version), OPTIONS[option].detector)
    last = OPTIONS[option](recording(OLDER_VERSIONS[-1]), learned=_FILE_POSIX)
    yield f"{OLDER_VERSIONS[-1]} with the option", probe(last.introspection, last.detector)


def _facts(attempt: Attempt, run: Run | None) -> Iterator[str]:
    if run is None:
        answers = older_versions(attempt.option)
        yield from (f"{version}: {'found' if found else 'not found'}" for version, found in answers)
    elif attempt.scenario == combinations.NAME:
        yield from combinations.facts(run)
    else:
        yield from facts_of(run)
        if attempt.scenario == DETECT:
            yield f"in the schema: {'yes' if set(_commands(run)) == {'query-qmp-schema'} else 'no'}"


def _script(folder: Path, native: Introspection, scenario: str, option: str) -> Script | None:
    if scenario == combinations.NAME:
        return combinations.script(option, native)
    steps, interface = (DETECT, BASELINE) if scenario == BEFORE else (scenario, option)
    own, common = folder / f"{steps}-{option}.qmp", folder / f"{steps}.qmp"
    path = own if own.is_file() else common
    if not path.is_file():
        return None
    text = _OPTION.sub(interface, read_text(path))
    text = _TITLE.sub(rf"\g<0> (option {option})" if option != BASELINE else rf"\g<0> (QEMU {option})", text, count=1)
    return parse(
        _NAME.sub(f":name: {name_of(scenario, option)}", text, count=1), Location(path=str(path), line=1, column=1)
    )


def _commands(run: Run) -> Iterator[object]:
    return (exchange.message.get("execute") for exchange in run.exchanges if isinstance(exchange, Sent))

"""Which of the documented schemas allow what is sent in the examples that a build does not execute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sphinx.application import Sphinx

from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp.allowed import faults, is_meant_for
from qapidoc_ext.qmp.header import MachineOption
from qapidoc_ext.qmp.outcome import Run, Skipped
from qapidoc_ext.qmp.programs import EMULATOR
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.source import Finding
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.data import SOURCES
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.finished import digest
from qapidoc_ext.sphinx_ext.report import Subject, report_faults

_CHECK = "the check of example "


def checked(app: Sphinx, runs: dict[int, Run]) -> dict[int, Run]:
    """The runs, where those that this build did not execute say which schemas allow them. Their faults are reported."""
    left = {key: run for key, run in runs.items() if run.not_executed or isinstance(run.outcome, Skipped)}
    checks = {key: f"{_CHECK}{digest(*_texts(run.script))}" for key, run in left.items()}
    qapi_domain(app.env).finished.forget(_CHECK, but=set(checks.values()))
    return runs | {key: replace(run, allowed_by=_allowed_by(app, run.script, checks[key])) for key, run in left.items()}


def _texts(script: Script) -> Iterator[str]:
    """All that its check depends on; the `repr` of what was read of them takes much longer."""
    return (part.text for part in (*script.setups, script))


def _allowed_by(app: Sphinx, script: Script, work: str) -> tuple[str, ...]:
    """The namespaces whose schemas allow an example, as an earlier build has found from the same; () if none does."""
    finished = qapi_domain(app.env).finished
    schemas = finished.said(SOURCES)
    made_from, *namespaces = finished.said(work).split(" ")
    if not schemas or made_from != schemas:
        namespaces, found = _check(app, script)
        report_faults(app, found, Subject.EXAMPLE)
        finished.note(work, "" if found else " ".join([schemas, *namespaces]))
    return tuple(namespaces)


def _check(app: Sphinx, script: Script) -> tuple[list[str], list[Finding]]:
    """The namespaces that allow what the machines get, none where one has none or has faults; and all faults."""
    namespaces = [_namespace(app, script, machine) for machine in script.machines]
    found = [
        fault
        for machine, namespace in zip(script.machines, namespaces, strict=True)
        if (introspection := _introspection(app, namespace))
        for fault in faults(script, introspection, machine.name)
    ]
    return [] if found or "" in namespaces else [*dict.fromkeys(namespaces)], sorted(found)


def _namespace(app: Sphinx, script: Script, machine: MachineOption) -> str:
    """The first that the example is meant for of those whose program the machine would run; "" where there is none.

    A machine that names no program may run the storage daemon, but only where it could run the emulator as well.
    """
    versions, programs = qapi_domain(app.env).versions, config_of(app.config).programs
    for namespace in versions:
        if programs.get(namespace) == (machine.program or EMULATOR) and (version := versions[namespace]) is not None:
            introspection = _introspection(app, namespace)
            if introspection and is_meant_for(script, introspection, version):
                return namespace
    return ""


def _introspection(app: Sphinx, namespace: str) -> Introspection | None:
    """What the schema of a namespace describes; None where it has faults, or where there is none."""
    reference = qapi_domain(app.env).references.get(namespace)
    return reference.description.introspection if reference and reference.description else None

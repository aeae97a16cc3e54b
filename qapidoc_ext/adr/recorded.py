"""What the introspections of QEMU's versions would have answered to a client's questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qapidoc_ext.adr.front_matter import Text
from qapidoc_ext.introspect.probe import QueryError, check, probe
from qapidoc_ext.introspect.recordings import recordings
from qapidoc_ext.source import Finding, Location, SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A question, as libvirt writes it, and what it is to find out."""

    label: Text
    query: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What each version says."""

    detectors: tuple[Detector, ...]
    rows: tuple[tuple[str, tuple[bool, ...]], ...]
    """The version, and whether it has what each detector asks for."""


def detectors(lines: Iterable[str], start: Location) -> tuple[Detector, ...]:
    """The detectors in lines `label | query`, the first of which is at `start`.

    :raise SourceError: a line is not like that, or its query is not well-formed.
    """
    found, findings = [], []
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        label, bar, query = (part.strip() for part in line.rpartition("|"))
        location = Location(path=start.path, line=start.line + index)
        if not (bar and label):
            findings.append(Finding(location=location, message="expected a label, a bar | and a query"))
            continue
        try:
            check(query)
            found.append(Detector(label=label, query=query))
        except QueryError as error:
            findings.append(Finding(location=location, message=str(error)))
    if not found and not findings:
        findings.append(Finding(location=start, message="no detector; write lines 'label | query'"))
    if findings:
        raise SourceError(findings)
    return tuple(found)


def answers(wanted: tuple[Detector, ...], versions: Iterable[str], location: Location) -> Answers:
    """What the recordings of the versions answer; of all where none is named.

    :raise SourceError: there is no recording of a version, or a query cannot be asked of one.
    """
    recorded = recordings()
    rows, findings = [], []
    for version in list(versions) or list(recorded):
        if version not in recorded:
            message = f"there is no recording of '{version}', only of {', '.join(recorded)}"
            findings.append(Finding(location=location, message=message))
            continue
        try:
            rows.append((version, tuple(probe(recorded[version], one.query) for one in wanted)))
        except QueryError as error:
            findings.append(Finding(location=location, message=f"{version}: {error}"))
    if findings:
        raise SourceError(findings)
    return Answers(detectors=wanted, rows=tuple(rows))

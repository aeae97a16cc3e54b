"""All records of a folder, with the discussion that they come from, and what is wrong with the whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from qapidoc_ext.adr import (
    basis,
    comparison,
    computed,
    discussion_file,
    front_matter,
    judgement,
    kept,
    missing,
    passages,
    relations,
)
from qapidoc_ext.adr.decision import Decision, Record, record
from qapidoc_ext.adr.discussion import Discussion
from qapidoc_ext.adr.ground import Place, grounds
from qapidoc_ext.adr.judgement import Judgement, judgements
from qapidoc_ext.adr.page import Page, page
from qapidoc_ext.adr.relation import Link, links
from qapidoc_ext.adr.sections import sections
from qapidoc_ext.adr.verdict import Criteria, Criterion
from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.source import Finding, Location, SourceError, read_text

CRITERIA_FILE = "criteria.yaml"
"""The name of the file with the criteria, in the folder of the records."""
_RECORD = re.compile(r"\d.*\.md")
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a folder holds."""

    records: Mapping[str, Record]
    """By path, in the order of the paths."""
    pages: tuple[Page, ...]
    """All of the folder."""
    discussion: Discussion | None
    criteria: tuple[Criterion, ...]
    kept: Mapping[str, kept.Kept]
    """The facts that verdicts were judged on, by their digest."""
    findings: tuple[Finding, ...]

    @property
    def decisions(self) -> list[Decision]:
        """In the order of their numbers."""
        return sorted((one.decision for one in self.records.values()), key=lambda decision: decision.number)

    def judgements(self, runs: Mapping[Place, Run]) -> list[Judgement]:
        """All verdicts, against what can be computed and what these runs of examples found out."""
        return judgements(self.records.values(), grounds(self.pages, runs), self.kept)

    def links(self, number: int) -> list[Link]:
        """The relations of a record, those that others have to it too."""
        return links(number, relations.all_relations(self.records.values()))


def records(folder: Path) -> Records:
    """The records in a folder: the files whose names start with a digit. Its other pages may show the discussion."""
    findings: list[Finding] = []
    found: dict[str, Record] = {}
    pages: list[Page] = []
    paths = sorted(folder.glob("*.md"))
    for path in paths:
        try:
            pages.append(page(read_text(path), str(path)))
            if _is_record(path):
                found[str(path)] = record(pages[-1])
        except SourceError as error:
            findings += error.findings
    whole = Records(
        records=found,
        pages=tuple(pages),
        discussion=_readable(_discussion, folder, None, findings),
        criteria=_readable(_criteria, folder, (), findings),
        kept=_readable(kept.read_kept, folder, {}, findings),
        findings=(),
    )
    findings += _faults(whole)
    findings += _options(whole, folder, is_complete=len(found) == sum(map(_is_record, paths)))
    return replace(whole, findings=tuple(sorted(set(findings))))


def _faults(whole: Records) -> Iterator[Finding]:
    """What is wrong with records and pages that can be read."""
    every = grounds(whole.pages, {})
    for outline in whole.pages:
        if not _is_record(outline.path):
            yield from _no_record(outline)
        yield from passages.on_page(outline, whole.discussion)
        yield from computed.faults(outline, whole.discussion)
        yield from comparison.faults(outline, whole.records)
        yield from basis.not_shown(outline, {name for path, name in every if path == outline.path})
        if whole.discussion:
            yield from basis.unfounded(outline)
    criteria = {criterion.id for criterion in whole.criteria}
    for one in whole.records.values():
        yield from sections(one.page, is_option=one.decision.option is not None)
        yield from missing.faults(one, whole.discussion, criteria, every)
        yield from passages.in_front_matter(one, whole.discussion)
    yield from judgement.faults(judgements(whole.records.values(), every, whole.kept))
    yield from relations.faults(whole.records.values())


def _is_record(path: Path | str) -> bool:
    return bool(_RECORD.fullmatch(Path(path).name))


def _no_record(page: Page) -> Iterator[Finding]:
    """The directives of a page that show the record that it is not."""
    message = f"{basis.RECORD}: this page is no record, for the name of its file does not begin with a number"
    for directive in page.directives:
        if directive.name == basis.RECORD:
            yield Finding(location=directive.location, message=message)


def _readable(read: Callable[[Path], _Part], folder: Path, nothing: _Part, findings: list[Finding]) -> _Part:
    """A part of what the folder holds; nothing where it has faults, which are added to the findings."""
    try:
        return read(folder)
    except SourceError as error:
        findings += error.findings
        return nothing


def _discussion(folder: Path) -> Discussion | None:
    path = folder / discussion_file.FILE
    return discussion_file.discussion(path) if path.exists() else None


def _criteria(folder: Path) -> tuple[Criterion, ...]:
    path = folder / CRITERIA_FILE
    if not path.exists():
        return ()
    reading = front_matter.read(read_text(path), Criteria, Location(path=str(path), line=1, column=1))
    if reading.findings:
        raise SourceError(reading.findings)
    criteria: Criteria = reading.parts[()]
    return criteria.criteria


def _options(whole: Records, folder: Path, *, is_complete: bool) -> Iterator[Finding]:
    """Options without a record, and records of the same option or of one that there is not."""
    recorded: dict[int, Record] = {}
    for one in whole.records.values():
        if (option := one.decision.option) is None:
            continue
        if option in recorded:
            yield one.finding(("option",), f"{recorded[option].page.path} is about {option} too")
        recorded.setdefault(option, one)
        if whole.discussion and not whole.discussion.option(option):
            yield one.finding(("option",), f"the discussion has no option {option}")
    if whole.discussion and is_complete:
        location = Location(path=str(folder / discussion_file.FILE))
        for proposal in whole.discussion.options:
            if proposal.option not in recorded:
                yield Finding(location=location, message=f"no record is about option {proposal.option}")

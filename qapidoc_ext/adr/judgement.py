"""Verdicts against the facts of this build: whether each still rests on what it was judged on."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.facts import chosen, digest
from qapidoc_ext.adr.ground import Ground, Grounds, find
from qapidoc_ext.adr.kept import FILE, Kept
from qapidoc_ext.adr.verdict import Evidence, Verdict
from qapidoc_ext.qmp.trial import Facts
from qapidoc_ext.source import Finding

_SHOWN = 3
"""Facts of a difference that a message names."""


class State(Enum):
    """How a verdict stands to the facts."""

    ASSERTED = "asserted"
    """It rests on none."""
    STANDS = "stands"
    CHANGED = "changed"
    """The facts are others than those that it was judged on."""
    UNJUDGED = "unjudged"
    """There are facts, and nobody says that they were judged."""
    NOT_EXECUTED = "not executed"
    """This build does not have the facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict of a record, and the facts."""

    record: Record
    index: int
    """Of the verdict, among those of the record."""
    grounds: tuple[Ground, ...]
    """Its evidence, as far as it was found."""
    facts: Facts | None
    """Of this build, those that the verdict is about; None where it does not have all."""
    before: Kept | None
    """Those that it was judged on; None where they were not kept."""
    state: State

    @property
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.record.decision.criteria[self.index]

    @property
    def cell(self) -> str:
        """What it is called: `5.C9`."""
        return f"{self.record.decision.number}.{self.verdict.criterion}"

    @property
    def not_found(self) -> tuple[str, ...]:
        """The texts that the verdict is about and that no fact has in it, of this build or those that were judged."""
        facts = self.facts if self.facts is not None else self.before.facts if self.before else None
        return tuple(text for text in self.verdict.about if facts is not None and not chosen(facts, [text]))

    @property
    def can_be_judged(self) -> bool:
        """Whether there are facts that somebody can have judged."""
        return self.facts is not None and not self.not_found and not any(ground.failed for ground in self.grounds)

    @property
    def is_recorded(self) -> bool:
        """Whether some of the facts were found earlier, and not in this build."""
        return any(ground.is_recorded for ground in self.grounds)

    @property
    def qemu(self) -> tuple[str, ...]:
        """The versions of the QEMUs that the facts were found with: now, or else when it was judged."""
        now = tuple(dict.fromkeys(version for ground in self.grounds for version in ground.qemu))
        return now if self.facts is not None else self.before.qemu if self.before else ()


def judgements(records: Iterable[Record], every: Grounds, kept: Mapping[str, Kept]) -> list[Judgement]:
    """All verdicts of the records, in their order."""
    return [
        _judgement(record, index, every, kept) for record in records for index, _ in enumerate(record.decision.criteria)
    ]


def _judgement(record: Record, index: int, every: Grounds, kept: Mapping[str, Kept]) -> Judgement:
    verdict = record.decision.criteria[index]
    found = [find(label, record.page.path, every) for label in verdict.evidence]
    is_complete = all(one and one.facts is not None for one in found)
    named = tuple(f"{one.subject}: {fact}" for one in found if one for fact in one.facts or ())
    facts = chosen(named, verdict.about) if is_complete else None
    return Judgement(
        record=record,
        index=index,
        grounds=tuple(one for one in found if one),
        facts=facts,
        before=kept.get(verdict.judged) if verdict.judged else None,
        state=_state(verdict, facts),
    )


def _state(verdict: Verdict, facts: Facts | None) -> State:
    match verdict:
        case Verdict(kind=Evidence.ASSERTED):
            return State.ASSERTED
        case Verdict(judged=None):
            return State.UNJUDGED
        case _ if facts is None:
            return State.NOT_EXECUTED
        case _:
            return State.STANDS if digest(facts) == verdict.judged else State.CHANGED


def faults(found: Iterable[Judgement]) -> Iterator[Finding]:
    """Verdicts that nobody has judged on the facts as they are."""
    for one in found:
        if len(one.grounds) < len(one.verdict.evidence):  # what is not there is told elsewhere
            continue
        place = ("criteria", one.index)
        if one.not_found:
            message = f"no fact of its evidence has {' or '.join(map(repr, one.not_found))} in it"
            yield one.record.finding((*place, "about"), message)
        elif says := _why_not_judged(one):
            folder = Path(one.record.page.path).parent
            where = "" if folder == Path("adr") else f"--folder {shlex.quote(str(folder))} "
            how = f"judge it, then run: python -m qapidoc_ext adr judge --write {where}{one.cell}"
            yield one.record.finding(place, f"{says}; {how}")


def _why_not_judged(one: Judgement) -> str:
    """Why somebody has to judge; "" where nobody has to."""
    match one.state:
        case State.UNJUDGED:
            return f"nobody has judged {one.cell} on its evidence"
        case State.CHANGED:
            return _changed(one)
        case State.NOT_EXECUTED if one.before is None:
            facts = f"the facts that {one.cell} was judged on are not in {FILE}"
            return f"{facts}, and this build did not execute its evidence"
        case _:
            return ""


def _changed(one: Judgement) -> str:
    lines = [*difference(one)]
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    said = f" ({'; '.join(lines[:_SHOWN])}{more})" if lines else ""
    return f"evidence changed: {one.cell} was judged '{one.verdict.verdict.value}' on other facts{said}"


def difference(one: Judgement) -> Iterator[str]:
    """The facts that are gone, with `-` before them, and those that are new, with `+`; all, where none were kept."""
    before, now = one.before.facts if one.before else (), one.facts or ()
    yield from (f"- {fact}" for fact in before if fact not in now)
    yield from (f"+ {fact}" for fact in now if fact not in before)
    if one.before and set(before) == set(now) and before != now:
        yield "the same facts in another order, or another number of times"

"""What is wrong with the relations between records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.relation import PHRASES, Kind, Relation
from qapidoc_ext.adr.status import Status
from qapidoc_ext.source import Finding


def all_relations(records: Iterable[Record]) -> list[tuple[int, Relation]]:
    """Every relation, with the number of the record that has it."""
    return [(one.decision.number, relation) for one in records for relation in one.decision.relations]


def faults(records: Iterable[Record]) -> Iterator[Finding]:
    """Numbers given twice; relations to nothing, to the record itself, or given twice; records that supersede oddly."""
    known: dict[int, Record] = {}
    for one in records:
        number = one.decision.number
        if number in known:
            yield one.finding(("number",), f"{known[number].page.path} has {number} too")
        known.setdefault(number, one)
    seen: set[frozenset[tuple[int, Kind, int]]] = set()
    for one in known.values():
        for index, relation in enumerate(one.decision.relations):
            for message in _faults(one, relation, known, seen):
                yield one.finding(("relations", index), message)
    yield from _superseded_by_nothing(known)


def _faults(
    one: Record, relation: Relation, known: dict[int, Record], seen: set[frozenset[tuple[int, Kind, int]]]
) -> Iterator[str]:
    number = one.decision.number
    if relation.to == number:
        yield "a record cannot be related to itself"
    elif relation.to not in known:
        yield f"there is no record {relation.to}"
    elif relation.type is Kind.SUPERSEDES and known[relation.to].decision.status is not Status.SUPERSEDED:
        yield f"the status of {relation.to} is {known[relation.to].decision.status.value}, not superseded"
    own, back = PHRASES[relation.type]
    ends = {(number, relation.type, relation.to)} | ({(relation.to, relation.type, number)} if own == back else set())
    if frozenset(ends) in seen:
        yield f"that {number} and {relation.to} are so related stands somewhere already; each relation is given once"
    seen.add(frozenset(ends))


def _superseded_by_nothing(known: dict[int, Record]) -> Iterator[Finding]:
    targets = {
        relation.to for one in known.values() for relation in one.decision.relations if relation.type is Kind.SUPERSEDES
    }
    for number, one in known.items():
        if one.decision.status is Status.SUPERSEDED and number not in targets:
            yield one.finding(("status",), "superseded, but no record says that it supersedes this")

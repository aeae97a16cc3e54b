"""What a client notices when one QEMU takes the place of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qapidoc_ext.introspect.change import Action, Change, Effect, Subject
from qapidoc_ext.introspect.difference import Difference, differences
from qapidoc_ext.introspect.probe import QueryError, probe
from qapidoc_ext.introspect.reply import Command, Event, Introspection
from qapidoc_ext.introspect.walk import Direction, pairs


def compare(old: Introspection, new: Introspection) -> tuple[Change, ...]:
    """What differs, in the order of the paths. What differs in two types is told once, however often they are used.

    To see what a schema documents that a QEMU does not have, and the other way round, compare what the schema
    describes (:func:`qapidoc_ext.introspect.generate.describe`) with what the QEMU says.
    """
    found: dict[tuple[str, str, tuple[str, ...], Difference], dict[Direction, str]] = {}
    for pair in pairs(old, new):
        for difference in differences(pair, old, new):
            key = (pair.first.name, pair.second.name, pair.member, difference)
            found.setdefault(key, {}).setdefault(pair.direction, pair.path)
    changes = [_change(paths, difference) for (*_, difference), paths in found.items()]
    return tuple(sorted([*_of_names(old, new), *changes], key=_order))


def undocumented(described: Introspection, introspection: Introspection) -> tuple[Change, ...]:
    """What a QEMU has that a schema, by the introspection that it describes, does not have."""
    changes = compare(described, introspection)
    return tuple(change for change in changes if change.action is Action.ADDED and has(introspection, change.path))


def has(introspection: Introspection, path: str) -> bool:
    """Whether one of the two has what a change of the other one names.

    Where an object became a union, the path of a member is one in a branch, which the object does not have.
    """
    place = path.partition("/$")[0]  # query strings know no features of members and enums, which have what has them
    try:
        return probe(introspection, place)
    except QueryError:  # a name that no query string can have
        return True


def _order(change: Change) -> tuple[str, str, str]:
    return change.path, change.subject.value, change.action.value


def _change(paths: Mapping[Direction, str], difference: Difference) -> Change:
    path, *in_replies = (paths[direction] + difference.steps for direction in Direction if direction in paths)
    return Change(
        path=path,
        in_replies="".join(in_replies),
        subject=difference.subject,
        action=difference.action,
        detail=difference.detail,
        requests=difference.request if Direction.REQUEST in paths else None,
        replies=difference.reply if Direction.REPLY in paths else None,
    )


def _of_names(old: Introspection, new: Introspection) -> Iterator[Change]:
    """The commands and events that only one has."""
    for one, other, action in ((old, new, Action.REMOVED), (new, old, Action.ADDED)):
        effect = Effect.BREAKING if action is Action.REMOVED else Effect.COMPATIBLE
        for name, entity in one.entities.items():
            match entity:
                case Command() if not isinstance(other.entities.get(name), Command):
                    yield Change(path=name, subject=Subject.COMMAND, action=action, requests=effect)
                case Event() if not isinstance(other.entities.get(name), Event):
                    yield Change(path=name, subject=Subject.EVENT, action=action, replies=effect)
                case _:
                    pass

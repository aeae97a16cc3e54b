"""What differs between two entities that stand in the same place, and what that means for either direction.

The rules are those of "Compatibility considerations" in QEMU's `docs/devel/qapi-code-gen`, taken strictly. A request
stays possible where the new type takes all that the old one took; a reply stays as it was understood where the new type
gives nothing that the old one did not give, but for members that are new, which clients ignore.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from msgspec import UNSET

from qapidoc_ext.introspect.change import Action, Effect, Subject
from qapidoc_ext.introspect.objects import branches_of, members_of, moved_members, takes_properties
from qapidoc_ext.introspect.reply import Builtin, Command, Entity, Enum, Introspection, Member, Object
from qapidoc_ext.introspect.walk import Pair, forms, step

_SPECIAL_FEATURES = frozenset({"deprecated", "unstable"})
"""Those that warn; all others say what a client can rely on."""
_ANY = frozenset({"array", "boolean", "enum", "integer", "null", "number", "object", "string"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A change in one place, seen from both directions."""

    steps: str = ""
    """From the place to what has changed: `/^io_uring`."""
    subject: Subject
    action: Action
    request: Effect = Effect.COMPATIBLE
    reply: Effect = Effect.COMPATIBLE
    detail: str = ""


def differences(pair: Pair, old: Introspection, new: Introspection) -> Iterator[Difference]:
    """What differs between the two themselves, not between the types that they refer to."""
    yield from _features(pair.first.features, pair.second.features, Subject.FEATURE)
    match pair.first, pair.second:
        case (Command() as one, Command() as other):
            yield from _out_of_band(one, other)
        case (Object() as one, Object() as other):
            yield from _in_objects(pair, one, other, old, new)
        case (Enum() as one, Enum() as other):
            yield from _values(one, other)
        case (one, other):
            subject = Subject.ELEMENT_TYPE if pair.are_elements else Subject.TYPE
            yield from _types(_accepted(one, old), _accepted(other, new), subject)


def _in_objects(pair: Pair, one: Object, other: Object, old: Introspection, new: Introspection) -> Iterator[Difference]:
    """What differs between two object types. What an open one did not say of its members is not new."""
    if _has_same_members(one, other):
        return
    found = [
        *_members(members_of(one), members_of(other), except_for=_moved(pair, old, new)),
        *_branches(one, other, old, new),
    ]
    was_open = takes_properties(pair.path.removesuffix("/arg-type"), one)
    for difference in found:
        is_said_now = was_open and difference.subject is Subject.MEMBER and difference.action is Action.ADDED
        yield replace(difference, request=Effect.COMPATIBLE) if is_said_now else difference


def _has_same_members(one: Object, other: Object) -> bool:
    """Whether it is clear at once that they do not differ themselves, as most do not."""
    return (
        not one.variants
        and not other.variants
        and len(one.members) == len(other.members)
        and all(
            (mine.name, mine.default is UNSET, mine.features) == (its.name, its.default is UNSET, its.features)
            for mine, its in zip(one.members, other.members, strict=True)
        )
    )


def _features(old: Iterable[str], new: Iterable[str], subject: Subject, of: str = "") -> Iterator[Difference]:
    if old == new:
        return
    for name in _without(old, new):
        effect = Effect.COMPATIBLE if name in _SPECIAL_FEATURES else Effect.BREAKING
        yield Difference(steps=f"{of}/${name}", subject=subject, action=Action.REMOVED, request=effect, reply=effect)
    for name in _without(new, old):
        yield Difference(steps=f"{of}/${name}", subject=subject, action=Action.ADDED)


def _out_of_band(old: Command, new: Command) -> Iterator[Difference]:
    if old.allow_oob and not new.allow_oob:
        yield Difference(subject=Subject.OUT_OF_BAND, action=Action.REMOVED, request=Effect.BREAKING)
    if new.allow_oob and not old.allow_oob:
        yield Difference(subject=Subject.OUT_OF_BAND, action=Action.ADDED)


def _values(old: Enum, new: Enum) -> Iterator[Difference]:
    for name in _without(old.values, new.values):
        yield Difference(steps=f"/^{name}", subject=Subject.VALUE, action=Action.REMOVED, request=Effect.BREAKING)
    for name in _without(new.values, old.values):
        yield Difference(steps=f"/^{name}", subject=Subject.VALUE, action=Action.ADDED, reply=Effect.BREAKING)
    before, after = ({item.name: item.features for item in enum.members or ()} for enum in (old, new))
    for name in old.values:
        if name in new.values:
            yield from _features(before.get(name, ()), after.get(name, ()), Subject.VALUE_FEATURE, f"/^{name}")


def _types(old: frozenset[str], new: frozenset[str], subject: Subject) -> Iterator[Difference]:
    if old != new:
        yield Difference(
            subject=subject,
            action=Action.CHANGED,
            request=Effect.COMPATIBLE if old < new else Effect.BREAKING,
            reply=Effect.COMPATIBLE if new < old else Effect.BREAKING,
            detail=f"{_shown(old)} to {_shown(new)}",
        )


def _accepted(entity: Entity, introspection: Introspection) -> frozenset[str]:
    """The kinds of values that a type takes; an integer and a string of an enum are kinds of their own."""
    kinds: set[str] = set()
    for form, type_ in forms(entity, introspection).items():
        match form, type_:
            case "any", _:
                return _ANY
            case "number", Builtin(json_type="int"):
                kinds.add("integer")
            case "number", _:
                kinds |= {"integer", "number"}
            case "string", Enum():
                kinds.add("enum")
            case "string", _:
                kinds |= {"enum", "string"}
            case _:
                kinds.add(form)
    return frozenset(kinds)


def _shown(kinds: frozenset[str]) -> str:
    """The kinds in one phrase, without those that others include."""
    included = {"integer" if "number" in kinds else "", "enum" if "string" in kinds else ""}
    return "anything" if kinds == _ANY else " or ".join(sorted(kinds - included))


def _members(
    old: Mapping[str, Member], new: Mapping[str, Member], *, except_for: Collection[str] = (), steps: str = ""
) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        if name not in except_for:
            for difference in _member(old.get(name), new.get(name)):
                yield replace(difference, steps=f"{steps}/{step(name)}{difference.steps}")


def _member(old: Member | None, new: Member | None) -> Iterator[Difference]:
    was_mandatory, is_mandatory = (item is not None and item.default is UNSET for item in (old, new))
    request = Effect.BREAKING if is_mandatory and not was_mandatory else Effect.COMPATIBLE
    reply = Effect.BREAKING if was_mandatory and not is_mandatory else Effect.COMPATIBLE
    if old is None:
        yield Difference(subject=Subject.MEMBER, action=Action.ADDED, request=request)
    elif new is None:
        yield Difference(subject=Subject.MEMBER, action=Action.REMOVED, request=Effect.BREAKING, reply=reply)
    else:
        if was_mandatory is not is_mandatory:
            action = Action.MADE_MANDATORY if is_mandatory else Action.MADE_OPTIONAL
            yield Difference(subject=Subject.MEMBER, action=action, request=request, reply=reply)
        yield from _features(old.features, new.features, Subject.MEMBER_FEATURE)


def _moved(pair: Pair, old: Introspection, new: Introspection) -> frozenset[str]:
    """The members that one has beside its branches, or in one, and the other has not there but elsewhere."""
    assert isinstance(pair.first, Object)
    assert isinstance(pair.second, Object)
    return pair.moved | {item.first.name for item in moved_members(pair.first, pair.second, old, new)}


def _branches(one: Object, other: Object, old: Introspection, new: Introspection) -> Iterator[Difference]:
    """The branches that only one has; of the others, what is not said by comparing their types."""
    before, after = branches_of(one, old), branches_of(other, new)
    mine, its = members_of(one), members_of(other)
    moved = {item.first.name for item in moved_members(one, other, old, new)}
    are_unions = bool(one.tag and other.tag)
    is_tag_new = not all(tag in mine and tag in its for tag in (one.tag, other.tag) if tag)
    if are_unions or is_tag_new:
        yield from _only_branches(before, after)
    for case in sorted(before.keys() & after.keys() if are_unions else before.keys() | after.keys()):
        in_old = _chosen(mine, moved) | before.get(case, {})
        in_new = _chosen(its, moved) | after.get(case, {})
        # A member became the tag, or is it no longer: what was one object now is one for each of its values.
        names = moved if are_unions or is_tag_new else in_old.keys() | in_new.keys()
        yield from _members(_chosen(in_old, names), _chosen(in_new, names), steps=f"/+{case}")


def _only_branches(old: Iterable[str], new: Iterable[str]) -> Iterator[Difference]:
    for name in _without(old, new):
        yield Difference(steps=f"/+{name}", subject=Subject.BRANCH, action=Action.REMOVED, request=Effect.BREAKING)
    for name in _without(new, old):
        yield Difference(steps=f"/+{name}", subject=Subject.BRANCH, action=Action.ADDED)


def _chosen(members: Mapping[str, Member], names: Collection[str]) -> dict[str, Member]:
    return {name: member for name, member in members.items() if name in names}


def _without(names: Iterable[str], others: Iterable[str]) -> list[str]:
    excluded = set(others)
    return [name for name in names if name not in excluded]

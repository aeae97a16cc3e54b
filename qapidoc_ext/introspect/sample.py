"""Values that a type can have, made from an introspection: placeholders where only a person knows what to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, assert_never

from msgspec import UNSET

from qapidoc_ext.introspect import item as items
from qapidoc_ext.introspect import part
from qapidoc_ext.introspect.generate import Description, Place
from qapidoc_ext.introspect.objects import members_of, types_of_branches
from qapidoc_ext.introspect.part import Part
from qapidoc_ext.introspect.reply import Alternate, Array, Builtin, Command, Entity, Enum, Event, Member, Object
from qapidoc_ext.introspect.walk import forms

_Kind = TypeVar("_Kind", Enum, Object)
Json = Any
"""A value as the module `json` takes it."""
_PREFERRED = ("string", "number", "boolean", "null", "object", "array")
"""Forms of an alternate's value: the shortest to write first."""


class NoValueError(ValueError):
    """A type has no value: an enum without any, or one that a schema with faults describes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """Makes values of types. Whatever it makes can raise :class:`NoValueError`."""

    description: Description
    depth: int = 0
    """How many levels of objects have all their members, but those that are deprecated; below, the mandatory ones."""
    cases: Mapping[str, str] = field(default_factory=dict)
    """The value that the tag of an object has, by the name of its type; otherwise the first that says something."""

    def value(self, type_: str, name: str = "value", entered: tuple[str, ...] = ()) -> Json:
        """A value of a type, for what has this name; `entered` has the objects around it."""
        entity = self.description.introspection.entities[type_]
        match entity:
            case Builtin():
                return _builtin(entity, name)
            case Enum():
                return self._first(entity)
            case Array():
                element = entity.element_type
                return [] if self._has_no_end(element, entered) else [self.value(element, name, entered)]
            case Alternate():
                return self.value(self._alternative(entity).name, name, entered)
            case Object() if type_ in entered:  # needed in itself: there is no value that ends
                return {}
            case Object():
                return self.object(entity, (*entered, type_))
            case Command() | Event():
                raise NoValueError(f"{type_} is no type")
            case _:
                assert_never(entity)

    def object(self, item: Object, entered: tuple[str, ...], unions: tuple[str, ...] = ()) -> dict[str, Json]:
        """An object, with the members of the branches that its tags select; it is itself a branch in these unions."""
        if item.name in unions:
            raise NoValueError(f"{item.name} is a branch of itself")
        made = {
            name: self.value(member.type, name, entered)
            for name, member in members_of(item).items()
            if self._has(member, entered)
        }
        if item.tag:
            case = self.cases.get(item.name) or self._first_case(item)
            branch = self._entity(types_of_branches(item).get(case, ""), Object)
            made[item.tag] = case
            made |= self.object(branch, entered, (*unions, item.name))
        return made

    def _has(self, member: Member, entered: tuple[str, ...]) -> bool:
        if member.default is UNSET:
            return True
        return len(entered) <= self.depth and "deprecated" not in member.features and member.type not in entered

    def _has_no_end(self, element: str, entered: tuple[str, ...]) -> bool:
        """Whether a value of the element holds itself, or is an array again."""
        entity = self.description.introspection.entities[element]
        taken = self._alternative(entity) if isinstance(entity, Alternate) else entity
        return element in entered or isinstance(taken, Array)

    def _alternative(self, alternate: Alternate) -> Entity:
        taken = forms(alternate, self.description.introspection)
        found = next((taken[form] for form in (*_PREFERRED, "any") if form in taken), None)
        if not found:
            raise NoValueError(f"{alternate.name} has no alternatives")
        return found

    def _first(self, enum: Enum) -> str:
        """The first value that every QEMU has; the first of all where each needs something."""
        if not enum.values:
            raise NoValueError(f"{enum.name} has no values")
        always = (name for name in enum.values if not self._needs(enum, part.value(name)))
        return next(always, enum.values[0])

    def _first_case(self, item: Object) -> str:
        """The first branch that every QEMU has and that has members: values without are often there to be refused."""
        tag = members_of(item).get(item.tag or "")
        tags = self._entity(tag.type if tag else "", Enum)
        always = (name for name in tags.values if not self._needs(tags, part.value(name)))
        return next((name for name in always if self._says_something(types_of_branches(item)[name])), self._first(tags))

    def _says_something(self, type_: str) -> bool:
        """Whether a value has anything in it: `abort` of `transaction` has an object that has nothing."""
        entity = self.description.introspection.entities[type_]
        match list(members_of(entity).values()) if isinstance(entity, Object) else None:
            case [Member(name=items.WRAPPED, type=wrapped)]:
                return self._says_something(wrapped)
            case members:
                return members is None or bool(members)

    def _needs(self, enum: Enum, of: Part) -> bool:
        return Place(entity=enum.name, part=of) in self.description.conditions

    def _entity(self, name: str, kind: type[_Kind]) -> _Kind:
        entity = self.description.introspection.entities.get(name)
        if not isinstance(entity, kind):
            raise NoValueError(f"'{name}' is no {kind.__name__.lower()}")
        return entity


def _builtin(builtin: Builtin, name: str) -> Json:
    match builtin.json_type:
        case "boolean":
            return True
        case "int" | "number":
            return 1
        case "null":
            return None
        case _:
            return name.upper()

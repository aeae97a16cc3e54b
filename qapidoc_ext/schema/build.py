"""Expressions, as definitions. Whatever is wrong with one part of an expression, the rest of it is still read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypedDict

from qapidoc_ext.schema import model
from qapidoc_ext.schema.condition import All, Any, Condition, Not, Symbol, parse_c
from qapidoc_ext.schema.doc import Doc, SectionKind, read_doc
from qapidoc_ext.schema.lexer import SourceText
from qapidoc_ext.schema.parser import Array, Boolean, Comment, Expression, Object, String, Value
from qapidoc_ext.source import Finding, Location, Prose

_KEYS: Mapping[str, Collection[str]] = {
    "enum": ["data", "prefix"],
    "struct": ["data", "base"],
    "union": ["data", "base", "discriminator"],
    "alternate": ["data"],
    "command": ["data", "returns", "boxed", "gen", "success-response", "allow-oob", "allow-preconfig", "coroutine"],
    "event": ["data", "boxed"],
}
"""The keys that a definition may have beside its kind, `if` and `features`."""
_NEED_DATA = frozenset({"enum", "struct", "union", "alternate"})

_Keys = Mapping[str, tuple[String, Value]]


class _Common(TypedDict):
    """What definitions of every kind have."""

    name: str
    module: str
    location: Location
    doc: Doc | None
    condition: Condition | None
    features: tuple[model.Feature, ...]


def build(expression: Expression, source: SourceText, module: str) -> tuple[model.Definition | None, list[Finding]]:
    """The definition that an expression makes, and what is wrong with it. None where it is no definition at all."""
    reader = _Reader(source)
    return reader.definition(expression, module), reader.findings


class _Reader:
    """Turns the values of one expression into those of the model, and keeps the faults."""

    def __init__(self, source: SourceText) -> None:
        self.findings: list[Finding] = []
        self._source = source
        self._docs: dict[tuple[SectionKind, str], Prose] = {}

    def definition(self, expression: Expression, module: str) -> model.Definition | None:
        keys = expression.value.members
        kind = next((kind for kind in _KEYS if kind in keys), None)
        if kind is None:
            self._report(expression.value.offset, f"a definition needs one of the keys {_listed(_KEYS)}")
            return None
        doc = self._read_doc(expression.comment) if expression.comment else None
        self._check_keys(
            expression.value, {kind, "if", "features", *_KEYS[kind]}, ["data"] if kind in _NEED_DATA else []
        )
        name = keys[kind][1]
        common: _Common = {
            "name": self._text(name, "a name"),
            "module": module,
            "location": self._source.location(name.offset),
            "doc": doc,
            "condition": self._condition(keys),
            "features": tuple(self._features(keys)),
        }
        return self._of_kind(kind, keys, common)

    def _of_kind(self, kind: str, keys: _Keys, common: _Common) -> model.Definition:
        match kind:
            case "enum":
                return model.Enum(**common, values=tuple(self._values(keys)), prefix=self._text_of(keys, "prefix"))
            case "struct":
                return model.Struct(**common, base=self._type_of(keys, "base"), members=tuple(self._members(keys)))
            case "union":
                return model.Union(
                    **common,
                    base=self._members_or_type(keys, "base"),
                    discriminator=self._text_of(keys, "discriminator"),
                    branches=tuple(self._branches(keys)),
                )
            case "alternate":
                return model.Alternate(**common, alternatives=tuple(self._branches(keys)))
            case "event":
                return model.Event(**common, data=self._members_or_type(keys), is_boxed=self._flag(keys, "boxed"))
            case _:
                return self._command(keys, common)

    def _command(self, keys: _Keys, common: _Common) -> model.Command:
        return model.Command(
            **common,
            arguments=self._members_or_type(keys),
            returns=self._type_of(keys, "returns"),
            is_boxed=self._flag(keys, "boxed"),
            allow_oob=self._flag(keys, "allow-oob"),
            allow_preconfig=self._flag(keys, "allow-preconfig"),
            coroutine=self._flag(keys, "coroutine"),
            gen=self._flag(keys, "gen", default=True),
            success_response=self._flag(keys, "success-response", default=True),
        )

    # The parts of a definition.

    def _values(self, keys: _Keys) -> Iterator[model.Value]:
        for item in self._items(keys, "data"):
            name, own = self._name_and_keys(item, ["name", "if", "features"])
            yield model.Value(
                name=name,
                condition=self._condition(own),
                features=tuple(self._features(own)),
                doc=self._docs.get((SectionKind.MEMBER, name)),
                location=self._source.location(item.offset),
            )

    def _features(self, keys: _Keys) -> Iterator[model.Feature]:
        for item in self._items(keys, "features"):
            name, own = self._name_and_keys(item, ["name", "if"])
            yield model.Feature(
                name=name,
                condition=self._condition(own),
                doc=self._docs.get((SectionKind.FEATURE, name)),
                location=self._source.location(item.offset),
            )

    def _members_or_type(self, keys: _Keys, key: str = "data") -> tuple[model.Member, ...] | model.TypeRef:
        if key in keys and isinstance(keys[key][1], String):
            return self._type(keys[key][1])
        return tuple(self._members(keys, key))

    def _members(self, keys: _Keys, key: str = "data") -> Iterator[model.Member]:
        for written, value in self._object_of(keys, key):
            name = written.value.removeprefix("*")
            type_, own = self._type_and_keys(value, ["type", "if", "features"])
            yield model.Member(
                name=name,
                type=type_,
                is_optional=written.value.startswith("*"),
                condition=self._condition(own),
                features=tuple(self._features(own)),
                doc=self._docs.get((SectionKind.MEMBER, name)),
                location=self._source.location(written.offset),
            )

    def _branches(self, keys: _Keys) -> Iterator[model.Branch]:
        for written, value in self._object_of(keys, "data"):
            type_, own = self._type_and_keys(value, ["type", "if"])
            yield model.Branch(
                name=written.value,
                type=type_,
                condition=self._condition(own),
                doc=self._docs.get((SectionKind.MEMBER, written.value)),
                location=self._source.location(written.offset),
            )

    def _name_and_keys(self, item: Value, allowed: Collection[str]) -> tuple[str, _Keys]:
        """What a value or a feature is, in its short or its long form."""
        if isinstance(item, Object):
            self._check_keys(item, allowed, ["name"])
            return self._text_of(item.members, "name"), item.members
        return self._text(item, "a string or an object with the key 'name'"), {}

    def _type_and_keys(self, value: Value, allowed: Collection[str]) -> tuple[model.TypeRef, _Keys]:
        """What a member or a branch is, in its short or its long form."""
        if isinstance(value, Object):
            self._check_keys(value, allowed, ["type"])
            return self._type(value.members["type"][1] if "type" in value.members else value), value.members
        return self._type(value), {}

    def _type_of(self, keys: _Keys, key: str) -> model.TypeRef | None:
        return self._type(keys[key][1]) if key in keys else None

    def _type(self, value: Value) -> model.TypeRef:
        location = self._source.location(value.offset)
        match value:
            case Array(items=(String(value=name),)):
                return model.TypeRef(name=name, is_array=True, location=location)
            case Object():  # its fault, a missing key 'type', is already reported
                return model.TypeRef(name="", location=location)
            case _:
                return model.TypeRef(name=self._text(value, "a type's name, or an array of one"), location=location)

    def _condition(self, keys: _Keys) -> Condition | None:
        return self._read_condition(keys["if"][1]) if "if" in keys else None

    def _read_condition(self, value: Value) -> Condition:
        match value:
            case String(value=text):
                return parse_c(text)
            case Array(items=items):  # before 6.2: all of them
                return All(tuple(map(self._read_condition, items)))
            case Object(members=members) if len(members) == 1 and members.keys() <= {"all", "any"}:
                [(key, (_, inner))] = members.items()
                conditions = tuple(map(self._read_condition, self._items(members, key)))
                return All(conditions) if key == "all" else Any(conditions)
            case Object(members={"not": (_, inner), **others}) if not others:
                return Not(self._read_condition(inner))
            case _:
                self._report(value.offset, "a condition is a string, or an object with one of 'all', 'any' and 'not'")
                return Symbol("")

    # The values that they are made of.

    def _items(self, keys: _Keys, key: str) -> Iterable[Value]:
        match keys.get(key):
            case None:
                return ()
            case _, Array(items=items):
                return items
            case _, value:
                self._report(value.offset, f"'{key}' must be an array")
                return ()

    def _object_of(self, keys: _Keys, key: str) -> Iterable[tuple[String, Value]]:
        match keys.get(key):
            case None:
                return ()
            case _, Object(members=members):
                return members.values()
            case _, value:
                self._report(value.offset, f"'{key}' must be an object")
                return ()

    def _text_of(self, keys: _Keys, key: str) -> str:
        return self._text(keys[key][1], "a string") if key in keys else ""

    def _text(self, value: Value, expected: str) -> str:
        if isinstance(value, String):
            return value.value
        self._report(value.offset, f"expected {expected}")
        return ""

    def _flag(self, keys: _Keys, key: str, *, default: bool = False) -> bool:
        match keys.get(key):
            case None:
                return default
            case _, Boolean(value=flag):
                return flag
            case _, value:
                self._report(value.offset, f"'{key}' must be true or false")
                return default

    def _check_keys(self, value: Object, allowed: Collection[str], mandatory: Collection[str]) -> None:
        for name, (key, _) in value.members.items():
            if name not in allowed:
                self._report(key.offset, f"unknown key '{name}'; there may be {_listed(sorted(allowed))}")
        for name in mandatory:
            if name not in value.members:
                self._report(value.offset, f"the key '{name}' is missing")

    def _read_doc(self, comment: Comment) -> Doc:
        doc, findings = read_doc(comment, self._source)
        self.findings += findings
        for section in doc.sections:
            self._docs.setdefault((section.kind, section.name), section.prose)
        return doc

    def _report(self, offset: int, message: str) -> None:
        self.findings.append(self._source.finding(offset, message))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)

"""Expressions, as definitions. Whatever is wrong with one part of an expression, the rest of it is still read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from qapidoc_ext.schema import model
from qapidoc_ext.schema.condition import All, Any, Condition, Not, Symbol, parse_c
from qapidoc_ext.schema.doc import Doc, SectionKind, read_doc
from qapidoc_ext.schema.lexer import Boolean, String
from qapidoc_ext.schema.parser import Array, Comment, Expression, Object, Value
from qapidoc_ext.source import Location, Prose, SourceText

_KINDS = ("enum", "struct", "union", "alternate", "command", "event")

_Keys = Mapping[str, tuple[String, Value]]


class _Common(TypedDict):
    """What definitions of every kind have."""

    name: str
    module: str
    location: Location
    start: Location
    doc: Doc | None
    condition: Condition | None
    features: tuple[model.Feature, ...]


def build(
    expression: Expression, source: SourceText, module: str, *, reads_prose: bool = True
) -> model.Definition | None:
    """The definition that an expression makes, with its documentation unless the prose need not be read.

    None where it is no definition at all.
    """
    reader = _Reader(source)
    doc = reader.read_doc(expression.comment) if expression.comment and reads_prose else None
    return reader.definition(expression.value, doc, module)


class _Reader:
    """Turns the values of one expression into those of the model. What has not the form that it needs is left out."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._member_docs: dict[str, Prose] = {}
        self._feature_docs: dict[str, Prose] = {}

    def definition(self, expression: Object, doc: Doc | None, module: str) -> model.Definition | None:
        keys = expression.members
        kind = next((kind for kind in _KINDS if kind in keys), None)
        if kind is None:
            return None
        name = keys[kind][1]
        common: _Common = {
            "name": _text(name),
            "module": module,
            "location": self._source.location(name.offset),
            "start": self._source.location(expression.offset),
            "doc": doc,
            "condition": _condition(keys),
            "features": self._features(keys),
        }
        return self._of_kind(kind, keys, common)

    def _of_kind(self, kind: str, keys: _Keys, common: _Common) -> model.Definition:
        match kind:
            case "enum":
                return model.Enum(**common, values=tuple(self._values(keys)), prefix=_text_of(keys, "prefix"))
            case "struct":
                return model.Struct(**common, base=self._type_of(keys, "base"), members=tuple(self._members(keys)))
            case "union":
                return model.Union(
                    **common,
                    base=self._members_or_type(keys, "base"),
                    discriminator=_text_of(keys, "discriminator"),
                    branches=tuple(self._branches(keys)),
                )
            case "alternate":
                return model.Alternate(**common, alternatives=tuple(self._branches(keys)))
            case "event":
                return model.Event(**common, data=self._members_or_type(keys), is_boxed=_flag(keys, "boxed"))
            case _:
                return self._command(keys, common)

    def _command(self, keys: _Keys, common: _Common) -> model.Command:
        return model.Command(
            **common,
            arguments=self._members_or_type(keys),
            returns=self._type_of(keys, "returns"),
            is_boxed=_flag(keys, "boxed"),
            allow_oob=_flag(keys, "allow-oob"),
            allow_preconfig=_flag(keys, "allow-preconfig"),
            coroutine=_flag(keys, "coroutine"),
            gen=_flag(keys, "gen", default=True),
            success_response=_flag(keys, "success-response", default=True),
        )

    # The parts of a definition.

    def _values(self, keys: _Keys) -> Iterator[model.Value]:
        for item in _items(keys, "data"):
            name, own = _name_and_keys(item)
            yield model.Value(
                name=name,
                condition=_condition(own),
                features=self._features(own),
                doc=self._member_docs.get(name),
                location=self._source.location(item.offset),
            )

    def _features(self, keys: _Keys) -> tuple[model.Feature, ...]:
        return tuple(map(self._feature, _items(keys, "features")))

    def _feature(self, item: Value) -> model.Feature:
        name, own = _name_and_keys(item)
        location = self._source.location(item.offset)
        return model.Feature(name=name, condition=_condition(own), doc=self._feature_docs.get(name), location=location)

    def _members_or_type(self, keys: _Keys, key: str = "data") -> tuple[model.Member, ...] | model.TypeRef:
        if key in keys and isinstance(keys[key][1], String):
            return self._type_of(keys, key) or ()
        return tuple(self._members(keys, key))

    def _members(self, keys: _Keys, key: str = "data") -> Iterator[model.Member]:
        for written, value in _object_of(keys, key):
            name = written.value.removeprefix("*")
            type_, own = self._type_and_keys(value)
            yield model.Member(
                name=name,
                type=type_,
                is_optional=written.value.startswith("*"),
                condition=_condition(own),
                features=self._features(own),
                doc=self._member_docs.get(name),
                location=self._source.location(written.offset),
            )

    def _branches(self, keys: _Keys) -> Iterator[model.Branch]:
        for written, value in _object_of(keys, "data"):
            type_, own = self._type_and_keys(value)
            yield model.Branch(
                name=written.value,
                type=type_,
                condition=_condition(own),
                doc=self._member_docs.get(written.value),
                location=self._source.location(written.offset),
            )

    def _type_and_keys(self, value: Value) -> tuple[model.TypeRef, _Keys]:
        """What a member or a branch is, in its short or its long form."""
        if isinstance(value, Object):
            return self._type(value.members["type"][1] if "type" in value.members else value), value.members
        return self._type(value), {}

    def _type_of(self, keys: _Keys, key: str) -> model.TypeRef | None:
        """None where there is none, which an empty name says too."""
        value = keys[key][1] if key in keys else String(offset=0, value="")
        return None if isinstance(value, String) and not value.value else self._type(value)

    def _type(self, value: Value) -> model.TypeRef:
        is_array = isinstance(value, Array) and len(value.items) == 1
        name = value.items[0] if isinstance(value, Array) and is_array else value
        return model.TypeRef(
            name=_text(name),
            is_name=isinstance(name, String),
            is_array=is_array,
            location=self._source.location(value.offset),
        )

    def read_doc(self, comment: Comment) -> Doc:
        doc = read_doc(comment, self._source)
        for section in doc.sections:
            if section.kind is SectionKind.MEMBER:
                self._member_docs.setdefault(section.name, section.prose)
            elif section.kind is SectionKind.FEATURE:
                self._feature_docs.setdefault(section.name, section.prose)
        return doc


def _condition(keys: _Keys) -> Condition | None:
    return _read_condition(keys["if"][1]) if "if" in keys else None


def _read_condition(value: Value) -> Condition:
    match value:
        case String(value=text):
            return parse_c(text)
        case Array(items=items):  # before 6.2: all of them
            return All(tuple(map(_read_condition, items)))
        case Object(members=members) if len(members) == 1 and members.keys() <= {"all", "any"}:
            [key] = members
            conditions = tuple(map(_read_condition, _items(members, key)))
            return All(conditions) if key == "all" else Any(conditions)
        case Object(members={"not": (_, inner), **others}) if not others:
            return Not(_read_condition(inner))
        case _:
            return Symbol("")


def _name_and_keys(item: Value) -> tuple[str, _Keys]:
    """What a value or a feature is, in its short or its long form."""
    if isinstance(item, Object):
        return _text_of(item.members, "name"), item.members
    return _text(item), {}


def _items(keys: _Keys, key: str) -> Iterable[Value]:
    value = keys[key][1] if key in keys else None
    return value.items if isinstance(value, Array) else ()


def _object_of(keys: _Keys, key: str) -> Iterable[tuple[String, Value]]:
    value = keys[key][1] if key in keys else None
    return value.members.values() if isinstance(value, Object) else ()


def _text_of(keys: _Keys, key: str) -> str:
    return _text(keys[key][1]) if key in keys else ""


def _text(value: Value) -> str:
    return value.value if isinstance(value, String) else ""


def _flag(keys: _Keys, key: str, *, default: bool = False) -> bool:
    value = keys[key][1] if key in keys else None
    return value.value if isinstance(value, Boolean) else default

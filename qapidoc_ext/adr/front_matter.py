"""Front matter and data files, decoded strictly: plain YAML becomes a frozen dataclass, by its type hints.

Every scalar is text until the type of its field says more: `title: No` is a title, and `on: 2019-04-01` is a date
because the field is one. Anchors, aliases and tags are refused: nothing here needs them, and they can be hostile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
import yaml

from qapidoc_ext.source import Finding, Location, SourceError, SourceText

MAXIMUM_DEPTH = 8
"""How deep collections may nest. A record needs 3."""

Text = Annotated[str, msgspec.Meta(pattern=r"\S", description="one line of text")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][\w.-]*$", description="a name, such as read-only")]

KeyPath = tuple[str | int, ...]
"""Where a value stands in the front matter: `("history", 0, "on")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Values, with where they are written."""

    locations: Mapping[KeyPath, Location]
    """Of the key, or of the item of a list."""

    def finding(self, path: KeyPath, message: str) -> Finding:
        """A fault of the value at a path."""
        return Finding(location=self.locations[path], message=f"{name(path)}: {message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Located):
    """What a front matter holds: each value that could be decoded, and what is wrong with the others."""

    parts: Mapping[KeyPath, Any]
    """The whole is at `()`; it is missing where there are findings."""
    findings: tuple[Finding, ...]


def read(text: str, kind: type, start: Location) -> Reading:
    """The front matter `text`, the first line of which is at `start`, decoded as a dataclass.

    A field may be text, a number, a date, an enum, such a dataclass, one of several of them (the one that
    shares most keys with what is written is meant), or a tuple of any of these, which must not be empty where it is
    written. What has a default may be left out.

    :raise SourceError: it is not YAML, or not of the plainest kind.
    """
    source = SourceText(text, start)
    decoder = _Decoder(source)
    decoder.decode(_compose(source), kind, ())
    return Reading(parts=decoder.parts, locations=decoder.locations, findings=tuple(decoder.findings))


def _compose(source: SourceText) -> yaml.Node:
    loader: yaml.BaseLoader | None = None
    try:
        loader = yaml.BaseLoader(source.content)
        if findings := list(_not_plain(loader, source)):
            raise SourceError(findings)
        node = yaml.compose(source.content, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise source.fault(mark.index if mark else 0, _why_not_yaml(error, source)) from error
    except yaml.reader.ReaderError as error:
        message = f"not YAML: a character that may not be there, {error.character:#x}"
        raise source.fault(error.position, message) from error
    except (ValueError, OverflowError) as error:  # PyYAML lets them out of "\UFFFFFFFF" and of `%YAML 1.<5000 digits>`
        index = loader.get_mark().index if loader else 0
        raise source.fault(index, "not YAML: a number or an escape that is out of range") from error
    if node is None:
        raise source.fault(0, "the front matter is empty")
    return node


def _why_not_yaml(error: yaml.MarkedYAMLError, source: SourceText) -> str:
    parts = [error.problem]
    if error.context and error.context_mark:
        line = source.location(error.context_mark.index).line
        parts.insert(0, f"{error.context} that starts in line {line}")
    return f"not YAML: {', '.join(part for part in parts if part)}"


def _not_plain(loader: yaml.BaseLoader, source: SourceText) -> Iterator[Finding]:
    depth = 0
    while loader.check_event():
        event = loader.get_event()  # type: ignore[no-untyped-call]  # types-pyyaml has no type for it
        location = source.location(event.start_mark.index)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAXIMUM_DEPTH:
            yield Finding(location=location, message=f"nested deeper than {MAXIMUM_DEPTH} levels")
            return
        if isinstance(event, yaml.AliasEvent):
            yield Finding(location=location, message="an alias (*); write the value out")
        elif getattr(event, "anchor", None) is not None:
            yield Finding(location=location, message="an anchor (&); remove it")
        if getattr(event, "tag", None) is not None:
            yield Finding(location=location, message="a tag (!); remove it, the field's type is known")


@dataclass(slots=True)
class _Decoder:
    source: SourceText
    parts: dict[KeyPath, Any] = field(default_factory=dict)
    locations: dict[KeyPath, Location] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def decode(self, node: yaml.Node, kind: Any, path: KeyPath) -> None:
        """Put the value at `path` into `parts`, or say in `findings` why there is none."""
        kind = _given(kind)
        location = self.locations.setdefault(path, self.source.location(node.start_mark.index))
        if get_origin(kind) is tuple and isinstance(node, yaml.SequenceNode):
            self._decode_list(node, get_args(kind)[0], path)
        elif _is_mapping(kind) and isinstance(node, yaml.MappingNode):
            self._decode_mapping(node, kind, path)
        elif isinstance(node, yaml.ScalarNode) and not _is_mapping(kind) and get_origin(kind) is not tuple:
            self._decode_scalar(node, kind, path)
        else:
            self._find(location, f"{name(path)}: expected {_expected(kind)}, got {_got(node)}")

    def _decode_scalar(self, node: yaml.ScalarNode, kind: Any, path: KeyPath) -> None:
        try:
            if node.value.isprintable():
                self.parts[path] = msgspec.convert(node.value, kind, strict=False)
                return
        except msgspec.ValidationError:
            pass
        self._find(self.locations[path], f"{name(path)}: expected {_expected(kind)}, got {_got(node)}")

    def _decode_list(self, node: yaml.SequenceNode, kind: Any, path: KeyPath) -> None:
        for index, item in enumerate(node.value):
            self.decode(item, kind, (*path, index))
        items = [(*path, index) for index in range(len(node.value))]
        if not items:
            self._find(self.locations[path], f"{name(path)}: expected at least one item")
        elif all(item in self.parts for item in items):
            self.parts[path] = tuple(self.parts[item] for item in items)

    def _decode_mapping(self, node: yaml.MappingNode, kind: Any, path: KeyPath) -> None:
        number_of_findings = len(self.findings)
        values = self._values(node, path)
        meant = max(alternatives(kind), key=lambda one: len(values.keys() & get_type_hints(one).keys()))
        hints = get_type_hints(meant, include_extras=True)
        for key, value in values.items():
            if key in hints:
                self.decode(value, hints[key], (*path, key))
            else:
                message = f"{name((*path, key))}: unknown key; the keys are {', '.join(hints)}"
                self._find(self.locations[*path, key], message)
        for key in mandatory(meant):
            if key not in values:
                self._find(self.locations[path], f"{name((*path, key))}: missing")
        if len(self.findings) == number_of_findings:
            self.parts[path] = meant(**{key: self.parts[*path, key] for key in values})

    def _values(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, yaml.Node]:
        values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            location = self.source.location(key.start_mark.index)
            if not isinstance(key, yaml.ScalarNode):
                self._find(location, f"expected a key, got {_got(key)}")
            elif key.value in values:
                self._find(location, f"{name((*path, key.value))}: given twice")
            else:
                values[key.value] = value
                self.locations[*path, key.value] = location
        return values

    def _find(self, location: Location, message: str) -> None:
        self.findings.append(Finding(location=location, message=message))


def _given(kind: Any) -> Any:
    """The type of a value that is written."""
    kinds = alternatives(kind)
    return kinds[0] if len(kinds) == 1 else kind


def mandatory(kind: type) -> list[str]:
    """The keys of a dataclass that may not be left out."""
    return [item.name for item in fields(kind) if item.default is MISSING and item.default_factory is MISSING]


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The types that a value may have where it is written: None stands for one that is left out."""
    kinds = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    return tuple(one for one in kinds if one is not NoneType)


def _is_mapping(kind: Any) -> bool:
    return all(hasattr(one, "__dataclass_fields__") for one in alternatives(kind))


def name(path: KeyPath) -> str:
    """The path as it is usually written: `history[0].on`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{_shown(step)}" for step in path)
    return "".join(steps).removeprefix(".") or "the front matter"


def _shown(key: str) -> str:
    return key if key.isprintable() else repr(key)


def _expected(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return "a list"
    if _is_mapping(kind):
        return "keys with values"
    if get_origin(kind) is Annotated:
        return next(str(meta.description) for meta in get_args(kind)[1:] if isinstance(meta, msgspec.Meta))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {', '.join(str(member.value) for member in kind)}"
    return {date: "a date, such as 2019-04-01", bool: "true or false"}[kind]


def _got(node: yaml.Node) -> str:
    match node:
        case yaml.MappingNode():
            return "keys with values"
        case yaml.SequenceNode():
            return "a list"
        case _:
            return repr(node.value)

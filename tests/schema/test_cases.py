"""Each file in cases/ gives the findings and the schema that the .txt file beside it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.schema import condition
from qapidoc_ext.schema.doc import Heading, split_at_headings
from qapidoc_ext.schema.load import Loaded, load
from qapidoc_ext.schema.model import (
    Alternate,
    Branch,
    Command,
    Definition,
    Enum,
    Event,
    Feature,
    Member,
    Struct,
    TypeRef,
    Union,
    Value,
)

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("name", ["kinds", "before-6.2", "syntax", "definitions", "docs"])
def test_case(name: str, file_regression: FileRegressionFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    text = "\n".join(dump(load(Path(f"{name}.json")))) + "\n"
    file_regression.check(text, basename=name, extension=".txt")


def dump(loaded: Loaded) -> Iterator[str]:
    yield from map(str, loaded.findings)
    for module in loaded.schema.modules:
        yield f"module {module.name} in {module.path}"
        for doc in module.docs:
            for section in doc.sections:
                for part in split_at_headings(section.prose):
                    match part:
                        case Heading(level=level, text=text):
                            yield f"  heading {level} {text}"
                        case prose:
                            yield f"  text at {prose.location}: {prose.text!r}"
        for name in module.definitions:
            yield from dump_definition(loaded.schema.definitions[name])


def dump_definition(definition: Definition) -> Iterator[str]:
    kind = type(definition).__name__.lower()
    yield f"{definition.location}: {kind} {definition.name}{dump_tail(definition.condition, definition.features)}"
    for section in definition.doc.sections if definition.doc else ():
        yield f"  {section.kind.value} {section.name} at {section.prose.location}: {section.prose.text!r}"
    match definition:
        case Command():
            flags = [name for name in Command.__slots__ if getattr(definition, name) is True]
            yield f"  returns {definition.returns}, {' '.join(flags)}"
            yield from dump_members(definition.arguments)
        case Event(data=data):
            yield from dump_members(data)
        case Struct(base=base, members=members):
            yield f"  base {base}"
            yield from dump_members(members)
        case Union(base=base, discriminator=discriminator, branches=branches):
            yield from dump_members(base)
            yield f"  discriminator {discriminator}"
            yield from map(dump_branch, branches)
        case Alternate(alternatives=alternatives):
            yield from map(dump_branch, alternatives)
        case Enum(values=values, prefix=prefix):
            yield f"  prefix {prefix}"
            yield from map(dump_value, values)


def dump_members(members: tuple[Member, ...] | TypeRef) -> Iterator[str]:
    if isinstance(members, TypeRef):
        yield f"  members of {members}"
        return
    for member in members:
        optional = "optional " if member.is_optional else ""
        tail = dump_tail(member.condition, member.features)
        yield f"  {member.location}: {optional}{member.name}: {member.type}{tail}, {member.doc and member.doc.text!r}"


def dump_branch(branch: Branch) -> str:
    return f"  {branch.location}: {branch.name}: {branch.type}{dump_tail(branch.condition, ())}"


def dump_value(value: Value) -> str:
    tail = dump_tail(value.condition, value.features)
    return f"  {value.location}: {value.name}{tail}, {value.doc and value.doc.text!r}"


def dump_tail(if_: condition.Condition | None, features: tuple[Feature, ...]) -> str:
    return (f" if {condition.text(if_)}" if if_ else "") + "".join(
        f" +{feature.name}{dump_tail(feature.condition, ())}" for feature in features
    )

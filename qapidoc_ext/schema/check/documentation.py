"""Whether comments describe what is there, and all of it."""

from __future__ import annotations

from collections.abc import Iterator

from qapidoc_ext.schema.check.outline import Outline
from qapidoc_ext.schema.check.place import in_definition
from qapidoc_ext.schema.check.pragmas import Pragmas
from qapidoc_ext.schema.dialect import Dialect, Grammar
from qapidoc_ext.schema.model import Alternate, Branch, Definition, Feature, Member, Union, Value
from qapidoc_ext.schema.views import local_parts
from qapidoc_ext.source import Finding, Location


def section_faults(outline: Outline, kind: str, dialect: Dialect, *, returns: bool) -> Iterator[Finding]:
    """Sections that a definition of this kind cannot have; `returns` is whether it returns something."""
    if outline.returns and kind != "command":
        yield _finding(outline, outline.returns, "only a command can have a 'Returns:'", dialect)
    elif outline.returns and not returns and dialect.grammar is Grammar.INDENTED:
        yield _finding(outline, outline.returns, "there is a 'Returns:', but the command returns nothing", dialect)
    if outline.errors and kind != "command":
        yield _finding(outline, outline.errors, "only a command can have an 'Errors:'", dialect)


def undescribed(definition: Definition, outline: Outline, pragmas: Pragmas, dialect: Dialect) -> Iterator[Finding]:
    """Members, values and features that a definition has and its comment does not describe."""
    if dialect.grammar is Grammar.EITHER:
        return
    need_text = dialect.members_need_text and definition.name not in pragmas.documentation
    yield from _undescribed_features(definition.features, definition, outline)
    for part in _parts(definition):
        if need_text and part.name not in outline.members:
            what = "value" if isinstance(part, Value) else "member"
            yield in_definition(definition.start, part.location, f"the {what} '{part.name}' has no description")
        if not isinstance(part, Branch):
            yield from _undescribed_features(part.features, definition, outline)


def superfluous(definition: Definition, outline: Outline, dialect: Dialect) -> Iterator[Finding]:
    """Descriptions of members and features that a definition does not have."""
    parts = _parts(definition)
    features = {feature.name for feature in definition.features}
    features.update(feature.name for part in parts if not isinstance(part, Branch) for feature in part.features)
    members = {part.name for part in parts}
    if isinstance(definition, Union) and definition.is_simple:
        members.add("type")
    for name, line in outline.members.items():
        if name and name not in members:
            yield _finding(outline, line, f"'{definition.name}' has no member '{name}' of its own", dialect)
    for name, line in outline.features.items():
        if name and name not in features:
            yield _finding(outline, line, f"'{definition.name}' has no feature '{name}'", dialect)


def _parts(definition: Definition) -> tuple[Member | Value | Branch, ...]:
    return definition.alternatives if isinstance(definition, Alternate) else local_parts(definition)


def _undescribed_features(features: tuple[Feature, ...], definition: Definition, outline: Outline) -> Iterator[Finding]:
    for feature in features:
        if feature.name not in outline.features:
            message = f"the feature '{feature.name}' has no description"
            yield in_definition(definition.start, feature.location, message)


def _finding(outline: Outline, line: int, message: str, dialect: Dialect) -> Finding:
    """A fault on a line of a comment. Before 8.1, QEMU reported it on the comment's first line."""
    place = Location(path=outline.path, line=line, column=1)
    if dialect.grammar is Grammar.ALIGNED:
        return in_definition(Location(path=outline.path, line=outline.line, column=1), place, message)
    return Finding(location=place, message=message)

"""What the versions of QEMU allow in a schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum


class Grammar(Enum):
    """How documentation comments are written."""

    ALIGNED = "the text of a member is aligned with its first line; any line can start a section"
    INDENTED = "the text of a member is indented; a section starts behind a blank line"
    EITHER = "comments may be written in any of the ways"


class Naming(Enum):
    """How names are spelled."""

    FREE = "members are in lower case, everything else as its author likes"
    BY_KIND = "types in CamelCase, events in UPPER_CASE, everything else in lower-case with hyphens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a version of QEMU allows in a schema. Each field is the answer of its `scripts/qapi` to one question."""

    newest: tuple[int, int]
    """The last version of QEMU that reads schemas like this."""
    pragmas: Mapping[str, str]
    """The field of `Pragmas` that each pragma sets."""
    naming: Naming
    reserved_endings: tuple[str, ...]
    """No definition's name may end in one of these."""
    c_conditions: bool
    """Whether `if` holds C text, or a list of C texts."""
    object_conditions: bool
    """Whether `if` holds the name of a symbol, or an object with `all`, `any` or `not`."""
    simple_unions: bool
    """Whether a union may do without a base and a discriminator."""
    union_branches: bool
    """Whether a union's branch may be a union."""
    array_alternatives: bool
    value_features: bool
    """Whether values of enums may have features."""
    special_features: frozenset[str]
    """The features that mean something to QEMU itself, and that types cannot have."""
    maximum_features: int | None
    conditions_need_boxed: bool
    """Whether arguments that have conditions need `boxed`."""
    grammar: Grammar
    equals_headings: bool
    """Whether `= text` at the start of a comment's line is a heading."""
    comments_required: bool
    """Whether the pragma `doc-required` is heeded."""
    members_need_text: bool
    """Whether the comment of a definition has to describe all its members."""
    comments_last: bool
    """Whether what comments describe in vain is found only behind the faults of all definitions."""
    layout: bool
    """Whether a comment's lines have a maximum length, and sentences two spaces between them."""


_5_2 = Dialect(
    newest=(6, 1),
    pragmas={
        "doc-required": "doc_required",
        "returns-whitelist": "command_returns",
        "name-case-whitelist": "member_names",
    },
    naming=Naming.FREE,
    reserved_endings=("Kind", "List"),
    c_conditions=True,
    object_conditions=False,
    simple_unions=True,
    union_branches=False,
    array_alternatives=False,
    value_features=False,
    special_features=frozenset(["deprecated"]),
    maximum_features=None,
    conditions_need_boxed=False,
    grammar=Grammar.ALIGNED,
    equals_headings=True,
    comments_required=True,
    members_need_text=False,
    comments_last=False,
    layout=False,
)
_7_2 = replace(
    _5_2,
    newest=(8, 0),
    pragmas={
        "doc-required": "doc_required",
        "command-name-exceptions": "command_names",
        "command-returns-exceptions": "command_returns",
        "member-name-exceptions": "member_names",
    },
    naming=Naming.BY_KIND,
    reserved_endings=("List",),
    c_conditions=False,
    object_conditions=True,
    simple_unions=False,
    array_alternatives=True,
    value_features=True,
    special_features=frozenset(["deprecated", "unstable"]),
)
_10_0 = replace(
    _7_2,
    newest=(10, 1),
    pragmas={**_7_2.pragmas, "documentation-exceptions": "documentation"},
    union_branches=True,
    maximum_features=64,
    conditions_need_boxed=True,
    grammar=Grammar.INDENTED,
    members_need_text=True,
    comments_last=True,
)
_10_2 = replace(_10_0, newest=(10, 2), equals_headings=False, layout=True)

DIALECTS: Mapping[str, Dialect] = {"5.2": _5_2, "7.2": _7_2, "10.0": _10_0, "10.2": _10_2}
"""By the version whose `scripts/qapi` they were taken from, the oldest first."""
NEWEST = _10_2
ANY = replace(
    _10_2,
    pragmas={**_5_2.pragmas, **_10_0.pragmas},
    naming=Naming.FREE,
    c_conditions=True,
    simple_unions=True,
    special_features=_5_2.special_features,
    conditions_need_boxed=False,
    grammar=Grammar.EITHER,
    equals_headings=True,
    comments_required=False,
    members_need_text=False,
    layout=False,
)
"""What at least one version allows: reading a schema to show it asks for no more."""


def dialect_of(version: str) -> Dialect:
    """The dialect of a version of QEMU; the newest one where the version is not known."""
    numbers = re.match(r"(\d+)\.(\d+)\b", version)
    if numbers is None:
        return NEWEST
    found = int(numbers[1]), int(numbers[2])
    return next((dialect for dialect in DIALECTS.values() if found <= dialect.newest), NEWEST)

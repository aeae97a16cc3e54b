"""JSON as an example shows it: on one line where that fits, with a mark where something was left out."""

from __future__ import annotations

from typing import assert_never

from qapidoc_ext.qmp.pattern import as_json
from qapidoc_ext.qmp.printed import INDENT, enclosed
from qapidoc_ext.qmp.shown import Elided, Shown, ShownArray, ShownObject

WIDTH = 86
"""Characters of a line, as many as a column of furo shows; a longer value is spread over several."""


def text(value: Shown, indentation: str = "", name: str = "") -> str:
    """The value as JSON, with `... N more` for what was left out; all lines but the first are indented.

    The first is behind the indentation and the name, neither of which is part of the text.
    """
    flat = _flat(value)
    match value:
        case ShownArray() | ShownObject() if len(indentation) + len(name) + len(flat) > WIDTH:
            return _spread(value, indentation)
        case _:
            return flat


def _flat(value: Shown | Elided) -> str:
    match value:
        case Elided(count=count):
            return f"... {count} more"
        case ShownArray(items=items):
            return f"[ {', '.join(map(_flat, items))} ]" if items else "[]"
        case ShownObject(members=members):
            return f"{{ {', '.join(map(_flat_member, members))} }}" if members else "{}"
        case None | bool() | int() | float() | str():
            return as_json(value)
        case _:
            assert_never(value)


def _flat_member(member: tuple[str, Shown] | Elided) -> str:
    return _flat(member) if isinstance(member, Elided) else f"{as_json(member[0])}: {_flat(member[1])}"


def _spread(value: ShownArray | ShownObject, indentation: str) -> str:
    inner = indentation + INDENT
    match value:
        case ShownArray(items=items):
            return enclosed("[", [_item(item, inner) for item in items], "]", indentation)
        case ShownObject(members=members):
            return enclosed("{", [_member(member, inner) for member in members], "}", indentation)
        case _:
            assert_never(value)


def _item(item: Shown | Elided, indentation: str) -> str:
    return _flat(item) if isinstance(item, Elided) else text(item, indentation)


def _member(member: tuple[str, Shown] | Elided, indentation: str) -> str:
    if isinstance(member, Elided):
        return _flat(member)
    name = f"{as_json(member[0])}: "
    return f"{name}{text(member[1], indentation, name)}"

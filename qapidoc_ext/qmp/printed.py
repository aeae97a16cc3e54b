"""Patterns as an example writes them: on one line where that fits, else a line for each part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qapidoc_ext.qmp.pattern import ArrayPattern, Constant, ObjectPattern, Pattern, Template, as_json

WIDTH = 100
"""Characters of a line; a longer pattern is spread over several."""
INDENT = "    "
"""Of what is in an array or an object that is spread over several lines."""
_MEANS_SOMETHING = re.compile(r"\.{3,}|\$(?=\{)")


def printed(pattern: Pattern, indentation: str = "", width: float = WIDTH) -> str:
    """The pattern as text, which reads as the same pattern; all lines but the first are indented."""
    flat = _flat(pattern)
    inner = indentation + INDENT
    match pattern:
        case ArrayPattern(items=items) if len(indentation) + len(flat) > width:
            return enclosed("[", [printed(item, inner, width) for item in items], "]", indentation)
        case ObjectPattern(members=members, open=is_open) if len(indentation) + len(flat) > width:
            parts = [f"{_string(name)}: {printed(value, inner, width)}" for name, value in members]
            return enclosed("{", [*parts, *(["..."] if is_open else [])], "}", indentation)
        case _:
            return flat


def _flat(pattern: Pattern) -> str:
    match pattern:
        case Constant(value=str() as value):
            return _string(value, gaps=True)
        case Template(pieces=pieces):
            texts = (_string(piece, gaps=True)[1:-1] if isinstance(piece, str) else str(piece) for piece in pieces)
            return f'"{"".join(texts)}"'
        case ArrayPattern(items=items):
            return f"[ {', '.join(map(_flat, items))} ]" if items else "[]"
        case ObjectPattern(members=members, open=is_open):
            parts = [f"{_string(name)}: {_flat(value)}" for name, value in members]
            return f"{{ {', '.join([*parts, '...'] if is_open else parts)} }}" if parts or is_open else "{}"
        case _:
            return str(pattern)


def _string(text: str, *, gaps: bool = False) -> str:
    """The text in quotes; what would be a gap or a reference there is escaped."""
    quoted = as_json(text)
    return _MEANS_SOMETHING.sub(_escaped, quoted) if gaps else quoted


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in found[0])


def enclosed(opening: str, parts: Sequence[str], closing: str, indentation: str) -> str:
    """The parts, each on a line of its own."""
    lines = ",\n".join(f"{indentation}{INDENT}{part}" for part in parts)
    return f"{opening}\n{lines}\n{indentation}{closing}"

"""What the text of a member or value states in a form that a program can read; nothing where that is not sure."""

from __future__ import annotations

import re

from qapidoc_ext.schema.model import Alternate, Enum, Member, Schema, TypeRef
from qapidoc_ext.source import Prose

_SINCE = re.compile(
    r"""
    (?: \( (?:[^()]*?[;,]\s*)?? since:? | (?:^ since | \b (?-i:Since)) :? (?= \s+ (?:QEMU\ )? v? [\d.]+ \s* \Z ) )
    \s+ (?:QEMU\ )? v? (?P<version>\d+\.\d+(?:\.\d+)?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""`(default: off; since 4.1)` in the text, or nothing else than `Since 4.1`, or that as its last sentence.

Of several in the same parentheses, the first one counts: `(since 10.1 -- since 9.1 on s390x --)`.
"""
_DEFAULT = re.compile(
    r"""
    \bdefault (?:s\ to | \ value\ is | \ is | \ to | \ value: | :)? \s*
    @? (?P<value> "[^"]*" | '[^']*' | \d+\ [kMG]i?B | [\w.-]*\w)
    (?= \) | [,;]\ *since | \.?$ | \.\  | (?<=["']), | ;\ allowed\ values
        | \ *\(since | (?<=["'\d])\ \( (?! (?:except|for|if|in|on|only|unless|when|where|with) \b )
        | ,\ for\ unlimited | ,\ maximum\  | \ bytes\.?$ | \ for\ enabled\b | \ to\ truncate\) )
    | (?P<marked> "[^"]*" | \btrue | \bfalse ) (?: \ \( | ;\ ) (?:the\ )? default \)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_INSTEAD = re.compile(
    r"\b(?:[Uu]se|[Pp]refer)\s+(?P<use>[^.;:]+?)\s*,?\s+instead\b|\b(?:[Ss]uperseded|[Rr]eplaced)\s+by\s+(?P<by>[^.;]+)"
)
_INTEGER = re.compile(r"-?(0x[0-9a-f]+|\d+([KMGT]?|\ ?[KMG]i?B))", re.IGNORECASE)
_BOOLEANS = {"true": "true", "on": "true", "enabled": "true", "false": "false", "off": "false", "disabled": "false"}
"""What texts call them, some as on a command line."""
_FORMS = {
    "bool": re.compile(rf"""["']?({"|".join(_BOOLEANS)})["']?"""),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "str": re.compile(r""""[^"]*"|'[^']*'"""),
}
"""How texts write the values of types that are not integers."""
_UNSURE = frozenset(["null", "any"])


def since(text: Prose | None) -> str:
    """The first version that the text names as one that has what it describes: `2.9`. Empty where it names none."""
    versions = [found["version"] for found in _SINCE.finditer(text.text if text else "")]
    return min(versions, key=lambda version: [int(number) for number in version.split(".")], default="")


def default(member: Member, schema: Schema) -> str:
    """The value that an optional member has where it is left out, as its text has it; that of a boolean as JSON.

    Empty where the text states none or several, or one that the member's type does not have.
    """
    if not member.is_optional:
        return ""
    found = {match["value"] or match["marked"] for match in _DEFAULT.finditer(_line(member.doc))}
    if len(found) != 1:
        return ""
    [value] = found
    definition = None if member.type.is_array else schema.definitions.get(member.type.name)
    types = [one.type for one in definition.alternatives] if isinstance(definition, Alternate) else [member.type]
    return next(filter(None, (_as_type_has_it(value, type_, schema) for type_ in types)), "")


def _as_type_has_it(value: str, type_: TypeRef, schema: Schema) -> str:
    """What the text calls a value, as one of this type; empty where the type has no such value."""
    plain = value.strip("\"'")
    match schema.definitions.get(type_.name):
        case _ if type_.is_array:
            return ""
        case Enum(values=values):
            return plain if plain in {item.name for item in values} else ""
        case None if type_.name not in _UNSURE and _FORMS.get(type_.name, _INTEGER).fullmatch(value):
            match type_.name:
                case "str":
                    return f'"{plain}"'
                case "bool":
                    return _BOOLEANS[plain]
                case _:
                    return plain
        case _:
            return ""


def instead(text: Prose | None) -> tuple[Prose, ...]:
    """What the text of a deprecated thing says that is to be used instead of it, in its words."""
    found = _INSTEAD.finditer(_line(text))
    return tuple(Prose(text=match["use"] or match["by"], location=text.location) for match in found) if text else ()


def _line(text: Prose | None) -> str:
    return " ".join(text.text.split()) if text else ""

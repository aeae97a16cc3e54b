"""What the text of a member or value states in a form that a program can read; nothing where that is not sure."""

from __future__ import annotations

import re

from qapidoc_ext.schema.model import Enum, Member, Schema
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
    found = {match["value"] for match in _DEFAULT.finditer(_line(member.doc))}
    if len(found) != 1:
        return ""
    [value] = found
    if not _is_of_type(value, member, schema):
        return ""
    plain = value.strip("\"'")
    match member.type.name:
        case "str":
            return f'"{plain}"'
        case "bool":
            return _BOOLEANS[plain]
        case _:
            return plain


def _is_of_type(value: str, member: Member, schema: Schema) -> bool:
    name = member.type.name
    plain = value.strip("\"'")
    match schema.definitions.get(name):
        case _ if member.type.is_array:
            return False
        case Enum(values=values):
            return plain in {item.name for item in values}
        case None if name not in _UNSURE:
            return bool(_FORMS.get(name, _INTEGER).fullmatch(value))
        case _:
            return False


def instead(text: Prose | None) -> tuple[Prose, ...]:
    """What the text of a deprecated thing says that is to be used instead of it, in its words."""
    found = _INSTEAD.finditer(_line(text))
    return tuple(Prose(text=match["use"] or match["by"], location=text.location) for match in found) if text else ()


def _line(text: Prose | None) -> str:
    return " ".join(text.text.split()) if text else ""

"""A qmp-shell line to the request that qmp-shell sends.

`command key=value a.b=c`: words are divided by white space that is not in quotes, which stay part of the word. A dotted
key makes objects in each other. A value is an integer, `true` or `false` in any case, JSON or a Python literal where it
begins with `{` or `[`, and everything else is a string.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Mapping
from typing import TypeAlias

from qapidoc_ext.qmp import expression, notation
from qapidoc_ext.qmp.depth import MAXIMUM_DEPTH
from qapidoc_ext.qmp.pattern import Constant, Json, ObjectPattern, Pattern, constant
from qapidoc_ext.source import Finding, Location, SourceError, SourceText

_WORD = re.compile(r"""(?:[^\s"'] | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')+""", re.VERBOSE)

_COMMAND = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_KEY = re.compile(r"""[^\s"'.=]+""")
_PLAIN = re.compile(r"""[^\s"']*""")

_Tree: TypeAlias = "dict[str, _Tree | Pattern]"


def read_command(text: SourceText, start: int, end: int) -> ObjectPattern:
    """The request that the line between two offsets makes.

    :raise SourceError: with every word that is not as qmp-shell wants it.
    """
    command, *arguments = _words(text, start, end)
    location = text.location(start)
    tree: _Tree = {}
    findings: list[Finding] = []
    for word in arguments:
        try:
            _add(tree, text, *word)
        except SourceError as error:
            findings.extend(error.findings)
    if findings:
        raise SourceError(findings)
    name = Constant(location=location, value=text.content[slice(*command)])
    return ObjectPattern(location=location, members=(("execute", name), ("arguments", _object(tree, location))))


def in_shell(message: Mapping[str, Json]) -> str:
    """The line by which qmp-shell sends the message; "" where it cannot, or a reader could not see what it says."""
    match message:
        case {"execute": str(command), **rest} if _COMMAND.fullmatch(command) and rest.keys() <= {"arguments"}:
            arguments = rest.get("arguments", {})
        case _:
            return ""
    if not isinstance(arguments, dict):
        return ""
    words = [(key, _word(value)) for key, value in arguments.items()]
    if not all(_KEY.fullmatch(key) and word is not None for key, word in words):
        return ""
    line = " ".join([command, *(f"{key}={word}" for key, word in words)])
    return line if line.isprintable() else ""


def _word(value: Json) -> str | None:
    """What qmp-shell reads as this value, None where it reads nothing so."""
    match value:
        case bool() | dict() | list():
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        case int():
            return str(value)
        case str() if _PLAIN.fullmatch(value) and not value.startswith(("{", "[")) and not _means_another(value):
            return value
        case _:
            return None


def _means_another(word: str) -> bool:
    """Whether qmp-shell reads the word as a boolean or a number."""
    try:
        int(word)
    except ValueError:
        return word.lower() in {"true", "false"}
    return True


def _words(text: SourceText, start: int, end: int) -> list[tuple[int, int]]:
    words = [word.span() for word in _WORD.finditer(text.content, start, end)]
    if not words:
        raise text.fault(start, "the name of a command is missing")
    for left, right in zip([start, *(stop for _, stop in words)], [*(begin for begin, _ in words), end], strict=True):
        between = text.content[left:right]
        if between.strip():
            raise text.fault(left + len(between) - len(between.lstrip()), "the quotation has no end")
    return words


def _add(tree: _Tree, text: SourceText, start: int, end: int) -> None:
    key, equals, _ = text.content[start:end].partition("=")
    if not equals:
        raise text.fault(start, f"'{key}' is not key=value")
    *parents, last = key.split(".")
    if len(parents) > MAXIMUM_DEPTH:
        raise text.fault(start, f"more than {MAXIMUM_DEPTH} objects in each other")
    for parent in parents:
        inner = tree.setdefault(parent, {})
        if not isinstance(inner, dict):
            raise text.fault(start, f"'{parent}' has a value already and cannot have members")
        tree = inner
    if last in tree:
        raise text.fault(start, f"'{key}' is set twice")
    tree[last] = _value(text, start + len(key) + 1, end)


def _object(tree: _Tree, location: Location) -> ObjectPattern:
    members = tuple((key, _object(item, location) if isinstance(item, dict) else item) for key, item in tree.items())
    return ObjectPattern(location=location, members=members)


def _value(text: SourceText, start: int, end: int) -> Pattern:
    word = text.content[start:end]
    location = text.location(start)
    if word.lower() in {"true", "false"}:
        return Constant(location=location, value=word.lower() == "true")
    try:
        return Constant(location=location, value=int(word))
    except ValueError:
        pass
    structure = _structure(text, start, end) if word.startswith(("{", "[")) else None
    return structure or notation.read_reference(text, start, end) or notation.read_template(text, start, end)


def _structure(text: SourceText, start: int, end: int) -> Pattern | None:
    try:
        return notation.read_request(text, start, end)
    except SourceError:
        pass
    try:
        return constant(_json(expression.parse(text.content[start:end])), text.location(start))
    except ValueError:
        return None


def _json(node: ast.expr) -> Json:
    """The JSON value of a Python literal in which `true`, `false` and `null` may stand."""
    match node:
        case ast.List() | ast.Tuple():
            return [_json(item) for item in node.elts]
        case ast.Dict():
            return {_key(key): _json(value) for key, value in zip(node.keys, node.values, strict=True)}
        case ast.Name(id=("true" | "false" | "null") as name):
            return {"true": True, "false": False, "null": None}[name]
    match expression.literal(node):
        case float(value) if not math.isfinite(value):
            raise ValueError("not a JSON value")
        case str(value) if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("not a JSON value")
        case None | bool() | int() | float() | str() as value:
            return value
        case _:
            raise ValueError("not a JSON value")


def _key(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError("the name of a member is not a string")

"""The spelling of names. Each function gives what is wrong with one; an empty text says nothing is."""

from __future__ import annotations

import re

from qapidoc_ext.schema.check.pragmas import Pragmas
from qapidoc_ext.schema.dialect import Dialect, Naming

_NAME = re.compile(r"(?:__[A-Za-z0-9.-]+_)?(?:[xX]-)?(?P<stem>[A-Za-z][A-Za-z0-9_-]*)")
_CAMEL_CASE = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
_LOWER_CASE = re.compile(r"[a-z0-9-]*")
_UPPER_CASE = re.compile(r"[A-Z0-9_]*")
_TYPES = frozenset({"struct", "union", "alternate", "enum"})

_INVALID = "is no valid name: letters, digits, '-' and '_', a letter first, 'q_' is reserved"


def c_name(name: str) -> str:
    """The name as it is in C. Two names that are the same there cannot stand side by side."""
    return name.replace("-", "_").replace(".", "_")


def definition_fault(kind: str, name: str, pragmas: Pragmas, dialect: Dialect) -> str:
    """What is wrong with the name of a definition of this kind."""
    ending = next((end for end in dialect.reserved_endings if name.endswith(end)), "")
    if ending and (kind in _TYPES or dialect.naming is Naming.FREE):
        return f"'{name}' ends in '{ending}', which is reserved"
    stem = _stem(name)
    if not stem:
        return f"'{name}' {_INVALID}"
    return _case_fault(kind, name, stem, pragmas) if dialect.naming is Naming.BY_KIND else ""


def _case_fault(kind: str, name: str, stem: str, pragmas: Pragmas) -> str:
    if kind in _TYPES:
        return "" if _CAMEL_CASE.fullmatch(stem) else f"the name of a type is in CamelCase, unlike '{name}'"
    if kind == "event":
        return "" if _UPPER_CASE.fullmatch(stem) else f"the name of an event is in UPPER_CASE, unlike '{name}'"
    if name in pragmas.command_names:
        stem = stem.replace("_", "-")
    return (
        "" if _LOWER_CASE.fullmatch(stem) else f"the name of a command is in lower-case with hyphens, unlike '{name}'"
    )


def member_fault(name: str, dialect: Dialect, *, is_exception: bool) -> str:
    """What is wrong with the name of a member, without its `*`. The name of an exception is in any case."""
    return _reserved_fault(name) or lower_case_fault(name, dialect, is_exception=is_exception)


def value_fault(name: str, dialect: Dialect, *, is_exception: bool) -> str:
    """What is wrong with the name of an enum's value, which a digit may start."""
    spelled = f"d{name}" if name[:1].isdigit() else name
    return lower_case_fault(spelled, dialect, is_exception=is_exception).replace(f"'{spelled}'", f"'{name}'")


def lower_case_fault(name: str, dialect: Dialect, *, is_exception: bool = False) -> str:
    """What is wrong with a name in lower case. The name of an exception is in any case."""
    stem = _stem(name)
    if not stem:
        return f"'{name}' {_INVALID}"
    if is_exception or _LOWER_CASE.fullmatch(stem):
        return ""
    if dialect.naming is Naming.FREE and name == name.lower():
        return ""
    return f"'{name}' is not in lower-case with hyphens"


def _stem(name: str) -> str:
    """A name without a prefix for downstream and for experiments; empty for what is no valid name."""
    found = _NAME.fullmatch(name)
    return found["stem"] if found and not c_name(name).startswith("q_") else ""


def _reserved_fault(name: str) -> str:
    spelled = c_name(name)
    return f"'{name}' is reserved" if spelled == "u" or spelled.startswith("has_") else ""

"""Build conditions: what `if` says of the configuration that a definition, member, value or feature needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Symbol:
    """True where QEMU was built with this preprocessor symbol."""

    name: str


@dataclass(frozen=True, slots=True)
class All:
    """True where every one is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True where at least one is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the other is not."""

    condition: Condition


Condition = Symbol | All | Any | Not


def text(condition: Condition, *, nested: bool = False) -> str:
    """The condition in one line: `CONFIG_LINUX and not CONFIG_WIN32`."""
    match condition:
        case Symbol(name):
            return name
        case Not(inner):
            return f"not {text(inner, nested=True)}"
        case All(conditions) | Any(conditions) if len(conditions) == 1:
            return text(conditions[0], nested=nested)
        case All(conditions):
            joined = " and ".join(text(inner, nested=True) for inner in conditions)
        case Any(conditions):
            joined = " or ".join(text(inner, nested=True) for inner in conditions)
        case _:
            assert_never(condition)
    return f"({joined})" if nested else joined


def symbols(condition: Condition) -> frozenset[str]:
    """The names of all symbols that the condition speaks of."""
    match condition:
        case Symbol(name):
            return frozenset([name])
        case Not(inner):
            return symbols(inner)
        case All(conditions) | Any(conditions):
            return frozenset().union(*map(symbols, conditions))
        case _:
            assert_never(condition)


def is_true(condition: Condition, known: Mapping[str, bool]) -> bool | None:
    """Whether a condition is true, by what is known of the symbols; None where that does not tell."""
    match condition:
        case Symbol(name):
            return known.get(name)
        case Not(inner):
            value = is_true(inner, known)
            return None if value is None else not value
        case All(conditions) | Any(conditions):
            decisive = isinstance(condition, Any)
            values = {is_true(inner, known) for inner in conditions}
            return decisive if decisive in values else None if None in values else not decisive
        case _:
            assert_never(condition)


_MAXIMUM_WORDS = 100
"""QEMU's longest has 23; the limit keeps a hostile one from nesting without end."""
_C_TOKEN = re.compile(r"\s*(defined\s*\(\s*\w+\s*\)|\|\||&&|!|\(|\)|\w+)")


def parse_c(condition: str) -> Condition:
    """The condition that a C preprocessor expression states, as schemas had them before 6.2.

    What is more than `defined(X)`, `!`, `&&`, `||` and parentheses gives a symbol that holds all of the text.
    """
    words = _C_TOKEN.findall(condition)
    if len(words) > _MAXIMUM_WORDS or "".join(words).replace(" ", "") != condition.replace(" ", ""):
        return Symbol(condition)
    try:
        result, rest = _any(words)
    except IndexError:
        return Symbol(condition)
    return Symbol(condition) if rest else result


_Read = tuple[Condition, list[str]]


def _any(words: list[str]) -> _Read:
    return _chain("||", _all, Any, words)


def _all(words: list[str]) -> _Read:
    return _chain("&&", _not, All, words)


def _chain(
    operator: str,
    operand: Callable[[list[str]], _Read],
    joined: Callable[[tuple[Condition, ...]], Condition],
    words: list[str],
) -> _Read:
    first, words = operand(words)
    conditions = [first]
    while words and words[0] == operator:
        following, words = operand(words[1:])
        conditions.append(following)
    return (joined(tuple(conditions)) if len(conditions) > 1 else first), words


def _not(words: list[str]) -> _Read:
    match words[0]:
        case "!":
            inner, words = _not(words[1:])
            return Not(inner), words
        case "(":
            inner, words = _any(words[1:])
            if words[0] != ")":
                raise IndexError
            return inner, words[1:]
        case word if found := re.fullmatch(r"defined\s*\(\s*(\w+)\s*\)|(\w+)", word):
            return Symbol(found[1] or found[2]), words[1:]
        case _:
            raise IndexError

"""How deep arrays and objects stand in each other."""

from __future__ import annotations

MAXIMUM_DEPTH = 100
"""Of what an example says, and of what is said to it. QMP's own messages stay below 20."""


def is_deeper(value: object, limit: int) -> bool:
    """Whether more than so many arrays and objects of a decoded JSON value stand in each other.

    How deep a value is that can be decoded depends on the version of Python.
    """
    level = _containers([value])
    for _ in range(limit):
        level = _containers([item for one in level for item in (one.values() if isinstance(one, dict) else one)])
        if not level:
            return False
    return bool(level)


def _containers(values: list[object]) -> list[dict[str, object] | list[object]]:
    return [value for value in values if isinstance(value, dict | list)]

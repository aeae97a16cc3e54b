"""Where a fault is reported."""

from __future__ import annotations

from dataclasses import dataclass

from qapidoc_ext.source import Finding, Location


def in_definition(start: Location, place: Location, message: str) -> Finding:
    """A fault of a definition that starts at `start`; where its `place` is on another line, the message says so.

    QEMU reports all faults of a definition at its first line; tools that compare with it count on that.
    """
    if place.line == start.line:
        return Finding(location=place, message=message)
    return Finding(location=start, message=f"{message} (at {place.line}:{place.column})")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in an object at the top of a file, by the offset of the value that has it."""

    offset: int
    message: str

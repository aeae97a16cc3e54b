"""What a documentation comment describes, and on which line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qapidoc_ext.schema.parser import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFault:
    """What is wrong with a comment, and on which line."""

    line: int
    message: str


@dataclass(slots=True, kw_only=True)
class Outline:
    """The parts of a comment, filled while it is read. A number is that of the line where the part begins."""

    path: str
    line: int
    """The first one."""
    name: str = ""
    """Of the definition that is documented; empty for text that stands for itself."""
    members: dict[str, int] = field(default_factory=dict)
    features: dict[str, int] = field(default_factory=dict)
    returns: int = 0
    """0 where there is none."""
    errors: int = 0
    faults: list[LineFault] = field(default_factory=list)
    """In the order in which QEMU would come upon them."""

    def report(self, line: int, message: str) -> None:
        """Keep what is wrong with a line."""
        self.faults.append(LineFault(line=line, message=message))

    def read_name(self, line: Line) -> None:
        """Take the name of the definition from the comment's first line, which starts with `@`."""
        number, text = line
        self.name = text[1:].removesuffix(":")
        if not text.endswith(":"):
            self.report(number, "the line that names the definition must end with ':'")
        elif not self.name:
            self.report(number, "behind '@', the name of the definition is missing")

    def add(self, kind: dict[str, int], name: str, line: int) -> None:
        """Note a member or a feature."""
        if not name:
            self.report(line, "behind '@', a name is missing")
        elif name in kind:
            self.report(line, f"'{name}' is described twice")
        kind.setdefault(name, line)


def leading_spaces(text: str) -> int:
    """How far a line is indented."""
    return len(text) - len(text.lstrip())


def first_written(lines: Sequence[Line], index: int) -> int:
    """The index of the first line that is not blank, from `index` on."""
    while index < len(lines) and not lines[index][1]:
        index += 1
    return index

"""The text of an example, which turns offsets into places."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from qapidoc_ext.source import Finding, Location, SourceError


@dataclass(frozen=True)
class Text:
    """A text that starts at a place of a file: at its first character, or where a document has a block of code."""

    content: str
    origin: Location

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(newline.end() for newline in re.finditer("\n", self.content))]

    def location(self, offset: int) -> Location:
        """The place of a character, counted from 0."""
        line = bisect_right(self._line_starts, offset)
        column = offset - self._line_starts[line - 1]
        return Location(
            path=self.origin.path,
            line=max(self.origin.line, 1) + line - 1,
            column=max(self.origin.column, 1) + column,
        )

    def finding(self, offset: int, message: str) -> Finding:
        """A fault at the place of a character."""
        return Finding(location=self.location(offset), message=message)

    def fault(self, offset: int, message: str) -> SourceError:
        """The error that holds just the fault at the place of a character."""
        return SourceError([self.finding(offset, message)])

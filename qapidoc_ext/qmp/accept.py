"""Examples that fail, with what QEMU really said in the place of what they expect: nothing else of them is changed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, TypeAlias, cast

from qapidoc_ext.qmp.binary import Answers
from qapidoc_ext.qmp.blocks import divide, without_marks
from qapidoc_ext.qmp.match import counted
from qapidoc_ext.qmp.merge import merged
from qapidoc_ext.qmp.notation import end_of_expected
from qapidoc_ext.qmp.outcome import Difference, Failed, Run
from qapidoc_ext.qmp.pattern import ArrayPattern, Gap, ObjectPattern, Pattern
from qapidoc_ext.qmp.printed import WIDTH, printed
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import Rules, run_all
from qapidoc_ext.qmp.script import Script, parse
from qapidoc_ext.qmp.step import ExpectedEvent, ExpectedReply, HostStep
from qapidoc_ext.source import SourceError, SourceText

MAXIMUM_ROUNDS = 200
"""How often the examples of a session run: each time, one more step expects what there was."""
_MARK = "   "
"""As wide as `<- `."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Examples of a session, before and after."""

    before: tuple[Script, ...]
    after: tuple[Script, ...]
    runs: tuple[Run, ...]
    """What they do now; some may still fail."""


def accept(session: Sequence[Script], programs: Programs, rules: Rules) -> Accepted:
    """The examples, so that they expect what QEMU says, as far as a step says that it expects something."""
    scripts = list(session)
    answers: Answers = {}
    for _ in range(MAXIMUM_ROUNDS):
        (runs,) = run_all([scripts], programs, rules, answers=answers)
        corrected = [_corrected(run) for run in runs]
        if not any(corrected):
            break
        scripts = [new or old for new, old in zip(corrected, scripts, strict=True)]
    return Accepted(before=tuple(session), after=tuple(scripts), runs=tuple(runs))


def _corrected(run: Run) -> Script | None:
    """The example with one step corrected, None where it is right, or no correction can be read."""
    match run.outcome:
        case Failed(difference=Difference() as difference) if difference.step in run.script.steps:
            try:
                text = _applied(run.script.text, list(_edits(run.script, difference)))
                return parse(text, run.script.location) if text != run.script.text else None
            except SourceError:  # a later step needs what is no longer captured
                return None
        case _:
            return None


_Edit: TypeAlias = tuple[int, int, str]
"""The offsets of what is replaced, and what by."""


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edits(script: Script, difference: Difference) -> Iterator[_Edit]:
    text = without_marks(SourceText(script.text, script.location))
    match difference.step:
        case ExpectedReply() | ExpectedEvent() as step:
            pattern = _expected(step, difference.got)
            got = counted(pattern, cast("Mapping[str, Any]", difference.got))
            new = merged(pattern, got, difference.captures)
            yield from _Editor(text, step.hidden).edits(pattern, new)
        case HostStep() as step:
            yield _host_edit(SourceText(script.text, script.location), step, difference.got)


def _expected(step: ExpectedReply | ExpectedEvent, message: object) -> ObjectPattern:
    """The pattern that the message should have fitted: of several, the first that is an error as it is, or not."""
    patterns = step.patterns if isinstance(step, ExpectedReply) else ()
    members = cast("Mapping[str, Any]", message)
    alike = [each for each in patterns if members.keys() & {"return", "error"} & dict(each.members).keys()]
    return alike[0] if alike else step.pattern


@dataclass(frozen=True, slots=True)
class _Editor:
    """Changes what is different between a pattern that stands in a text and another one."""

    text: SourceText
    is_hidden: bool
    """Whether a line that is added would need the mark that hides it: then none is."""

    def edits(self, old: Pattern, new: Pattern) -> Iterator[_Edit]:
        if new is old:
            return
        match old, new:
            case ObjectPattern(), ObjectPattern() if _names(old) == _names(new):
                for (_, before), (_, after) in zip(old.members, new.members, strict=True):
                    yield from self.edits(before, after)
            case ArrayPattern(), ArrayPattern() if _gaps(old) == _gaps(new):
                for before, after in zip(old.items, new.items, strict=True):
                    yield from self.edits(before, after)
            case _:
                start = self.text.offset(old.location)
                width = math.inf if self.is_hidden else WIDTH
                yield start, end_of_expected(self.text, start), printed(new, self._indentation(start), width)

    def _indentation(self, offset: int) -> str:
        """That of the line, where `<-` counts as its indentation."""
        line = self.text.content[self.text.content.rfind("\n", 0, offset) + 1 : offset]
        return line[: len(line) - len(line.lstrip(" "))] or _MARK


def _names(pattern: ObjectPattern) -> tuple[list[str], bool]:
    return [name for name, _ in pattern.members], pattern.open


def _gaps(pattern: ArrayPattern) -> list[bool]:
    return [isinstance(item, Gap) for item in pattern.items]


def _host_edit(text: SourceText, step: HostStep, value: object) -> _Edit:
    """The lines below a host step, which say what it returns."""
    at = text.offset(step.location)
    (block,) = [block for block in divide(text) if block.start == at]
    below = text.content[block.first_line_end : block.end]
    line_start = text.content.rfind("\n", 0, at) + 1
    before = text.content[line_start:at]
    end = block.first_line_end + len(below.rstrip())
    return block.first_line_end, end, "" if value is None else f"\n{before}{value!r}"


def rewritten(content: str, accepted: Sequence[Accepted]) -> str:
    """The text of a file, where the examples in it are as they are after.

    :raise SourceError: an example stands in it in another way than with each line indented by the same spaces.
    """
    lines = content.split("\n")
    pairs = [pair for each in accepted for pair in zip(each.before, each.after, strict=True)]
    for before, after in sorted(pairs, key=lambda pair: pair[0].location, reverse=True):
        if before is not after:
            old, new = before.text.split("\n"), after.text.split("\n")
            # Options can stand there in another notation.
            same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
            start = max(before.location.line, 1) - 1 + same
            end = start + len(old) - same
            indentation = " " * (max(before.location.column, 1) - 1)
            written = [indentation + line.rstrip() for line in old[same:]]
            if "\r\n" in content or [line.rstrip() for line in lines[start:end]] != [line.rstrip() for line in written]:
                why = "its lines end with CR LF" if "\r\n" in content else "its lines are not indented alike"
                raise SourceText(content, before.location).fault(0, f"cannot be rewritten where it stands: {why}")
            lines[start:end] = [indentation + line if line else "" for line in new[same:]]
    return "\n".join(lines)

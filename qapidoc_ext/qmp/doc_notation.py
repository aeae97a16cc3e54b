"""The text of a message in a documentation comment to a pattern, as far as it is JSON.

What is left out is written `...` or, with words that say what it is, `... words ...`, around which there can be
brackets or braces that mean nothing. A comma can be missing or be too many beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qapidoc_ext.qmp.notation import read_expected
from qapidoc_ext.qmp.pattern import Pattern
from qapidoc_ext.source import Finding, SourceError, SourceText

_MAXIMUM_FAULTS = 100
"""In one message; what is wrong behind them is not looked for."""
_WORDS = re.compile(
    r"""  "(?:[^"\\\n]|\\.)*"
        | (?P<gap> (?:(?P<open>[\[{])[ ]*)? \.\.\. (?P<words>[^"{}\[\],\n]*?) \.\.\. (?(open)[ ]*[]}]) )""",
    re.VERBOSE,
)
_ENDS_WITH_GAP = re.compile(r"\.\.\.\s*[}\]]?\s*\Z")
_SINGLE_QUOTED = re.compile(r"'[^'\"\\\n]*'")


def read_message(text: SourceText, start: int, end: int) -> tuple[Pattern | None, list[Finding]]:
    """What is written between two offsets, None where that cannot be told; and in how far it is not JSON."""
    message = _WORDS.sub(_without_words, text.content[start:end])
    text = replace(text, content=text.content[:start] + message)
    findings: list[Finding] = []
    for _ in range(_MAXIMUM_FAULTS):
        read = _read(text, start)
        if not isinstance(read, SourceError):
            return read, findings
        stop = read.findings[0]
        offset = text.offset(stop.location)
        repair = next((one for one in _repairs(text, start, offset) if _is_read_further(one, start, offset)), None)
        if repair is None:
            return None, [*findings, _not_json(stop)]
        if not repair.is_beside_gap:
            findings.append(_not_json(text.finding(repair.offset, repair.message)))
        text = repair.text
    return None, findings


def _without_words(found: re.Match[str]) -> str:
    return "...".ljust(len(found[0])) if found["gap"] else found[0]


def _read(text: SourceText, start: int) -> Pattern | SourceError:
    try:
        return read_expected(text, start, len(text.content))
    except SourceError as error:
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repair:
    """What may help where a message cannot be read further."""

    text: SourceText
    """The changed one. All offsets are those of the original."""
    offset: int
    """Where something was wrong."""
    message: str
    """What was wrong."""
    is_beside_gap: bool


def _repairs(text: SourceText, start: int, offset: int) -> Iterator[_Repair]:
    """The changes that may help where reading stops at this offset."""
    end = start + len(text.content[start:offset].rstrip())
    space = text.content.find(" ", end, offset)
    if space >= 0:
        yield replace(_repair(text, space, ",", "',' is missing"), offset=end)
    if text.content.endswith(",", start, end):
        yield _repair(text, end - 1, " ", "nothing follows this ','")
    if quoted := _SINGLE_QUOTED.match(text.content, offset):
        yield _repair(text, offset, f'"{quoted[0][1:-1]}"', "a string stands in double quotes")


def _repair(text: SourceText, offset: int, written: str, message: str) -> _Repair:
    before, behind = text.content[:offset], text.content[offset + len(written) :]
    return _Repair(
        text=replace(text, content=f"{before}{written}{behind}"),
        offset=offset,
        message=message,
        is_beside_gap=bool(_ENDS_WITH_GAP.search(before)) or behind.lstrip().startswith("..."),
    )


def _is_read_further(repair: _Repair, start: int, offset: int) -> bool:
    read = _read(repair.text, start)
    return not isinstance(read, SourceError) or repair.text.offset(read.findings[0].location) > offset


def _not_json(finding: Finding) -> Finding:
    return replace(finding, message=f"not JSON: {finding.message}")

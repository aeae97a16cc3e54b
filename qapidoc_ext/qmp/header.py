"""The `:option: value` lines before the first step of an example."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from qapidoc_ext.introspect import probe
from qapidoc_ext.qmp.blocks import Block
from qapidoc_ext.source import Finding, Location, SourceError, SourceText

_OPTION = re.compile(r":(?P<option>[^:\s]+):[ \t]*(?P<value>.*\S)?\s*")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A query that has to find something in the introspection of the QEMU that runs the example."""

    query: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the options say; "" and () for those that are not there."""

    name: str = ""
    title: str = ""
    requires: tuple[Requirement, ...] = ()


_OPTIONS = [field.name for field in fields(Header)]


def read_header(text: SourceText, options: Iterable[Block]) -> tuple[Header, list[Finding]]:
    """What the options say, and every fault in them."""
    values: dict[str, str] = {}
    requires: tuple[Requirement, ...] = ()
    findings: list[Finding] = []
    for block in options:
        try:
            option, start, value = _option(text, block)
            if option in values:
                raise text.fault(block.start, f"the option '{option}' stands here twice")
            values[option] = value
            if option == "requires":
                requires = _requirements(text, start, value)
            if option == "name" and not _NAME.fullmatch(value):
                raise text.fault(start, "a name has small letters, digits and single hyphens between them")
        except SourceError as error:
            findings += error.findings
    return Header(name=values.get("name", ""), title=values.get("title", ""), requires=requires), findings


def _option(text: SourceText, block: Block) -> tuple[str, int, str]:
    """The name of the option, the offset of its value, and its value."""
    found = _OPTION.fullmatch(text.content, block.start, block.end)
    if found is None:
        raise text.fault(block.start, "not an option, which is written ':name: value'")
    if found["option"] not in _OPTIONS:
        raise text.fault(block.start, f"no option is called '{found['option']}', only {', '.join(_OPTIONS)}")
    if not found["value"]:
        raise text.fault(block.start, f"the option '{found['option']}' has no value")
    return found["option"], found.start("value"), found["value"]


def _requirements(text: SourceText, start: int, value: str) -> tuple[Requirement, ...]:
    requirements: list[Requirement] = []
    findings: list[Finding] = []
    for part in value.split(","):
        offset = start + len(part) - len(part.lstrip())
        query = part.strip()
        try:
            probe.check(query)
        except probe.QueryError as error:
            findings.append(text.finding(offset, str(error)))
        requirements.append(Requirement(query=query, location=text.location(offset)))
        start += len(part) + 1
    if findings:
        raise SourceError(findings)
    return tuple(requirements)

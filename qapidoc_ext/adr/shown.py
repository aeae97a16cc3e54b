"""What pages show: arguments, and what verdicts can rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from qapidoc_ext.adr.page import Directive, Page
from qapidoc_ext.adr.scenarios import SCENARIO, attempts_of
from qapidoc_ext.adr.verdict import Evidence
from qapidoc_ext.qmp.scenario import Attempt
from qapidoc_ext.qmp.script import Script, parse, parse_file
from qapidoc_ext.source import Finding, Location, SourceError

ARGUMENTS = "decision-arguments"
EXAMPLE = "qmp-example"
INTERFACE = "interface-change"
RECORDED = "recorded-answers"
FITTING = {
    EXAMPLE: {Evidence.LIVE, Evidence.SIMULATED},
    INTERFACE: {Evidence.SIMULATED},
    RECORDED: {Evidence.RECORDED},
    SCENARIO: {Evidence.SIMULATED},
}
"""What each directive can be evidence of."""


def attempts_on(directive: Directive) -> list[Attempt]:
    """What a scenario's directive shows; nothing where it has faults, which are told elsewhere."""
    try:
        return attempts_of(directive.argument, directive.options, directive.location)
    except SourceError:
        return []


def script_of(directive: Directive, path: str) -> Script | None:
    """The example that a directive on this page shows; None where it has faults, which whoever runs it tells."""
    try:
        return _read(directive, path)
    except SourceError:
        return None


def unreadable(pages: Iterable[Page]) -> Iterator[Finding]:
    """What is wrong with the examples that cannot be read, for whoever does not run them."""
    for page in pages:
        for directive in page.directives:
            if directive.name == EXAMPLE:
                try:
                    _read(directive, page.path)
                except SourceError as error:
                    yield from error.findings


def _read(directive: Directive, path: str) -> Script:
    options = {key: value for key, value in directive.options.items() if key != "file"}
    text = "\n".join([*(f":{key}: {value}".rstrip() for key, value in options.items()), directive.content])
    if "file" in directive.options:
        return parse_file(Path(path).parent / directive.options["file"])
    return parse(text, Location(path=path, line=directive.content_line - len(options)))

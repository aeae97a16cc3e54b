"""The directive `option-scenario`: a scenario, tried with the interface of each option."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.typing import OptionSpec

from qapidoc_ext.adr.scenarios import SCENARIO, attempts_of
from qapidoc_ext.qmp.scenario import Attempt
from qapidoc_ext.qmp.shim.options import OPTIONS
from qapidoc_ext.render.build import folded
from qapidoc_ext.source import Location
from qapidoc_ext.sphinx_ext.computed import ComputedDirective
from qapidoc_ext.sphinx_ext.domain import ExampleSource
from qapidoc_ext.sphinx_ext.nodes import qmp_example, record_view


class ScenarioDirective(ComputedDirective):
    """`option-scenario NAME`: the facts that all options give, and the transcripts, which are examples like others."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {"folder": directives.unchanged}

    def computed(self, place: Location) -> list[nodes.Node]:
        """Nodes that stand for them."""
        attempts = attempts_of(self.arguments[0], self.options, place)
        for file in sorted((Path(place.path).parent / self.options.get("folder", "")).glob("*.qmp")):
            self.env.note_dependency(str(file))
        names = [(attempt.option, attempt.name) for attempt in attempts]
        facts = record_view(view=SCENARIO, argument=self.arguments[0], names=names)
        return [facts, *(_transcript(attempt, place) for attempt in attempts if attempt.script)]


def _transcript(attempt: Attempt, place: Location) -> nodes.Node:
    script = attempt.script
    assert script is not None
    title = OPTIONS[attempt.option].title
    is_file = Path(script.location.path).is_file()
    source = ExampleSource(script.location.path if is_file else place.path, 1 if is_file else place.line, script.text)
    return folded(f"{attempt.option}: {title}", qmp_example(source=source, title=title))

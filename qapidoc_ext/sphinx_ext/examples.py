"""Examples in documents: directives collect them, and what happened when they ran fills the pages."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import RSTState
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from qapidoc_ext.qmp.header import OPTIONS
from qapidoc_ext.qmp.script import Script, parse, parse_file
from qapidoc_ext.render.example import judged_example, unreadable_example
from qapidoc_ext.render.transcript import transcript
from qapidoc_ext.source import Finding, Location, SourceError, read_text
from qapidoc_ext.sphinx_ext.domain import ExampleSource, Unreadable, qapi_domain
from qapidoc_ext.sphinx_ext.nodes import qmp_example
from qapidoc_ext.sphinx_ext.report import logger


class ExampleDirective(SphinxDirective):
    """`qmp-example`: an exchange, as content or, with `:file:`, from a .qmp file.

    With `:annotated:`, as in QEMU's manual, the content is text with blocks of QMP in it. It is shown, not executed.
    """

    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "file": directives.path,
        "annotated": directives.flag,
        **dict.fromkeys(OPTIONS, directives.unchanged),
    }

    def run(self) -> list[nodes.Node]:
        """A node that stands for the example."""
        title = self.options.get("title", "Example")
        source = self._file() if "file" in self.options else self._content()
        judged = qapi_domain(self.env).judged_at(self._first_line())
        if "annotated" in self.options:
            return [judged_example(title, judged, *self.parse_content_to_nodes())]
        text = "\n".join(self.content)
        if judged:
            return [judged_example(title, judged, nodes.literal_block(text, text, language="QMP"))]
        return [qmp_example(text, source=source, title=title)]

    def _first_line(self) -> Location:
        """Where the content begins: a schema's file, where it stands in a comment."""
        items = getattr(self.content, "items", ())
        return Location(items[0][0], items[0][1] + 1) if items else Location("")

    def _file(self) -> ExampleSource:
        _, path = self.env.relfn2path(self.options["file"])
        self.env.note_dependency(path)
        named = self.get_location()
        if self.content or len(self.options) > 1:
            logger.warning("this example is in a file, so what else stands here is not shown", location=named)
        return ExampleSource(path, named=named)

    def _content(self) -> ExampleSource:
        """The options, each on the line that it has below the directive, and the content."""
        _, directive = self.get_source_info()
        start = content_start(self)
        options = [f":{name}: {' '.join((value or '').split())}".rstrip() for name, value in self.options.items()]
        blank = [""] * max(start.line - directive - 1 - len(options), 0) if options else []
        return ExampleSource(
            start.path, start.line - len(options) - len(blank), "\n".join([*options, *blank, *self.content])
        )


def content_start(directive: SphinxDirective) -> Location:
    """Where the first line of its content stands, or would stand."""
    path, line = directive.get_source_info()
    state: object = directive.state  # MyST's only looks like docutils' one
    if not isinstance(state, RSTState):
        return Location(path, line + directive.content_offset + 1)  # MyST counts from the fence
    if directive.content:
        path, offset = directive.content.items[0]
        return Location(path, offset + 1)
    return Location(path, line + len(directive.options) + bool(directive.options))


def collect_examples(app: Sphinx, doctree: nodes.document) -> None:
    """Read the examples of the document that was just read, and remember them."""
    found = list(doctree.findall(qmp_example))
    for index, example in enumerate(found):  # a builder may leave some out, or put those of several documents together
        example["docname"], example["index"] = app.env.current_document.docname, index
    qapi_domain(app.env).note_examples([_example(app.env, example["source"]) for example in found])


def _example(env: BuildEnvironment, source: ExampleSource) -> Script | Unreadable:
    """The example. Its document is read again when a set-up changes, or where it has faults."""
    try:
        script = _read(source)
    except SourceError as error:
        env.note_reread()
        return Unreadable(tuple(_placed(finding, source) for finding in error.findings))
    for setup in script.setups:
        env.note_dependency(setup.location.path)
    return script


def _placed(finding: Finding, source: ExampleSource) -> Finding:
    """A fault of a file as a whole, such as that it is not there, at the place that names the file."""
    path, _, line = source.named.rpartition(":")
    return finding.named_at(Location(path=path, line=int(line))) if line.isdecimal() else finding


def _read(source: ExampleSource) -> Script:
    return parse(source.text, _start(source)) if source.line else parse_file(Path(source.path))


def _start(source: ExampleSource) -> Location:
    """Where the text begins in its document: a directive's content may be indented there."""
    lines = read_text(Path(source.path)).split("\n")
    written = lines[source.line - 1] if source.line <= len(lines) else ""
    column = max(written.find(source.text.split("\n")[0]), 0) + 1
    return Location(path=source.path, line=source.line, column=column)


class ShowRuns(SphinxPostTransform):
    """Puts what happened where the examples stand, before links and tabs in it are resolved."""

    default_priority = 6
    in_tabs: ClassVar[bool] = False

    def run(self, **_arguments: object) -> None:
        """Replace the nodes that stand for examples."""
        domain = qapi_domain(self.env)
        for node in list(self.document.findall(qmp_example)):
            docname, index = node["docname"], node["index"]
            result, example = domain.runs[docname][index], domain.examples[docname][index]
            if isinstance(example, Unreadable):
                shown = unreadable_example(node["title"], node["source"].text, example.findings)
            else:
                assert result
                shown = transcript(result, in_tabs=self.in_tabs)
            node.replace_self(shown)


class ShowRunsInTabs(ShowRuns):
    """The same for pages that can have tabs."""

    default_priority = 5
    formats = ("html",)
    in_tabs = True

"""Examples in documents: directives collect them, all run once every document is read, the results fill the pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import RSTState
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.display import status_iterator
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from qapidoc_ext.qmp.outcome import Failed, Run, Skipped
from qapidoc_ext.qmp.programs import ProgramError, Programs
from qapidoc_ext.qmp.run import EMULATOR, run
from qapidoc_ext.qmp.script import Script, parse, parse_file
from qapidoc_ext.render.text import schema_example
from qapidoc_ext.render.transcript import transcript
from qapidoc_ext.source import Finding, Location, SourceError, read_text
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.domain import ExampleSource, qapi_domain
from qapidoc_ext.sphinx_ext.nodes import qmp_example
from qapidoc_ext.sphinx_ext.report import Subject, logger, report_faults, warn_missing


class ExampleDirective(SphinxDirective):
    """`qmp-example`: an exchange, as content or, with `:file:`, from a .qmp file.

    With `:annotated:`, as in QEMU's manual, the content is text with blocks of QMP in it. It is shown, not executed.
    """

    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "file": directives.path,
        "title": directives.unchanged,
        "annotated": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """A node that stands for the example."""
        title = self.options.get("title", "Example")
        if "annotated" in self.options:
            return [schema_example(title, *self.parse_content_to_nodes())]
        return [qmp_example(source=self._file() if "file" in self.options else self._content(), title=title)]

    def _file(self) -> ExampleSource:
        _, path = self.env.relfn2path(self.options["file"])
        self.env.note_dependency(path)
        named = self.get_location()
        if self.content:
            logger.warning("this example is in a file, so what stands here is not shown", location=named)
        return ExampleSource(path, named=named)

    def _content(self) -> ExampleSource:
        """The content and its first line, which docutils counts in the file, and MyST from the fence."""
        path, line = self.get_source_info()
        state: object = self.state  # MyST's only looks like docutils' one
        if isinstance(state, RSTState) and self.content:
            path, offset = self.content.items[0]
            return ExampleSource(path, offset + 1, "\n".join(self.content))
        return ExampleSource(path, line + self.content_offset + 1, "\n".join(self.content))


def collect_examples(app: Sphinx, doctree: nodes.document) -> None:
    """Remember which examples the document has that was just read."""
    examples = list(doctree.findall(qmp_example))
    for index, example in enumerate(examples):
        example["index"] = index  # a builder may leave some of the nodes out
    qapi_domain(app.env).note_examples([example["source"] for example in examples])


def run_examples(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Run the examples of all documents, in the main process. Gives the documents to be written again: those."""
    domain = qapi_domain(env)
    folder = config_of(app.config).qemu
    programs = Programs(folder=str(app.confdir / folder) if folder else "")
    wanted = [(docname, source) for docname, sources in domain.examples.items() for source in sources]
    domain.runs = {docname: [] for docname, _ in wanted}
    if not wanted:
        return []
    _warn_without_qemu(programs, len(wanted))
    for docname, source in status_iterator(
        wanted, "running examples... ", "green", len(wanted), app.verbosity, stringify_func=lambda item: item[1].path
    ):
        domain.runs[docname].append(_run(app, source, programs))
    return domain.runs


def _run(app: Sphinx, source: ExampleSource, programs: Programs) -> Run | None:
    """What happened, None where the example cannot be read; faults are reported."""
    try:
        script = _read(source)
    except SourceError as error:
        report_faults(app, [_placed(finding, source) for finding in error.findings], Subject.EXAMPLE)
        return None
    result = run(script, programs)
    match result.outcome:
        case Failed(findings=findings, stderr=stderr):
            report_faults(app, findings, Subject.EXAMPLE, stderr)
        case Skipped(reason=reason) if result.qemu:
            logger.info("%s: not executed: %s", script.location, reason)
        case _:
            pass
    return result


def _placed(finding: Finding, source: ExampleSource) -> Finding:
    """A fault of a file as a whole, such as that it is not there, at the place that names the file."""
    path, _, line = source.named.rpartition(":")
    if finding.location.line or not line.isdecimal():
        return finding
    return Finding(location=Location(path=path, line=int(line)), message=str(finding))


def _read(source: ExampleSource) -> Script:
    return parse(source.text, _start(source)) if source.line else parse_file(Path(source.path))


def _start(source: ExampleSource) -> Location:
    """Where the text begins in its document: a directive's content may be indented there."""
    lines = read_text(Path(source.path)).split("\n")
    written = lines[source.line - 1] if source.line <= len(lines) else ""
    column = max(written.find(source.text.split("\n")[0]), 0) + 1
    return Location(path=source.path, line=source.line, column=column)


def _warn_without_qemu(programs: Programs, count: int) -> None:
    try:
        programs.find(EMULATOR)
    except ProgramError as error:
        examples = "example is" if count == 1 else "examples are"
        warn_missing(f"{count} {examples} shown as not executed: {error}")


def show_runs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put what happened where the examples stand."""
    results = qapi_domain(app.env).runs.get(docname, [])
    for node in list(doctree.findall(qmp_example)):
        result = results[node["index"]]
        if result is None:
            error = nodes.literal_block("", node["source"].text, language="none")
            node.replace_self(schema_example(node["title"], nodes.paragraph("", "It has faults."), error))
        else:
            node.replace_self(transcript(result))

"""Examples in documents: directives collect them, all run once every document is read, the results fill the pages."""

from __future__ import annotations

from collections import deque
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

from qapidoc_ext.qmp.header import OPTIONS
from qapidoc_ext.qmp.outcome import Failed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import Rules, by_session, run_all
from qapidoc_ext.qmp.script import Script, parse, parse_file
from qapidoc_ext.render.example import judged_example, schema_example
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
        if judged:
            return [judged_example(title, judged, nodes.literal_block("", "\n".join(self.content), language="none"))]
        return [qmp_example(source=source, title=title)]

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
        path, directive = self.get_source_info()
        line = directive + self.content_offset + 1  # MyST counts from the fence
        state: object = self.state  # MyST's only looks like docutils' one
        if isinstance(state, RSTState) and self.content:
            path, offset = self.content.items[0]
            line = offset + 1
        options = [f":{name}: {' '.join((value or '').split())}".rstrip() for name, value in self.options.items()]
        blank = [""] * max(line - directive - 1 - len(options), 0) if options else []
        return ExampleSource(path, line - len(options) - len(blank), "\n".join([*options, *blank, *self.content]))


def collect_examples(app: Sphinx, doctree: nodes.document) -> None:
    """Remember which examples the document has that was just read."""
    examples = list(doctree.findall(qmp_example))
    for index, example in enumerate(examples):
        example["index"] = index  # a builder may leave some of the nodes out
    qapi_domain(app.env).note_examples([example["source"] for example in examples])


def run_examples(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Run the examples of all documents, in the main process. Gives the documents to be written again: those."""
    domain = qapi_domain(env)
    domain.runs = {}
    pages = {docname: [_script(app, source) for source in sources] for docname, sources in domain.examples.items()}
    for scripts in pages.values():
        _report_names(app, scripts)
    sessions = [session for scripts in pages.values() for session in by_session([*filter(None, scripts)])]
    runs = {id(run.script): run for run in _run(app, sessions)}
    for docname, scripts in pages.items():
        domain.runs[docname] = [runs[id(script)] if script else None for script in scripts]
    _warn_without_qemu(list(runs.values()))
    return domain.runs


def _run(app: Sphinx, sessions: list[list[Script]]) -> list[Run]:
    """What happened; faults are reported."""
    if not sessions:
        return []
    config = config_of(app.config)
    programs = Programs(folder=str(app.confdir / config.qemu) if config.qemu else "")
    rules = Rules(host_steps=config.host_steps, confined=config.confined)
    begun: deque[Script] = deque()
    progress = status_iterator(
        iter(begun.popleft, None), "running examples... ", "green", len(sessions), app.verbosity, stringify_func=_said
    )

    def started(script: Script) -> None:
        begun.append(script)
        next(progress)

    runs = [run for session in run_all(sessions, programs, rules, started=started) for run in session]
    for run in runs:
        match run.outcome:
            case Failed(findings=findings, stderr=stderr):
                report_faults(app, findings, Subject.EXAMPLE, stderr)
            case Skipped(reason=reason, program_is_missing=False):
                logger.info("%s: not executed: %s", run.script.location, reason)
            case _:
                pass
    return runs


def _said(script: Script) -> str:
    return f"{script.location.path} {script.header.name}".rstrip()


def _script(app: Sphinx, source: ExampleSource) -> Script | None:
    """The example, None where it cannot be read; its faults are reported."""
    try:
        return _read(source)
    except SourceError as error:
        report_faults(app, [_placed(finding, source) for finding in error.findings], Subject.EXAMPLE)
        return None


def _report_names(app: Sphinx, scripts: Iterable[Script | None]) -> None:
    """A name is an anchor, and the first word of what finds an example: no page has it twice."""
    named: dict[str, Location] = {}
    for script in filter(None, scripts):
        name = script.header.name
        if name in named:
            message = f"this page has an example called '{name}' already, at {named[name]}"
            report_faults(app, [Finding(location=script.location, message=message)], Subject.EXAMPLE)
        elif name:
            named[name] = script.location


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


def _warn_without_qemu(runs: Iterable[Run]) -> None:
    missing = [run.outcome for run in runs if isinstance(run.outcome, Skipped) and run.outcome.program_is_missing]
    if missing:
        examples = "example is" if len(missing) == 1 else "examples are"
        warn_missing(f"{len(missing)} {examples} shown as not executed: {missing[0].reason}")


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

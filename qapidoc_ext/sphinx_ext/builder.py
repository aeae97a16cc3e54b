"""The builder `qmp`: runs the examples of all documents, and writes no page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import assert_never

from docutils import nodes
from sphinx.builders import Builder

from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.sphinx_ext.domain import Unreadable, qapi_domain
from qapidoc_ext.sphinx_ext.report import logger


class QmpBuilder(Builder):
    """`sphinx-build -b qmp`, as `-b doctest` is for Python. Status 1 says that an example failed or has faults."""

    name = "qmp"
    epilog = "The examples' results are above."
    allow_parallel = True

    def get_outdated_docs(self) -> set[str]:
        """All documents with examples: what they did is told again in each build."""
        return set(qapi_domain(self.env).examples)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Nothing: there are no pages."""
        del docname, typ
        return ""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Say what each example did."""
        del docnames
        domain = qapi_domain(self.env)
        for docname in sorted(domain.examples):
            for example, run in zip(domain.examples[docname], domain.runs[docname], strict=True):
                if run is not None:
                    logger.info("%s", _line(run))
                elif isinstance(example, Unreadable):
                    logger.info("faulty   %s", example.findings[0].location)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Say how many examples did what."""
        runs = [run for page in qapi_domain(self.env).runs.values() for run in page]
        logger.info("%s", summary(runs))


def summary(runs: Sequence[Run | None]) -> str:
    """How many examples did what, `3 examples: 2 passed, 1 skipped`."""
    counts = Counter(_word(run) for run in runs)
    said = [f"{count} {word}" for word, count in sorted(counts.items())]
    return f"{len(runs)} {'example' if len(runs) == 1 else 'examples'}: {', '.join(said) or 'nothing to run'}"


def _line(run: Run) -> str:
    reason = run.not_executed or (run.outcome.reason if isinstance(run.outcome, Skipped) else "")
    name = f"{run.script.location} {run.script.header.name}".rstrip()
    return f"{_word(run):8} {name}{f': {reason}' if reason else ''}"


def _word(run: Run | None) -> str:
    if run is None:
        return "faulty"
    match run.outcome:
        case Passed():
            return "recorded" if run.not_executed else "passed"
        case Failed():
            return "failed"
        case Skipped():
            return "skipped"
        case _:
            assert_never(run.outcome)

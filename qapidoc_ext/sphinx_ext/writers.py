"""How a build with several processes writes its documents.

Sphinx's own process resolves them and has the others write them, which are one less than were asked for. With two
processes both wait for a good part of the time: the other one until Sphinx's own looks whether it has written what it
got, which it does now and then, and Sphinx's own when it has resolved all. Here it looks after each document, and
writes the last ones with the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import sphinx
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import __
from sphinx.util.build_phase import BuildPhase
from sphinx.util.display import status_iterator
from sphinx.util.parallel import ParallelTasks

from qapidoc_ext.sphinx_ext.beside import Tasks

_FEWEST = 50
"""Documents that a process is begun for where there are many. It takes as long to begin as to write some ten."""
_IS_EIGHT = sphinx.version_info < (9,)
_Resolved = tuple[str, nodes.document]


def share_writing(app: Sphinx) -> None:
    """Let all processes of a build write documents."""
    if hasattr(ParallelTasks, "_join_one"):  # a later Sphinx may have it all otherwise
        setattr(app.builder, "_write_parallel", partial(_write_parallel, app))  # noqa: B010 - it is Sphinx's own


class Writers(Tasks):
    """Processes that write some documents each, and end."""

    _failure: Exception | None = None

    def are_free(self) -> bool:
        """Whether one more may begin.

        :raise SphinxParallelError: one has failed.
        :raise EOFError: one was killed.
        """
        self._join_one()
        self._raise_failure()
        return self._pworking < self.nproc

    def finish(self) -> None:
        """Wait until all have ended.

        :raise SphinxParallelError: one has failed.
        :raise EOFError: one was killed.
        """
        self.join()
        self._raise_failure()

    def _join_one(self) -> bool:
        try:
            return super()._join_one()
        except Exception as error:
            self._failure = error  # add_task ends the others, and does not tell
            raise

    def _raise_failure(self) -> None:
        if self._failure:
            raise self._failure


def _write_parallel(app: Sphinx, docnames: Sequence[str], nproc: int) -> None:
    """What Sphinx's builders do in a method of this name."""
    first, *others = docnames
    _write(app, [_resolved(app, first)])  # what all need, such as templates, is made once
    writers = Writers(nproc)
    try:
        _share(app, others, writers)
        writers.finish()
    except BaseException:
        writers.terminate()
        raise


def _share(app: Sphinx, docnames: list[str], writers: Writers) -> None:
    write = partial(_write, app)
    fewest = min(_FEWEST, -(-len(docnames) // (2 * (writers.nproc + 1))))  # each process gets some
    ready: list[_Resolved] = []
    for docname in status_iterator(docnames, __("writing output... "), "darkgreen", len(docnames), app.verbosity):
        ready.append(_resolved(app, docname))
        if len(ready) >= fewest and writers.are_free():
            writers.add_task(write, ready)
            ready = []
    while ready:
        if len(ready) > fewest and writers.are_free():
            writers.add_task(write, ready[::2])
            ready = ready[1::2]
        write([ready.pop()])


def _resolved(app: Sphinx, docname: str) -> _Resolved:
    _set_phase(app, BuildPhase.RESOLVING)
    options: dict[str, Any] = {} if _IS_EIGHT else {"tags": app.tags}
    document = app.env.get_and_resolve_doctree(docname, app.builder, **options)
    app.builder.write_doc_serialized(docname, document)
    return docname, document


def _write(app: Sphinx, documents: list[_Resolved]) -> None:
    _set_phase(app, BuildPhase.WRITING)
    for docname, document in documents:
        app.builder.write_doc(docname, document)


def _set_phase(app: Sphinx, phase: BuildPhase) -> None:
    holder: Any = app if _IS_EIGHT else app.builder
    holder.phase = phase

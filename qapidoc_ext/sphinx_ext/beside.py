"""Work that another process does, in a build that may have several."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

_Result = TypeVar("_Result")


def beside(app: Sphinx, work: Callable[[], _Result]) -> Callable[[], _Result]:
    """Begin it, and return what waits for its result; a build with one process does it here and now.

    Whoever waits in vain gets a SphinxError: it has failed in the other process, or that was killed.
    """
    results: list[_Result] = []
    tasks = ParallelTasks(1) if parallel_available and app.parallel > 1 else SerialTasks()
    tasks.add_task(
        work, result_func=lambda *result: results.append(result[-1])
    )  # of another process, with its argument

    def wait() -> _Result:
        try:
            tasks.join()
        except EOFError as error:
            raise SphinxError("a process of this build was killed from outside: build again") from error
        return results[0]

    return wait

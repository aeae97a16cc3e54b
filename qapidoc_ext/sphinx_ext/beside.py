"""Work that another process does, in a build that may have several."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.parallel import ParallelTasks, parallel_available

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def shares(items: Sequence[_Item], size: int) -> list[Sequence[_Item]]:
    """The items in parts of this size, each for a process; the last one has what is left."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def beside(app: Sphinx, work: Callable[[], _Result]) -> Callable[[], _Result]:
    """Begin it, and return what waits for its result; a build with one process does it here and now.

    Only the process that has begun it can wait. It gets a SphinxError if it waits in vain: the work has failed in the
    other process, or that was killed.
    """
    if not parallel_available or app.parallel <= 1:
        result = work()
        return lambda: result
    results: list[_Result] = []
    tasks = Tasks(1)
    tasks.add_task(work, result_func=lambda _argument, result: results.append(result))
    # If nobody waits, a build that ends would: for a process that cannot get rid of its result.
    atexit.register(tasks.terminate)

    def wait() -> _Result:
        try:
            tasks.join()
        except (EOFError, OSError) as error:  # it ended before its result, or in the middle
            raise SphinxError("a process of this build was killed from outside: build again") from error
        finally:
            atexit.unregister(tasks.terminate)
        return results[0]

    return wait


class Tasks(ParallelTasks):
    """Processes that end where nobody is left to take their results: the one that has begun them was killed."""

    def _process(self, pipe: Connection, func: Callable[..., object], arg: object) -> None:
        for other_end in self._precvs.values():
            other_end.close()  # it is open here too: as long as it is, the pipe takes no notice
        with suppress(BrokenPipeError):
            super()._process(pipe, func, arg)

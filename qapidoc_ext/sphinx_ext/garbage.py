"""How often Python looks for garbage during a build.

Documents are made of nodes that know their parents, and Python's collector looks through all of them again and again: a
quarter of the time that a build takes, for little that is found. When Python ends, it does so for the last time, and
frees what the system is about to free: two seconds for an environment with a thousand documents. The processes that
read or write some documents and end leave their garbage to the system, too.
"""

from __future__ import annotations

import atexit
import gc
from multiprocessing.util import register_after_fork

from sphinx.application import Sphinx
from sphinx.config import Config

_NODES = 500_000
"""New objects, some fifty megabytes, after which it is worth looking at these."""
_NODES_IN_USE = 3_000_000
"""The same where other processes write documents: those that they have not written yet are in use."""
_NEVER = 1_000_000
"""Of such looks, after which Python looks again at what was in use then: the documents that are to be written."""


def collect_rarely(app: Sphinx, _config: Config) -> None:
    """Let the garbage of many documents pile up before it is looked for, and nobody look for it at the end."""
    before = gc.get_threshold()
    gc.unfreeze()  # what an earlier build in this process has left
    gc.set_threshold(_NODES_IN_USE if app.parallel > 1 else _NODES, _NEVER, _NEVER)
    register_after_fork(app, _leave_garbage)
    app.connect("build-finished", lambda *_: _collect_as_before(before), priority=1000)
    atexit.register(gc.freeze)


def _collect_as_before(threshold: tuple[int, int, int]) -> None:
    """Otherwise the next object could let Python look through all that the build has made, for seconds."""
    gc.freeze()
    gc.set_threshold(*threshold)


def _leave_garbage(_app: Sphinx) -> None:
    """Let a process that begins during a build look for none. One that begins later does as Python does."""
    if gc.get_threshold()[1] == _NEVER:
        gc.disable()

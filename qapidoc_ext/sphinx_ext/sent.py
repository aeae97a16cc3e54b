"""What a process that reads some documents sends back.

It sends its whole environment, what it began with too, of which Sphinx takes over only what belongs to these documents.
With a thousand documents that is a fifth of the processor time of a build with two processes.
"""

from __future__ import annotations

from multiprocessing.util import register_after_fork
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from qapidoc_ext.sphinx_ext.domain import QapiDomain

_BY_DOCUMENT = ("tocs", "titles", "longtitles")
"""Attributes of the environment: nearly all that takes time to pickle."""


class Sent(dict[str, Any]):
    """A mapping by document that is pickled as a dictionary of what has been put into it since it was made."""

    def __init__(self, before: dict[str, Any]) -> None:
        """It begins as a copy."""
        super().__init__(before)
        self._before = before

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        """What pickle asks for."""
        return dict, ({name: value for name, value in self.items() if self._before.get(name) is not value},)


def send_what_is_new(_app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
    """Let the processes that read documents send back no more than what they have read."""
    register_after_fork(env, _send_what_is_new)


def _send_what_is_new(env: BuildEnvironment) -> None:
    for attribute in _BY_DOCUMENT:
        setattr(env, attribute, Sent(getattr(env, attribute)))
    data = env.domaindata[QapiDomain.name]
    data |= {kept: Sent(data[kept]) for kept in QapiDomain.by_document}

"""What Sphinx does for each document, or for each few, that is the same for all: it is done once, or less often.

It makes docutils' settings from its hundred options for each document. And with several processes it begins one for
each fifty documents or so, to which all that it looks at is copied: both are a tenth of the time of a thousand small
documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

import sphinx.builders
import sphinx.util.docutils
from docutils.frontend import Values
from docutils.utils import DependencyList
from sphinx.application import Sphinx

_BEGUN = 3
"""Processes that are begun for each that may run: some documents take longer than others."""
_Names = Sequence[str]


def read_sparingly(app: Sphinx) -> None:
    """Let the documents of a build be read so."""
    read = app.builder.read

    def read_all() -> list[str]:
        with ExitStack() as stack:
            stack.enter_context(_replaced(sphinx.builders, "make_chunks", fewer))
            stack.enter_context(_replaced(sphinx.util.docutils, "_get_settings", remembering))
            return read()

    setattr(app.builder, "read", read_all)  # noqa: B010 - it is a method


@contextmanager
def _replaced(module: ModuleType, name: str, by: Callable[[Any], Any]) -> Iterator[None]:
    """Another function in the place of one of Sphinx's own, which a later Sphinx may not have."""
    function = getattr(module, name, None)
    if function is None:
        yield
        return
    setattr(module, name, by(function))
    try:
        yield
    finally:
        setattr(module, name, function)


def fewer(make: Callable[[_Names, int], list[_Names]]) -> Callable[[_Names, int], list[_Names]]:
    """The function, which makes the documents of each process, or another one where that begins fewer processes."""

    def chunks(docnames: _Names, processes: int) -> list[_Names]:
        count = -(-len(docnames) // (_BEGUN * processes)) or 1
        ours = [docnames[start : start + count] for start in range(0, len(docnames), count)]
        return min(make(docnames, processes), ours, key=len)

    return chunks


def remembering(get: Callable[..., Values]) -> Callable[..., Values]:
    """The function, asked once for what it was asked before."""
    known: list[tuple[object, Values]] = []

    def get_settings(*components: object, defaults: Mapping[str, object], **options: object) -> Values:
        kinds = [each if isinstance(each, type) else type(each) for each in components]
        asked = (kinds, dict(defaults), options)
        for before, got in known:
            if before == asked:
                settings = got.copy()
                settings.record_dependencies = DependencyList()  # those of this document
                return settings
        settings = get(*components, defaults=defaults, **options)
        known.append((asked, settings.copy()))
        return settings

    return get_settings

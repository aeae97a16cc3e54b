"""What Sphinx does for each document, or for each few, that is the same for all: it is done once, or less often.

It makes docutils' settings from its hundred options for each document, and a formatter with its styles for each block
of code; for each page it looks for docutils' style sheets, which it does not use, and for each file whose digest it
shows. And with several processes it begins one for each fifty documents or so, to which all that it looks at is copied.
Together that is an eighth of the time of a thousand small documents.

Where a build is killed, the processes that it has begun would wait forever for Sphinx to take what they have read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from typing import Any, TypeVar

import docutils.utils
import sphinx.builders
import sphinx.builders.html
import sphinx.util.docutils
from docutils.frontend import Values
from docutils.utils import DependencyList
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

from qapidoc_ext.sphinx_ext.beside import Tasks, shares

_BEGUN = 3
"""Processes that are begun for each that may run: some documents take longer than others."""
_Value = TypeVar("_Value")
_Names = Sequence[str]
_Replacement = tuple[object, str, Callable[[Any], Any]]
"""What has a function of Sphinx's, its name, and what makes another function of it."""


def work_sparingly(app: Sphinx) -> None:
    """Let the documents of a build be read and written so."""
    settings = sphinx.util.docutils, "_get_settings", remembering
    chunks = sphinx.builders, "make_chunks", fewer
    readers = sphinx.builders, "ParallelTasks", lambda _: Tasks
    _replace_during(app, "read", settings, chunks, readers)
    checksums = sphinx.builders.html, "_file_checksum", cache
    formatters = PygmentsBridge, "get_formatter", partial(once, key=asked_for_a_formatter)
    styles = docutils.utils, "get_stylesheet_list", partial(once, key=asked_for_styles)
    _replace_during(app, "write", checksums, formatters, styles)


def _replace_during(app: Sphinx, name: str, *replacements: _Replacement) -> None:
    """While a method of the builder runs."""
    method = getattr(app.builder, name)

    def run(*arguments: object, **options: object) -> object:
        with ExitStack() as stack:
            for replacement in replacements:
                stack.enter_context(_replaced(*replacement))
            return method(*arguments, **options)

    setattr(app.builder, name, run)


@contextmanager
def _replaced(holder: object, name: str, by: Callable[[Any], Any]) -> Iterator[None]:
    """Another function in the place of one of Sphinx's own, which a later Sphinx may not have."""
    function = getattr(holder, name, None)
    if function is None:
        yield
        return
    setattr(holder, name, by(function))
    try:
        yield
    finally:
        setattr(holder, name, function)


def once(get: Callable[..., _Value], key: Callable[..., object]) -> Callable[..., _Value]:
    """The function, asked once for each key that the arguments give."""
    known: dict[object, _Value] = {}

    def ask(*arguments: object, **options: object) -> _Value:
        asked = key(*arguments, **options)
        if asked not in known:
            known[asked] = get(*arguments, **options)
        return known[asked]

    return ask


def asked_for_a_formatter(bridge: PygmentsBridge, **options: object) -> object:
    """What tells formatters apart: a bridge has a style of its own."""
    return bridge, repr(sorted(options.items()))


def asked_for_styles(settings: Values) -> object:
    """What tells lists of style sheets apart."""
    return repr((settings.stylesheet, settings.stylesheet_path, settings.stylesheet_dirs))


def fewer(make: Callable[[_Names, int], list[_Names]]) -> Callable[[_Names, int], list[_Names]]:
    """The function, which makes the documents of each process, or another one where that begins fewer processes."""

    def chunks(docnames: _Names, processes: int) -> list[_Names]:
        count = -(-len(docnames) // (_BEGUN * processes)) or 1
        return min(make(docnames, processes), shares(docnames, count), key=len)

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

"""Which version of QEMU was the first to have something."""

from __future__ import annotations

from functools import cache

from qapidoc_ext.introspect.probe import QueryError, probe
from qapidoc_ext.introspect.recordings import recordings
from qapidoc_ext.introspect.reply import Introspection


def first_version(query: str) -> str:
    """The first version whose recorded introspection answers the query with yes: `8.2`; "" where none does."""
    for version, introspection in _recordings().items():
        try:
            if query and probe(introspection, query):
                return version.removesuffix(".0")
        except QueryError:
            continue
    return ""


@cache
def _recordings() -> dict[str, Introspection]:
    return recordings()
